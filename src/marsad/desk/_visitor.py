"""What a request tells of the person's end: the origin that the browser sees, the address, the browser, the visit."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ._access import Entered, Visit

if TYPE_CHECKING:
    from ._desk import Desk

_KNOWN: dict[str, list[list[str]]] = json.loads(
    resources.files(__package__).joinpath("data/browsers.json").read_text("utf-8")
)


def origin_of(request: Request) -> str:
    """Scheme, host and port as the browser has them; the guard has checked the host."""
    return f"{request.url.scheme}://{request.headers.get('host', '')}"


def address_of(request: Request) -> str:
    """The network address that the request came from."""
    return request.client.host if request.client else ""


def browser_of(request: Request) -> str:
    """The browser and system in two words, for the person to know a session by; '' where they are not known."""
    told = request.headers.get("user-agent", "")
    found = (next((name for mark, name in _KNOWN[kind] if mark in told), "") for kind in ("browsers", "systems"))
    return ", ".join(filter(None, found))


def visit_of(request: Request) -> Visit:
    """The session or token of the request; only for pages behind a role."""
    visit = request.state.visit
    assert isinstance(visit, Visit)
    return visit


def admit(desk: Desk, request: Request, entered: Entered, answer: Response | None = None) -> Response:
    """Hand the session to the browser and go to the queue; to the second step where that is still lacking."""
    answer = answer or RedirectResponse("/sign-in/code" if entered.half else "/queue", status_code=303)
    name = desk.access.half_cookie if entered.half else desk.access.cookie
    secure = request.url.scheme == "https"
    if not entered.half:
        answer.delete_cookie(desk.access.half_cookie)
    lasts = 600 if entered.half else desk.access.hours * 3600
    answer.set_cookie(name, entered.token, max_age=lasts, httponly=True, samesite="strict", secure=secure)
    return answer
