"""The desk's pages, one module a subject; each page takes the desk and the request."""
