"""Every door of the API."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .._desk import Desk
from .._door import Door
from . import _things
from ._answers import doors
from ._lists import LISTS
from ._openapi import describe


def description(desk: Desk, request: Request) -> Response:
    """The description of the API. It tells nothing of the case but what it is called."""
    from .._routes import ROUTES

    return JSONResponse(describe(ROUTES, desk.case.settings.name if request.state.person else "desk"))


DOORS = (
    *(door for listing in LISTS for door in doors(listing)),
    *_things.DOORS,
    Door("GET", "/api/openapi.json", None, description),
)
"""Lists first: '/reports.json' must come before '/reports/{id}'."""
