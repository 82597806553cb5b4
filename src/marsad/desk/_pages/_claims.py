"""Claims made ready for the card that shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...model import Claim, Judgement
from ...review import Review, ReviewedClaim
from ...store import Session
from .._claimview import Row, changed, quotes_at, rows
from .._words import Words


@dataclass(frozen=True, slots=True)
class CardView:
    """What the card of one claim shows."""

    claim: Claim
    verdict: str | None
    rows: list[Row]
    changed: list[tuple[str, str, str]]
    marks: list[tuple[int, int]]
    judgements: tuple[Judgement, ...]
    faults: tuple[str, ...]
    incident: str | None
    current: bool
    copies: tuple[str, ...] = ()
    """Claims that say the same in copies of its report, and wait to be judged."""


def reviewed_of(s: Session, claims: Iterable[Claim]) -> list[ReviewedClaim]:
    """These claims under the judgements on them, without reading the rest of the case."""
    claims = list(claims)
    return Review.of(claims, s.judgements.on("claim", (c.id for c in claims))).all()


def card(
    reviewed: ReviewedClaim, words: Words, incident: str | None, current: bool = True, copies: tuple[str, ...] = ()
) -> CardView:
    """One claim's card; `incident` is the id of the one that it stands in."""
    return CardView(
        claim=reviewed.claim,
        verdict=reviewed.verdict,
        rows=rows(reviewed, words),
        changed=changed(reviewed),
        marks=quotes_at(reviewed.machine),
        judgements=reviewed.judgements,
        faults=reviewed.faults,
        incident=incident,
        current=current,
        copies=copies,
    )


def names_of(s: Session) -> Mapping[str, str]:
    """Person id → name, for histories."""
    return {p.id: p.name for p in s.people.all()}
