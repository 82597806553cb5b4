"""Who works on the case: roles, and one-time links for them. For editors."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...errors import JudgementRefused
from ...model import Person, codes
from ...text import clean
from .._desk import Desk, person_of

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_INVITATION_MINUTES = 24 * 60


def listing(desk: Desk, request: Request) -> Response:
    """Everyone, with their roles."""
    return _page(desk, request, None, None)


def put(desk: Desk, request: Request) -> Response:
    """Add a person, or change the name, role or activity of one. The last active editor stays an editor."""
    form, me = request.state.form, person_of(request)
    wanted = str(form.get("id", "")).strip().lower()
    role = str(form.get("role", ""))
    if not _ID.fullmatch(wanted) and form.get("new"):
        raise JudgementRefused("An id is 1 to 40 small letters, digits, dots, dashes: for example 'amal' or 'amal.h'.")
    if role not in codes.ROLES:
        raise JudgementRefused(f"'{role}' is not a role; known: {', '.join(codes.ROLES)}.")
    with desk.case.store.write() as s:
        was = s.people.get(wanted)
        if form.get("new") and was is not None:
            raise JudgementRefused(f"'{wanted}' is taken. Choose another id.")
        if not form.get("new") and was is None:
            raise JudgementRefused(f"There is nobody of the id '{wanted}'.")
        name = clean(str(form.get("name", ""))).strip()[:120] or (was.name if was else wanted)
        new = Person(wanted, name, role, active=bool(form.get("active")) or bool(form.get("new")))
        others = [p for p in s.people.all() if p.active and p.role == "editor" and p.id != wanted]
        if not others and (new.role != "editor" or not new.active):
            raise JudgementRefused("A case needs an active editor; make somebody else one first.")
        s.people.put(new if was is None else replace(was, name=new.name, role=new.role, active=new.active))
        if was is not None and (was.role != new.role or not new.active) and wanted != me.id:
            # A session must not outlive the role that it was opened under.
            s.logins.end_all(wanted, datetime.now(UTC).isoformat(timespec="seconds"))
    return RedirectResponse("/people", status_code=303)


def invite(desk: Desk, request: Request) -> Response:
    """A one-time link for somebody, shown once on the page that answers."""
    who = str(request.state.form.get("id", ""))
    token = desk.access.link(who, minutes=_INVITATION_MINUTES)
    base = f"{request.url.scheme}://{request.headers['host']}"
    return _page(desk, request, who, f"{base}/sign-in?link={token}")


def _page(desk: Desk, request: Request, invited: str | None, link: str | None) -> Response:
    with desk.case.store.read() as s:
        people = s.people.all()
    return desk.render(request, "people.html", {"people": people, "invited": invited, "link": link})
