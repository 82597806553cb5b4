"""The application: routes with the role that each needs, static files, and pages for errors."""

from __future__ import annotations

import contextlib
import math
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ..errors import MarsadError
from ._access import allows
from ._api._problems import Problem, problem
from ._desk import Desk
from ._door import Door
from ._guard import LOOPBACK, BodyTooLarge, Guard
from ._routes import ROUTES
from ._twins import twins_of
from ._visitor import visit_of

if TYPE_CHECKING:
    from ..pipeline import Case

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}


def create_app(case: Case, hosts: Collection[str] = LOOPBACK) -> Starlette:
    """The desk over `case`, answering only to the host names in `hosts` (without ports) and in its settings."""
    desk = Desk(case)
    routes = [Route("/static/{version}/{name}", _static(desk), methods=["GET"])]
    routes += [Route(door.path, _guarded(desk, door), methods=[door.method]) for door in ROUTES]
    answers_to = (*hosts, *case.settings.hosts)
    roomy = {
        d.path: case.settings.fetch_max_megabytes * 2**20 for d in ROUTES if d.roomy or (d.api and d.api.sends is bytes)
    }
    guard = Middleware(Guard, hosts=answers_to, cookie=desk.access.cookie, who=desk.access.visitor, roomy=roomy)
    app = Starlette(
        routes=routes,
        middleware=[guard],
        exception_handlers={
            HTTPException: _refused(desk),
            MarsadError: _failed(desk),
            Problem: _told,
            BodyTooLarge: _too_large,
            Exception: _broken(desk),
        },
    )
    app.state.desk = desk
    return app


def _guarded(desk: Desk, door: Door) -> Callable[[Request], Awaitable[Response]]:
    twins = twins_of(door, ROUTES)

    async def endpoint(request: Request) -> Response:
        request.state.twins = twins
        if door.role is not None:
            person = request.state.person
            if person is None:
                if request.method == "GET" and door.api is None and not _wants_json(request):
                    return RedirectResponse("/sign-in", status_code=303)
                raise HTTPException(401, headers={"www-authenticate": "Bearer"} if door.api else None)
            if not allows(person, door.role):
                raise HTTPException(403)
            _check_token(desk, request, door)
            if (first := await run_in_threadpool(_first, desk, request, door)) is not None:
                return first
        if door.api is not None:
            request.state.asked = door.api.read(request.query_params)
        async with _sent(request, door):
            return await run_in_threadpool(_answer, desk, request, door)

    return endpoint


def _answer(desk: Desk, request: Request, door: Door) -> Response:
    with desk.turns.of(door.turn):
        return door.page(desk, request)


def _check_token(desk: Desk, request: Request, door: Door) -> None:
    """What a token may not reach, and how often anybody may ask the API. Raises HTTPException."""
    visit = visit_of(request)
    if door.api is None:
        if visit.kind == "token":
            raise HTTPException(403, "Tokens open the addresses of the API alone; see /api/openapi.json.")
        return
    if not visit.may(door.api.scope):
        raise HTTPException(403, f"This needs a token with the scope '{door.api.scope}'.")
    if wait := desk.rates.spend(visit.login):
        raise HTTPException(429, headers={"retry-after": str(math.ceil(wait))})


def _first(desk: Desk, request: Request, door: Door) -> Response | None:
    """What a person has to do before: sign in again, or set up the second factor that the case asks of everybody.

    Who looks sees the incidents as their own decisions left them.
    """
    visit, person = visit_of(request), request.state.person
    if door.method == "GET":
        desk.case.followed(person.id)
    asked_of_all = desk.case.settings.second_factor and visit.kind == "session"
    needed = asked_of_all and not door.path.startswith(("/account", "/sign-out"))
    if not needed and (not door.fresh or visit.fresh()):
        return None
    with desk.case.store.read() as s:
        kinds = {c.kind for c in s.credentials.of(person.id)}
    if needed and not kinds & {"code", "passkey", "oidc"}:
        return _turned(request, "/account/security")
    # Who has nothing to sign in with again but a link is not asked to.
    return _turned(request, "/sign-in?again=1") if door.fresh and kinds and not visit.fresh() else None


def _turned(request: Request, to: str) -> Response:
    return JSONResponse({"to": to}, status_code=403) if _wants_json(request) else RedirectResponse(to, status_code=303)


@contextlib.asynccontextmanager
async def _sent(request: Request, door: Door) -> AsyncIterator[None]:
    """Put the form, the JSON value or the file that came with a request where its page finds it."""
    request.state.form, request.state.json, request.state.sent = FormData(), None, None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if door.method != "POST":
        yield
    elif door.api is not None and door.api.sends is bytes:
        with tempfile.TemporaryDirectory(prefix="marsad-sent-") as folder:
            if kind == "application/octet-stream":
                request.state.sent = Path(folder) / "sent"
                with request.state.sent.open("wb") as file:
                    async for chunk in request.stream():
                        await run_in_threadpool(file.write, chunk)
            yield
    elif kind == "application/json":
        try:
            request.state.json = await request.json()
        except (ValueError, RecursionError) as error:
            raise HTTPException(422, "The body is not JSON.") from error
        yield
    else:
        request.state.form = await request.form(max_fields=2000, max_files=20)
        yield


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
        said = error.detail if error.detail != HTTPStatus(error.status_code).phrase else None
        answer = _error_page(desk, request, error.status_code, said)
        answer.headers.update(error.headers or {})
        return answer

    return handler


def _failed(desk: Desk) -> Callable[[Request, Exception], Response]:
    def handler(request: Request, error: Exception) -> Response:
        # For programs, a request that the case refuses is told apart from one that is not as described.
        status = 409 if request.url.path.startswith("/api/") else 422
        return _error_page(desk, request, status, desk.translate(request, str(error)))

    return handler


def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem(error.status, error.detail)


def _broken(desk: Desk) -> Callable[[Request, Exception], Response]:
    def handler(request: Request, error: Exception) -> Response:
        return _error_page(desk, request, 500, None)

    return handler


def _too_large(request: Request, error: Exception) -> Response:
    return Response("Refused: too much was sent.\n", status_code=413, media_type="text/plain")


def _error_page(desk: Desk, request: Request, status: int, message: str | None) -> Response:
    if _wants_json(request):
        return problem(status, message)
    if not hasattr(request.state, "person"):
        request.state.person = request.state.visit = None
    return desk.render(request, "error.html", {"status": status, "message": message}, status)


def _wants_json(request: Request) -> bool:
    path, accepted = request.url.path, request.headers.get("accept", "")
    told = path.startswith("/api/") or path.endswith((".json", ".csv", ".geojson"))
    return (
        told
        or accepted.startswith(("application/json", "application/problem+json"))
        or "authorization" in request.headers
    )
