"""`s.overview`: what lists, queue and sums show of incidents and claims, as rows; made by the room of that name."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ._derived import draft, headline, mark_stale, stale, tie, total, waiting
from ._marks import Filter

_CHUNK = 500
_ALL = 2**31 - 1
Sum = tuple[str, str, str, Mapping[str, int]]
"""(policy, harm, group, what the incident adds to each column of the total)."""
_COUNTED = ("incidents", "least", "most", "best", "open", "said", "silent")


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One claim that waits for a decision: the score that orders it, why, and who left it as unsure."""

    claim: str
    incident: str | None
    score: float
    report: str
    position: int
    reasons: tuple[str, ...]
    unsure: str | None = None


class Overview:
    """Rows derived of incidents and claims, and the list of those that are out of date."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    # What is out of date

    def stale(self, room: str, limit: int = _CHUNK) -> list[str]:
        """Ids of things ('incident', 'claim', 'report') whose rows are out of date."""
        query = sa.select(stale.c.ref).where(stale.c.room == room).limit(limit)
        return [row[0] for row in self._connection.execute(query)]

    def any_stale(self) -> bool:
        """Whether anything is out of date."""
        return self._connection.execute(sa.select(stale.c.ref).limit(1)).first() is not None

    def mark_stale(self, room: str, refs: Iterable[str]) -> None:
        """Note that these are out of date."""
        mark_stale(self._connection, room, refs)

    def fresh(self, room: str, refs: Sequence[str]) -> None:
        """Note that these are up to date."""
        for i in range(0, len(refs), _CHUNK):
            done = stale.delete().where(stale.c.room == room, stale.c.ref.in_(refs[i : i + _CHUNK]))
            self._connection.execute(done)

    # Incidents

    def put_headlines(self, rows: Mapping[str, int], headlines: Mapping[str, tuple[str, str, Any, list[Sum]]]) -> None:
        """Keep (earliest, latest, JSON, sums) of incidents; `rows` are theirs as things. The totals follow."""
        self._drop_headlines(list(headlines))
        kept = [
            {
                "row": rows[i],
                "incident": i,
                "earliest": first,
                "latest": last,
                "body": _dumps(body),
                "sums": _dumps(sums),
            }
            for i, (first, last, body, sums) in headlines.items()
        ]
        if kept:
            self._connection.execute(headline.insert(), kept)
        self._add(1, (sums for _, _, _, sums in headlines.values()))

    def put_bodies(self, bodies: Mapping[str, Any]) -> None:
        """Keep other JSON of incidents that have rows; what they add to the totals stays."""
        rows = [{"x": i, "body": _dumps(body)} for i, body in bodies.items()]
        if rows:
            self._connection.execute(headline.update().where(headline.c.incident == sa.bindparam("x")), rows)

    def drop_incidents(self, incidents: Sequence[str]) -> None:
        """Forget incidents that are no more."""
        self._drop_headlines(incidents)
        self.put_ties(dict.fromkeys(incidents, ()))
        self.put_drafts(dict.fromkeys(incidents, ()))

    def headline(self, incident: str) -> Any:
        """One incident's JSON, or None."""
        found = self._connection.execute(sa.select(headline.c.body).where(headline.c.incident == incident)).scalar()
        return None if found is None else json.loads(found)

    def headlines_of(self, incidents: Iterable[str]) -> dict[str, Any]:
        """Incident id → JSON, in the order given."""
        wanted, found = list(dict.fromkeys(incidents)), dict[str, Any]()
        for i in range(0, len(wanted), _CHUNK):
            query = sa.select(headline.c.incident, headline.c.body).where(
                headline.c.incident.in_(wanted[i : i + _CHUNK])
            )
            found.update((incident, json.loads(body)) for incident, body in self._connection.execute(query))
        return {i: found[i] for i in wanted if i in found}

    def headlines(
        self,
        narrowed: Filter,
        limit: int | None,
        offset: int = 0,
        span: tuple[str, str] = ("", ""),
        dated: bool | None = None,
    ) -> Iterator[Any]:
        """Incidents' JSON, earliest first and undated last; `span` keeps those that may have happened in it."""
        source, where, values = _bounded(narrowed, span, dated)
        sql = f"SELECT t.body FROM {source} WHERE {where} ORDER BY t.earliest, t.incident LIMIT :limit OFFSET :offset"
        rows = self._run(sql, values | {"limit": _ALL if limit is None else limit, "offset": offset})
        return (json.loads(row[0]) for row in rows)

    def count_headlines(self, narrowed: Filter, span: tuple[str, str] = ("", ""), dated: bool | None = None) -> int:
        """How many incidents there are of these labels, in this span."""
        if len(narrowed.keys) == 1 and not any(span) and dated is None:
            return narrowed.rarest
        source, where, values = _bounded(narrowed, span, dated)
        return int(self._run(f"SELECT count(*) FROM {source} WHERE {where}", values).scalar_one())

    # Ties between incidents that may be the same

    def put_ties(self, ties: Mapping[str, Iterable[str]]) -> None:
        """Make these the ties that incidents name."""
        wanted = list(ties)
        for i in range(0, len(wanted), _CHUNK):
            self._connection.execute(tie.delete().where(tie.c.incident.in_(wanted[i : i + _CHUNK])))
        rows = [{"incident": i, "other": o} for i, others in ties.items() for o in dict.fromkeys(others)]
        if rows:
            self._connection.execute(tie.insert(), rows)

    def tied(self, incident: str) -> set[str]:
        """The incidents that may be the same as this one, over any number of ties; itself is among them."""
        found, ahead = {incident}, [incident]
        while ahead:
            step = sa.select(tie.c.other).where(tie.c.incident.in_(ahead))
            back = sa.select(tie.c.incident).where(tie.c.other.in_(ahead))
            ahead = [i for (i,) in self._connection.execute(sa.union(step, back)) if i not in found][:_CHUNK]
            found.update(ahead)
        return found

    def count_ties(self) -> int:
        """How many pairs of incidents may be the same."""
        least = sa.case((tie.c.incident < tie.c.other, tie.c.incident), else_=tie.c.other)
        most = sa.case((tie.c.incident < tie.c.other, tie.c.other), else_=tie.c.incident)
        pairs = sa.select(least, most).distinct().subquery()
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(pairs)).scalar_one())

    # Sums

    def totals(self, policy: str) -> list[Any]:
        """Rows of the totals under one policy: harm, grp, and what `Sum` adds up."""
        query = sa.select(total).where(total.c.policy == policy, total.c.incidents > 0)
        return list(self._connection.execute(query))

    def put_drafts(self, drafts: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Make these the drafts of grave violations of incidents; each a row of the table without the incident."""
        wanted = list(drafts)
        for i in range(0, len(wanted), _CHUNK):
            self._connection.execute(draft.delete().where(draft.c.incident.in_(wanted[i : i + _CHUNK])))
        rows = [{"incident": i, **d, "body": _dumps(d["body"])} for i, held in drafts.items() for d in held]
        if rows:
            self._connection.execute(draft.insert(), rows)

    def draft_cells(self) -> list[Any]:
        """Drafts summed: violation, party, place, quarter, lacking, how many, least, most, and how many lack a most."""
        d = draft.c
        key = (d.violation, d.party, d.place, d.quarter, d.lacking)
        query = sa.select(
            *key,
            sa.func.count().label("incidents"),
            sa.func.sum(d.min).label("least"),
            sa.func.sum(d.max).label("most"),
            (sa.func.count() - sa.func.count(d.max)).label("open"),
        )
        return list(self._connection.execute(query.group_by(*key).order_by(*key)))

    def drafts(self, violation: str, party: str, place: str, quarter: str, lacking: str, limit: int) -> list[Any]:
        """(incident, JSON) of the drafts of one cell."""
        d = draft.c
        query = sa.select(d.incident, d.body).where(d.violation == violation, d.party == party, d.place == place)
        query = query.where(d.quarter == quarter, d.lacking == lacking).order_by(d.incident).limit(limit)
        return [(i, json.loads(body)) for i, body in self._connection.execute(query)]

    # Claims that wait

    def put_waiting(self, rows: Mapping[str, int], found: Mapping[str, WaitingRow | None]) -> None:
        """Keep what waits; None for claims that no longer do."""
        wanted = list(found)
        for i in range(0, len(wanted), _CHUNK):
            self._connection.execute(waiting.delete().where(waiting.c.claim.in_(wanted[i : i + _CHUNK])))
        kept = [
            {
                "row": rows[w.claim],
                "claim": w.claim,
                "incident": w.incident,
                "pressing": -round(w.score * 1000),
                "report": w.report,
                "position": w.position,
                "reasons": " ".join(w.reasons),
                "unsure": w.unsure,
            }
            for w in found.values()
            if w is not None
        ]
        if kept:
            self._connection.execute(waiting.insert(), kept)

    def waiting(
        self,
        narrowed: Filter,
        limit: int,
        offset: int = 0,
        *,
        without_unsure_of: str | None = None,
        free_for: tuple[str, str] | None = None,
    ) -> list[WaitingRow]:
        """What waits, most pressing first. `free_for` (person, time) leaves out what others hold then."""
        source, where, values = narrowed.sql("waiting")
        where += _queue_rules(values, without_unsure_of, free_for)
        sql = f"SELECT t.* FROM {source} WHERE {where} ORDER BY t.pressing, t.report, t.position, t.row"
        rows = self._run(f"{sql} LIMIT :limit OFFSET :offset", values | {"limit": limit, "offset": offset})
        return [
            WaitingRow(
                r.claim, r.incident, -r.pressing / 1000, r.report, r.position, tuple(r.reasons.split()), r.unsure
            )
            for r in rows
        ]

    def incidents_of(self, claims: Collection[str]) -> dict[str, str | None]:
        """Claim → the incident under which it waits, for those that wait."""
        wanted, found = list(claims), dict[str, str | None]()
        for i in range(0, len(wanted), _CHUNK):
            query = sa.select(waiting.c.claim, waiting.c.incident).where(waiting.c.claim.in_(wanted[i : i + _CHUNK]))
            found.update((c, incident) for c, incident in self._connection.execute(query))
        return found

    def count_waiting(self, narrowed: Filter) -> int:
        """How many wait of these labels."""
        if len(narrowed.keys) == 1:
            return narrowed.rarest
        source, where, values = narrowed.sql("waiting")
        return int(self._run(f"SELECT count(*) FROM {source} WHERE {where}", values).scalar_one())

    def _drop_headlines(self, incidents: Sequence[str]) -> None:
        for i in range(0, len(incidents), _CHUNK):
            these = headline.c.incident.in_(incidents[i : i + _CHUNK])
            kept = self._connection.execute(sa.select(headline.c.sums).where(these))
            self._add(-1, [json.loads(row[0]) for row in kept])
            self._connection.execute(headline.delete().where(these))

    def _add(self, sign: int, sums: Iterable[Sequence[Any]]) -> None:
        changes: dict[tuple[str, str, str], dict[str, int]] = {}
        for policy, harm, group, columns in (s for held in sums for s in held):
            row = changes.setdefault((policy, harm, group), dict.fromkeys(_COUNTED, 0))
            for name, n in columns.items():
                row[name] += sign * n
        rows = [{"policy": p, "harm": h, "grp": g, **columns} for (p, h, g), columns in changes.items()]
        if rows:
            self._connection.execute(_ADD_TOTAL, rows)

    def _run(self, sql: str, values: Mapping[str, object]) -> sa.CursorResult[Any]:
        return self._connection.execute(sa.text(sql), values)


_ADD_TOTAL = sa.text(
    f"INSERT INTO total (policy, harm, grp, {', '.join(_COUNTED)}) "
    f"VALUES (:policy, :harm, :grp, {', '.join(':' + c for c in _COUNTED)}) "
    f"ON CONFLICT (policy, harm, grp) DO UPDATE SET {', '.join(f'{c} = total.{c} + excluded.{c}' for c in _COUNTED)}"
)


def _bounded(narrowed: Filter, span: tuple[str, str], dated: bool | None) -> tuple[str, str, dict[str, object]]:
    source, where, values = narrowed.sql("headline")
    if span[0]:
        where, values["first"] = f"{where} AND t.latest >= :first AND t.latest <> '~'", span[0]
    if span[1]:
        where, values["last"] = f"{where} AND t.earliest <= :last", span[1]
    if dated is not None:
        where += " AND t.earliest < '~'" if dated else " AND t.earliest >= '~'"
    return source, where, values


def _queue_rules(values: dict[str, object], without: str | None, free_for: tuple[str, str] | None) -> str:
    rules = ""
    if without is not None:
        values["me"] = without
        rules += " AND (t.unsure IS NULL OR t.unsure <> :me)"
    if free_for is not None:
        values["who"], values["at"] = free_for
        rules += (
            " AND NOT EXISTS (SELECT 1 FROM lease h WHERE h.claim = t.claim AND h.person <> :who AND h.until > :at)"
        )
    return rules


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
