"""The web desk: server-rendered pages over one case, with no build step and no outside request.

`create_app(case)` is an ASGI application; `serve(case, ...)` runs it, bound to loopback, with a one-time link.
"""

from ._access import Access
from ._app import create_app
from ._serve import serve

__all__ = ["Access", "create_app", "serve"]
