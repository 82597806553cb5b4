"""`s.people` and `s.judgements`: who works on the case, and what they decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ..model import Judgement, Person, canonical, from_json, to_json
from ._derived import mark_stale
from ._state import bump
from ._tables import judgement, person


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


_SELECT = sa.select(judgement)


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
        undone = self.get(kept.undoes) if kept.undoes is not None else None
        for on in (kept, *((undone,) if undone else ())):
            mark_stale(self._connection, on.target_kind, [on.target])
        return kept

    def get(self, seq: int) -> Judgement | None:
        """The judgement of that number, or None."""
        return next(self._records(sa.select(judgement).where(judgement.c.seq == seq)), None)

    def of(self, target_kind: str, target: str) -> list[Judgement]:
        """The judgements on one claim or incident, oldest first (undone ones too)."""
        query = sa.select(judgement).where(judgement.c.target_kind == target_kind, judgement.c.target == target)
        return list(self._records(query.order_by(judgement.c.seq)))

    def on(self, target_kind: str, targets: Iterable[str]) -> list[Judgement]:
        """The judgements on several claims or incidents, oldest first, with those that undo them wherever they are."""
        wanted, found = list(dict.fromkeys(targets)), dict[int, Judgement]()
        for i in range(0, len(wanted), 500):
            these = judgement.c.target.in_(wanted[i : i + 500])
            found.update(
                (j.seq, j) for j in self._records(_SELECT.where(judgement.c.target_kind == target_kind, these))
            )
        return self.with_undoing(found.values())

    def with_undoing(self, judgements: Iterable[Judgement]) -> list[Judgement]:
        """These, and those that undo them (or undo the undoing), oldest first."""
        found = {j.seq: j for j in judgements}
        ahead = list(found)
        while ahead:
            query = _SELECT.where(judgement.c.undoes.in_(ahead[:500]))
            new = {j.seq: j for j in self._records(query) if j.seq not in found}
            found |= new
            ahead = ahead[500:] + list(new)
        return [found[seq] for seq in sorted(found)]

    def on_membership(self) -> list[Judgement]:
        """Those that say which claims belong together, and all undoing, oldest first."""
        these = _SELECT.where(judgement.c.decision.in_(("merge", "split", "undo")))
        return list(self._records(these.order_by(judgement.c.seq)))

    def page(self, limit: int, offset: int = 0, person: str | None = None) -> list[Judgement]:
        """Judgements (of one person), newest first."""
        query = sa.select(judgement).order_by(judgement.c.seq.desc()).limit(limit).offset(offset)
        return list(self._records(query.where(judgement.c.person == person) if person else query))

    def count(self, person: str | None = None, since: str = "") -> int:
        """How many there are (of one person, made at or after the UTC time `since`)."""
        query = sa.select(sa.func.count()).select_from(judgement).where(judgement.c.at >= since)
        query = query.where(judgement.c.person == person) if person else query
        return int(self._connection.execute(query).scalar_one())

    def all(self) -> list[Judgement]:
        """Every judgement, oldest first."""
        return list(self._records(sa.select(judgement).order_by(judgement.c.seq)))

    def _records(self, query: sa.Select[Any]) -> Iterator[Judgement]:
        for row in self._connection.execute(query).mappings():
            value = None if row["value"] is None else json.loads(row["value"])
            yield from_json(Judgement, {**row, "value": value, "others": json.loads(row["others"])})
