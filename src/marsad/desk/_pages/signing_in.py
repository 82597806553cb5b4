"""Coming in: by link, password and second factor, passkey, another organisation's word, or an invitation."""

from __future__ import annotations

import math

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from ...errors import JudgementRefused
from ...text import clean
from .._access import Entered, digest, iso
from .._desk import Desk
from .._door import Door
from .._i18n import _
from .._joining import checked_id, joined
from .._signin import _passkeys, _passwords
from .._signin._entry import TooMany, network_of
from .._visitor import address_of, admit, browser_of, origin_of

_FLOW_COOKIE = "marsad_oidc"
_LONGEST = 300


def door(desk: Desk, request: Request) -> Response:
    """The door. Looking at the page does not use a link up: mail programs and previews open links too."""
    token = request.query_params.get("link", "")
    if request.state.person is not None and not token and "again" not in request.query_params:
        return RedirectResponse("/queue", status_code=303)
    guest = desk.access.invited(token) if token else None
    return _door(
        desk, request, 200 if guest or not token else 410, guest=guest, token=token, used=bool(token) and guest is None
    )


def by_link(desk: Desk, request: Request) -> Response:
    """Use the link up and begin a session."""
    entered = desk.access.redeem(str(request.state.form.get("link", "")), browser=browser_of(request))
    return admit(desk, request, entered) if entered else _door(desk, request, 410, used=True)


def by_password(desk: Desk, request: Request) -> Response:
    """The first half, or all of it, by name and password."""
    form = request.state.form
    name = str(form.get("id", ""))[:_LONGEST].strip().lower()
    try:
        entered = desk.entry.by_password(name, _password(form), address_of(request), browser_of(request))
    except TooMany as error:
        return _slow(desk, request, error, "sign_in.html")
    if entered is None:
        return _door(desk, request, 401, problem=_("The name or the password is not right."), name=name)
    return admit(desk, request, entered)


def code(desk: Desk, request: Request) -> Response:
    """The page that asks for the second factor."""
    if not _half(desk, request):
        return RedirectResponse("/sign-in", status_code=303)
    return desk.render(request, "sign_in_code.html", {"problem": None, "person": None})


def by_code(desk: Desk, request: Request) -> Response:
    """The second half, by a code of the app or a recovery code."""
    half, given = request.cookies.get(desk.access.half_cookie, ""), str(request.state.form.get("code", ""))[:64]
    try:
        entered = desk.entry.by_code(half, given, address_of(request), browser_of(request))
    except TooMany as error:
        return _slow(desk, request, error, "sign_in_code.html")
    if entered is None:
        if not _half(desk, request):
            return RedirectResponse("/sign-in", status_code=303)
        problem = desk.translate(request, _("That code is not right, or was used already."))
        return desk.render(request, "sign_in_code.html", {"problem": problem, "person": None}, 401)
    return admit(desk, request, entered)


def passkey_options(desk: Desk, request: Request) -> Response:
    """What the browser needs to sign with a passkey."""
    origin = origin_of(request)
    if _passkeys.host_of(origin) is None:
        raise JudgementRefused(_("Passkeys belong to a host name: open the desk as http://localhost instead."))
    _knock(desk, request)
    challenge = _passkeys.new_challenge()
    name = desk.pending.give("passkey", challenge)
    return JSONResponse({"name": name, "options": _passkeys.request(origin, challenge)})


def by_passkey(desk: Desk, request: Request) -> Response:
    """Come in by a signed challenge."""
    sent = request.state.json if isinstance(request.state.json, dict) else {}
    challenge = desk.pending.take(str(sent.get("name", "")), "passkey")
    entered = None
    if challenge:
        answer = sent.get("credential")
        try:
            entered = desk.entry.by_passkey(
                answer, origin_of(request), challenge, address_of(request), browser_of(request)
            )
        except TooMany as error:
            raise HTTPException(429, headers={"retry-after": str(error.seconds)}) from error
    if entered is None:
        raise JudgementRefused(_("That passkey opens nothing here."))
    return admit(desk, request, entered, JSONResponse({"to": "/queue"}))


def to_provider(desk: Desk, request: Request) -> Response:
    """Off to the other organisation; what was begun is remembered under a cookie that its answer brings back."""
    if desk.provider is None:
        raise HTTPException(404)
    _knock(desk, request)
    return send_off(desk, request, tie_to=None)


def send_off(desk: Desk, request: Request, tie_to: str | None) -> Response:
    """Begin the exchange with the provider: to come in, or to tie an account of theirs to the person `tie_to`."""
    assert desk.provider is not None
    place, flow = desk.provider.start(f"{origin_of(request)}/sign-in/oidc/back")
    answer = RedirectResponse(place, status_code=303)
    # Lax, since it must come back with the provider's redirect; it is worth nothing without the provider's answer.
    name, secure = desk.pending.give("oidc", (flow, tie_to)), request.url.scheme == "https"
    answer.set_cookie(_FLOW_COOKIE, name, max_age=600, httponly=True, samesite="lax", secure=secure)
    return answer


