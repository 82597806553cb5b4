"""One module a format, each with `read(source)`; imported only inside the reading process (plain text excepted)."""

MODULES = {
    "text": "text",
    "html": "html",
    "pdf": "pdf",
    "feed": "feed",
    "image": "image",
    "av": "footage",
    "still": "still",
    "preview": "preview",
    "warc": "warc",
    "zip": "archive",
    "gzip": "archive",
    "json": "export",
    "jsonl": "export",
    "mail": "mail",
    "table": "table",
    "subtitles": "subtitles",
}
"""Kind of `_kind.detect` to module name."""

PRELOAD = {"warc": ("html", "pdf", "text"), "mail": ("html",), "zip": ("warc", "html")}
"""Modules that a reader calls on, imported before the fork so that not every child pays for them."""
