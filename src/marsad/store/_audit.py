"""`s.audit`: what was done with accounts, tokens and the API, append-only and in order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ..model import canonical
from ._tables import audit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """`person` did `action`, to the person or thing `about`; nobody known is None."""

    seq: int
    at: str
    person: str | None
    action: str
    about: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


class Audit:
    """The audit trail of accounts; judgements and custody have trails of their own."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, at: str, person: str | None, action: str, about: str | None = None, **detail: Any) -> None:
        """Append one at the UTC time `at`."""
        last = self._connection.execute(sa.select(sa.func.max(audit.c.seq))).scalar() or 0
        values = {"seq": last + 1, "at": at, "person": person, "action": action, "about": about}
        self._connection.execute(audit.insert().values(**values, detail=canonical(detail).decode("utf-8")))

    def newest(self, limit: int | None = None, before: int | None = None, who: str | None = None) -> list[AuditEntry]:
        """Entries, newest first; those whose `seq` is less than `before`; those by or about `who`."""
        query = sa.select(audit).order_by(audit.c.seq.desc()).limit(limit)
        query = query.where(audit.c.seq < before) if before is not None else query
        query = query.where(sa.or_(audit.c.person == who, audit.c.about == who)) if who else query
        return list(self._entries(query))

    def count(self, who: str | None = None) -> int:
        """How many entries there are (by or about `who`)."""
        query = sa.select(sa.func.count()).select_from(audit)
        query = query.where(sa.or_(audit.c.person == who, audit.c.about == who)) if who else query
        return int(self._connection.execute(query).scalar_one())

    def _entries(self, query: sa.Select[Any]) -> Iterator[AuditEntry]:
        for row in self._connection.execute(query).mappings():
            yield AuditEntry(**{**row, "detail": json.loads(row["detail"])})
