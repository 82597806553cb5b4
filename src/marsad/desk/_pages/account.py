"""Coming in by a one-time link, going out, how the desk looks, and the figures that only the person sees."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .._desk import THEMES, Desk, local_path, person_of
from .._i18n import LANGUAGES

_YEAR = 365 * 24 * 3600


def sign_in(desk: Desk, request: Request) -> Response:
    """The door. Looking at the page does not use the link up: mail programs and previews open links too."""
    token = request.query_params.get("link", "")
    if request.state.person is not None and not token:
        return RedirectResponse("/queue", status_code=303)
    guest = desk.access.invited(token) if token else None
    context = {"guest": guest, "token": token, "used": bool(token) and guest is None, "person": None}
    return desk.render(request, "sign_in.html", context, 200 if guest or not token else 410)


def enter(desk: Desk, request: Request) -> Response:
    """Use the link up and begin a session."""
    entered = desk.access.redeem(str(request.state.form.get("link", "")))
    if entered is None:
        context = {"guest": None, "token": "", "used": True, "person": None}
        return desk.render(request, "sign_in.html", context, 410)
    answer = RedirectResponse("/queue", status_code=303)
    secure = request.url.scheme == "https"
    hours = desk.case.settings.session_hours
    answer.set_cookie(
        desk.access.cookie, entered[0], max_age=hours * 3600, httponly=True, samesite="strict", secure=secure
    )
    return answer


def sign_out(desk: Desk, request: Request) -> Response:
    """End this session, or all of the person's."""
    everywhere = person_of(request).id if request.state.form.get("where") == "everywhere" else None
    desk.access.sign_out(request.cookies.get(desk.access.cookie, ""), everywhere)
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(desk.access.cookie)
    return answer


def prefer(desk: Desk, request: Request) -> Response:
    """Keep the language and the theme in cookies of their own: they are no secret."""
    form = request.state.form
    answer = RedirectResponse(local_path(str(form.get("next", "")), "/queue"), status_code=303)
    for name, known in (("language", LANGUAGES), ("theme", THEMES)):
        value = str(form.get(name, ""))
        if value in known:
            answer.set_cookie(f"marsad_{name}", value, max_age=_YEAR, samesite="strict", httponly=True)
    return answer


def show(desk: Desk, request: Request) -> Response:
    """The person's own page."""
    person = person_of(request)
    today = datetime.now(UTC).date().isoformat()
    with desk.case.store.read() as s:
        revealed = desk.exposure.today(s, person.id, today)
        judged = sum(j.person == person.id and j.at.startswith(today) for j in s.judgements.all())
    return desk.render(request, "account.html", {"revealed": revealed, "judged": judged})
