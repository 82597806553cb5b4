"""What needs a decision most: every claim that nobody settled, with the reasons and a score that orders them."""

from __future__ import annotations

import json
import math
from collections.abc import Set
from dataclasses import dataclass
from importlib import resources

from ..incidents import headcount
from ..review import ReviewedClaim
from ._headline import Headline

_WEIGHTS: dict[str, float] = json.loads(resources.files(__package__).joinpath("data/queue.json").read_text("utf-8"))[
    "weights"
]
REASONS = tuple(_WEIGHTS)
_MANY = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """One claim that waits for a decision."""

    reviewed: ReviewedClaim
    incident: str | None
    reasons: tuple[str, ...]
    score: float
    unsure: str | None
    """Who left it as unsure, if that is how it stands."""


def weigh(reviewed: ReviewedClaim, headline: Headline | None, standing: Set[int]) -> Waiting:
    """Why a claim waits, and how much that presses. `headline` is of its incident; `standing` are judgements."""
    claim = reviewed.claim
    most = max((f.max or f.min or 0 for f in headcount(claim) if f.group == "total"), default=0)
    true = {
        "unsure": reviewed.verdict == "unsure",
        "correction_lost": bool(reviewed.faults),
        "children": any(a.children for a in claim.victims) or claim.act == "recruitment_and_use",
        "contested": headline is not None and headline.denied,
        "uncertain": claim.certainty in ("hedged", "alleged") or bool(claim.hedges),
        "many": most >= _MANY,
        "possibly_same": headline is not None and bool(headline.incident.possibly_same),
        "one_origin": headline is not None and len(headline.incident.origins) == 1,
        "pattern": headline is None,
    }
    reasons = {r: _WEIGHTS[r] * (math.log10(most) if r == "many" else 1) for r, holds in true.items() if holds}
    ordered = tuple(sorted(reasons, key=lambda r: -reasons[r]))
    incident = headline.incident.id if headline else None
    said = (j.person for j in reversed(reviewed.judgements) if j.decision == "unsure" and j.seq in standing)
    unsure = next(said, None) if reviewed.verdict == "unsure" else None
    return Waiting(reviewed, incident, ordered, sum(reasons.values()), unsure)


def pressing(waiting: Waiting) -> tuple[float, str, int]:
    """The key that sorts the queue: most pressing first; ties in the order of reports and words."""
    machine = waiting.reviewed.machine
    return -waiting.score, machine.report, machine.trigger.start
