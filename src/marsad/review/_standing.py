"""The claims that link and count, of some reports only."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..model import Claim
from ..store import Session
from ._review import Review


def standing_in(s: Session, reports: Collection[str]) -> list[Claim]:
    """The claims of these reports that link and count: as corrected, without the rejected; judged ones stay though the
    machine no longer proposes them."""
    return _stand(s, s.claims.of_reports(reports))


def standing_among(s: Session, ids: Collection[str]) -> list[Claim]:
    """Those of the claims of these ids that stand, as corrected."""
    return _stand(s, s.claims.many(ids))


def _stand(s: Session, claims: Sequence[Claim]) -> list[Claim]:
    return Review.of(claims, s.judgements.on("claim", [c.id for c in claims])).claims()
