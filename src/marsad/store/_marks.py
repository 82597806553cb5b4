"""`s.marks`: things under whole numbers, the labels that they have, and how many things have each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ._derived import label, mark, thing

Label = tuple[str, str]
"""(kind, value): ('act', 'abduction')."""
_FEW = 4000
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Filter:
    """Labels that a list is narrowed to: their keys, the rarest first, and how many things the rarest has."""

    keys: tuple[int, ...]
    rarest: int

    def sql(self, table: str) -> tuple[str, str, dict[str, object]]:
        """(FROM, conditions, values) for `table`, whose rows are things; begins with the label where that has few."""
        values: dict[str, object] = {f"key{i}": k for i, k in enumerate(self.keys)}
        first = bool(self.keys) and self.rarest < _FEW
        # The order of a CROSS JOIN is kept by SQLite: from few things to their rows, not through all rows.
        source = f"mark m CROSS JOIN {table} t" if first else f"{table} t"
        conditions = ["m.key = :key0", "t.row = m.row"] if first else []
        rest = range(int(first), len(self.keys))
        conditions += [f"EXISTS (SELECT 1 FROM mark x WHERE x.key = :key{i} AND x.row = t.row)" for i in rest]
        return source, " AND ".join(conditions) or "1 = 1", values


class Marks:
    """Labels of things, room by room ('incident', 'report', 'claim')."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._keys: dict[tuple[str, str, str], int] = {}

    def put(self, room: str, marked: Mapping[str, Collection[Label]]) -> dict[str, int]:
        """Make these the labels of things (given by their ids); returns id → row. Things are made where lacking."""
        rows = self.rows(room, marked, make=True)
        self._learn_keys(room, {name for labels in marked.values() for name in labels})
        was: dict[int, set[int]] = defaultdict(set)
        for row, key in self._marks(rows.values()):
            was[row].add(key)
        gained, lost, counts = [], [], defaultdict[int, int](int)
        for ref, labels in marked.items():
            row, now = rows[ref], {self._key(room, *name) for name in labels}
            gained += [{"key": k, "row": row} for k in now - was[row]]
            lost += [{"key": k, "row": row} for k in was[row] - now]
        for change, step in ((gained, 1), (lost, -1)):
            for m in change:
                counts[m["key"]] += step
        if lost:
            self._connection.execute(sa.text("DELETE FROM mark WHERE key = :key AND row = :row"), lost)
        if gained:
            self._connection.execute(mark.insert(), gained)
        if changed := [{"key": k, "step": n} for k, n in counts.items() if n]:
            self._connection.execute(sa.text("UPDATE label SET n = n + :step WHERE key = :key"), changed)
        return rows

    def rows(self, room: str, refs: Iterable[str], *, make: bool = False) -> dict[str, int]:
        """Id → row, for those that are things (with `make`, for all)."""
        wanted = list(dict.fromkeys(refs))
        found: dict[str, int] = {}
        for i in range(0, len(wanted), _CHUNK):
            query = sa.select(thing.c.ref, thing.c.row).where(
                thing.c.room == room, thing.c.ref.in_(wanted[i : i + _CHUNK])
            )
            found.update((ref, row) for ref, row in self._connection.execute(query))
        lacking = [r for r in wanted if r not in found] if make else []
        if lacking:
            last = self._connection.execute(sa.select(sa.func.max(thing.c.row))).scalar() or 0
            new = [{"row": n, "room": room, "ref": r} for n, r in enumerate(lacking, last + 1)]
            self._connection.execute(thing.insert(), new)
            found.update((str(t["ref"]), int(str(t["row"]))) for t in new)
        return found

    def remove(self, room: str, refs: Iterable[str]) -> None:
        """Take things away with their labels; no error where there are none."""
        refs = list(refs)
        self.put(room, dict.fromkeys(self.rows(room, refs), ()))
        for i in range(0, len(refs), _CHUNK):
            gone = thing.delete().where(thing.c.room == room, thing.c.ref.in_(refs[i : i + _CHUNK]))
            self._connection.execute(gone)

    def values(self, room: str, kind: str, limit: int = 50) -> list[tuple[str, int]]:
        """(value, how many things have it) of one kind of label, the commonest first."""
        query = sa.select(label.c.value, label.c.n).where(label.c.room == room, label.c.kind == kind, label.c.n > 0)
        query = query.order_by(label.c.n.desc(), label.c.value).limit(limit)
        return [(value, n) for value, n in self._connection.execute(query)]

    def count(self, room: str, kind: str, value: str = "") -> int:
        """How many things have a label."""
        query = sa.select(label.c.n).where(label.c.room == room, label.c.kind == kind, label.c.value == value)
        return self._connection.execute(query).scalar() or 0

    def narrowed(self, room: str, labels: Sequence[Label]) -> Filter | None:
        """The filter to things that have all of `labels`; None where no thing has one of them."""
        keys = []
        for kind, value in labels:
            query = sa.select(label.c.n, label.c.key)
            query = query.where(label.c.room == room, label.c.kind == kind, label.c.value == value, label.c.n > 0)
            row = self._connection.execute(query).first()
            if row is None:
                return None
            keys.append((row.n, row.key))
        keys.sort()
        return Filter(tuple(k for _, k in keys), keys[0][0] if keys else 0)

    def within(self, room: str, kind: str, narrowed: Filter, limit: int) -> list[tuple[str, int]]:
        """(value, how many) of one kind of label among the things that a filter leaves, the commonest first."""
        rest = "".join(
            f" AND EXISTS (SELECT 1 FROM mark y WHERE y.key = :key{i} AND y.row = m.row)"
            for i in range(1, len(narrowed.keys))
        )
        sql = (
            "SELECT l.value, count(*) AS n FROM mark m JOIN mark x ON x.row = m.row JOIN label l ON l.key = x.key "
            f"WHERE m.key = :key0 AND l.room = :room AND l.kind = :kind{rest} "
            "GROUP BY l.value ORDER BY n DESC, l.value LIMIT :limit"
        )
        values = {f"key{i}": k for i, k in enumerate(narrowed.keys)} | {"room": room, "kind": kind, "limit": limit}
        return [(row.value, row.n) for row in self._connection.execute(sa.text(sql), values)]

    def among(self, rows: Sequence[int], room: str | None = None, kinds: Collection[str] = ()) -> dict[Label, int]:
        """How many of the things in `rows` have each label (of these kinds)."""
        found: dict[int, int] = {}
        if rows:
            # Whole numbers stand in the statement itself: to bind thousands of them takes longer than to count.
            some: sa.ColumnElement[bool] = sa.literal_column(f"mark.row IN ({', '.join(str(int(r)) for r in rows)})")
            query = sa.select(mark.c.key, sa.func.count()).where(some)
            found = dict(map(tuple, self._connection.execute(query.group_by(mark.c.key)).all()))
        named: dict[Label, int] = defaultdict(int)
        keys = list(found)
        for i in range(0, len(keys), _CHUNK):
            query = sa.select(label).where(label.c.key.in_(keys[i : i + _CHUNK]))
            query = query.where(label.c.kind.in_(kinds)) if kinds else query
            for row in self._connection.execute(query.where(label.c.room == room) if room else query):
                named[row.kind, row.value] += found[row.key]
        return dict(named)

    def _marks(self, rows: Iterable[int]) -> Iterable[tuple[int, int]]:
        wanted = list(rows)
        for i in range(0, len(wanted), _CHUNK):
            query = sa.select(mark.c.row, mark.c.key).where(mark.c.row.in_(wanted[i : i + _CHUNK]))
            yield from self._connection.execute(query)

    def _learn_keys(self, room: str, names: Collection[Label]) -> None:
        """Have the keys of labels at hand, those that there are."""
        values = list({value for kind, value in names if (room, kind, value) not in self._keys})
        kinds = list({kind for kind, _ in names})
        for i in range(0, len(values), _CHUNK):
            query = sa.select(label.c.kind, label.c.value, label.c.key)
            some = query.where(label.c.room == room, label.c.kind.in_(kinds), label.c.value.in_(values[i : i + _CHUNK]))
            self._keys.update(((room, kind, value), key) for kind, value, key in self._connection.execute(some))

    def _key(self, room: str, kind: str, value: str) -> int:
        name = (room, kind, value)
        if name not in self._keys:
            query = sa.select(label.c.key).where(label.c.room == room, label.c.kind == kind, label.c.value == value)
            found: Any = self._connection.execute(query).scalar()
            if found is None:
                found = (self._connection.execute(sa.select(sa.func.max(label.c.key))).scalar() or 0) + 1
                self._connection.execute(label.insert().values(key=found, room=room, kind=kind, value=value, n=0))
            self._keys[name] = found
        return self._keys[name]
