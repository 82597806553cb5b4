"""The records that lists give: coded values, dates, places and figures; no words of the sources, no victim's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from ...datasets import MATCH_GROUPS
from ...model import codes
from ...publish import PROFILES

Text = str | None
Number = int | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report, without its text."""

    id: str
    title: Text
    publisher: Text
    author: Text
    published: Annotated[Text, "ISO date or date and time, as the report says"]
    language: Text
    kind: str
    status: str
    reason: Annotated[Text, "Why it is unreadable, or not yet extracted"]
    url: Text
    exhibit: Annotated[str, "SHA-256 of the bytes that it was read from"]


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident, as its claims tell it and people decided."""

    id: str
    acts: tuple[str, ...]
    earliest: Annotated[Text, "ISO date"]
    latest: Annotated[Text, "ISO date"]
    places: tuple[str, ...]
    country: Annotated[Text, "ISO 3166 code of the most exact place"]
    precision: Annotated[Text, "How exact the most exact place is"]
    parties: Annotated[tuple[str, ...], "Whom the claims name as having done it"]
    status: str
    children: Annotated[bool, "Whether children are among the victims"]
    denied: bool
    possibly_same: Annotated[bool, "Whether it may be the same as another incident"]
    origins: Annotated[int, "Independent origins, with copies folded into them"]
    reports: int
    claims: int
    killed_min: Number
    killed_max: Annotated[Number, "null: open, or not said"]


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim that waits for a decision."""

    id: str
    report: str
    incident: Text
    act: str
    kind: str
    certainty: str
    reasons: Annotated[tuple[str, ...], "Why it is pressing"]
    score: Annotated[float, "The list's order: the higher, the more pressing"]
    earliest: Text
    latest: Text
    places: tuple[str, ...]
    parties: tuple[str, ...]
    children: bool
    violations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """How many of a group were harmed."""

    harm: str
    group: str
    min: Number
    max: Annotated[Number, "null: open, or not said"]
    best: Number
    claims: Annotated[tuple[str, ...], "Ids of the claims that it rests on"]
    origins_used: Annotated[int, "How many origins' figures the policy took"]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """The figures of one incident under one policy."""

    incident: str
    policy: str
    figures: tuple[FigureRow, ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """Drafts of one grave violation by party, place and quarter; never 'verified'."""

    violation: str
    party: str
    place: str
    quarter: str
    lacking: Annotated[tuple[str, ...], "Elements not known; a cell that lacks one counts as no draft violation"]
    incidents: int
    min: Number
    max: Number


@dataclass(frozen=True, slots=True)
class ExhibitRow:
    """One exhibit."""

    sha256: str
    size: int
    media_type: str
    name: str
    deposited_at: str


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """One judgement, without the value that a correction sets."""

    seq: int
    at: str
    person: str
    target_kind: str
    target: str
    decision: str
    field: Text
    others: tuple[str, ...]
    reason: Text
    undoes: Number


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who works on the case."""

    id: str
    name: str
    role: str
    active: bool


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry of the audit trail."""

    seq: int
    at: str
    person: Text
    action: str
    about: Text
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SpotRow:
    """One area of the map; incidents that are nowhere on it have the spot 'nowhere'."""

    spot: Annotated[str, "What narrows incidents to it"]
    place: Text
    country: Annotated[Text, "ISO 3166 code"]
    precision: Text
    incidents: int


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One of ours beside one of another body's, or either alone."""

    group: Annotated[str, "Whether they differ, stand on one side only, may be one, or are the same", MATCH_GROUPS]
    score: Annotated[float, "How alike they are, 0 to 1"]
    why: str
    differences: str
    our_id: Text
    our_days: Text
    our_place: Text
    our_killed: Text
    their_id: Text
    their_days: Text
    their_place: Text
    their_killed: Text
    their_line: Annotated[Number, "Line of their file on which the row ends"]


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One release that was made from the desk."""

    name: str
    profile: str
    released_at: str


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One thing that a search found."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class ReportFull:
    """One report with its text, and the ids of its claims."""

    report: ReportRow
    text: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimFull:
    """One claim as proposed and decided. Where a child is a victim, its words and the victims' names are left out."""

    id: str
    report: str
    incident: Text
    verdict: Text
    withheld: Annotated[bool, "Whether words and names were left out, because a child is a victim"]
    claim: Annotated[Mapping[str, Any], "The claim as decided; see docs/reference/json.md"]
    judgements: tuple[JudgementRow, ...]


@dataclass(frozen=True, slots=True)
class IncidentFull:
    """One incident with the ids of its claims and its origins."""

    incident: IncidentRow
    claims: tuple[str, ...]
    origins: Annotated[tuple[tuple[str, ...], ...], "Of each independent origin, the ids of the reports in it"]
    possibly_same: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgementSent:
    """A judgement to make."""

    target: Annotated[str, "Id of a claim or an incident"]
    decision: Annotated[str, "What is decided", codes.DECISIONS]
    field: Annotated[Text, "The field that a correction sets, by its path"] = None
    value: Any = None
    others: Annotated[tuple[str, ...], "Claims or incidents to merge with, claims to split off"] = ()
    reason: Text = None
    undoes: Annotated[Number, "The number of the judgement that is taken back"] = None


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file that was sent."""

    exhibits: tuple[str, ...]
    reports: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleaseSent:
    """A release to make."""

    profile: Annotated[str, "What may leave", tuple(PROFILES)]
    since: Annotated[Text, "Name of an earlier release of the same profile, to list what changed"] = None


@dataclass(frozen=True, slots=True)
class Released:
    """A release that was made, in the case's folder."""

    name: str
    profile: str
    incidents: int
    files: tuple[str, ...]
    notes: tuple[str, ...]
