"""One incident, from tellings that are grouped: its claims in order, why each stands in it, its origins, its days."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from marsad.model import Claim, Incident, Link, Report

from ._compare import Weights, contributions
from ._field import Field, in_order
from ._judged import Decided
from ._origins import origins
from ._tellings import day, order

_JUDGED = 1 << 62
_Near = Mapping[int, Sequence[tuple[int, int, int, tuple[str, str] | None]]]
"""Telling → (score, minus itself, neighbour in its group, the judged pair of claims where a person tied them)."""


def incident(
    field: Field,
    group: Sequence[int],
    members: Collection[str],
    claims: Mapping[str, Claim],
    reports: Mapping[str, Report],
    ruling: Decided,
    weights: Weights,
) -> Incident:
    """The incident of one group, with these of the claims of its tellings and their copies."""
    mine = sorted((claims[c] for c in members), key=lambda c: order(c, reports))
    first, last = _when(mine, reports)
    return Incident(
        id="i" + mine[0].id,
        claims=tuple(c.id for c in mine),
        links=_why(field, group, [c.id for c in mine], ruling, weights),
        origins=origins(mine, reports),
        act=_main_act(mine),
        earliest=first,
        latest=last,
    )


def in_doubt(ties: Sequence[tuple[str, float, str]]) -> tuple[tuple[str, float, str], ...]:
    """An incident's doubtful ties as it lists them, the strongest first."""
    return tuple(sorted(ties, key=lambda t: (-t[1], t[0])))


def _neighbours(field: Field, group: Sequence[int], ruling: Decided) -> _Near:
    near: dict[int, list[tuple[int, int, int, tuple[str, str] | None]]] = defaultdict(list)
    inside = set(group)
    for i in group:
        near[i] += [(score, -min(i, j), j, None) for j, score in field.near.get(i, ()) if j in inside]
    for a, b in ruling.tied(field.members(group)):
        one, two = field.of.get(a), field.of.get(b)
        if one is not None and two is not None and one != two and {one, two} <= inside:
            near[one].append((_JUDGED, -one, two, (b, a)))
            near[two].append((_JUDGED, -two, one, (a, b)))
    return near


def _why(
    field: Field, group: Sequence[int], claims: Sequence[str], ruling: Decided, weights: Weights
) -> tuple[Link, ...]:
    """For every claim but the anchor, the claim that it hangs on: the strongest ties that reach back to the anchor."""
    links = []
    for t in group:
        told = field.told[t]
        first, *rest = told.telling.claims
        links += [Link(c, first, 1.0, ((told.why[c], 1.0),)) for c in rest]
    links += [Link(c, field.echoes[c], 1.0, (("copy of its report", 1.0),)) for c in claims if c in field.echoes]
    near = _neighbours(field, group, ruling)
    start = field.of[claims[0]]
    reached = {start}
    heap = [(-s, -m, j, start, p) for s, m, j, p in near.get(start, ())]
    heapq.heapify(heap)
    while heap:
        least, _, j, i, judged = heapq.heappop(heap)
        if j in reached:
            continue
        reached.add(j)
        if judged is not None:
            links.append(Link(*judged, 1.0, (("judged", 1.0),)))
        else:
            why = contributions(field.compared(*in_order(i, j), weights).levels, weights)
            links.append(Link(field.told[j].telling.id, field.told[i].telling.id, -least / 1000, why))
        for s, m, k, p in near.get(j, ()):
            if k not in reached:
                heapq.heappush(heap, (-s, -m, k, j, p))
    rank = {c: n for n, c in enumerate(claims)}
    there = (x for x in links if x.claim in rank and x.to in rank)
    return tuple(sorted(there, key=lambda x: (rank[x.claim], rank[x.to])))


def _when(claims: Sequence[Claim], reports: Mapping[str, Report]) -> tuple[str | None, str | None]:
    """From the earliest to the latest day of the narrowest interval of each report; None where none gives any."""
    spans: dict[str, tuple[int, str, str]] = {}
    for c in claims:
        if c.time is None or not (c.time.earliest or c.time.latest):
            continue
        first, last = c.time.earliest or c.time.latest or "", c.time.latest or c.time.earliest or ""
        a, b = day(first), day(last)
        if a is None or b is None:
            continue
        held = spans.get(c.report)
        if held is None or (abs(b - a), first, last) < held:
            spans[c.report] = (abs(b - a), min(first, last), max(first, last))
    if not spans:
        return None, None
    narrowest = min(w for w, _, _ in spans.values())
    # A report that only says 'in May' does not widen what another dates to a day.
    kept = [s for s in spans.values() if s[0] <= max(narrowest, 1)]
    return min(s[1] for s in kept), max(s[2] for s in kept)


_WEIGHT = ("killing", "attack_on_hospital", "attack_on_school", "injury", "abduction", "sexual_violence", "torture")


def _main_act(claims: Sequence[Claim]) -> str:
    """The gravest act told, by a fixed order; else the one told most often, then first."""
    acts = [c.act for c in claims]
    for act in _WEIGHT:
        if act in acts:
            return act
    return max(acts, key=lambda a: (acts.count(a), -acts.index(a)))
