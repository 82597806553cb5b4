"""How the lists of the API are read: (record, places) pairs, so many from so far on, in an order that stays."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...datasets import Entry, match_groups, match_row
from ...model import Place, from_json
from ...overview import NOWHERE, Headline, headlines, headlines_of
from ...store import Session
from .._desk import Desk
from .._mapping import key_of, located
from .._narrowing import CLAIM, INCIDENT, narrowed
from .._pages import match, releases, search
from .._pages._claims import reviewed_of
from .._pages.ledger import tally_of
from ._records import (
    AuditRow,
    ClaimRow,
    ExhibitRow,
    FigureRow,
    FoundRow,
    IncidentRow,
    JudgementRow,
    LedgerRow,
    MatchRow,
    MatrixRow,
    PersonRow,
    ReleaseRow,
    ReportRow,
    SpotRow,
)

Asked = Mapping[str, Any]
Placed = tuple[Any, tuple[Place, ...]]
"""A record, and where it was, or may have been."""
_MOST_DRAFTS = 10_000


def incident_row(h: Headline) -> IncidentRow:
    """An incident's record of its headline."""
    killed = next(((least, most) for harm, least, most in h.tolls if harm == "killed"), (None, None))
    places = tuple(dict.fromkeys(p.name or p.text for p in h.places))
    return IncidentRow(
        id=h.id,
        acts=h.acts,
        earliest=h.earliest,
        latest=h.latest,
        places=places,
        country=h.place.country if h.place else None,
        precision=h.place.precision if h.place else None,
        parties=h.parties,
        status=h.status,
        children=h.children,
        denied=h.denied,
        possibly_same=h.tied,
        origins=h.origins,
        reports=h.reports,
        claims=h.claims,
        killed_min=killed[0],
        killed_max=killed[1],
    )


def report_row(report: Any) -> ReportRow:
    """A report's record, without its text."""
    return ReportRow(**{name: getattr(report, name) for name in ReportRow.__slots__})


def judgement_row(judgement: Any) -> JudgementRow:
    """A judgement's record, without its value."""
    return JudgementRow(**{name: getattr(judgement, name) for name in JudgementRow.__slots__})


def _headlines(s: Session, asked: Asked, limit: int, offset: int) -> list[Headline]:
    labels = {k: str(v) for k, v in asked.items() if k in INCIDENT}
    chosen = narrowed(s, "incident", labels)
    return headlines(s, chosen, limit, offset, (asked.get("earliest", ""), asked.get("latest", ""))) if chosen else []


