"""The tables of `s.linking`, and their rows. Derived: they may be made again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from ._tables import metadata

_BIG = BigInteger().with_variant(Integer, "sqlite")
Key = tuple[int, bool, int, int, int]
"""(key, is a member, day, number, telling)."""
Pair = tuple[int, int, int]
"""(telling, a later-numbered telling, score)."""
Ruling = tuple[str, str, str, int]
"""(claim, claim, 'together', 'apart' or 'settled', judgement)."""


def _table(name: str, *columns: Column | Index, rows: bool = True) -> Table:  # type: ignore[type-arg]
    return Table(name, metadata, *columns, sqlite_strict=True, sqlite_with_rowid=rows)


link_report = _table(
    "link_report",
    Column("report", Text, primary_key=True),
    Column("published", Text),
    Column("publisher", Text),
    Column("shingles", LargeBinary, nullable=False),
)
link_claim = _table(
    "link_claim",
    Column("claim", Text, primary_key=True),
    Column("report", Text, nullable=False, index=True),
    Column("published", Text, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("alike", _BIG, nullable=False),
    Column("original", Text, index=True),
    Column("telling", _BIG, nullable=False, index=True),
    Index("ix_link_claim_alike_published", "alike", "published"),
)
link_telling = _table(
    "link_telling",
    Column("id", _BIG, primary_key=True, autoincrement=False),
    Column("report", Text, nullable=False, index=True),
    Column("incident", Text, nullable=False, index=True),
    Column("first", Integer),
    Column("last", Integer),
    Column("body", Text, nullable=False),
)
link_key = _table(
    "link_key",
    Column("key", _BIG, primary_key=True, autoincrement=False),
    Column("member", Integer, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("number", _BIG, primary_key=True, autoincrement=False),
    Column("telling", _BIG, primary_key=True, autoincrement=False),
    rows=False,
)
link_pair = _table(
    "link_pair",
    Column("a", _BIG, primary_key=True, autoincrement=False),
    Column("b", _BIG, primary_key=True, autoincrement=False),
    Column("score", Integer, nullable=False),
    Index("ix_link_pair_b_score", "b", "score"),
    rows=False,
)
link_ruling = _table(
    "link_ruling",
    Column("a", Text, primary_key=True),
    Column("b", Text, primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("seq", Integer, nullable=False),
)
link_todo = _table(
    "link_todo",
    Column("report", Text, primary_key=True),
    Column("published", Text, nullable=False),
    Index("ix_link_todo_published_report", "published", "report"),
)

LINK_TABLES = (link_report, link_claim, link_telling, link_key, link_pair, link_ruling, link_todo)
_TODO = sa.text(
    "INSERT INTO link_todo (report, published) SELECT id, coalesce(published, '9999') FROM report WHERE id = :report "
    "ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What tells whether a report's text is another's."""

    report: str
    published: str | None
    publisher: str | None
    shingles: bytes


@dataclass(frozen=True, slots=True)
class LinkClaim:
    """Where one claim of an event stands: among all in order, among those that say the same, and in which telling."""

    claim: str
    report: str
    published: str
    first: int
    last: int
    alike: int
    """What it has in common with claims that it may repeat, or that may repeat it."""
    original: str | None = None
    """The claim that it repeats."""
    telling: int = 0
    """Its telling; a copy's, the telling that it repeats."""

    @property
    def at(self) -> tuple[str, str, int, int, str]:
        """Its place among all claims."""
        return self.published, self.report, self.first, self.last, self.claim


@dataclass(frozen=True, slots=True)
class LinkTelling:
    """A telling as it is kept."""

    id: int
    report: str
    incident: str
    """Id of the incident that it stands in; empty where all its claims are gone and its report waits to be linked."""
    first: int | None
    last: int | None
    """The days that it gives itself, as ordinals; None where it gives none."""
    body: str


def create_linking(connection: sa.Connection) -> None:
    """Make the tables that are lacking."""
    metadata.create_all(connection, tables=LINK_TABLES)


def drop_linking(connection: sa.Connection) -> None:
    """Take the tables away, whatever their columns; what waits to be linked stays noted."""
    for table in LINK_TABLES:
        if table is not link_todo:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table.name}")


def mark_unlinked(connection: sa.Connection, reports: Iterable[str]) -> None:
    """Note that these reports' claims changed since they were linked."""
    rows = [{"report": r} for r in dict.fromkeys(reports)]
    if rows:
        connection.execute(_TODO, rows)
