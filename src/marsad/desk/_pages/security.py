"""How a person signs in, and where they are signed in: their password, second factor, passkeys, sessions, tokens."""

from __future__ import annotations

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from ...errors import JudgementRefused
from ...store import Credential
from ...text import clean
from .._access import SCOPES, iso
from .._desk import Desk, person_of
from .._door import Door
from .._i18n import _
from .._signin import _codes, _passkeys, _passwords
from .._visitor import browser_of, origin_of, visit_of
from . import signing_in

_TOKEN_DAYS = (7, 30, 90, 365)
_MOST_PASSKEYS = 20
_MOST_TOKENS = 50
_HERE = "/account/security"


def show(desk: Desk, request: Request) -> Response:
    """What the person signs in with, and what is signed in."""
    return _page(desk, request)


def set_password(desk: Desk, request: Request) -> Response:
    """Set or change the password; every other session ends."""
    form, me = request.state.form, person_of(request)
    password, again = (str(form.get(k, ""))[:1000] for k in ("password", "again"))
    wrong = _passwords.weakness(password, me.id, me.name, desk.case.settings.name)
    if not wrong and password != again:
        wrong = _("The two passwords differ.")
    if wrong:
        return _page(desk, request, 422, problem=wrong)
    with desk.case.store.write() as s:
        desk.entry.set_password(s, me.id, password)
        s.logins.end_all(me.id, iso(None), keep=visit_of(request).login)
        s.audit.add(iso(None), me.id, "password_set", me.id)
    return RedirectResponse(_HERE, status_code=303)


def begin_second(desk: Desk, request: Request) -> Response:
    """A new secret, as a picture and in letters, to be confirmed by a code."""
    secret = _codes.new_secret()
    return _second(desk, request, secret, None, 200)


def confirm_second(desk: Desk, request: Request) -> Response:
    """Ask for codes from now on, and show the recovery codes, once."""
    form, me = request.state.form, person_of(request)
    kept = desk.pending.take(str(form.get("name", "")), "second")
    if kept is None or kept[0] != me.id:
        return _page(desk, request, 410, problem=_("That took too long. Begin again."))
    with desk.case.store.write() as s:
        given = desk.entry.set_second(s, me.id, kept[1], str(form.get("code", ""))[:64])
        if given is not None:
            s.audit.add(iso(None), me.id, "second_factor_on", me.id)
    if given is None:
        return _second(desk, request, kept[1], _("That code is not right. Is the telephone's clock right?"), 422)
    return desk.render(request, "recovery.html", {"codes": given})


def end_second(desk: Desk, request: Request) -> Response:
    """Ask for no more codes."""
    me = person_of(request)
    with desk.case.store.write() as s:
        if s.credentials.remove(me.id, "code"):
            s.credentials.remove(me.id, "recovery")
            s.audit.add(iso(None), me.id, "second_factor_off", me.id)
    return RedirectResponse(_HERE, status_code=303)


def new_recovery(desk: Desk, request: Request) -> Response:
    """New recovery codes in place of the old ones, shown once."""
    me = person_of(request)
    with desk.case.store.write() as s:
        if not s.credentials.of(me.id, "code"):
            raise JudgementRefused(_("Recovery codes go with a second factor; set one up first."))
        given = desk.entry.set_recovery(s, me.id)
        s.audit.add(iso(None), me.id, "recovery_made", me.id)
    return desk.render(request, "recovery.html", {"codes": given})


def passkey_options(desk: Desk, request: Request) -> Response:
    """What the browser needs to make a passkey."""
    me, origin = person_of(request), origin_of(request)
    if _passkeys.host_of(origin) is None:
        raise JudgementRefused(_("Passkeys belong to a host name: open the desk as http://localhost instead."))
    with desk.case.store.read() as s:
        have = [c.id.removeprefix("passkey:") for c in s.credentials.of(me.id, "passkey")]
    if len(have) >= _MOST_PASSKEYS:
        raise JudgementRefused(_("That is enough; remove what you no longer use first."))
    challenge = _passkeys.new_challenge()
    # Not the id: an authenticator shows its handle to whoever holds it.
    handle = bytes.fromhex(desk.box.mark(f"handle {me.id}"))
    case = desk.case.settings.name
    options = _passkeys.creation(origin, case, handle, me.id, me.name, have, challenge)
    return JSONResponse({"name": desk.pending.give(f"passkey of {me.id}", challenge), "options": options})


def add_passkey(desk: Desk, request: Request) -> Response:
    """Keep the public key of the passkey that the browser made."""
    me = person_of(request)
    sent = request.state.json if isinstance(request.state.json, dict) else {}
    challenge = desk.pending.take(str(sent.get("name", "")), f"passkey of {me.id}")
    if challenge is None:
        raise JudgementRefused(_("That took too long. Begin again."))
    made, key, counter = _passkeys.created(sent.get("credential"), origin_of(request), challenge)
    label = browser_of(request)
    with desk.case.store.write() as s:
        if s.credentials.get(f"passkey:{made}") is not None:
            raise JudgementRefused(_("That passkey is here already."))
        s.credentials.add(Credential(f"passkey:{made}", me.id, "passkey", key, iso(None), label, counter))
        s.audit.add(iso(None), me.id, "passkey_added", me.id, label=label)
    return JSONResponse({"to": _HERE})


