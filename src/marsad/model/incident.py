"""The incident (claims that are about one occurrence), its origins, and people's judgements on both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """Why a claim stands in an incident: the claim that it was tied to, the score, and each feature's part in it."""

    claim: str
    to: str
    score: float
    features: tuple[tuple[str, float], ...]
    """(feature name, its contribution), strongest first; ('judged', 1.0) where a person merged."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One independent origin behind an incident, and the reports that only carry it on."""

    id: str
    source: str
    """Who the words go back to."""
    kind: str
    """One of `codes.SOURCE_KINDS`."""
    claims: tuple[str, ...]
    reports: tuple[str, ...]
    folded: tuple[tuple[str, str, str], ...] = ()
    """(report, report that it was folded into, reason: 'copy', 'quote', 'repost', 'same source')."""


@dataclass(frozen=True, slots=True)
class Incident:
    """The claims that are about one occurrence. It holds every value beside its source, never a merged truth.

    `id` is derived from its anchor claim, the earliest; any claim of it leads back to it.
    """

    id: str
    claims: tuple[str, ...]
    links: tuple[Link, ...] = ()
    origins: tuple[Origin, ...] = ()
    act: str = "killing"
    earliest: str | None = None
    latest: str | None = None
    possibly_same: tuple[tuple[str, float, str], ...] = ()
    """(incident id, score, reason): ties that the sources dispute, or that are too weak to join."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's decision, dated, append-only, reversible by another that undoes it.

    target_kind is 'claim', 'incident' or 'name' (of a publisher, party or place, for release; the target is the name
    itself); decision one of `codes.DECISIONS`; `field` and `value` are for 'correct'
    (the field's name and its new JSON value) and 'set_status'; `others` names the claims for 'merge' and 'split'.
    """

    seq: int
    at: str
    person: str
    target_kind: str
    target: str
    decision: str
    field: str | None = None
    value: Any = None
    others: tuple[str, ...] = ()
    reason: str | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works on the case, with a role of `codes.ROLES`."""

    id: str
    name: str
    role: str
    active: bool = True
