"""Going out, how the desk looks, and the figures that only the person sees."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .._desk import THEMES, Desk, local_path, person_of
from .._i18n import LANGUAGES

_YEAR = 365 * 24 * 3600


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
        judged = s.judgements.count(person.id, since=today)
    return desk.render(request, "account.html", {"revealed": revealed, "judged": judged})
