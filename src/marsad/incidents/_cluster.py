"""Clusters of tellings: the best tie first, never across what must stay apart, the same in whatever order they come."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

Edge = tuple[int, int]


@dataclass(slots=True)
class _Cluster:
    members: list[int]
    sums: dict[int, tuple[float, int]] = field(default_factory=dict)
    """Neighbour cluster → (sum of the scores of compared pairs times their weights, sum of the weights)."""
    version: int = 0


def cluster(
    n: int,
    scores: Mapping[Edge, float],
    join: float,
    *,
    apart: frozenset[Edge] = frozenset(),
    clash: Callable[[int, int], bool],
    weight: Callable[[int, int], int] = lambda i, j: 1,
) -> list[list[int]]:
    """Partition 0…n−1. `scores` holds the compared pairs (i < j).

    Two clusters join while the mean of their compared pairs, each as often as `weight` says, reaches `join`, best
    first, ties by the least members.
    Pairs of `apart` (i < j) and pairs that `clash` never share one.
    """
    held = {i: _Cluster([i]) for i in range(n)}
    for (i, j), score in sorted(scores.items()):
        n = weight(i, j)
        _add(held, i, j, score * n, n)
    cut = _both_ways(apart)
    heap: list[tuple[float, int, int, int, int]] = []

    def push(a: int, b: int) -> None:
        tie = strength(held[a].sums[b])
        if tie >= join:
            a, b = (a, b) if a < b else (b, a)
            heapq.heappush(heap, (-tie, a, b, held[a].version, held[b].version))

    for a in sorted(held):
        for b in sorted(held[a].sums):
            if a < b:
                push(a, b)
    while heap:
        _, a, b, va, vb = heapq.heappop(heap)
        if a not in held or b not in held or held[a].version != va or held[b].version != vb:
            continue
        if not _fit(held[a].members, held[b].members, cut, clash):
            continue
        _merge(held, a, b)
        for other in sorted(held[a].sums):
            push(a, other)
    return [sorted(held[a].members) for a in sorted(held)]


def merge_groups(groups: list[list[int]], together: Iterable[Edge], apart: Iterable[Edge]) -> list[list[int]]:
    """The groups with those of each judged pair joined, in the pairs' order; what a person held apart stays behind."""
    cut = _both_ways(apart)
    of = {i: group for group in groups for i in group}
    for i, j in together:
        one, two = of[i], of[j]
        if one is two:
            continue
        stays = [m for m in two if m != j and not cut.get(m, set()).isdisjoint(one)]
        moved = [m for m in two if m not in stays]
        one += moved
        for m in moved:
            of[m] = one
        two[:] = stays
    return sorted(sorted(g) for g in {id(g): g for g in of.values()}.values())


def strength(tie: tuple[float, int]) -> float:
    """The mean of the compared pairs of two clusters."""
    total, n = tie
    return total / n


def _both_ways(edges: Iterable[Edge]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for i, j in edges:
        found.setdefault(i, set()).add(j)
        found.setdefault(j, set()).add(i)
    return found


def _fit(a: list[int], b: list[int], cut: Mapping[int, set[int]], clash: Callable[[int, int], bool]) -> bool:
    smaller, larger = (a, b) if len(a) <= len(b) else (b, a)
    others = set(larger)
    if any(not others.isdisjoint(cut.get(i, ())) for i in smaller):
        return False
    return not any(clash(i, j) for i in smaller for j in larger)


def _add(held: dict[int, _Cluster], a: int, b: int, total: float, n: int) -> None:
    for one, two in ((a, b), (b, a)):
        t, m = held[one].sums.get(two, (0.0, 0))
        held[one].sums[two] = (t + total, m + n)


def _merge(held: dict[int, _Cluster], a: int, b: int) -> None:
    gone = held.pop(b)
    kept = held[a]
    kept.members += gone.members
    kept.version += 1
    kept.sums.pop(b, None)
    for other, (total, n) in gone.sums.items():
        if other == a:
            continue
        held[other].sums.pop(b)
        _add(held, a, other, total, n)
