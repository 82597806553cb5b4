"""Who works on the case: roles, invitations, one person with their sessions, and the audit trail. For editors."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...text import clean
from .. import _joining
from .._access import iso
from .._desk import PAGE, Desk, page_number, person_of
from .._door import Door
from .._lists import Pager
from .._visitor import origin_of
from ._claims import names_of

_LINK_MINUTES = 24 * 60


def listing(desk: Desk, request: Request) -> Response:
    """Everyone with their roles and how they sign in, and the invitations that are open."""
    return _page(desk, request)


def put(desk: Desk, request: Request) -> Response:
    """Add a person, or change the name, role or activity of one."""
    form, me = request.state.form, person_of(request)
    wanted, new = str(form.get("id", "")).strip().lower(), bool(form.get("new"))
    name = clean(str(form.get("name", ""))).strip()[:120]
    role, active = str(form.get("role", "")), new or bool(form.get("active"))
    with desk.case.store.write() as s:
        _joining.put(s, me.id, wanted, role=role, name=name, active=active, new=new)
    return RedirectResponse("/people" if new else f"/people/{wanted}", status_code=303)


def invite(desk: Desk, request: Request) -> Response:
    """A one-time link for somebody who is of the case already, shown once on the page that answers."""
    who = str(request.state.form.get("id", ""))
    token = desk.access.link(who, minutes=_LINK_MINUTES, by=person_of(request).id)
    return _page(desk, request, who, f"{origin_of(request)}/sign-in?link={token}")


def offer(desk: Desk, request: Request) -> Response:
    """An invitation for somebody new, shown once on the page that answers."""
    form = request.state.form
    label = clean(str(form.get("label", ""))).strip()[:120]
    with desk.case.store.write() as s:
        token = _joining.offer(s, person_of(request).id, str(form.get("role", "")), label)
    return _page(desk, request, label, f"{origin_of(request)}/invitation?token={token}", status=201)


def withdraw(desk: Desk, request: Request) -> Response:
    """End an invitation that was not used."""
    wanted, now = str(request.state.form.get("id", "")), iso(None)
    with desk.case.store.write() as s:
        if s.invitations.end(wanted, now):
            s.audit.add(now, person_of(request).id, "invitation_withdrawn", wanted)
    return RedirectResponse("/people", status_code=303)


def show(desk: Desk, request: Request) -> Response:
    """One person: role, how they sign in, what is signed in, what was done with the account."""
    with desk.case.store.read() as s:
        found = s.people.get(request.path_params["id"])
        if found is None:
            raise HTTPException(404)
        have = s.credentials.of(found.id)
        sessions, tokens = (s.logins.open(kind, iso(None), found.id) for kind in ("session", "token"))
        trail, names = s.audit.newest(limit=20, who=found.id), names_of(s)
    means = {k: sum(c.kind == k for c in have) for k in ("password", "code", "recovery", "passkey", "oidc")}
    context = {"one": found, "means": means, "sessions": sessions, "tokens": tokens, "trail": trail, "names": names}
    return desk.render(request, "person.html", context)


def end_login(desk: Desk, request: Request) -> Response:
    """End one session or token of somebody, or all of them."""
    who, form, me, now = request.path_params["id"], request.state.form, person_of(request).id, iso(None)
    with desk.case.store.write() as s:
        if s.people.get(who) is None:
            raise HTTPException(404)
        if form.get("all"):
            s.audit.add(now, me, "sessions_ended", who, count=s.logins.end_all(who, now))
        elif s.logins.end(str(form.get("id", "")), now, person=who):
            s.audit.add(now, me, "session_ended", who, login=str(form.get("id", "")))
    return RedirectResponse(f"/people/{who}", status_code=303)


def reset(desk: Desk, request: Request) -> Response:
    """Take away everything that somebody signs in with: for a lost telephone or a suspected thief."""
    who = request.path_params["id"]
    with desk.case.store.write() as s:
        if s.people.get(who) is None:
            raise HTTPException(404)
        _joining.reset(s, person_of(request).id, who)
    return RedirectResponse(f"/people/{who}", status_code=303)


def audit(desk: Desk, request: Request) -> Response:
    """What was done with accounts, newest first."""
    who = request.query_params.get("person", "")[:100]
    with desk.case.store.read() as s:
        total, names = s.audit.count(who or None), names_of(s)
        pager = Pager.over(total, page_number(request), PAGE)
        entries = s.audit.newest(limit=pager.offset + PAGE, who=who or None)[pager.offset :]
    context = {"trail": entries, "names": names, "pager": pager, "who": who, "total": total}
    return desk.render(request, "audit.html", context)


def _page(
    desk: Desk, request: Request, invited: str | None = None, link: str | None = None, status: int = 200
) -> Response:
    now = iso(None)
    with desk.case.store.read() as s:
        people, kinds, open_offers = s.people.all(), s.credentials.kinds(), s.invitations.open(now)
        sessions = s.logins.open("session", now)
    seen: dict[str, str] = {}
    for login in sessions:
        seen[login.person] = max(seen.get(login.person, ""), login.seen_at or login.created_at)
    context = {
        "people": people,
        "kinds": kinds,
        "seen": seen,
        "offers": open_offers,
        "names": {p.id: p.name for p in people},
        "invited": invited,
        "link": link,
    }
    return desk.render(request, "people.html", context, status)


DOORS = (
    Door("GET", "/people", "editor", listing),
    Door("POST", "/people", "editor", put, fresh=True),
    Door("POST", "/people/invite", "editor", invite, fresh=True),
    Door("POST", "/people/invitations", "editor", offer, fresh=True),
    Door("POST", "/people/invitations/end", "editor", withdraw),
    Door("GET", "/people/{id}", "editor", show),
    Door("POST", "/people/{id}/logins/end", "editor", end_login),
    Door("POST", "/people/{id}/reset", "editor", reset, fresh=True),
    Door("GET", "/audit", "editor", audit),
)
"""The doors of whoever runs the case."""
