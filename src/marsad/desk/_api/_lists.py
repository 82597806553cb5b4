"""The lists that the API gives: of each its records, its filters, and how some of them are read."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...ledger import policies
from ...model import Place, codes
from ...overview import Headline, headlines
from ...store import Session
from .._desk import Desk
from .._narrowing import CLAIM, INCIDENT, narrowed
from .._pages._claims import reviewed_of
from .._pages.ledger import tally_of
from ._declare import Param
from ._records import (
    AuditRow,
    ClaimRow,
    ExhibitRow,
    FigureRow,
    FoundRow,
    IncidentRow,
    JudgementRow,
    LedgerRow,
    MatrixRow,
    PersonRow,
    ReportRow,
)

Asked = Mapping[str, Any]
Placed = tuple[Any, Place | None]
"""A record, and where it was."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list; `read` gives (record, place) pairs, so many from so far on, in an order that stays."""

    path: str
    role: str
    summary: str
    record: Any
    name: Callable[[Any], str]
    read: Callable[[Desk, Session, Asked, int, int], list[Placed]]
    params: tuple[Param, ...] = ()
    placed: bool = False
    flat: Callable[[Any], list[dict[str, Any]]] | None = None
    """The rows of a table for one record, where it is not one row."""


_SPAN = (
    Param("earliest", "What may have happened on or after this day", "date"),
    Param("latest", "What may have happened on or before this day", "date"),
)
_ACT = Param("act", "An act", choices=tuple(codes.ACTS))
_PARTY = Param("party", "Whom a claim names as having done it")
_PLACE = Param("place", "The name of a place")
_STATUS = Param("status", "Where the incident stands", choices=codes.INCIDENT_STATUSES)
_CHILDREN = Param("children", "Only where children are among the victims", "flag")
_DENIED = Param("denied", "Only what somebody denies", "flag")
_TIED = Param("tied", "Only what may be the same as another", "flag")
_FURTHER = (
    Param("grade", "A grade that its sources give it"),
    Param("period", "A period, such as 2031 or 2031-03"),
    Param("harm", "A harm that it did", choices=codes.HARMS),
    Param("spot", "A spot of the map, by its address there"),
)
_INCIDENT = (_ACT, _PARTY, _PLACE, _STATUS, _CHILDREN, _DENIED, _TIED, *_FURTHER, *_SPAN)
_REASON = Param("reason", "Why it is pressing")
_UNSURE = Param("unsure", "What this person was unsure about", most=40)
_WHO = Param("person", "By, or about, this person", most=40)
_QUERY = Param("q", "Words; Arabic and Latin are folded, and each may be a beginning", most=300, required=True)
_KIND = Param("kind", "Only things of this kind", choices=("report", "incident", "exhibit"))


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


def _found(s: Session, asked: Asked, limit: int, offset: int) -> list[Headline]:
    labels = {k: str(v) for k, v in asked.items() if k in INCIDENT}
    chosen = narrowed(s, "incident", labels)
    return headlines(s, chosen, limit, offset, (asked.get("earliest", ""), asked.get("latest", ""))) if chosen else []


