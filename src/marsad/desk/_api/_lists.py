"""The lists that the API gives: of each its address, its records, its filters, and whether it can be drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ...datasets import MATCH_GROUPS, kinds
from ...ledger import policies
from ...model import codes
from ...store import Session
from .._desk import Desk
from . import _reading as reading
from ._declare import Param
from ._reading import Asked, Placed
from ._records import (
    AuditRow,
    ClaimRow,
    ExhibitRow,
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


@dataclass(frozen=True, slots=True)
class Listing:
    """One list; `read` gives (record, places) pairs, so many from so far on, in an order that stays."""

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


_POLICY = Param("policy", "The counting policy; the case's own unless named", choices=tuple(p.name for p in policies()))
_READ = Param("status", "Where the report stands", choices=codes.REPORT_STATUSES)
_VIOLATION = Param("violation", "A grave violation", choices=tuple(codes.GRAVE_VIOLATIONS))
_TABLE = Param("table", "Whose table; the first that was taken in unless said", choices=kinds())
_GROUP = Param("group", "Only pairings of this group", choices=MATCH_GROUPS)
_LABELS = (
    Param("period", "A period, such as 2031-03"),
    Param("grade", "A grade that its sources give it"),
    Param(
        "status", "Where the report or the incident stands", choices=(*codes.REPORT_STATUSES, *codes.INCIDENT_STATUSES)
    ),
    Param("language", "The language of a report", most=40),
)
_QUARTER = Param("quarter", "A quarter, such as 2031-Q1", most=40)


_INCIDENTS = Listing(
    "/incidents",
    "reader",
    "Incidents, earliest first, those without a date last",
    IncidentRow,
    lambda r: str(r.id),
    reading.incidents,
    _INCIDENT,
    placed=True,
)

LISTS = (
    Listing(
        "/queue",
        "reader",
        "Claims that nobody settled, most pressing first",
        ClaimRow,
        lambda r: str(r.id),
        reading.queue,
        (_REASON, _ACT, _PARTY, _PLACE, _UNSURE),
        placed=True,
    ),
    Listing(
        "/reports",
        "reader",
        "Reports, in the order in which they were added",
        ReportRow,
        lambda r: str(r.id),
        reading.reports,
        (_READ,),
        placed=True,
    ),
    _INCIDENTS,
    replace(_INCIDENTS, path="/timeline", summary="The incidents of the timeline, earliest first", params=()),
    Listing(
        "/map",
        "reader",
        "Areas of the map, those with most incidents first",
        SpotRow,
        lambda r: str(r.spot),
        reading.spots,
        (_ACT,),
        placed=True,
    ),
    Listing(
        "/ledger",
        "reader",
        "Figures of each incident, as ranges under a policy",
        LedgerRow,
        lambda r: str(r.incident),
        reading.ledger,
        (_POLICY, *_INCIDENT),
        placed=True,
        flat=reading.figures,
    ),
    Listing(
        "/children",
        "reader",
        "The draft matrix of grave violations against children",
        MatrixRow,
        lambda r: "\n".join((r.violation, r.party, r.place, r.quarter, *r.lacking)),
        reading.matrix,
        (_VIOLATION, _QUARTER, _PARTY, _PLACE),
        placed=True,
    ),
    Listing(
        "/match",
        "reader",
        "The case held against another body's table",
        MatchRow,
        lambda r: f"{r.our_id} {r.their_id} {r.their_line}",
        reading.matched,
        (_TABLE, _GROUP),
        placed=True,
    ),
    Listing(
        "/exhibits",
        "reader",
        "Exhibits, in the order of deposit",
        ExhibitRow,
        lambda r: str(r.sha256),
        reading.exhibits,
    ),
    Listing(
        "/judgements",
        "reader",
        "Judgements, newest first",
        JudgementRow,
        lambda r: str(r.seq),
        reading.judgements,
        (_WHO,),
    ),
    Listing(
        "/search",
        "reader",
        "What holds all of some words, best first",
        FoundRow,
        lambda r: f"{r.kind} {r.id}",
        reading.found,
        (_QUERY, _KIND, _ACT, _PARTY, _PLACE, *_LABELS),
        placed=True,
    ),
    Listing(
        "/releases",
        "editor",
        "Releases made from the desk, newest first",
        ReleaseRow,
        lambda r: str(r.name),
        reading.made,
    ),
    Listing("/people", "editor", "Who works on the case", PersonRow, lambda r: str(r.id), reading.people),
    Listing(
        "/audit",
        "editor",
        "What was done with accounts, newest first",
        AuditRow,
        lambda r: str(r.seq),
        reading.audit,
        (_WHO,),
    ),
)
"""Every list, in the order of the desk's pages."""
