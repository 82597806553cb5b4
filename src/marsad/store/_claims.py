"""`s.claims` and `s.incidents`: what the machine proposes. A new run replaces what it no longer says, judged or not
judged stays to be found: claims are never removed, only no longer `current`."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from ..model import Claim, Incident, canonical, from_json
from ._derived import mark_stale
from ._linking_tables import mark_unlinked
from ._state import bump
from ._tables import begins, claim, incident, incident_claim, judgement, report


class Claims:
    """Claims as the engine last proposed them, with those that it once proposed."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, report_id: str, claims: Sequence[Claim], engine: str) -> None:
        """Make `claims` the current ones of a report; `engine` names what proposed them, with its version."""
        bump(self._connection)
        self._connection.execute(claim.update().where(claim.c.report == report_id).values(current=0))
        known = {row[0] for row in self._connection.execute(sa.select(claim.c.id).where(claim.c.report == report_id))}
        for record in claims:
            row = {
                "id": record.id,
                "report": report_id,
                "act": record.act,
                "kind": record.kind,
                "certainty": record.certainty,
                "position": record.trigger.start,
                "body": canonical(record).decode("utf-8"),
                "engine": engine,
                "current": 1,
            }
            if record.id in known:
                self._connection.execute(claim.update().where(claim.c.id == record.id).values(row))
            else:
                self._connection.execute(claim.insert().values(row))
        mark_stale(self._connection, "claim", known | {c.id for c in claims})
        mark_stale(self._connection, "report", [report_id])
        mark_unlinked(self._connection, [report_id])

    def forget(self, report_id: str) -> None:
        """Remove the claims of a report with their words, for an erasure by law; judgements on them stay."""
        bump(self._connection)
        ids = sa.select(claim.c.id).where(claim.c.report == report_id)
        gone = [row[0] for row in self._connection.execute(ids)]
        mark_stale(self._connection, "claim", gone)
        mark_unlinked(self._connection, [report_id])
        self._connection.execute(incident_claim.delete().where(incident_claim.c.claim.in_(ids)))
        self._connection.execute(claim.delete().where(claim.c.report == report_id))

    def get(self, claim_id: str) -> Claim | None:
        """The claim of that id, current or not; None if there never was one."""
        return next(self._records(sa.select(claim.c.body).where(claim.c.id == claim_id)), None)

    def find(self, prefix: str) -> list[Claim]:
        """Those whose id begins with `prefix` (at most 20)."""
        return list(self._records(sa.select(claim.c.body).where(begins(claim.c.id, prefix)).limit(20)))

    def many(self, ids: Iterable[str]) -> list[Claim]:
        """The claims of these ids that exist, in the order asked."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Claim] = {}
        for i in range(0, len(wanted), 500):
            query = sa.select(claim.c.body).where(claim.c.id.in_(wanted[i : i + 500]))
            found.update((c.id, c) for c in self._records(query))
        return [found[i] for i in wanted if i in found]

    def of(self, report_id: str, current: bool = True) -> list[Claim]:
        """The claims of one report, in the order of its text."""
        query = sa.select(claim.c.body).where(claim.c.report == report_id).order_by(claim.c.position, claim.c.id)
        return list(self._records(query.where(claim.c.current == 1) if current else query))

    def of_reports(self, reports: Collection[str]) -> list[Claim]:
        """The current claims of these reports, and those that somebody judged."""
        judged = sa.select(judgement.c.seq).where(judgement.c.target_kind == "claim", judgement.c.target == claim.c.id)
        counts = sa.or_(claim.c.current == 1, judged.exists())
        wanted: list[str] = list(reports)
        found: list[Claim] = []
        for i in range(0, len(wanted), 500):
            query = sa.select(claim.c.body).where(claim.c.report.in_(wanted[i : i + 500]), counts)
            found += self._records(query.order_by(claim.c.report, claim.c.position))
        return found

    def all(self, also: Sequence[str] = ()) -> Iterator[Claim]:
        """Every current claim, and those of the ids in `also` (judged, though no longer proposed)."""
        condition = sa.or_(claim.c.current == 1, claim.c.id.in_(list(also))) if also else claim.c.current == 1
        return self._records(sa.select(claim.c.body).where(condition).order_by(claim.c.report, claim.c.position))

    def engine(self, claim_id: str) -> str | None:
        """What proposed the claim last."""
        return self._connection.execute(sa.select(claim.c.engine).where(claim.c.id == claim_id)).scalar()

    def current(self, ids: Iterable[str]) -> set[str]:
        """Those of `ids` that the engine still proposes."""
        wanted, found = list(dict.fromkeys(ids)), set[str]()
        for i in range(0, len(wanted), 500):
            query = sa.select(claim.c.id).where(claim.c.id.in_(wanted[i : i + 500]), claim.c.current == 1)
            found.update(row[0] for row in self._connection.execute(query))
        return found

    def counts(self, reports: Sequence[str]) -> dict[str, int]:
        """How many current claims each of these reports has."""
        query = sa.select(claim.c.report, sa.func.count()).where(claim.c.report.in_(reports), claim.c.current == 1)
        return {r: n for r, n in self._connection.execute(query.group_by(claim.c.report))}

    def count(self) -> int:
        """How many are current."""
        query = sa.select(sa.func.count()).select_from(claim).where(claim.c.current == 1)
        return int(self._connection.execute(query).scalar_one())

    def _records(self, query: sa.Select[Any]) -> Iterator[Claim]:
        for row in self._connection.execute(query):
            yield from_json(Claim, json.loads(row[0]))


class Incidents:
    """Incidents as last linked: derived, so they may be replaced whole; judgements keep their own record."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def replace(self, incidents: Sequence[Incident], gone: Iterable[str] | None = None) -> None:
        """Make `incidents` the linked ones. With `gone`, only those ids (and the same ids) are replaced."""
        bump(self._connection)
        self._mark_stale(incidents, gone)
        if gone is None:
            self._connection.execute(incident_claim.delete())
            self._connection.execute(incident.delete())
        else:
            ids = [*gone, *(i.id for i in incidents)]
            self._connection.execute(incident_claim.delete().where(incident_claim.c.incident.in_(ids)))
            self._connection.execute(incident.delete().where(incident.c.id.in_(ids)))
        if incidents:
            self._connection.execute(incident.insert(), [_row(i) for i in incidents])
            pairs = [{"claim": c, "incident": i.id} for i in incidents for c in i.claims]
            self._connection.execute(incident_claim.insert(), pairs)

    def retie(self, incidents: Sequence[Incident]) -> None:
        """Keep these, of which only the doubtful ties changed."""
        if not incidents:
            return
        bump(self._connection)
        mark_stale(self._connection, "incident", [i.id for i in incidents])
        rows = [{"x": i.id, "body": canonical(i).decode("utf-8")} for i in incidents]
        self._connection.execute(incident.update().where(incident.c.id == sa.bindparam("x")), rows)

    def _mark_stale(self, incidents: Sequence[Incident], gone: Iterable[str] | None) -> None:
        """Note which of them change; replaced whole, most are as they were."""
        if gone is not None:
            mark_stale(self._connection, "incident", [*gone, *(i.id for i in incidents)])
            return
        was = {i: body for i, body in self._connection.execute(sa.select(incident.c.id, incident.c.body))}
        now = {i.id: canonical(i).decode("utf-8") for i in incidents}
        mark_stale(self._connection, "incident", [i for i in was.keys() | now.keys() if was.get(i) != now.get(i)])

    def get(self, incident_id: str) -> Incident | None:
        """The incident of that id, or None."""
        return next(self._records(sa.select(incident.c.body).where(incident.c.id == incident_id)), None)

    def find(self, prefix: str) -> list[Incident]:
        """Those whose id begins with `prefix` (at most 20)."""
        return list(self._records(sa.select(incident.c.body).where(begins(incident.c.id, prefix)).limit(20)))

    def many(self, ids: Collection[str]) -> list[Incident]:
        """The incidents of these ids that exist."""
        wanted: list[str] = list(ids)
        found: list[Incident] = []
        for i in range(0, len(wanted), 500):
            found += self._records(sa.select(incident.c.body).where(incident.c.id.in_(wanted[i : i + 500])))
        return found

    def ties(self, ids: Collection[str]) -> dict[str, tuple[tuple[str, float, str], ...]]:
        """Incident id → the incidents that may be the same, as it lists them; for those that exist."""
        wanted: list[str] = list(ids)
        found: dict[str, tuple[tuple[str, float, str], ...]] = {}
        for i in range(0, len(wanted), 500):
            query = sa.select(incident.c.id, incident.c.body).where(incident.c.id.in_(wanted[i : i + 500]))
            for id, body in self._connection.execute(query):
                found[id] = tuple((o, s, why) for o, s, why in json.loads(body).get("possibly_same", ()))
        return found

    def of_claim(self, claim_id: str) -> Incident | None:
        """The incident that a claim stands in; None for patterns and rejected claims."""
        joined = incident.join(incident_claim, incident.c.id == incident_claim.c.incident)
        query = sa.select(incident.c.body).select_from(joined).where(incident_claim.c.claim == claim_id)
        return next(self._records(query), None)

    def published(self, incidents: Sequence[str]) -> dict[str, list[str]]:
        """Incident id → when the reports of its claims came out, each once and in order; for at most some hundreds."""
        joined = incident_claim.join(claim, claim.c.id == incident_claim.c.claim).join(
            report, report.c.id == claim.c.report
        )
        query = sa.select(incident_claim.c.incident, report.c.published).select_from(joined).distinct()
        query = query.where(incident_claim.c.incident.in_(incidents), report.c.published.is_not(None))
        found: dict[str, list[str]] = {}
        for i, published in self._connection.execute(query.order_by(report.c.published)):
            found.setdefault(i, []).append(published)
        return found

    def sentences(self, incidents: Collection[str], most: int) -> dict[str, list[str]]:
        """Incident id → the sentences of its claims, each once, of at most `most` claims; for some hundreds."""
        at = sa.func.row_number().over(partition_by=incident_claim.c.incident, order_by=incident_claim.c.claim)
        ranked = sa.select(incident_claim, at.label("at")).where(incident_claim.c.incident.in_(incidents)).subquery()
        query = sa.select(ranked.c.incident, claim.c.body).join(claim, claim.c.id == ranked.c.claim)
        query = query.where(ranked.c.at <= most).order_by(ranked.c.incident, ranked.c.at)
        found: dict[str, dict[str, None]] = {}
        for i, body in self._connection.execute(query):
            found.setdefault(i, {})[json.loads(body)["sentence"]["text"]] = None
        return {i: list(told) for i, told in found.items()}

    def of_claims(self, claims: Sequence[str]) -> dict[str, str]:
        """Claim id → incident id, for those of `claims` that stand in one."""
        found: dict[str, str] = {}
        for i in range(0, len(claims), 500):
            query = sa.select(incident_claim.c.claim, incident_claim.c.incident)
            rows = self._connection.execute(query.where(incident_claim.c.claim.in_(claims[i : i + 500])))
            found.update((c, incident) for c, incident in rows)
        return found

    def all(self) -> Iterator[Incident]:
        """Every incident, earliest first; those without a date last."""
        order = (incident.c.earliest.is_(None), incident.c.earliest, incident.c.id)
        return self._records(sa.select(incident.c.body).order_by(*order))

    def count(self) -> int:
        """How many there are."""
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(incident)).scalar_one())

    def _records(self, query: sa.Select[Any]) -> Iterator[Incident]:
        for row in self._connection.execute(query):
            yield from_json(Incident, json.loads(row[0]))


def _row(record: Incident) -> dict[str, Any]:
    return {
        "id": record.id,
        "act": record.act,
        "earliest": record.earliest,
        "latest": record.latest,
        "body": canonical(record).decode("utf-8"),
    }