def from_provider(desk: Desk, request: Request) -> Response:
    """Back from the other organisation, with its word."""
    kept = desk.pending.take(request.cookies.get(_FLOW_COOKIE, ""), "oidc")
    if desk.provider is None or kept is None:
        return _door(desk, request, 410, problem=_("That took too long, or was begun in another window. Try again."))
    flow, tie_to = kept
    credential, label = desk.provider.finish(flow, f"{flow['back']}?{request.url.query}")
    if tie_to is not None:
        return _tied(desk, request, credential, label, tie_to)
    entered = desk.entry.by_word(credential, browser_of(request))
    if entered is None:
        problem = _("That account is tied to nobody here. Come in otherwise, then tie it on your own page.")
        return _door(desk, request, 403, problem=problem)
    return _onward(desk, request, "/queue", entered)


def invitation(desk: Desk, request: Request) -> Response:
    """What an invitation offers. Looking does not use it up."""
    token = request.query_params.get("token", "")
    return _invitation(desk, request, token, 200)


def join(desk: Desk, request: Request) -> Response:
    """Join the case in the role of the invitation, with a name and a password."""
    form = request.state.form
    token, wanted = str(form.get("token", "")), str(form.get("id", "")).strip().lower()
    name, password = clean(str(form.get("name", ""))).strip()[:120], _password(form)
    wrong = checked_id(wanted) or _passwords.weakness(password, wanted, name, desk.case.settings.name)
    if not wrong and password != _password(form, "again"):
        wrong = _("The two passwords differ.")
    if wrong:
        return _invitation(desk, request, token, 422, wrong, wanted, name)
    kept = _passwords.hashed(password)
    now = iso(None)
    with desk.case.store.write() as s:
        offer = s.invitations.of_token(digest(token), now)
        if offer is not None and s.people.get(wanted) is None:
            person = joined(s, offer, wanted, name or wanted, kept, now)
            return admit(desk, request, desk.access.begin(s, person, "password", browser=browser_of(request)))
    return _invitation(desk, request, token, 422, _("That id is taken; choose another."), wanted, name)


def _invitation(
    desk: Desk, request: Request, token: str, status: int, problem: str | None = None, wanted: str = "", name: str = ""
) -> Response:
    with desk.case.store.read() as s:
        offer = s.invitations.of_token(digest(token), iso(None))
        host = s.people.get(offer.made_by) if offer else None
    context = {"offer": offer, "host": host, "token": token, "wanted": wanted, "name": name, "person": None}
    context["problem"] = desk.translate(request, problem) if problem else None
    return desk.render(request, "invitation.html", context, status if offer else 410)


def _tied(desk: Desk, request: Request, credential: str, label: str, person: str) -> Response:
    if not desk.entry.tie(credential, label, person):
        return _door(desk, request, 409, problem=_("That account is tied to somebody else here."))
    return _onward(desk, request, "/account/security", None)


def _onward(desk: Desk, request: Request, to: str, entered: Entered | None) -> Response:
    # A redirect that another site began would come without the strict cookie, so the page itself goes on.
    answer = desk.render(request, "onward.html", {"to": to, "person": None})
    answer.delete_cookie(_FLOW_COOKIE)
    return admit(desk, request, entered, answer) if entered else answer


def _door(desk: Desk, request: Request, status: int, problem: str | None = None, **given: object) -> Response:
    here = origin_of(request)
    context = {"guest": None, "token": "", "used": False, "name": "", "person": None, **given}
    context["problem"] = desk.translate(request, problem) if problem else None
    context["passkeys"] = _passkeys.host_of(here) is not None
    context["provider"] = desk.provider.name if desk.provider else None
    return desk.render(request, "sign_in.html", context, status)


def _slow(desk: Desk, request: Request, error: TooMany, template: str) -> Response:
    minutes = -(-error.seconds // 60)
    problem = desk.translate(request, _("Too many attempts. Try again in %(n)s min.")) % {"n": minutes}
    if template == "sign_in.html":
        answer = _door(desk, request, 429, problem=problem)
    else:
        answer = desk.render(request, template, {"problem": problem, "person": None}, 429)
    answer.headers["retry-after"] = str(error.seconds)
    return answer


def _knock(desk: Desk, request: Request) -> None:
    """Bound how often an address may begin what is remembered for it, so that it crowds nobody else's out."""
    if wait := desk.knocks.spend(network_of(address_of(request))):
        raise HTTPException(429, headers={"retry-after": str(math.ceil(wait))})


def _half(desk: Desk, request: Request) -> bool:
    with desk.case.store.read() as s:
        return desk.access.half(s, request.cookies.get(desk.access.half_cookie, ""))[1] is not None


def _password(form: FormData, field: str = "password") -> str:
    # Longer than is taken, so that a long one is refused in words and not cut; and never cleaned or stripped.
    return str(form.get(field, ""))[:1000]


DOORS = (
    Door("GET", "/sign-in", None, door),
    Door("POST", "/sign-in", None, by_link),
    Door("POST", "/sign-in/password", None, by_password),
    Door("GET", "/sign-in/code", None, code),
    Door("POST", "/sign-in/code", None, by_code),
    Door("POST", "/sign-in/passkey/options", None, passkey_options),
    Door("POST", "/sign-in/passkey", None, by_passkey),
    Door("GET", "/sign-in/oidc", None, to_provider),
    Door("GET", "/sign-in/oidc/back", None, from_provider),
    Door("GET", "/invitation", None, invitation),
    Door("POST", "/invitation", None, join),
)
"""The doors that are open to anyone."""
