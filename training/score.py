"""Scores on development parts: CEAF-REE of role fillers, exact spans, factuality."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(slots=True)
class Tally:
    """Right, proposed and wanted; add tallies up before asking for F1."""

    right: float = 0
    proposed: int = 0
    wanted: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.proposed + other.proposed, self.wanted + other.wanted)

    @property
    def precision(self) -> float:
        """Right of those proposed; 0 where nothing was."""
        return self.right / self.proposed if self.proposed else 0.0

    @property
    def recall(self) -> float:
        """Right of those wanted; 0 where nothing was."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.right / (self.proposed + self.wanted) if self.right else 0.0


def ceaf_ree(predicted: Sequence[Sequence[str]], gold: Sequence[Sequence[str]]) -> Tally:
    """One role of one document: predicted and gold entities, each a list of its mentions' words.

    As in GRIT (Du, Rush and Cardie 2021): a predicted entity matches a gold one where all its mentions are among the
    gold's, and each is matched at most once.
    """
    fits = [[j for j, wanted in enumerate(gold) if set(entity) <= set(wanted)] for entity in predicted]
    held: dict[int, int] = {}

    def place(at: int, seen: set[int]) -> bool:
        for j in fits[at]:
            if j not in seen:
                seen.add(j)
                if j not in held or place(held[j], seen):
                    held[j] = at
                    return True
        return False

    right = sum(place(at, set()) for at in range(len(predicted)))
    return Tally(right, len(predicted), len(gold))


def exact(predicted: Iterable[tuple[int, int]], gold: Iterable[tuple[int, int]]) -> Tally:
    """Spans of one channel of one document; only equal offsets count."""
    a, b = set(predicted), set(gold)
    return Tally(len(a & b), len(a), len(b))


def regression(predicted: Sequence[float], gold: Sequence[float]) -> tuple[float, float]:
    """Mean absolute error and Pearson's r."""
    a, b = np.array(predicted), np.array(gold)
    return float(np.abs(a - b).mean()), float(np.corrcoef(a, b)[0, 1])
