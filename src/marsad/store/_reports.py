"""`s.reports`: readable texts and where they stand on their way to claims."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from ..model import Report, canonical, from_json, to_json
from ._derived import mark_stale
from ._state import bump
from ._tables import begins, reading, report

_BEGINNING = 160
_LIGHT: list[sa.ColumnElement[Any]] = [c for c in report.c if c.name not in ("text", "added_at")]
_LIGHT.append(sa.func.substr(report.c.text, 1, _BEGINNING).label("text"))


class Reports:
    """Reports; reading an exhibit again finds the same ids."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, record: Report, at: str) -> bool:
        """Add one at the UTC time `at`; False, and nothing changed, if its id is there."""
        if self.get(record.id) is not None:
            return False
        row: dict[str, Any] = to_json(record)
        row["meta"] = canonical(record.meta).decode("utf-8")
        bump(self._connection)
        self._connection.execute(report.insert().values(row | {"added_at": at}))
        mark_stale(self._connection, "report", [record.id])
        return True

    def get(self, report_id: str) -> Report | None:
        """The report of that id, or None."""
        return next(self._records(sa.select(report).where(report.c.id == report_id)), None)

    def many(self, ids: Iterable[str]) -> list[Report]:
        """The reports of these ids that exist, with their texts."""
        wanted, found = list(dict.fromkeys(ids)), list[Report]()
        for i in range(0, len(wanted), 500):
            found += self._records(sa.select(report).where(report.c.id.in_(wanted[i : i + 500])))
        return found

    def find(self, prefix: str) -> list[Report]:
        """Those whose id begins with `prefix` (at most 20)."""
        return list(self._records(sa.select(report).where(begins(report.c.id, prefix)).limit(20)))

    def of(self, sha256: str) -> list[Report]:
        """The reports read from one exhibit, in the order of its parts."""
        return list(self._records(sa.select(report).where(report.c.exhibit == sha256).order_by(report.c.part)))

    def all(self, status: str | None = None, limit: int | None = None, offset: int = 0) -> Iterator[Report]:
        """Reports (of one status), oldest addition first."""
        query = sa.select(report).order_by(report.c.added_at, report.c.id).limit(limit).offset(offset)
        return self._records(query.where(report.c.status == status) if status else query)

    def page(self, limit: int, offset: int = 0, status: str | None = None) -> list[Report]:
        """Reports as `all` gives them, with only the beginning of their texts."""
        query = sa.select(*_LIGHT).order_by(report.c.added_at, report.c.id).limit(limit).offset(offset)
        return list(self._records(query.where(report.c.status == status) if status else query))

    def light(self, ids: Iterable[str]) -> dict[str, Report]:
        """Id → report, with only the beginning of its text, for those that exist."""
        wanted, found = list(dict.fromkeys(ids)), dict[str, Report]()
        for i in range(0, len(wanted), 500):
            query = sa.select(*_LIGHT).where(report.c.id.in_(wanted[i : i + 500]))
            found.update((r.id, r) for r in self._records(query))
        return found

    def set_status(self, report_id: str, status: str, reason: str | None = None) -> None:
        """Move a report on its way; `reason` says why, where it is 'unreadable' or 'not_yet_extracted'."""
        bump(self._connection)
        self._connection.execute(report.update().where(report.c.id == report_id).values(status=status, reason=reason))
        mark_stale(self._connection, "report", [report_id])

    def forget(self, report_id: str, reason: str) -> None:
        """Remove the words of a report, for an erasure by law; that there was one stays, with the reason."""
        bump(self._connection)
        gone = {"text": "", "title": None, "author": None, "url": None, "meta": "{}"}
        gone |= {"status": "unreadable", "reason": reason}
        self._connection.execute(report.update().where(report.c.id == report_id).values(gone))
        mark_stale(self._connection, "report", [report_id])

    def finish_reading(self, exhibits: Iterable[str], at: str) -> None:
        """Note that these exhibits were read to their end, so that work cut off can tell what is left."""
        done = self.exhibits_read()
        rows = [{"exhibit": e, "finished_at": at} for e in dict.fromkeys(exhibits) if e not in done]
        if rows:
            self._connection.execute(reading.insert(), rows)

    def exhibits_read(self) -> set[str]:
        """Digests of the exhibits that were read to their end."""
        return {row[0] for row in self._connection.execute(sa.select(reading.c.exhibit))}

    def counts(self) -> dict[str, int]:
        """How many reports stand at each status."""
        query = sa.select(report.c.status, sa.func.count()).group_by(report.c.status)
        return {status: count for status, count in self._connection.execute(query)}

    def _records(self, query: sa.Select[Any]) -> Iterator[Report]:
        for row in self._connection.execute(query).mappings():
            yield from_json(Report, {**row, "meta": json.loads(row["meta"])})