def remove_credential(desk: Desk, request: Request) -> Response:
    """Remove one passkey or tied account of one's own."""
    me, wanted = person_of(request), str(request.state.form.get("id", ""))
    with desk.case.store.write() as s:
        found = s.credentials.get(wanted)
        if found is None or found.person != me.id or found.kind not in ("passkey", "oidc"):
            raise HTTPException(404)
        s.credentials.remove(me.id, found.kind, found.id)
        action = "passkey_removed" if found.kind == "passkey" else "account_untied"
        s.audit.add(iso(None), me.id, action, me.id, label=found.label)
    return RedirectResponse(_HERE, status_code=303)


def end_login(desk: Desk, request: Request) -> Response:
    """End one of one's own sessions or tokens, or every other."""
    me, form = person_of(request), request.state.form
    now, wanted = iso(None), str(form.get("id", ""))
    with desk.case.store.write() as s:
        if form.get("others"):
            ended = s.logins.end_all(me.id, now, keep=visit_of(request).login)
            s.audit.add(now, me.id, "sessions_ended", me.id, count=ended)
        elif s.logins.end(wanted, now, person=me.id):
            s.audit.add(now, me.id, "session_ended", me.id, login=wanted)
    return RedirectResponse(_HERE, status_code=303)


def make_token(desk: Desk, request: Request) -> Response:
    """A new token of the API, shown once."""
    form, me = request.state.form, person_of(request)
    name = clean(str(form.get("name", ""))).strip()[:80]
    scopes = frozenset(str(v) for v in form.getlist("scope")) & frozenset(SCOPES)
    days = str(form.get("days", ""))
    if not name or not scopes:
        return _page(desk, request, 422, problem=_("Give the token a name, and at least one thing that it may do."))
    if days not in {str(d) for d in _TOKEN_DAYS}:
        return _page(desk, request, 422, problem=_("Choose how long the token lasts."))
    with desk.case.store.read() as s:
        if len(s.logins.open("token", iso(None), me.id)) >= _MOST_TOKENS:
            return _page(desk, request, 422, problem=_("That is enough; remove what you no longer use first."))
    token = desk.access.issue(me, name, scopes, int(days))
    return _page(desk, request, token=token, token_name=name)


def tie(desk: Desk, request: Request) -> Response:
    """Tie one's account at the provider to oneself."""
    if desk.provider is None:
        raise HTTPException(404)
    return signing_in.send_off(desk, request, tie_to=person_of(request).id)


def _second(desk: Desk, request: Request, secret: str, problem: str | None, status: int) -> Response:
    me = person_of(request)
    address = _codes.address(secret, me.id, desk.case.settings.name)
    context = {
        "name": desk.pending.give("second", (me.id, secret)),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "picture": Markup(_codes.picture(address)),
        "problem": desk.translate(request, problem) if problem else None,
    }
    return desk.render(request, "second_factor.html", context, status)


def _page(
    desk: Desk,
    request: Request,
    status: int = 200,
    problem: str | None = None,
    token: str | None = None,
    token_name: str = "",
) -> Response:
    me, visit, now = person_of(request), visit_of(request), iso(None)
    with desk.case.store.read() as s:
        have = s.credentials.of(me.id)
        sessions, tokens = (s.logins.open(kind, now, me.id) for kind in ("session", "token"))
        trail = s.audit.newest(limit=12, who=me.id)
    kinds = {c.kind for c in have}
    context = {
        "have": {k: next((c for c in have if c.kind == k), None) for k in ("password", "code")},
        "passkeys": [c for c in have if c.kind == "passkey"],
        "accounts": [c for c in have if c.kind == "oidc"],
        "recovery": sum(c.kind == "recovery" for c in have),
        "sessions": sessions,
        "tokens": tokens,
        "trail": trail,
        "current": visit.login,
        "again": bool(kinds) and not visit.fresh(),
        "needed": desk.case.settings.second_factor and not kinds & {"code", "passkey", "oidc"},
        "can_passkey": _passkeys.host_of(origin_of(request)) is not None,
        "provider": desk.provider.name if desk.provider else None,
        "scopes": SCOPES,
        "days": _TOKEN_DAYS,
        "problem": desk.translate(request, problem) if problem else None,
        "token": token,
        "token_name": token_name,
    }
    return desk.render(request, "security.html", context, status)


DOORS = (
    Door("GET", "/account/security", "reader", show),
    Door("POST", "/account/password", "reader", set_password, fresh=True),
    Door("POST", "/account/second", "reader", begin_second, fresh=True),
    Door("POST", "/account/second/confirm", "reader", confirm_second, fresh=True),
    Door("POST", "/account/second/end", "reader", end_second, fresh=True),
    Door("POST", "/account/recovery", "reader", new_recovery, fresh=True),
    Door("POST", "/account/passkeys/options", "reader", passkey_options, fresh=True),
    Door("POST", "/account/passkeys", "reader", add_passkey, fresh=True),
    Door("POST", "/account/credentials/end", "reader", remove_credential, fresh=True),
    Door("POST", "/account/logins/end", "reader", end_login),
    Door("POST", "/account/tokens", "reader", make_token, fresh=True),
    Door("GET", "/account/tie", "reader", tie, fresh=True),
)
"""The person's own doors."""