def _incidents(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    return [(incident_row(h), h.place) for h in _found(s, asked, limit, offset)]


def _reports(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    return [(report_row(r), None) for r in s.reports.page(limit, offset, asked.get("status"))]


def _queue(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
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
        rows.append((row, next(iter(c.places), None)))
    return rows


def _ledger(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    policy = asked.get("policy", desk.case.settings.ledger_policy)
    found = _found(s, asked, limit, offset)
    ledger = tally_of(s, [h.id for h in found], policy, None)
    rows: list[Placed] = []
    for h in found:
        cells = [c for c in ledger.figures(h.id) if asked.get("harm") in (None, c.harm)]
        figures = [FigureRow(c.harm, c.group, c.min, c.max, c.best, c.claims, len(c.used)) for c in cells]
        rows.append((LedgerRow(h.id, policy, tuple(figures)), h.place))
    return rows


def _figures(row: LedgerRow) -> list[dict[str, Any]]:
    head = {"policy": row.policy, "incident": row.incident}
    return [head | {name: getattr(f, name) for name in FigureRow.__slots__} for f in row.figures]


def _matrix(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    keys = ("violation", "quarter", "party", "place")
    cells = [c for c in s.overview.draft_cells() if all(asked.get(k, getattr(c, k)) == getattr(c, k) for k in keys)]
    rows: list[Placed] = []
    for c in cells[offset : offset + limit]:
        most = None if c.open else c.most
        where = (c.violation, c.party, c.place, c.quarter)
        rows.append((MatrixRow(*where, tuple(c.lacking.split()), c.incidents, c.least, most), None))
    return rows


def _exhibits(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    found = itertools.islice(s.exhibits.all(), offset, offset + limit)
    return [(ExhibitRow(**{name: getattr(e, name) for name in ExhibitRow.__slots__}), None) for e in found]


def _judgements(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    return [(judgement_row(j), None) for j in s.judgements.page(limit, offset, asked.get("person"))]


def _people(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    return [(PersonRow(p.id, p.name, p.role, p.active), None) for p in s.people.all()[offset : offset + limit]]


def _audit(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    found = s.audit.newest(limit=offset + limit, who=asked.get("person"))[offset:]
    return [(AuditRow(e.seq, e.at, e.person, e.action, e.about, e.detail), None) for e in found]


def _search(desk: Desk, s: Session, asked: Asked, limit: int, offset: int) -> list[Placed]:
    kinds = (asked["kind"],) if "kind" in asked else ()
    hits = s.search.find(asked["q"], kinds=kinds, limit=limit, offset=offset)
    return [(FoundRow(h.kind, h.ref), None) for h in hits]


_POLICY = Param("policy", "The counting policy; the case's own unless named", choices=tuple(p.name for p in policies()))
_READ = Param("status", "Where the report stands", choices=codes.REPORT_STATUSES)
_VIOLATION = Param("violation", "A grave violation", choices=tuple(codes.GRAVE_VIOLATIONS))
_QUARTER = Param("quarter", "A quarter, such as 2031-Q1", most=40)

LISTS = (
    Listing(
        "/queue",
        "reader",
        "Claims that nobody settled, most pressing first",
        ClaimRow,
        lambda r: str(r.id),
        _queue,
        (_REASON, _ACT, _PARTY, _PLACE, _UNSURE),
        placed=True,
    ),
    Listing(
        "/reports",
        "reader",
        "Reports, in the order in which they were added",
        ReportRow,
        lambda r: str(r.id),
        _reports,
        (_READ,),
    ),
    Listing(
        "/incidents",
        "reader",
        "Incidents, earliest first, those without a date last",
        IncidentRow,
        lambda r: str(r.id),
        _incidents,
        _INCIDENT,
        placed=True,
    ),
    Listing(
        "/ledger",
        "reader",
        "Figures of each incident, as ranges under a policy",
        LedgerRow,
        lambda r: str(r.incident),
        _ledger,
        (_POLICY, *_INCIDENT),
        placed=True,
        flat=_figures,
    ),
    Listing(
        "/children",
        "reader",
        "The draft matrix of grave violations against children",
        MatrixRow,
        lambda r: "\n".join((r.violation, r.party, r.place, r.quarter, *r.lacking)),
        _matrix,
        (_VIOLATION, _QUARTER, _PARTY, _PLACE),
    ),
    Listing("/exhibits", "reader", "Exhibits, in the order of deposit", ExhibitRow, lambda r: str(r.sha256), _exhibits),
    Listing(
        "/judgements", "reader", "Judgements, newest first", JudgementRow, lambda r: str(r.seq), _judgements, (_WHO,)
    ),
    Listing(
        "/search",
        "reader",
        "What holds all of some words, best first",
        FoundRow,
        lambda r: f"{r.kind} {r.id}",
        _search,
        (_QUERY, _KIND),
    ),
    Listing("/people", "editor", "Who works on the case", PersonRow, lambda r: str(r.id), _people),
    Listing(
        "/audit", "editor", "What was done with accounts, newest first", AuditRow, lambda r: str(r.seq), _audit, (_WHO,)
    ),
)
"""Every list, in the order of the desk's pages."""
