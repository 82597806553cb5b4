"""What a list says of one incident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from ..model import Incident, Place, codes
from ..review import ReviewedClaim

Tolls = tuple[tuple[str, int | None, int | None], ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """One incident in a list."""

    id: str
    earliest: str | None
    latest: str | None
    origins: int
    claims: int
    tied: bool
    """Whether it may be the same as another."""
    acts: tuple[str, ...]
    places: tuple[Place, ...]
    parties: tuple[str, ...]
    status: str
    children: bool
    denied: bool
    judged: int
    tolls: Tolls
    """(harm, least, most) as the ledger counts them under the case's policy."""
    reports: int
    words: str
    """The beginning of the sentence that tells of it first."""

    @property
    def place(self) -> Place | None:
        """The most exact of its places; one that is not located only where no other is."""
        return min(self.places, key=_vagueness, default=None)


def headline_of(incident: Incident, reviewed: Sequence[ReviewedClaim], status: str) -> Headline:
    """The headline of an incident from its claims as decided; without `tolls`, which are counted."""
    claims = [r.claim for r in reviewed]
    told = [c for c in claims if c.certainty != "denied"] or claims
    return Headline(
        id=incident.id,
        earliest=incident.earliest,
        latest=incident.latest,
        origins=len(incident.origins),
        claims=len(incident.claims),
        tied=bool(incident.possibly_same),
        acts=tuple(dict.fromkeys(c.act for c in told)),
        places=tuple({p.id or p.text: p for c in told for p in c.places}.values()),
        parties=tuple(dict.fromkeys(a.name or a.text for c in told for a in c.perpetrators)),
        status=status,
        children=any(a.children for c in told for a in c.victims),
        denied=len(told) < len(claims) or any(c.denied_by for c in claims),
        judged=sum(r.verdict is not None for r in reviewed),
        tolls=(),
        reports=len({c.report for c in claims}),
        words=shorten(told[0].sentence.text[:300] if told else "", 110, placeholder=" …"),
    )


def _vagueness(place: Place) -> tuple[bool, int]:
    unknown = place.id is None and place.lat is None
    return unknown, codes.PRECISIONS.index(place.precision) if place.precision in codes.PRECISIONS else 99
