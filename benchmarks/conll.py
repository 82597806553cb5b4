"""The CoNLL-2012 coreference scores (MUC, B³, CEAF-e with the entity-based φ4) of a partition of given mentions.

Definitions: Vilain et al. 1995; Bagga and Baldwin 1998; Luo 2005; Pradhan et al. 2014, whose worked example is tested.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def conll(gold: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> dict[str, Score]:
    """MUC, B³ and CEAF-e over the mentions; each mapping gives a mention's cluster."""
    g, f = _clusters(gold), _clusters(found)
    return {
        "muc": Score(_muc(f, gold), _muc(g, found)),
        "b3": Score(_b3(f, g, found, gold), _b3(g, f, gold, found)),
        "ceafe": _ceafe(g, f),
    }


def average(scores: Mapping[str, Score]) -> float:
    """The CoNLL F1."""
    return sum(s.f1 for s in scores.values()) / len(scores)


def _clusters(of: Mapping[str, Hashable]) -> dict[Hashable, set[str]]:
    found: dict[Hashable, set[str]] = defaultdict(set)
    for mention, cluster in of.items():
        found[cluster].add(mention)
    return dict(found)


def _muc(clusters: Mapping[Hashable, set[str]], other: Mapping[str, Hashable]) -> float:
    """Links of `clusters` that the other partition holds, over those that there are."""
    links = held = 0
    for members in clusters.values():
        # A mention that the other side lacks is a part of its own.
        parts = {other.get(m, ("alone", m)) for m in members}
        links += len(members) - 1
        held += len(members) - len(parts)
    return held / links if links else 0.0


def _b3(
    clusters: Mapping[Hashable, set[str]],
    others: Mapping[Hashable, set[str]],
    of: Mapping[str, Hashable],
    other_of: Mapping[str, Hashable],
) -> float:
    if not of:
        return 0.0
    total = 0.0
    for m, c in of.items():
        mine = clusters[c]
        theirs = others[other_of[m]] if m in other_of else set()
        total += len(mine & theirs) / len(mine)
    return total / len(of)


def _ceafe(gold: Mapping[Hashable, set[str]], found: Mapping[Hashable, set[str]]) -> Score:
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    if not gold or not found:
        return Score(0.0, 0.0)
    g, f = list(gold.values()), list(found.values())
    likeness = np.array([[2 * len(a & b) / (len(a) + len(b)) for b in f] for a in g])
    rows, columns = linear_sum_assignment(-likeness)
    best = float(likeness[rows, columns].sum())
    return Score(best / len(f), best / len(g))
