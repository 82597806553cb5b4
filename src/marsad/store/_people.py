"""`s.people`, `s.logins` and `s.judgements`: who works on the case, and what they decided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ..model import Judgement, Person, canonical, from_json, to_json
from ._state import bump
from ._tables import judgement, login, person


class People:
    """The people of a case and their roles."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, record: Person) -> None:
        """Add a person, or change the name, role or activity of one."""
        row = to_json(record) | {"active": int(record.active)}
        changed = self._connection.execute(person.update().where(person.c.id == record.id).values(row))
        if not changed.rowcount:
            self._connection.execute(person.insert().values(row))

    def get(self, person_id: str) -> Person | None:
        """The person of that id, or None."""
        return next(self._records(sa.select(person).where(person.c.id == person_id)), None)

    def all(self) -> list[Person]:
        """Everyone, by id."""
        return list(self._records(sa.select(person).order_by(person.c.id)))

    def _records(self, query: sa.Select[Any]) -> Iterator[Person]:
        for row in self._connection.execute(query).mappings():
            yield from_json(Person, {**row, "active": bool(row["active"])})


class Logins:
    """One-time links and sessions of the desk, by the SHA-256 of their token: the token itself is never kept."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, token_sha256: str, person_id: str, kind: str, at: str, expires_at: str) -> None:
        """Keep a 'link' or a 'session' until `expires_at` (UTC, ISO 8601)."""
        values = {"token_sha256": token_sha256, "person": person_id, "kind": kind}
        self._connection.execute(login.insert().values(**values, created_at=at, expires_at=expires_at))

    def person_of(self, token_sha256: str, kind: str, at: str) -> str | None:
        """Whose valid, unexpired, unended token it is; None otherwise."""
        valid = (login.c.token_sha256 == token_sha256, login.c.kind == kind, login.c.expires_at > at)
        query = sa.select(login.c.person).where(*valid, login.c.ended_at.is_(None))
        return self._connection.execute(query).scalar()

    def end(self, token_sha256: str, at: str) -> bool:
        """End it (a link once used, a session signed out); False if it had ended already."""
        ended = login.update().where(login.c.token_sha256 == token_sha256, login.c.ended_at.is_(None))
        return bool(self._connection.execute(ended.values(ended_at=at)).rowcount)

    def end_all(self, person_id: str, at: str) -> int:
        """End every session of a person; returns how many."""
        ended = login.update().where(login.c.person == person_id, login.c.ended_at.is_(None))
        return int(self._connection.execute(ended.values(ended_at=at)).rowcount)


class Judgements:
    """What people decided, append-only and in order."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, record: Judgement) -> Judgement:
        """Append; `seq` is given here. Returns the record as kept."""
        last = self._connection.execute(sa.select(sa.func.max(judgement.c.seq))).scalar()
        kept = replace(record, seq=(last or 0) + 1)
        row: dict[str, Any] = to_json(kept)
        row["value"] = None if kept.value is None else canonical(kept.value).decode("utf-8")
        row["others"] = canonical(kept.others).decode("utf-8")
        bump(self._connection)
        self._connection.execute(judgement.insert().values(row))
        return kept

    def get(self, seq: int) -> Judgement | None:
        """The judgement of that number, or None."""
        return next(self._records(sa.select(judgement).where(judgement.c.seq == seq)), None)

    def of(self, target_kind: str, target: str) -> list[Judgement]:
        """The judgements on one claim or incident, oldest first (undone ones too)."""
        query = sa.select(judgement).where(judgement.c.target_kind == target_kind, judgement.c.target == target)
        return list(self._records(query.order_by(judgement.c.seq)))

    def all(self) -> list[Judgement]:
        """Every judgement, oldest first."""
        return list(self._records(sa.select(judgement).order_by(judgement.c.seq)))

    def _records(self, query: sa.Select[Any]) -> Iterator[Judgement]:
        for row in self._connection.execute(query).mappings():
            value = None if row["value"] is None else json.loads(row["value"])
            yield from_json(Judgement, {**row, "value": value, "others": json.loads(row["others"])})
