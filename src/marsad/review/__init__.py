"""Judgements in; the claims and incidents as people decided them, beside the machine's. Both are always kept.

`decide` appends one judgement after checking that the person may make it; `Review.of` applies all that stand.
"""

from ..incidents import standing
from ._decide import decide, require_editor
from ._following import Following
from ._linking import link_changed, link_judged, moves_claims, waiting
from ._review import Review, ReviewedClaim
from ._standing import standing_among, standing_in

__all__ = [
    "Following",
    "Review",
    "ReviewedClaim",
    "decide",
    "link_changed",
    "link_judged",
    "moves_claims",
    "require_editor",
    "standing",
    "standing_among",
    "standing_in",
    "waiting",
]
