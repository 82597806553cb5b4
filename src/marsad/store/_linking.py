"""`s.linking`: what linking keeps so that one report more need not be compared with all: tellings, the keys under which
they are found, the pairs that were compared, and the reports that are yet to be linked. Derived: it may be made again.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Table, Text

from ._linking_tables import (
    LINK_TABLES,
    Key,
    LinkClaim,
    LinkReport,
    LinkTelling,
    Pair,
    Ruling,
    link_claim,
    link_key,
    link_pair,
    link_report,
    link_ruling,
    link_telling,
    link_todo,
    mark_unlinked,
)
from ._tables import incident_claim

_CHUNK = 2000
_ALL = sa.text(
    "INSERT INTO link_todo (report, published) SELECT id, coalesce(published, '9999') FROM report "
    "WHERE EXISTS (SELECT 1 FROM claim WHERE claim.report = report.id)"
)


class Linking:
    """Rows of the linker; what they mean is the room `incidents`' affair."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    # What is to be linked

    def todo(self, most: int) -> list[str]:
        """Reports whose claims changed since they were linked, by publication: neighbours come together."""
        t = link_todo.c
        return self._column(sa.select(t.report).order_by(t.published, t.report).limit(most))

    def waiting(self, reports: Collection[str]) -> set[str]:
        """Those of these reports that are yet to be linked."""
        found: set[str] = set()
        for some in _chunks(reports):
            found.update(self._column(sa.select(link_todo.c.report).where(link_todo.c.report.in_(some))))
        return found

    def mark(self, reports: Iterable[str]) -> None:
        """Have these linked again."""
        mark_unlinked(self._connection, reports)

    def done(self, reports: Collection[str]) -> None:
        """These are linked."""
        self._delete(link_todo, link_todo.c.report, reports)

    def clear(self) -> None:
        """Forget everything that was linked, incidents too, and have every report with claims linked again."""
        for table in LINK_TABLES:
            self._connection.execute(table.delete())
        self._connection.execute(_ALL)

    # Reports

    def reports(self, ids: Collection[str]) -> list[LinkReport]:
        """These reports, those that have claims."""
        return [LinkReport(*row) for row in self._rows(link_report, link_report.c.report, ids)]

    def put_reports(self, rows: Sequence[LinkReport]) -> None:
        """Keep these, in place of rows of the same reports."""
        self.drop_reports([r.report for r in rows])
        self._insert(link_report, ({f: getattr(r, f) for f in LinkReport.__dataclass_fields__} for r in rows))

    def drop_reports(self, ids: Collection[str]) -> None:
        """Forget these reports."""
        self._delete(link_report, link_report.c.report, ids)

    # Claims

    def claims_of(self, reports: Collection[str]) -> list[LinkClaim]:
        """The claims of these reports."""
        return self._claims(link_claim.c.report, reports)

    def claims(self, ids: Collection[str]) -> list[LinkClaim]:
        """These claims, those that are linked."""
        return self._claims(link_claim.c.claim, ids)

    def alike(self, keys: Collection[int]) -> list[LinkClaim]:
        """The claims that say the same."""
        return self._claims(link_claim.c.alike, keys)

    def alike_sizes(self, keys: Collection[int]) -> dict[int, int]:
        """Key → how many claims say the same."""
        c, found = link_claim.c, dict[int, int]()
        for some in _chunks(keys):
            query = sa.select(c.alike, sa.func.count()).where(c.alike.in_(some)).group_by(c.alike)
            found.update((key, n) for key, n in self._connection.execute(query))
        return found

    def alike_from(self, key: int, published: str, most: int) -> list[LinkClaim]:
        """The first `most` of the claims of one key that came out at that time or later, in order."""
        at = self._at()
        query = sa.select(link_claim).where(link_claim.c.alike == key, at[0] >= published)
        return [LinkClaim(*row) for row in self._connection.execute(query.order_by(*at).limit(most))]

    def alike_before(self, key: int, published: str, most: int) -> list[LinkClaim]:
        """The last `most` of the claims of one key that came out before that time and repeat nothing, in order."""
        at = self._at()
        query = sa.select(link_claim).where(
            link_claim.c.alike == key, at[0] < published, link_claim.c.original.is_(None)
        )
        rows = self._connection.execute(query.order_by(*(a.desc() for a in at)).limit(most))
        return [LinkClaim(*row) for row in rows][::-1]

    def _at(self) -> list[sa.ColumnElement[Any]]:
        """A claim's place among all, ordered as Python orders text."""
        c = link_claim.c
        columns: list[sa.ColumnElement[Any]] = [c.published, c.report, c.first, c.last, c.claim]
        if self._connection.dialect.name == "sqlite":
            return columns
        return [sa.collate(x, "C") if isinstance(x.type, Text) else x for x in columns]

    def repeating(self, originals: Collection[str]) -> list[LinkClaim]:
        """The claims that repeat one of these."""
        return self._claims(link_claim.c.original, originals)

    def told_in(self, tellings: Collection[int]) -> list[LinkClaim]:
        """The claims of these tellings, with those that repeat them."""
        return self._claims(link_claim.c.telling, tellings)

    def put_claims(self, rows: Sequence[LinkClaim]) -> None:
        """Keep these, in place of rows of the same claims."""
        self.drop_claims([r.claim for r in rows])
        self._insert(link_claim, ({f: getattr(r, f) for f in LinkClaim.__dataclass_fields__} for r in rows))

    def move_claims(self, rows: Sequence[LinkClaim]) -> None:
        """Keep what these, which are there, repeat now, and their tellings."""
        c = link_claim.c
        moved = [{"x": r.claim, "y": r.original, "z": r.telling} for r in rows]
        if moved:
            query = link_claim.update().where(c.claim == sa.bindparam("x"))
            self._connection.execute(query.values(original=sa.bindparam("y"), telling=sa.bindparam("z")), moved)

    def drop_claims(self, ids: Collection[str]) -> None:
        """Forget these claims."""
        self._delete(link_claim, link_claim.c.claim, ids)

    # Tellings

    def tellings(self, ids: Collection[int]) -> list[LinkTelling]:
        """These tellings."""
        return self._tellings(link_telling.c.id, ids)

    def tellings_of(self, reports: Collection[str]) -> list[LinkTelling]:
        """The tellings of these reports."""
        return self._tellings(link_telling.c.report, reports)

    def homes(self, ids: Collection[int]) -> dict[int, tuple[str, str]]:
        """Telling → (incident, report), for those that are kept."""
        t = link_telling.c
        found: dict[int, tuple[str, str]] = {}
        for some in _chunks(ids):
            query = sa.select(t.id, t.incident, t.report).where(t.id.in_(some))
            found.update((id, (incident, report)) for id, incident, report in self._connection.execute(query))
        return found

    def days(self, ids: Collection[int]) -> dict[int, tuple[int, int]]:
        """Telling → (first, last) day, for those that give days."""
        t = link_telling.c
        found: dict[int, tuple[int, int]] = {}
        for some in _chunks(ids):
            query = sa.select(t.id, t.first, t.last).where(t.id.in_(some), t.first.is_not(None))
            found.update((id, (first, last)) for id, first, last in self._connection.execute(query))
        return found

    def tellings_in(self, incidents: Collection[str]) -> list[LinkTelling]:
        """The tellings of these incidents."""
        return self._tellings(link_telling.c.incident, incidents)

    def put_tellings(self, rows: Sequence[LinkTelling]) -> None:
        """Keep these, in place of tellings of the same ids."""
        self.drop_tellings([r.id for r in rows])
        self._insert(link_telling, ({f: getattr(r, f) for f in LinkTelling.__dataclass_fields__} for r in rows))

    def move_tellings(self, rows: Sequence[LinkTelling]) -> None:
        """Keep in which incidents these, which are there, stand now."""
        t = link_telling.c
        moved = [{"x": r.id, "y": r.incident} for r in rows]
        if moved:
            query = link_telling.update().where(t.id == sa.bindparam("x")).values(incident=sa.bindparam("y"))
            self._connection.execute(query, moved)

    def drop_tellings(self, ids: Collection[int]) -> None:
        """Forget these tellings; their keys and pairs are not touched."""
        self._delete(link_telling, link_telling.c.id, ids)

    # Keys

    def put_keys(self, rows: Iterable[Key]) -> None:
        """Keep these."""
        self._insert(link_key, ({n: int(v) for n, v in zip(_KEY, row)} for row in rows))

    def drop_keys(self, rows: Iterable[Key]) -> None:
        """Forget these."""
        columns = link_key.c
        one = sa.and_(*(columns[n] == sa.bindparam(f"x{n}") for n in _KEY))
        gone = [{f"x{n}": int(v) for n, v in zip(_KEY, row)} for row in rows]
        if gone:
            self._connection.execute(link_key.delete().where(one), gone)

    def sizes(self, keys: Collection[int]) -> dict[tuple[int, bool], int]:
        """(key, members or askers) → how many tellings it has."""
        k = link_key.c
        found: dict[tuple[int, bool], int] = {}
        for some in _chunks(keys):
            query = sa.select(k.key, k.member, sa.func.count()).where(k.key.in_(some)).group_by(k.key, k.member)
            found.update(((key, bool(member)), n) for key, member, n in self._connection.execute(query).all())
        return found

    def keys(self, keys: Collection[int]) -> list[Key]:
        """All rows of these keys."""
        rows: list[Any] = []
        for some in _chunks(keys):
            rows += self._connection.execute(sa.select(link_key).where(link_key.c.key.in_(some))).all()
        return [(key, bool(member), day, number, telling) for key, member, day, number, telling in rows]

    def near(
        self, key: int, member: bool, least: tuple[int, int, int], most: tuple[int, int, int], beside: int
    ) -> list[tuple[int, int, int]]:
        """(day, number, telling) of one key from `least` to `most`, and of `beside` more on either side, in order."""
        values: dict[str, int] = {"key": key, "member": int(member), "beside": beside}
        values |= zip(("d0", "n0", "t0", "d1", "n1", "t1"), (*least, *most))
        return sorted((d, n, t) for d, n, t in self._connection.execute(_NEAR, values).all())

    def between(
        self, key: int, member: bool, least: tuple[int, int, int], most: tuple[int, int, int], enough: int
    ) -> int:
        """How many rows of one key lie strictly between two, counted up to `enough`."""
        k = link_key.c
        at = sa.tuple_(k.day, k.number, k.telling)
        rows = sa.select(k.telling).where(k.key == key, k.member == int(member), at > least, at < most).limit(enough)
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(rows.subquery())).scalar_one())

    # Pairs

    def pairs(self, tellings: Collection[int]) -> list[Pair]:
        """The compared pairs with one of these tellings in them; each once."""
        p = link_pair.c
        found: dict[tuple[int, int], int] = {}
        for some in _chunks(tellings):
            for end in (p.a, p.b):
                found.update(
                    ((a, b), score) for a, b, score in self._connection.execute(_PAIRS.where(end.in_(some))).all()
                )
        return [(a, b, score) for (a, b), score in found.items()]

    def strong(self, tellings: Collection[int], least: int) -> list[tuple[int, int]]:
        """(one of these tellings, another that it is compared with) where the score reaches `least`."""
        p = link_pair.c
        found: list[tuple[int, int]] = []
        for some in _chunks(tellings):
            for end, other in ((p.a, p.b), (p.b, p.a)):
                query = sa.select(end, other).where(end.in_(some), p.score >= least)
                found += [(one, two) for one, two in self._connection.execute(query)]
        return found

    def within(self, tellings: Collection[int]) -> list[Pair]:
        """The compared pairs of which both are among these."""
        p = link_pair.c
        found: list[Pair] = []
        for some, others in itertools.product(list(_chunks(tellings)), repeat=2):
            rows = self._connection.execute(_PAIRS.where(p.a.in_(some), p.b.in_(others))).all()
            found += [(a, b, score) for a, b, score in rows]
        return found

    def tied(self, incidents: Collection[str], least: int) -> set[tuple[str, str]]:
        """Pairs of these incidents, in either order, with tellings whose score reaches `least`."""
        wanted, found = set(incidents), set[tuple[str, str]]()
        a, p, b = link_telling.alias(), link_pair, link_telling.alias()
        query = sa.select(a.c.incident, b.c.incident).distinct().select_from(_joined(a, b))
        for some in _chunks(wanted):
            rows = self._connection.execute(query.where(a.c.incident.in_(some), p.c.score >= least))
            found.update((one, two) for one, two in rows if one != two and two in wanted)
        return found

    def tied_by(self, incidents: Collection[str], least: int, heavy: int) -> dict[tuple[str, str], int]:
        """(incident, other; in order) → the sum of what the pairs between the two score above `least`, for those pairs
        of incidents of which one is among these. What is above it counts `heavy` times."""
        wanted = set(incidents)
        sums: dict[tuple[str, str], int] = {}
        a, b = link_telling.alias(), link_telling.alias()
        above = link_pair.c.score - least
        total = sa.func.sum(sa.case((above > 0, above * heavy), else_=above))
        query = sa.select(a.c.incident, b.c.incident, total).select_from(_joined(a, b))
        query = query.where(a.c.incident != b.c.incident).group_by(a.c.incident, b.c.incident)
        for some in _chunks(wanted):
            for end in (a, b):
                for one, two, n in self._connection.execute(query.where(end.c.incident.in_(some))):
                    # A pair with both ends among them is found from either.
                    if end is a or one not in wanted:
                        both = (one, two) if one < two else (two, one)
                        sums[both] = sums.get(both, 0) + int(n)
        return sums

    def put_pairs(self, rows: Iterable[Pair]) -> None:
        """Keep these, which are not there."""
        self._insert(link_pair, ({"a": a, "b": b, "score": score} for a, b, score in rows))

    def drop_pairs(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Forget these."""
        gone = [{"x": a, "y": b} for a, b in pairs]
        if gone:
            p = link_pair.c
            self._connection.execute(link_pair.delete().where(p.a == sa.bindparam("x"), p.b == sa.bindparam("y")), gone)

    # What people decided, as it was last linked

    def rulings(self) -> list[Ruling]:
        """All of them."""
        return [(a, b, verdict, seq) for a, b, verdict, seq in self._connection.execute(sa.select(link_ruling))]

    def put_rulings(self, rows: Iterable[Ruling], gone: Collection[tuple[str, str]]) -> None:
        """Keep `rows`; `gone` are the pairs that they replace, or that stand no more."""
        r = link_ruling.c
        old = [{"x": a, "y": b} for a, b in gone]
        if old:
            self._connection.execute(
                link_ruling.delete().where(r.a == sa.bindparam("x"), r.b == sa.bindparam("y")), old
            )
        self._insert(link_ruling, ({"a": a, "b": b, "verdict": v, "seq": seq} for a, b, v, seq in rows))

    # Incidents

    def members(self, incidents: Collection[str]) -> dict[str, set[str]]:
        """Incident id → its claims."""
        found: dict[str, set[str]] = {}
        for some in _chunks(incidents):
            query = sa.select(incident_claim).where(incident_claim.c.incident.in_(some))
            for claim, incident in self._connection.execute(query):
                found.setdefault(incident, set()).add(claim)
        return found

    def _claims(self, column: sa.ColumnElement[Any], values: Collection[Any]) -> list[LinkClaim]:
        return [LinkClaim(*row) for row in self._rows(link_claim, column, values)]

    def _tellings(self, column: sa.ColumnElement[Any], values: Collection[Any]) -> list[LinkTelling]:
        return [LinkTelling(*row) for row in self._rows(link_telling, column, values)]

    def _rows(self, table: Table, column: sa.ColumnElement[Any], values: Collection[Any]) -> Iterator[Any]:
        for some in _chunks(values):
            yield from self._connection.execute(sa.select(table).where(column.in_(some))).all()

    def _column(self, query: sa.Select[Any]) -> list[str]:
        return [row[0] for row in self._connection.execute(query)]

    def _insert(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        kept = list(rows)
        if kept:
            self._connection.execute(table.insert(), kept)

    def _delete(self, table: Table, column: sa.ColumnElement[Any], values: Collection[Any]) -> None:
        for some in _chunks(values):
            self._connection.execute(table.delete().where(column.in_(some)))


_KEY = ("key", "member", "day", "number", "telling")
_OF_KEY = "SELECT day, number, telling FROM link_key WHERE key = :key AND member = :member AND (day, number, telling)"
_NEAR = sa.text(
    f"SELECT * FROM ({_OF_KEY} < (:d0, :n0, :t0) ORDER BY day DESC, number DESC, telling DESC LIMIT :beside) a "
    f"UNION ALL {_OF_KEY} >= (:d0, :n0, :t0) AND (day, number, telling) <= (:d1, :n1, :t1) "
    f"UNION ALL SELECT * FROM ({_OF_KEY} > (:d1, :n1, :t1) ORDER BY day, number, telling LIMIT :beside) b"
)
_PAIRS = sa.select(link_pair)


def _joined(a: sa.FromClause, b: sa.FromClause) -> sa.FromClause:
    """The compared pairs with the tellings at their two ends."""
    return a.join(link_pair, link_pair.c.a == a.c.id).join(b, b.c.id == link_pair.c.b)


def _chunks(values: Collection[Any]) -> Iterator[list[Any]]:
    wanted = list(values)
    for i in range(0, len(wanted), _CHUNK):
        yield wanted[i : i + _CHUNK]
