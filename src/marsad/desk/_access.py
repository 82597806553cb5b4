"""Who may come in: one-time links, sessions and roles. Only the SHA-256 of a token is ever kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..errors import JudgementRefused
from ..model import Person, codes
from ..store import Store

LINK_MINUTES = 15


class Access:
    """Links and sessions of one case. `now` in each method is for tests; it is the present otherwise."""

    def __init__(self, store: Store, folder: Path, session_hours: int) -> None:
        self._store = store
        self._hours = session_hours
        # Cookies do not tell ports apart: two desks on one machine must not sign each other out.
        self.cookie = "marsad_" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]

    def link(self, person: str, now: datetime | None = None, minutes: int = LINK_MINUTES) -> str:
        """A token for a link that signs `person` in once, within `minutes`. Raises JudgementRefused if unknown."""
        now = now or datetime.now(UTC)
        token = secrets.token_urlsafe(32)
        with self._store.write() as s:
            found = s.people.get(person)
            if found is None or not found.active:
                raise JudgementRefused(f"{person}: nobody of that id works on this case. Add the person first.")
            s.logins.add(_digest(token), person, "link", _iso(now), _iso(now + timedelta(minutes=minutes)))
        return token

    def invited(self, token: str, now: datetime | None = None) -> Person | None:
        """Whose unused link it is, without using it; None if it is unknown, used or expired."""
        with self._store.read() as s:
            person = s.logins.person_of(_digest(token), "link", _iso(now or datetime.now(UTC)))
            found = s.people.get(person) if person else None
        return found if found and found.active else None

    def redeem(self, token: str, now: datetime | None = None) -> tuple[str, Person] | None:
        """Use the link up: a new session's token and its person, or None if the link is not (or no longer) good."""
        now = now or datetime.now(UTC)
        session = secrets.token_urlsafe(32)
        with self._store.write() as s:
            person_id = s.logins.person_of(_digest(token), "link", _iso(now))
            person = s.people.get(person_id) if person_id else None
            if person is None or not person.active or not s.logins.end(_digest(token), _iso(now)):
                return None
            expires = _iso(now + timedelta(hours=self._hours))
            s.logins.add(_digest(session), person.id, "session", _iso(now), expires)
        return session, person

    def person(self, session: str, now: datetime | None = None) -> Person | None:
        """Whose session it is; None if it has ended, or the person is no longer active."""
        with self._store.read() as s:
            person_id = s.logins.person_of(_digest(session), "session", _iso(now or datetime.now(UTC)))
            person = s.people.get(person_id) if person_id else None
        return person if person and person.active else None

    def sign_out(self, session: str, everywhere: str | None = None) -> None:
        """End one session, or with a person's id in `everywhere` all of that person's."""
        now = _iso(datetime.now(UTC))
        with self._store.write() as s:
            s.logins.end(_digest(session), now)
            if everywhere:
                s.logins.end_all(everywhere, now)


def allows(person: Person, role: str) -> bool:
    """Whether the person's role is `role` or one that includes it (reader, analyst, editor)."""
    return person.role in codes.ROLES and codes.ROLES.index(person.role) >= codes.ROLES.index(role)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
