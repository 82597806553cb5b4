"""Judgements in; the claims and incidents as people decided them, beside the machine's. Both are always kept.

`decide` appends one judgement after checking that the person may make it; `Review.of` applies all that stand.
"""

from ..incidents import standing
from ._decide import decide
from ._review import Review, ReviewedClaim

__all__ = ["Review", "ReviewedClaim", "decide", "standing"]
