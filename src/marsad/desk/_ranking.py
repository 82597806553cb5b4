"""What needs a decision most: every claim that nobody settled, with the reasons and a score that orders them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from ..incidents import headcount
from ..review import ReviewedClaim
from ._snapshot import Headline, Snapshot

_WEIGHTS: dict[str, float] = json.loads(resources.files(__package__).joinpath("data/queue.json").read_text("utf-8"))[
    "weights"
]
REASONS = tuple(_WEIGHTS)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One claim that waits for a decision."""

    reviewed: ReviewedClaim
    incident: str | None
    reasons: tuple[str, ...]
    score: float


def waiting(snapshot: Snapshot, person: str | None = None) -> list[Waiting]:
    """Claims that are not accepted or rejected, most pressing first; ties in the order of reports and words.

    With `person`, without those that this person left as unsure: they wait for somebody else.
    """
    found = [
        _weighed(r, snapshot.of_claim.get(r.machine.id), snapshot.headlines)
        for r in snapshot.review.all()
        if r.verdict not in ("accept", "reject") and (r.verdict != "unsure" or _unsure_by(r, snapshot) != person)
    ]
    return sorted(found, key=lambda w: (-w.score, w.reviewed.machine.report, w.reviewed.machine.trigger.start))


def _unsure_by(reviewed: ReviewedClaim, snapshot: Snapshot) -> str | None:
    said = (j for j in reversed(reviewed.judgements) if j.decision == "unsure" and j.seq in snapshot.standing)
    return next((j.person for j in said), None)


def _weighed(reviewed: ReviewedClaim, incident: str | None, headlines: Mapping[str, Headline]) -> Waiting:
    claim = reviewed.claim
    reasons: dict[str, float] = {}
    headline = headlines.get(incident) if incident else None
    if reviewed.verdict == "unsure":
        reasons["unsure"] = _WEIGHTS["unsure"]
    if reviewed.faults:
        reasons["correction_lost"] = _WEIGHTS["correction_lost"]
    if any(a.children for a in claim.victims) or claim.act == "recruitment_and_use":
        reasons["children"] = _WEIGHTS["children"]
    if headline and headline.denied:
        reasons["contested"] = _WEIGHTS["contested"]
    if claim.certainty in ("hedged", "alleged") or claim.hedges:
        reasons["uncertain"] = _WEIGHTS["uncertain"]
    most = max((f.max or f.min or 0 for f in headcount(claim) if f.group == "total"), default=0)
    if most >= 10:
        reasons["many"] = _WEIGHTS["many"] * math.log10(most)
    if headline and headline.incident.possibly_same:
        reasons["possibly_same"] = _WEIGHTS["possibly_same"]
    if headline and len(headline.incident.origins) == 1:
        reasons["one_origin"] = _WEIGHTS["one_origin"]
    if not headline:
        reasons["pattern"] = _WEIGHTS["pattern"]
    score = sum(reasons.values())
    return Waiting(reviewed, incident, tuple(sorted(reasons, key=lambda r: -reasons[r])), score)
