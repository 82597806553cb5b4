"""The claim: one act that one report asserts, every value with the span of the report that says it.

Offsets are Unicode code points into the report's text; `text[start:end] == span.text` holds for every span.
A value that the report does not give is None or an empty tuple: nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a report: code-point offsets [start, end) and the text between them."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many, as [min, max] with the words: 'more than 25' is (26, None), 'dozens' is (24, None)."""

    min: int | None
    max: int | None
    text: str
    start: int
    end: int
    cumulative: bool = False
    """True for a running total ('bringing the toll to 40'), which is not this event's own number."""
    withdrawn: bool = False
    """True for a figure that its own source takes back ('our earlier figure of nine should no longer be used')."""


@dataclass(frozen=True, slots=True)
class Age:
    """Age in years as [min, max], with the words that give it."""

    min: int | None
    max: int | None
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who did, or to whom it was done: a person, a group, a force, or a number of people."""

    start: int
    end: int
    text: str
    name: str | None = None
    """The name as the list of armed actors or the report gives it ('Islamic State'); None where unnamed."""
    id: str | None = None
    """Id in the list of armed actors ('islamic-state'), where it is known there."""
    kind: str = "unknown"
    """One of `codes.ACTOR_KINDS`."""
    count: Count | None = None
    age: Age | None = None
    sex: str | None = None
    """'female', 'male' or None."""
    children: bool | None = None
    """True where the words say under 18; False where they say adults; None where they say neither."""
    status: str = "unknown"
    """One of `codes.VICTIM_STATUS`; only meaningful for victims."""
    part_of: int | None = None
    """Index, in the same list, of the group that this one is part of ('nine, including four children')."""


@dataclass(frozen=True, slots=True)
class Means:
    """With what: a code ('shooting', 'airstrike', 'barrel_bomb', …) and its words."""

    code: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where: the words, and the gazetteer entry that they were resolved to (id and coordinates None if not)."""

    start: int
    end: int
    text: str
    name: str | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    lat: float | None = None
    lon: float | None = None
    precision: str = "unknown"
    """One of `codes.PRECISIONS`."""
    id: str | None = None
    """'geonames:163808' or 'iso:IQ-AN'."""
    admin1: str | None = None
    """Name of the first-order division that holds it, where known."""
    facility: str | None = None
    """'school', 'hospital', … where the words name a facility at the place."""


@dataclass(frozen=True, slots=True)
class When:
    """When, as an interval of ISO dates [earliest, latest], with the words that it came from."""

    earliest: str | None
    latest: str | None
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """One link of the chain of who says so; the span is the cue's sentence part that names the source."""

    source: str
    cue: str
    start: int
    end: int
    kind: str = "unnamed"
    """One of `codes.SOURCE_KINDS`."""
    text: str = ""
    """The source's words: `report[start:end]`; `source` may be the fuller name that they stand for."""


@dataclass(frozen=True, slots=True)
class Hedge:
    """Words that weaken a value, and the field that they bear on ('claim' for the whole)."""

    start: int
    end: int
    text: str
    applies_to: str = "claim"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a field has its value: the rule or model that proposed it, and its score where it has one."""

    field: str
    rule: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One act that one report asserts. `id` is stable over re-runs while report, trigger and act are the same."""

    id: str
    act: str
    kind: str
    trigger: Span
    sentence: Span
    perpetrators: tuple[Actor, ...] = ()
    victims: tuple[Actor, ...] = ()
    means: tuple[Means, ...] = ()
    places: tuple[Place, ...] = ()
    time: When | None = None
    attribution: tuple[Attribution, ...] = ()
    """Outermost first; empty is the publisher's own voice."""
    certainty: str = "asserted"
    hedges: tuple[Hedge, ...] = ()
    violations: tuple[str, ...] = ()
    denied_by: tuple[Attribution, ...] = ()
    same_as: tuple[str, ...] = ()
    """Ids of claims in the same report that refer to the same occurrence, by the report's own words."""
    apart_from: tuple[str, ...] = ()
    """Ids of claims in the same report that the report tells as different occurrences."""
    report: str = ""
    """Id of the report that asserts it."""
    why: tuple[Reason, ...] = field(default=(), compare=False)
