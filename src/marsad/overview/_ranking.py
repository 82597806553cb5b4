"""What needs a decision most: every claim that nobody settled, with the reasons and a score that orders them."""

from __future__ import annotations

import json
import math
from collections.abc import Set
from importlib import resources

from ..incidents import headcount
from ..review import ReviewedClaim
from ..store import WaitingRow
from ._headline import Headline

_WEIGHTS: dict[str, float] = json.loads(resources.files(__package__).joinpath("data/queue.json").read_text("utf-8"))[
    "weights"
]
REASONS = tuple(_WEIGHTS)
_MANY = 10


def weigh(reviewed: ReviewedClaim, headline: Headline | None, standing: Set[int]) -> WaitingRow | None:
    """Why a claim waits, and how much that presses; None where somebody settled it.

    `headline` is of its incident; `standing` are numbers of judgements that stand.
    """
    if reviewed.verdict in ("accept", "reject"):
        return None
    claim = reviewed.claim
    most = max((f.max or f.min or 0 for f in headcount(claim) if f.group == "total"), default=0)
    true = {
        "unsure": reviewed.verdict == "unsure",
        "correction_lost": bool(reviewed.faults),
        "children": any(a.children for a in claim.victims) or claim.act == "recruitment_and_use",
        "contested": headline is not None and headline.denied,
        "uncertain": claim.certainty in ("hedged", "alleged") or bool(claim.hedges),
        "many": most >= _MANY,
        "possibly_same": headline is not None and headline.tied,
        "one_origin": headline is not None and headline.origins == 1,
        "pattern": headline is None,
    }
    reasons = {r: _WEIGHTS[r] * (math.log10(most) if r == "many" else 1) for r, holds in true.items() if holds}
    ordered = tuple(sorted(reasons, key=lambda r: -reasons[r]))
    incident = headline.id if headline else None
    said = (j.person for j in reversed(reviewed.judgements) if j.decision == "unsure" and j.seq in standing)
    unsure = next(said, None) if reviewed.verdict == "unsure" else None
    machine = reviewed.machine
    return WaitingRow(
        machine.id, incident, sum(reasons.values()), machine.report, machine.trigger.start, ordered, unsure
    )