def incidents(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    """Incidents, each at the most exact of its places."""
    return [(incident_row(h), _where(h)) for h in _headlines(s, asked, limit, offset)]


def reports(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    """Reports, each where its claims tell of."""
    found = list(s.reports.page(limit, offset, asked.get("status")))
    told = _told_of(s, [r.id for r in found])
    return [(report_row(r), told[r.id]) for r in found]


def queue(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    """Claims that wait, each where its first place is."""
    chosen = narrowed(s, "claim", {k: str(v) for k, v in asked.items() if k in CLAIM})
    waiting = s.overview.waiting(chosen, limit, offset) if chosen else []
    claims = {r.machine.id: r.claim for r in reviewed_of(s, s.claims.many(w.claim for w in waiting))}
    rows: list[Placed] = []
    for w in (w for w in waiting if w.claim in claims):
        c = claims[w.claim]
        days = (c.time.earliest, c.time.latest) if c.time else (None, None)
        parties = tuple(dict.fromkeys(a.name or a.text for a in c.perpetrators))
        places = tuple(dict.fromkeys(p.name or p.text for p in c.places))
        told = (c.act, c.kind, c.certainty, w.reasons, w.score, *days, places, parties)
        children = any(v.children for v in c.victims)
        row = ClaimRow(c.id, c.report, w.incident, *told, children, c.violations)
        rows.append((row, c.places[:1]))
    return rows


def ledger(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    """The figures of incidents under a policy."""
    policy = asked.get("policy", desk.case.settings.ledger_policy)
    found = _headlines(s, asked, limit, offset)
    counted = tally_of(s, [h.id for h in found], policy, None)
    rows: list[Placed] = []
    for h in found:
        cells = [c for c in counted.figures(h.id) if asked.get("harm") in (None, c.harm)]
        told = [FigureRow(c.harm, c.group, c.min, c.max, c.best, c.claims, len(c.used)) for c in cells]
        rows.append((LedgerRow(h.id, policy, tuple(told)), _where(h)))
    return rows


def figures(row: LedgerRow) -> list[dict[str, Any]]:
    """The rows of a table for the figures of one incident."""
    head = {"policy": row.policy, "incident": row.incident}
    return [head | {name: getattr(f, name) for name in FigureRow.__slots__} for f in row.figures]


def matrix(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    """Cells of the draft matrix, each where its incidents were."""
    keys = ("violation", "quarter", "party", "place")
    cells = [c for c in s.overview.draft_cells() if all(asked.get(k, getattr(c, k)) == getattr(c, k) for k in keys)]
    rows: list[Placed] = []
    for c in cells[offset : offset + limit]:
        most = None if c.open else c.most
        key = (c.violation, c.party, c.place, c.quarter)
        held = headlines_of(s, [i for i, _ in s.overview.drafts(*key, c.lacking, _MOST_DRAFTS)])
        where = _apart(p for h in held.values() for p in _where(h))
        rows.append((MatrixRow(*key, tuple(c.lacking.split()), c.incidents, c.least, most), where))
    return rows


def exhibits(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    """Exhibits, in the order of deposit."""
    found = itertools.islice(s.exhibits.all(), offset, offset + limit)
    return [(ExhibitRow(**{name: getattr(e, name) for name in ExhibitRow.__slots__}), ()) for e in found]


def judgements(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    """Judgements, newest first."""
    return [(judgement_row(j), ()) for j in s.judgements.page(limit, offset, asked.get("person"))]


def people(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    """Who works on the case."""
    return [(PersonRow(p.id, p.name, p.role, p.active), ()) for p in s.people.all()[offset : offset + limit]]


def audit(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    """The audit trail, newest first."""
    found = s.audit.newest(limit=offset + limit, who=asked.get("person"))[offset:]
    return [(AuditRow(e.seq, e.at, e.person, e.action, e.about, e.detail), ()) for e in found]


def found(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    """What a search finds, as the page of it does."""
    chosen = {k: str(v) for k, v in asked.items() if k in ("kind", *search.FACETS)}
    hits = search.hits_of(s, asked["q"], chosen, offset + limit)[offset : offset + limit]
    heads = headlines_of(s, [h.ref for h in hits if h.kind == "incident"])
    told = _told_of(s, [h.ref for h in hits if h.kind == "report"])
    where = {("incident", i): _where(h) for i, h in heads.items()} | {("report", r): p for r, p in told.items()}
    return [(FoundRow(h.kind, h.ref), where.get((h.kind, h.ref), ())) for h in hits]


def spots(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    """The areas of the map, those with most incidents first."""
    if "act" in asked:
        chosen = narrowed(s, "incident", {"act": asked["act"]})
        found = s.marks.within("incident", "spot", chosen, offset + limit) if chosen else []
    else:
        found = s.marks.values("incident", "spot", offset + limit)
    rows: list[Placed] = []
    for spot, n in found[offset:]:
        place = None if spot == NOWHERE else from_json(Place, json.loads(spot))
        if place is None:
            rows.append((SpotRow(spot, None, None, None, n), ()))
        else:
            rows.append((SpotRow(spot, place.name, place.country, place.precision, n), (place,)))
    return rows


def matched(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    """The case held against another body's table: each pairing where either side has it."""
    found = match.found_of(desk, s, asked.get("table", ""))
    groups = match_groups(found) if found else {}
    chosen = asked.get("group")
    pairings = [(g, p) for g, held in groups.items() if chosen in (None, g) for p in held]
    return [
        (MatchRow(**match_row(g, p)), tuple(place for e in (p.ours, p.theirs) if e and (place := _stands(e))))
        for g, p in pairings[offset : offset + limit]
    ]


def made(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    """Releases made from the desk, newest first."""
    return [(ReleaseRow(m.name, m.profile, m.at), ()) for m in releases.earlier(desk)[offset : offset + limit]]


def _where(h: Headline) -> tuple[Place, ...]:
    return (h.place,) if h.place else ()


def _told_of(s: Session, reports: Sequence[str]) -> dict[str, tuple[Place, ...]]:
    """Report → the places of its claims that nobody rejected."""
    found: dict[str, list[Place]] = defaultdict(list)
    for r in reviewed_of(s, s.claims.of_reports(reports)):
        if r.verdict != "reject":
            found[r.claim.report] += r.claim.places
    return {r: _apart(found[r]) for r in reports}


def _apart(places: Iterable[Place]) -> tuple[Place, ...]:
    """Each place once, those that can be drawn alone."""
    return tuple({key_of(p): p for p in places if located(p)}.values())


def _stands(e: Entry) -> Place | None:
    if e.lat is None or e.lon is None:
        return None
    return Place(0, 0, "", e.place or e.admin1, e.country or None, e.lat, e.lon, e.precision)
