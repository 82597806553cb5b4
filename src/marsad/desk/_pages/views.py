"""Saved views: a list as the address filters it, under a name, for oneself or for everybody on the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...errors import JudgementRefused
from ...store import Session, View
from ...text import clean
from .._desk import Desk, local_path, person_of
from .._door import Door

_LISTS = ("/queue", "/incidents", "/reports", "/search", "/ledger", "/children", "/map", "/timeline", "/bulk")


@dataclass(frozen=True, slots=True)
class Views:
    """The views of one list, and the address that would be saved now."""

    here: str
    saved: tuple[View, ...]
    me: str


def views_of(s: Session, request: Request) -> Views:
    """Those of the list that is asked for."""
    query = "&".join(p for p in request.url.query.split("&") if p and not p.startswith("page="))
    here = request.url.path + (f"?{query}" if query else "")
    me = person_of(request).id
    mine = [v for v in s.work.views(me) if v.address.split("?")[0] == request.url.path]
    return Views(here, tuple(mine), me)


def save(desk: Desk, request: Request) -> Response:
    """Keep the list's address under a name."""
    form, person = request.state.form, person_of(request)
    name = clean(str(form.get("name", ""))).strip()[:80]
    address = local_path(str(form.get("address", "")), "")[:2000]
    if not name or address.split("?")[0] not in _LISTS:
        raise JudgementRefused("Give the view a name; it is a list of this desk, with its filters.")
    with desk.case.store.write() as s:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        s.work.save_view(person.id, name, address, bool(form.get("shared")), at)
    return RedirectResponse(address, status_code=303)


def drop(desk: Desk, request: Request) -> Response:
    """Take one of one's own views away."""
    form = request.state.form
    number = str(form.get("view", ""))
    if number.isascii() and number.isdigit() and len(number) < 10:
        with desk.case.store.write() as s:
            s.work.drop_view(int(number), person_of(request).id)
    return RedirectResponse(local_path(str(form.get("next", "")), "/queue"), status_code=303)


DOORS = (Door("POST", "/views", "reader", save), Door("POST", "/views/drop", "reader", drop))
