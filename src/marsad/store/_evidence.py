"""`s.exhibits` and `s.custody`: what the vault keeps of bytes. Append-only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from ..model import CustodyEvent, Exhibit, canonical, from_json, to_json
from ._tables import begins, custody, exhibit

# Built once: making a statement costs more than running it, and a deposit runs five.
_ADD_EXHIBIT = exhibit.insert()
_GET_EXHIBIT = sa.select(exhibit).where(exhibit.c.sha256 == sa.bindparam("digest"))
_ADD_EVENT = custody.insert()
_LAST_EVENT = sa.select(custody).order_by(custody.c.seq.desc()).limit(1)
_LATEST_OF_CASE = _LAST_EVENT.where(custody.c.exhibit == "", custody.c.action == sa.bindparam("said"))


class Exhibits:
    """The rows of exhibits; their bytes are in the vault."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, record: Exhibit) -> None:
        """Add one; raises sqlalchemy's IntegrityError if it is there."""
        self._connection.execute(_ADD_EXHIBIT, to_json(record))

    def get(self, sha256: str) -> Exhibit | None:
        """The exhibit of that digest, or None."""
        row = self._connection.execute(_GET_EXHIBIT, {"digest": sha256}).mappings().first()
        return from_json(Exhibit, row) if row else None

    def find(self, prefix: str) -> list[Exhibit]:
        """Those whose digest begins with `prefix` (at most 20)."""
        query = sa.select(exhibit).where(begins(exhibit.c.sha256, prefix)).limit(20)
        return [from_json(Exhibit, row) for row in self._connection.execute(query).mappings()]

    def all(self, limit: int | None = None, offset: int = 0) -> Iterator[Exhibit]:
        """Every exhibit, in the order of first deposit."""
        query = sa.select(exhibit).order_by(exhibit.c.deposited_at, exhibit.c.sha256).limit(limit).offset(offset)
        for row in self._connection.execute(query).mappings():
            yield from_json(Exhibit, row)

    def count(self) -> int:
        """How many there are."""
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(exhibit)).scalar_one())


class Custody:
    """The chain of custody events. The vault makes and hashes them; the store only keeps them in order."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._newest: CustodyEvent | None = None

    def add(self, event: CustodyEvent) -> None:
        """Append one; its `seq` must be the next, which the primary key and the write lock see to."""
        row: dict[str, Any] = to_json(event)
        row["detail"] = canonical(event.detail).decode("utf-8")
        self._connection.execute(_ADD_EVENT, row)
        self._newest = event

    def last(self) -> CustodyEvent | None:
        """The newest event, or None in a new case."""
        # Within a transaction nobody else appends.
        if self._newest is None:
            self._newest = next(self._events(_LAST_EVENT), None)
        return self._newest

    def latest(self, action: str) -> CustodyEvent | None:
        """The newest event of that action which is about the whole case, or None."""
        return next(self._events(_LATEST_OF_CASE, {"said": action}), None)

    def of(self, sha256: str) -> list[CustodyEvent]:
        """The events of one exhibit, oldest first."""
        return list(self._events(sa.select(custody).where(custody.c.exhibit == sha256).order_by(custody.c.seq)))

    def all(self, after: int = 0) -> Iterator[CustodyEvent]:
        """Every event whose `seq` is greater than `after`, oldest first."""
        return self._events(sa.select(custody).where(custody.c.seq > after).order_by(custody.c.seq))

    def _events(self, query: sa.Select[Any], values: dict[str, Any] | None = None) -> Iterator[CustodyEvent]:
        for row in self._connection.execute(query, values).mappings():
            yield from_json(CustodyEvent, {**row, "detail": json.loads(row["detail"])})
