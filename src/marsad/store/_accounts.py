"""`s.logins`, `s.credentials`, `s.invitations` and `s.throttle`: how people come in. Of a token only its SHA-256 is
kept; what a credential's `secret` holds is the desk's business (a hash, a public key, or something sealed)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from ._tables import credential, invitation, login, throttle


@dataclass(frozen=True, slots=True)
class Login:
    """A 'link' (used once), a 'half' (a password without its code yet), a 'session' or a 'token' of the API."""

    id: str
    person: str
    kind: str
    created_at: str
    expires_at: str
    how: str = ""
    """By what it was opened: link, password, code, recovery, passkey, oidc."""
    label: str = ""
    """The browser of a session, the name of a token."""
    scopes: str = ""
    """What a token may, by words with spaces between."""
    seen_at: str | None = None
    ended_at: str | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """One means to sign in: 'password', 'code' (a second factor), 'recovery', 'passkey' or 'oidc'."""

    id: str
    person: str
    kind: str
    secret: str
    added_at: str
    label: str = ""
    counter: int = 0
    used_at: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link by which somebody new joins the case in one role."""

    id: str
    role: str
    label: str
    made_by: str
    created_at: str
    expires_at: str
    used_by: str | None = None
    ended_at: str | None = None


class Logins:
    """Links, sessions and tokens, by the SHA-256 of what the person holds."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, token_sha256: str, record: Login) -> None:
        """Keep one until its `expires_at` (UTC, ISO 8601)."""
        self._connection.execute(login.insert().values(token_sha256=token_sha256, **asdict(record)))

    def of_token(self, token_sha256: str, kinds: Collection[str], at: str) -> Login | None:
        """The one that is valid, neither expired nor ended; None otherwise."""
        valid = (login.c.token_sha256 == token_sha256, login.c.kind.in_(kinds), login.c.expires_at > at)
        return next(self._records(sa.select(login).where(*valid, login.c.ended_at.is_(None))), None)

    def open(self, kind: str, at: str, person: str | None = None) -> list[Login]:
        """Those of a kind that are in force (of one person), newest first."""
        query = sa.select(login).where(login.c.kind == kind, login.c.expires_at > at, login.c.ended_at.is_(None))
        query = query.where(login.c.person == person) if person else query
        return list(self._records(query.order_by(login.c.created_at.desc(), login.c.id)))

    def seen(self, login_id: str, at: str) -> None:
        """Note that it was used."""
        self._connection.execute(login.update().where(login.c.id == login_id).values(seen_at=at))

    def end(self, login_id: str, at: str, person: str | None = None) -> bool:
        """End it (only if it is that person's); False if there is none, or it had ended already."""
        ended = login.update().where(login.c.id == login_id, login.c.ended_at.is_(None))
        ended = ended.where(login.c.person == person) if person else ended
        return bool(self._connection.execute(ended.values(ended_at=at)).rowcount)

    def end_all(self, person: str, at: str, keep: str | None = None) -> int:
        """End everything of a person but the one whose id is `keep`; returns how many."""
        ended = login.update().where(login.c.person == person, login.c.ended_at.is_(None))
        ended = ended.where(login.c.id != keep) if keep else ended
        return int(self._connection.execute(ended.values(ended_at=at)).rowcount)

    def _records(self, query: sa.Select[Any]) -> Iterator[Login]:
        for row in self._connection.execute(query).mappings():
            yield Login(**{k: v for k, v in row.items() if k != "token_sha256"})


class Credentials:
    """What people sign in with."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, record: Credential) -> None:
        """Keep one; raises sqlalchemy's IntegrityError if its id is there."""
        self._connection.execute(credential.insert().values(asdict(record)))

    def get(self, credential_id: str) -> Credential | None:
        """The one of that id, or None."""
        return next(self._records(sa.select(credential).where(credential.c.id == credential_id)), None)

    def of(self, person: str, kind: str | None = None) -> list[Credential]:
        """A person's (of one kind), oldest first."""
        query = sa.select(credential).where(credential.c.person == person)
        query = query.where(credential.c.kind == kind) if kind else query
        return list(self._records(query.order_by(credential.c.added_at, credential.c.id)))

    def kinds(self) -> dict[str, set[str]]:
        """Person id → the kinds that they have."""
        found: dict[str, set[str]] = {}
        for person, kind in self._connection.execute(sa.select(credential.c.person, credential.c.kind).distinct()):
            found.setdefault(person, set()).add(kind)
        return found

    def used(self, credential_id: str, at: str, counter: int, secret: str | None = None) -> None:
        """Note that it was used, its new counter, and its secret where that was made anew."""
        values: dict[str, Any] = {"used_at": at, "counter": counter} | ({"secret": secret} if secret else {})
        self._connection.execute(credential.update().where(credential.c.id == credential_id).values(values))

    def remove(self, person: str, kind: str | None = None, credential_id: str | None = None) -> int:
        """Remove a person's credentials (of one kind, of one id); returns how many."""
        gone = credential.delete().where(credential.c.person == person)
        gone = gone.where(credential.c.kind == kind) if kind else gone
        gone = gone.where(credential.c.id == credential_id) if credential_id else gone
        return int(self._connection.execute(gone).rowcount)

    def _records(self, query: sa.Select[Any]) -> Iterator[Credential]:
        for row in self._connection.execute(query).mappings():
            yield Credential(**row)


class Invitations:
    """Invitations, by the SHA-256 of their token."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, token_sha256: str, record: Invitation) -> None:
        """Keep one."""
        self._connection.execute(invitation.insert().values(token_sha256=token_sha256, **asdict(record)))

    def of_token(self, token_sha256: str, at: str) -> Invitation | None:
        """The one that is neither used, ended nor expired; None otherwise."""
        valid = (invitation.c.token_sha256 == token_sha256, invitation.c.expires_at > at)
        return next(self._records(sa.select(invitation).where(*valid, invitation.c.ended_at.is_(None))), None)

    def open(self, at: str) -> list[Invitation]:
        """Those that can still be used, newest first."""
        query = sa.select(invitation).where(invitation.c.expires_at > at, invitation.c.ended_at.is_(None))
        return list(self._records(query.order_by(invitation.c.created_at.desc(), invitation.c.id)))

    def end(self, invitation_id: str, at: str, used_by: str | None = None) -> bool:
        """End it, used by somebody or withdrawn; False if there is none, or it had ended already."""
        ended = invitation.update().where(invitation.c.id == invitation_id, invitation.c.ended_at.is_(None))
        return bool(self._connection.execute(ended.values(ended_at=at, used_by=used_by)).rowcount)

    def _records(self, query: sa.Select[Any]) -> Iterator[Invitation]:
        for row in self._connection.execute(query).mappings():
            yield Invitation(**{k: v for k, v in row.items() if k != "token_sha256"})


class Throttle:
    """A bucket for each key that holds `burst` attempts and gains one every `every` seconds.

    What is kept is the second at which the bucket is full again (the generic cell rate algorithm), so that a row says
    nothing of when, or how often, somebody tried.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def spend(self, key: str, every: int, burst: int, now: int) -> int:
        """Take one attempt at the second `now`. 0 if there was one; else the seconds to wait, and nothing is taken."""
        kept = self._connection.execute(sa.select(throttle.c.full_at).where(throttle.c.key == key)).scalar()
        full_at = max(now, kept or 0) + every
        if full_at - now > every * burst:
            return full_at - now - every * burst
        if kept is None:
            # The few rows that still say something are those of late; the others go.
            self._connection.execute(throttle.delete().where(throttle.c.full_at <= now))
            self._connection.execute(throttle.insert().values(key=key, full_at=full_at))
        else:
            self._connection.execute(throttle.update().where(throttle.c.key == key).values(full_at=full_at))
        return 0

    def clear(self, key: str) -> None:
        """Fill the bucket again."""
        self._connection.execute(throttle.delete().where(throttle.c.key == key))
