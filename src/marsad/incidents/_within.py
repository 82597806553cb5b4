"""Which claims of one report are about one occurrence, by the report's own words and by people's judgements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from marsad.model import Claim

from ._judged import Decided, Pair, pair
from ._tellings import family

_TOLD_TOGETHER = frozenset({"lethal", "facility"})
"""Families of which one sentence tells the parts of one occurrence: a strike, its dead, the hospital that it hit."""


@dataclass(slots=True)
class Within:
    """The claims of each report, grouped; what the report holds apart; and why a claim stands in its group."""

    groups: list[list[Claim]]
    apart: frozenset[Pair]
    across: tuple[Pair, ...] = ()
    """Ties that a copy's own words make between what it adds and what it repeats."""
    why: dict[str, str] = field(default_factory=dict)


def within(ordered: Sequence[Claim], copied: Mapping[str, str], ruling: Decided) -> Within:
    """Group the claims of each report: what it says is the same, and the parts that one sentence tells together.

    What people hold apart comes first, then what the report does, then what it ties. What people tie is tied later,
    between whole incidents.
    """
    by_report: dict[str, list[Claim]] = defaultdict(list)
    for c in ordered:
        by_report[c.report].append(c)
    apart = {pair(c.id, o) for c in ordered for o in c.apart_from if o != c.id}
    cut = apart | set(ruling.apart)
    groups: list[list[Claim]] = []
    why: dict[str, str] = {}
    for claims in by_report.values():
        groups += _of_report(claims, cut, why)
    rank = {c.id: n for n, c in enumerate(ordered)}
    groups.sort(key=lambda g: rank[g[0].id])
    across = {
        pair(c.id, copied[o])
        for c in ordered
        for o in c.same_as
        if o in copied and pair(c.id, o) not in cut and pair(c.id, copied[o]) not in cut
    }
    return Within(groups, frozenset(apart), tuple(sorted(across)), why)


def _of_report(claims: list[Claim], cut: set[Pair], why: dict[str, str]) -> list[list[Claim]]:
    at = {c.id: i for i, c in enumerate(claims)}
    group = {i: [i] for i in range(len(claims))}
    cuts: dict[int, set[int]] = defaultdict(set)
    for a, b in cut:
        if a in at and b in at:
            cuts[at[a]].add(at[b])
            cuts[at[b]].add(at[a])

    def join(i: int, j: int, reason: str) -> None:
        one, two = group[i], group[j]
        if one is two or any(not cuts[m].isdisjoint(two) for m in one):
            return
        one += two
        for m in two:
            group[m] = one
        why.setdefault(claims[max(i, j)].id, reason)

    said = sorted({pair(c.id, o) for c in claims for o in c.same_as if o in at and o != c.id},
                  key=lambda p: sorted((at[p[0]], at[p[1]])))  # fmt: skip
    for a, b in said:
        join(at[a], at[b], "the report tells them as one")
    for i, c in enumerate(claims):
        for j in range(i + 1, len(claims)):
            if _one_sentence(c, claims[j]):
                join(i, j, "one sentence tells them together")
    seen: set[int] = set()
    found = []
    for i in range(len(claims)):
        if id(group[i]) not in seen:
            seen.add(id(group[i]))
            found.append([claims[m] for m in sorted(group[i])])
    return found


def _one_sentence(a: Claim, b: Claim) -> bool:
    """Different acts of one kin in one sentence, with no place or time that differs."""
    if (a.sentence.start, a.sentence.end) != (b.sentence.start, b.sentence.end) or a.act == b.act:
        return False
    kin = family(a) == family(b) or (family(a) in _TOLD_TOGETHER and family(b) in _TOLD_TOGETHER)
    held = {(v.start, v.end) for v in a.victims} & {(v.start, v.end) for v in b.victims}
    if not kin and not held:
        return False
    places = [{(p.start, p.end) for p in c.places} for c in (a, b)]
    times = [(c.time.start, c.time.end) if c.time else None for c in (a, b)]
    return not (places[0] and places[1] and places[0].isdisjoint(places[1])) and not (
        times[0] and times[1] and times[0] != times[1]
    )
