"""Which judgements stand: an undo takes one away, and undoing the undo brings it back."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Judgement


def standing(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Those of `judgements` (oldest first) that are not undone, without the undos themselves."""
    undone: set[int] = set()
    for judgement in reversed(judgements):
        if judgement.decision == "undo" and judgement.undoes is not None and judgement.seq not in undone:
            undone.add(judgement.undoes)
    return [j for j in judgements if j.decision != "undo" and j.seq not in undone]
