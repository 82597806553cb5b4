"""Tables that are derived from the rest and may be made again from it: what lists, filters and sums are read from.

A `thing` is anything that lists show, under a whole number; a `mark` says that a thing has a `label`, and each label
counts its things, so that a filter and its figure are read from an index, however large the case.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text

from ._tables import metadata


def _table(name: str, *columns: Column | Index | CheckConstraint) -> Table:  # type: ignore[type-arg]
    return Table(name, metadata, *columns, sqlite_strict=True)


thing = _table(
    "thing",
    Column("row", Integer, primary_key=True),
    Column("room", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Index("ux_thing_room_ref", "room", "ref", unique=True),
)

label = _table(
    "label",
    Column("key", Integer, primary_key=True),
    Column("room", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Index("ux_label_room_kind_value", "room", "kind", "value", unique=True),
    Index("ix_label_room_kind_n", "room", "kind", "n"),
)

mark = Table(
    "mark",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Index("ix_mark_row_key", "row", "key"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

ROWED = ("incident", "claim", "report")
"""The rooms whose things have rows here, and so the only ones that can be out of date."""

stale = _table(
    "stale",
    Column("room", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    CheckConstraint(f"room IN {ROWED}", name="ck_stale_room"),
)

headline = _table(
    "headline",
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("incident", Text, nullable=False),
    Column("earliest", Text, nullable=False),
    Column("latest", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("sums", Text, nullable=False),
    Index("ix_headline_earliest_incident", "earliest", "incident"),
    Index("ux_headline_incident", "incident", unique=True),
)

waiting = _table(
    "waiting",
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("claim", Text, nullable=False),
    Column("incident", Text),
    Column("pressing", Integer, nullable=False),
    Column("report", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("unsure", Text),
    Index("ix_waiting_pressing", "pressing", "report", "position", "row"),
    Index("ux_waiting_claim", "claim", unique=True),
)

tie = _table(
    "tie",
    Column("incident", Text, primary_key=True),
    Column("other", Text, primary_key=True),
)

total = _table(
    "total",
    Column("policy", Text, primary_key=True),
    Column("harm", Text, primary_key=True),
    Column("grp", Text, primary_key=True),
    Column("incidents", Integer, nullable=False),
    Column("least", Integer, nullable=False),
    Column("most", Integer, nullable=False),
    Column("best", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("said", Integer, nullable=False),
    Column("silent", Integer, nullable=False),
)

draft = _table(
    "draft",
    Column("incident", Text, primary_key=True),
    Column("violation", Text, primary_key=True),
    Column("party", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("quarter", Text, nullable=False),
    Column("lacking", Text, nullable=False),
    Column("min", Integer),
    Column("max", Integer),
    Column("body", Text, nullable=False),
    Index("ix_draft_violation_quarter", "violation", "quarter"),
)


def create_derived(connection: sa.Connection) -> None:
    """Make the tables that are lacking."""
    metadata.create_all(connection, tables=_DERIVED)


def mark_stale(connection: sa.Connection, room: str, refs: Iterable[str]) -> None:
    """Note that what is derived of these is out of date; of a room that has no rows here (a name), nothing is."""
    rows = [{"room": room, "ref": r} for r in dict.fromkeys(refs) if room in ROWED]
    if rows:
        connection.execute(_STALE, rows)


_DERIVED = (thing, label, mark, stale, headline, waiting, tie, total, draft)
_STALE = sa.text("INSERT INTO stale (room, ref) VALUES (:room, :ref) ON CONFLICT DO NOTHING")
