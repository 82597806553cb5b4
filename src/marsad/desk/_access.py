"""Who may come in: one-time links, sessions, tokens and roles. Only the SHA-256 of a token is ever kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from ..errors import JudgementRefused
from ..model import Person, codes
from ..store import Login, Session, Store

LINK_MINUTES = 15
HALF_MINUTES = 5
FRESH_MINUTES = 20
"""How long after coming in one may change how one comes in."""
TOKEN_PREFIX = "marsad_"
SCOPES = ("read", "judge", "add", "publish")
_SEEN_MINUTES = 10


class Entered(NamedTuple):
    """What coming in gives: the token of a session, or of a `half` that still lacks the second factor."""

    token: str
    person: Person
    half: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's session, or a token of theirs with its scopes."""

    login: str
    kind: str
    how: str
    since: str
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Whether the scope is among a token's; a session has them all."""
        return self.kind == "session" or scope in self.scopes

    def fresh(self, now: datetime | None = None) -> bool:
        """Whether the person came in just now."""
        return self.since > iso((now or datetime.now(UTC)) - timedelta(minutes=FRESH_MINUTES))


class Access:
    """Links and sessions of one case. `now` in each method is for tests; it is the present otherwise."""

    def __init__(self, store: Store, folder: Path, session_hours: int) -> None:
        self._store = store
        self.hours = session_hours
        # Cookies do not tell ports apart: two desks on one machine must not sign each other out.
        self.cookie = "marsad_" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]
        self.half_cookie = self.cookie + "_half"

    def link(self, person: str, now: datetime | None = None, minutes: int = LINK_MINUTES, by: str | None = None) -> str:
        """A token for a link that signs `person` in once, within `minutes`. Raises JudgementRefused if unknown.

        A link made `by` somebody else does not stand in for the person's second factor.
        """
        token = secrets.token_urlsafe(32)
        with self._store.write() as s:
            found = s.people.get(person)
            if found is None or not found.active:
                raise JudgementRefused(f"{person}: nobody of that id works on this case. Add the person first.")
            self._keep(s, token, person, "link", now, timedelta(minutes=minutes), how="sent" if by else "link")
            if by:
                s.audit.add(iso(now), by, "link_made", person)
        return token

    def invited(self, token: str, now: datetime | None = None) -> Person | None:
        """Whose unused link it is, without using it; None if it is unknown, used or expired."""
        with self._store.read() as s:
            return self._holder(s, token, "link", now)[1]

    def redeem(self, token: str, now: datetime | None = None, browser: str = "") -> Entered | None:
        """Use the link up and come in, or None if the link is not (or no longer) good."""
        with self._store.write() as s:
            found, person = self._holder(s, token, "link", now)
            if found is None or person is None or not s.logins.end(found.id, iso(now)):
                return None
            half = found.how == "sent" and bool(s.credentials.of(person.id, "code"))
            return self.begin(s, person, "link", now, browser, half=half)

    def begin(
        self, s: Session, person: Person, how: str, now: datetime | None = None, browser: str = "", half: bool = False
    ) -> Entered:
        """Begin a session of a person who has shown who they are by `how` (or half of it), within a transaction."""
        token = secrets.token_urlsafe(32)
        kind, lasts = ("half", timedelta(minutes=HALF_MINUTES)) if half else ("session", timedelta(hours=self.hours))
        self._keep(s, token, person.id, kind, now, lasts, how=how, label=browser)
        if not half:
            s.audit.add(iso(now), person.id, "signed_in", person.id, how=how, browser=browser)
        return Entered(token, person, half)

    def half(self, s: Session, token: str, now: datetime | None = None) -> tuple[Login | None, Person | None]:
        """The half-open login of a token, and whose it is."""
        return self._holder(s, token, "half", now)

    def issue(self, person: Person, name: str, scopes: frozenset[str], days: int, now: datetime | None = None) -> str:
        """A token of the API for `person`, who must keep it: it is not to be had again."""
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        words = " ".join(s for s in SCOPES if s in scopes)
        with self._store.write() as s:
            kept = self._keep(s, token, person.id, "token", now, timedelta(days=days), label=name, scopes=words)
            s.audit.add(iso(now), person.id, "token_made", person.id, token=kept, name=name, scopes=words, days=days)
        return token

    def visitor(self, token: str, kind: str = "session", now: datetime | None = None) -> tuple[Person, Visit] | None:
        """Whose session (or token) it is; None if it has ended, or the person is no longer active."""
        at = now or datetime.now(UTC)
        with self._store.read() as s:
            found, person = self._holder(s, token, kind, at)
        if found is None or person is None:
            return None
        if (found.seen_at or found.created_at) < iso(at - timedelta(minutes=_SEEN_MINUTES)):
            with self._store.write() as s:
                s.logins.seen(found.id, iso(at))
        return person, Visit(found.id, kind, found.how, found.created_at, frozenset(found.scopes.split()))

    def person(self, session: str, now: datetime | None = None) -> Person | None:
        """Whose session it is; None if it has ended, or the person is no longer active."""
        found = self.visitor(session, now=now)
        return found[0] if found else None

    def sign_out(self, session: str, everywhere: str | None = None) -> None:
        """End one session, or with a person's id in `everywhere` all sessions and tokens of that person."""
        now = iso(None)
        with self._store.write() as s:
            found, person = self._holder(s, session, "session", None)
            if found and person:
                s.logins.end(found.id, now)
                s.audit.add(now, person.id, "signed_out", person.id, **({"everywhere": True} if everywhere else {}))
            if everywhere:
                s.logins.end_all(everywhere, now)

    def _holder(self, s: Session, token: str, kind: str, now: datetime | None) -> tuple[Login | None, Person | None]:
        found = s.logins.of_token(digest(token), (kind,), iso(now))
        person = s.people.get(found.person) if found else None
        return (found, person) if person and person.active else (None, None)

    def _keep(
        self, s: Session, token: str, person: str, kind: str, now: datetime | None, lasts: timedelta, **more: str
    ) -> str:
        at = now or datetime.now(UTC)
        name = secrets.token_hex(6)
        s.logins.add(digest(token), Login(name, person, kind, iso(at), iso(at + lasts), **more))
        return name


def allows(person: Person, role: str) -> bool:
    """Whether the person's role is `role` or one that includes it (reader, analyst, editor)."""
    return person.role in codes.ROLES and codes.ROLES.index(person.role) >= codes.ROLES.index(role)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def iso(at: datetime | None) -> str:
    """A moment (the present, where None) as the store keeps it: UTC, to the second."""
    return (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
