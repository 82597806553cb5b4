"""The application: routes with the role that each needs, static files, and pages for errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ..errors import MarsadError
from ._access import allows
from ._desk import Desk
from ._guard import LOOPBACK, BodyTooLarge, Guard
from ._routes import ROUTES, Door

if TYPE_CHECKING:
    from ..pipeline import Case

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}


def create_app(case: Case, hosts: Collection[str] = LOOPBACK) -> Starlette:
    """The desk over `case`, answering only to the host names in `hosts` (without ports)."""
    desk = Desk(case)
    routes = [Route("/static/{version}/{name}", _static(desk), methods=["GET"])]
    routes += [Route(door.path, _guarded(desk, door), methods=[door.method]) for door in ROUTES]
    guard = Middleware(Guard, hosts=hosts, cookie=desk.access.cookie, who=desk.access.person)
    app = Starlette(
        routes=routes,
        middleware=[guard],
        exception_handlers={
            HTTPException: _refused(desk),
            MarsadError: _failed(desk),
            BodyTooLarge: _too_large,
            Exception: _broken(desk),
        },
    )
    app.state.desk = desk
    return app


def _guarded(desk: Desk, door: Door) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if door.role is not None:
            person = request.state.person
            if person is None:
                if request.method == "GET" and not _wants_json(request):
                    return RedirectResponse("/sign-in", status_code=303)
                raise HTTPException(401)
            if not allows(person, door.role):
                raise HTTPException(403)
        request.state.form = await request.form(max_fields=2000, max_files=20) if door.method == "POST" else None
        return await run_in_threadpool(door.page, desk, request)

    return endpoint


def _static(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    names = {f.name for f in desk.assets.iterdir() if f.is_file()}

    async def static(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in names:
            raise HTTPException(404)
        media_type = _TYPES.get(name[name.rfind(".") :], "application/octet-stream")
        # The address changes with the bytes, so a browser may keep them for good.
        headers = {"cache-control": "public, max-age=31536000, immutable"}
        return FileResponse(str(desk.assets.joinpath(name)), media_type=media_type, headers=headers)

    return static


def _refused(desk: Desk) -> Callable[[Request, Exception], Response]:
    def handler(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return _error_page(desk, request, error.status_code, None)

    return handler


def _failed(desk: Desk) -> Callable[[Request, Exception], Response]:
    def handler(request: Request, error: Exception) -> Response:
        return _error_page(desk, request, 422, str(error))

    return handler


def _broken(desk: Desk) -> Callable[[Request, Exception], Response]:
    def handler(request: Request, error: Exception) -> Response:
        return _error_page(desk, request, 500, None)

    return handler


def _too_large(request: Request, error: Exception) -> Response:
    return Response("Refused: too much was sent.\n", status_code=413, media_type="text/plain")


def _error_page(desk: Desk, request: Request, status: int, message: str | None) -> Response:
    if _wants_json(request):
        return JSONResponse({"error": message or str(status)}, status_code=status)
    if not hasattr(request.state, "person"):
        request.state.person = None
    return desk.render(request, "error.html", {"status": status, "message": message}, status)


def _wants_json(request: Request) -> bool:
    return request.url.path.endswith(".json") or request.headers.get("accept", "").startswith("application/json")
