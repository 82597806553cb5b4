"""What the method statement says of the case: counts of reports, verdicts, origins; what the profile does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ._method import tallied
from ._profile import Profile

if TYPE_CHECKING:
    from ._view import Material, Shown


def facts_of(
    material: Material, profile: Profile, shown: Sequence[Shown], code: Callable[[str | None], str | None]
) -> dict[str, Any]:
    """What the method statement tells; counts of reports, claims and incidents, never of people.

    `code` withholds what is no code, though it stands where one should."""
    reports = [r for r in material.reports.values() if r.status != "unreadable"]
    verdicts = Counter(r.verdict for r in material.review.all())
    origins = [len(i.origins) for i in material.incidents]
    return {
        "reports": len(reports),
        "report_kinds": tallied([code(r.kind) for r in reports]),
        "languages": tallied([code(r.language) for r in reports]),
        "unread": sum(r.status in ("unreadable", "not_yet_extracted") for r in material.reports.values()),
        "origin_kinds": tallied(
            [k for i in material.incidents for k in dict.fromkeys(code(o.kind) for o in i.origins)]
        ),
        "claims": sum(verdicts.values()),
        "accepted": verdicts["accept"],
        "unsure": verdicts["unsure"],
        "undecided": verdicts[None],
        "rejected": verdicts["reject"],
        "incidents": len(shown),
        "corroborated": sum(n > 1 for n in origins),
        "single": sum(n < 2 for n in origins),
        "statuses": tallied([i.status for i in shown]),
        "acts": tallied([a for i in shown for a in i.acts]),
        "policy": material.policy,
        "rule": material.rule,
        "judgements": len(material.review.judgements),
        "coarse": bool(profile.child_place or profile.child_time),
        "coarsened": sum(i.coarsened for i in shown),
        "small_cells": profile.small_cells,
        "small_cell": material.small_cell,
        "no_words": profile.words == "none",
        "guarded_words": profile.words == "guarded",
        "internal": profile.words == "all",
    }
