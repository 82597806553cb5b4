"""Tellings in order, grouped: clusters of those that are tied, people's merges on top, and the groups left in doubt.

Two tellings can only come to stand together along ties that reach `join`, what people tied, or what a copy's own words
tie. So tellings to which no such tie leads can be grouped by themselves (`_regroup`).
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ._cluster import Edge, cluster, merge_groups, strength
from ._compare import Comparison, Weights, clash, compare, contributions, thousandths
from ._judged import Decided, Pair
from ._within import Told

PLACED = 4
"""How often a pair counts whose tellings both say of a place, against one that does not."""
Tie = tuple[int, str]
"""(score in thousandths of a bit, reason)."""


@dataclass
class Field:
    """Tellings to be grouped."""

    told: Sequence[Told]
    """In the order of their first claims."""
    scores: Mapping[Edge, int]
    """Compared pairs (i < j) that nothing keeps apart."""
    of: Mapping[str, int]
    """Claim id → index of its telling; a copy's, of the telling that it repeats."""
    echoes: Mapping[str, str]
    """Claim id → id of the claim that it only repeats."""

    @functools.cached_property
    def near(self) -> Mapping[int, list[tuple[int, int]]]:
        """Telling → (a telling that it was compared with, score)."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (i, j), score in self.scores.items():
            found[i].append((j, score))
            found[j].append((i, score))
        return found

    @functools.cached_property
    def followers(self) -> Mapping[str, list[str]]:
        """Claim id → those that only repeat it."""
        found: dict[str, list[str]] = defaultdict(list)
        for echo, original in self.echoes.items():
            found[original].append(echo)
        return found

    def weight(self, i: int, j: int) -> int:
        """What a pair's score weighs in the mean of two clusters: little where one of the two says of no place at all,
        for then it can hardly speak for or against."""
        return PLACED if self.told[i].telling.spots and self.told[j].telling.spots else 1

    def members(self, group: Iterable[int]) -> list[str]:
        """The claims of a group's tellings, and those that only repeat one of them, in no order."""
        own = [c for t in group for c in self.told[t].telling.claims]
        return own + [echo for c in own for echo in self.followers.get(c, ())]

    def edges(self, pairs: Iterable[Pair]) -> set[Edge]:
        """Pairs of claims as pairs of tellings, those with both in the field."""
        found = {(self.of[a], self.of[b]) for a, b in pairs if a in self.of and b in self.of}
        return {in_order(i, j) for i, j in found if i != j}

    def compared(self, i: int, j: int, weights: Weights) -> Comparison:
        """The comparison of a pair in `scores`."""
        found = compare(self.told[i].telling, self.told[j].telling, weights)
        assert found is not None
        return found


def grouped(field: Field, ruling: Decided, weights: Weights) -> list[list[int]]:
    """The tellings that are of one incident, as indexes into the field."""
    return merged(field, clusters(field, ruling, weights), ruling)


def clusters(field: Field, ruling: Decided, weights: Weights) -> list[list[int]]:
    """The tellings that are tied, never across what must stay apart; what people tied is not heeded yet."""
    tellings = [t.telling for t in field.told]

    def apart(i: int, j: int) -> bool:
        return in_order(i, j) not in field.scores and clash(tellings[i], tellings[j], weights)

    judged_apart = frozenset(field.edges(ruling.apart))
    told_apart = field.edges(p for t in field.told for p in (*t.apart, *t.doubted))
    # Scores of pairs held apart stay in: taking them out would move the ties of claims that no one judged.
    return cluster(
        len(tellings),
        field.scores,
        thousandths(weights.join),
        apart=judged_apart | told_apart,
        clash=apart,
        weight=field.weight,
    )


def merged(field: Field, groups: list[list[int]], ruling: Decided) -> list[list[int]]:
    """These clusters, joined where a copy's own words or a person tied them."""
    of, inside = field.of, {i for g in groups for i in g}
    ties = [(of[a], of[b]) for a, b in sorted(p for t in field.told for p in t.across) if a in of and b in of]
    judged = sorted(ruling.together.items(), key=lambda t: (t[1], t[0]))
    ties += [(of[a], of[b]) for (a, b), _ in judged if a in of and b in of]
    here = [e for e in ties if e[0] != e[1] and e[0] in inside and e[1] in inside]
    return merge_groups(groups, here, field.edges(ruling.apart))


def doubtful(field: Field, groups: Sequence[Sequence[int]], ruling: Decided, weights: Weights) -> dict[Edge, Tie]:
    """Pairs of groups that may be the same, of those with compared pairs between them in the field."""
    group_of = {t: g for g, group in enumerate(groups) for t in group}
    settled = {
        in_order(group_of[field.of[a]], group_of[field.of[b]])
        for a, b in ruling.settled
        if field.of.get(a) in group_of and field.of.get(b) in group_of
    }
    told_apart = field.edges(p for t in field.told for p in t.apart)
    doubted = field.edges(p for t in field.told for p in t.doubted)
    between: dict[Edge, list[Edge]] = defaultdict(list)
    for i, j in field.scores:
        g, h = group_of.get(i), group_of.get(j)
        if g is not None and h is not None and g != h:
            between[in_order(g, h)].append((i, j))
    ties: dict[Edge, Tie] = {}
    for (g, h), edges in between.items():
        weights_of = [field.weight(*e) for e in edges]
        score = strength((sum(field.scores[e] * n for e, n in zip(edges, weights_of)), sum(weights_of)))
        # What a report says of it is not weighed against what others leave unsaid.
        spoken = not doubted.isdisjoint(edges)
        if (g, h) in settled or (
            not spoken and (score < thousandths(weights.doubt) or _clash(field, groups[g], groups[h], weights))
        ):
            continue
        best = max((field.compared(*e, weights) for e in edges), key=lambda c: (c.score, c.levels))
        ties[g, h] = round(score), _reason(best, weights, not told_apart.isdisjoint(edges), spoken)
    return ties


def in_order(a: int, b: int) -> Edge:
    """Two indexes, the lesser first."""
    return (a, b) if a < b else (b, a)


def _clash(field: Field, one: Sequence[int], two: Sequence[int], weights: Weights) -> bool:
    return any(
        in_order(i, j) not in field.scores and clash(field.told[i].telling, field.told[j].telling, weights)
        for i in one
        for j in two
    )


def _reason(c: Comparison, weights: Weights, told_apart: bool, spoken: bool) -> str:
    rows = contributions(c.levels, weights)
    said = ["a report says that they may be one"] if spoken else []
    parts = [f"for: {', '.join([*said, *(n for n, w in rows if w > 0)])}"]
    against = [n for n, w in rows if w < 0]
    against += ["one report tells them as two"] if told_apart else []
    return "; ".join(parts + ([f"against: {', '.join(against)}"] if against else []))
