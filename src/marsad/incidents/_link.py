"""Claims to incidents: tellings of each report, ties between them, clusters, and why."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad.model import Claim, Incident, Judgement, Link, Report

from ._block import candidates
from ._cluster import cluster, merge_groups, strength
from ._compare import Comparison, Weights, clash, compare, contributions
from ._echo import echoes
from ._judged import Decided, Pair, decided, pair
from ._origins import origins
from ._tellings import Telling, day, lend, order, telling
from ._within import Within, within

TieBetween = tuple[float, str]
_JUDGED = float("inf")


def link(
    claims: Sequence[Claim],
    reports: Mapping[str, Report],
    judgements: Sequence[Judgement] = (),
    *,
    weights: Weights | None = None,
) -> tuple[Incident, ...]:
    """The incidents that the claims are about, ordered by anchor, whatever the order of the claims.

    Patterns enter none. Claims whose report is not in `reports` are linked by their own words alone. An incident's id
    is 'i' and the id of its anchor: its earliest claim by publication, report and place in the text. A judgement's
    target is a claim id or an incident id; 'merge' and 'split' are heeded, other decisions left to review.
    """
    weights = weights or Weights.shipped()
    events = {c.id: c for c in claims if c.kind == "event"}
    ordered = sorted(events.values(), key=lambda c: order(c, reports))
    ruling = decided(judgements, frozenset(events))
    if ruling.loose_splits:
        _name_who_stays(ordered, reports, judgements, ruling, weights)
    return _incidents(ordered, reports, ruling, weights)


@dataclass(slots=True)
class _Linked:
    tellings: list[Telling]
    compared: dict[tuple[int, int], Comparison]
    groups: list[list[int]]
    inside: Within
    of: dict[str, int]
    """Claim id → index of its telling; a copy's, of the telling that it repeats."""
    echoes: dict[str, str]
    """Claim id → id of the claim that it only repeats."""


def _incidents(
    ordered: list[Claim], reports: Mapping[str, Report], ruling: Decided, weights: Weights
) -> tuple[Incident, ...]:
    linked = _cluster(ordered, reports, ruling, weights)
    by_id = {c.id: c for c in ordered}
    place_of = {c.id: n for n, c in enumerate(ordered)}
    followers: dict[str, list[str]] = defaultdict(list)
    for echo, original in linked.echoes.items():
        followers[original].append(echo)
    members = [
        sorted((x for t in g for c in linked.tellings[t].claims for x in (c, *followers[c])), key=place_of.__getitem__)
        for g in linked.groups
    ]
    ids = ["i" + m[0] for m in members]
    ties = _doubtful(linked, ruling, weights)
    near = _neighbours(linked, ruling)
    incidents = []
    for g, group in enumerate(linked.groups):
        mine = [by_id[c] for c in members[g]]
        first, last = _when(mine, reports)
        tied = sorted(((ids[o], round(s, 3), why) for o, (s, why) in ties[g].items()), key=lambda t: (-t[1], t[0]))
        incidents.append(
            Incident(
                id=ids[g],
                claims=tuple(members[g]),
                links=_why(linked, group, members[g], near, weights),
                origins=origins(mine, reports),
                act=_main_act(mine),
                earliest=first,
                latest=last,
                possibly_same=tuple(tied),
            )
        )
    return tuple(sorted(incidents, key=lambda i: place_of[i.claims[0]]))


def _cluster(ordered: list[Claim], reports: Mapping[str, Report], ruling: Decided, weights: Weights) -> _Linked:
    copied = echoes(ordered, reports, ruling)
    inside = within([c for c in ordered if c.id not in copied], copied, ruling)
    tellings = lend([telling(group, reports.get(group[0].report)) for group in inside.groups])
    of = {c: i for i, t in enumerate(tellings) for c in t.claims}
    of |= {c: of[original] for c, original in copied.items()}
    pairs = ((e, compare(tellings[e[0]], tellings[e[1]], weights)) for e in candidates(tellings))
    compared = {e: c for e, c in pairs if c is not None}

    def edges(pairs: Sequence[Pair]) -> frozenset[tuple[int, int]]:
        found = {(of[a], of[b]) for a, b in pairs if a in of and b in of}
        return frozenset((i, j) if i < j else (j, i) for i, j in found if i != j)

    def apart(i: int, j: int) -> bool:
        return ((i, j) if i < j else (j, i)) not in compared and clash(tellings[i], tellings[j], weights)

    judged_apart = edges(list(ruling.apart))
    # Scores of pairs held apart stay in: taking them out would move the ties of claims that no one judged.
    scores = {e: c.score for e, c in compared.items()}
    groups = cluster(len(tellings), scores, weights.join, apart=judged_apart | edges(list(inside.apart)), clash=apart)
    in_order = [(of[a], of[b]) for a, b in inside.across]
    in_order += [(of[a], of[b]) for (a, b), _ in sorted(ruling.together.items(), key=lambda t: (t[1], t[0]))]
    groups = merge_groups(groups, [e for e in in_order if e[0] != e[1]], judged_apart)
    return _Linked(tellings, compared, groups, inside, of, copied)


def _name_who_stays(
    ordered: list[Claim],
    reports: Mapping[str, Report],
    judgements: Sequence[Judgement],
    ruling: Decided,
    weights: Weights,
) -> None:
    """Hold those who leave apart from whoever would stand with the target, where a split does not say who stays."""
    splits = {seq for _, _, seq in ruling.loose_splits}
    before = decided([j for j in judgements if j.seq not in splits], frozenset(c.id for c in ordered))
    linked = _cluster(ordered, reports, before, weights)
    group_of = {c: g for g, group in enumerate(linked.groups) for t in group for c in linked.tellings[t].claims}
    group_of |= {c: group_of[original] for c, original in linked.echoes.items()}
    together: dict[int, list[str]] = defaultdict(list)
    for c, g in group_of.items():
        together[g].append(c)
    for target, leave, seq in ruling.loose_splits:
        for stays in together[group_of[target]]:
            if stays in leave:
                continue
            for o in leave:
                key = pair(stays, o)
                if ruling.together.get(key, -1) < seq:
                    ruling.together.pop(key, None)
                    ruling.apart[key] = max(seq, ruling.apart.get(key, seq))
                    ruling.settled.add(key)


def _doubtful(linked: _Linked, ruling: Decided, weights: Weights) -> list[dict[int, TieBetween]]:
    """For each group, the groups that it may be the same as: group → (score, reason)."""
    group_of = {t: g for g, group in enumerate(linked.groups) for t in group}
    settled = {_sorted(group_of[linked.of[a]], group_of[linked.of[b]]) for a, b in ruling.settled}
    told_apart = {
        _sorted(linked.of[a], linked.of[b]) for a, b in linked.inside.apart if a in linked.of and b in linked.of
    }
    between: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for i, j in linked.compared:
        if group_of[i] != group_of[j]:
            between[_sorted(group_of[i], group_of[j])].append((i, j))
    ties: list[dict[int, TieBetween]] = [{} for _ in linked.groups]
    for (g, h), edges in between.items():
        if (g, h) in settled:
            continue
        found = [linked.compared[e] for e in edges]
        score = strength((sum(c.score for c in found), len(found)))
        if score < weights.doubt or _clash(linked, g, h, weights):
            continue
        best = max(found, key=lambda c: (c.score, c.levels))
        reason = _reason(best, weights, any(_sorted(*e) in told_apart for e in edges))
        ties[g][h] = ties[h][g] = (score, reason)
    return ties


def _clash(linked: _Linked, g: int, h: int, weights: Weights) -> bool:
    told = linked.tellings
    return any(clash(told[i], told[j], weights) for i in linked.groups[g] for j in linked.groups[h])


def _reason(c: Comparison, weights: Weights, told_apart: bool) -> str:
    rows = contributions(c.levels, weights)
    parts = [f"for: {', '.join(n for n, w in rows if w > 0)}"]
    against = [n for n, w in rows if w < 0]
    against += ["one report tells them as two"] if told_apart else []
    return "; ".join(parts + ([f"against: {', '.join(against)}"] if against else []))


_Near = Mapping[int, list[tuple[float, int, int, tuple[str, str] | None]]]
"""Telling → (score, minus itself, neighbour in its group, the judged pair of claims where a person tied them)."""


def _neighbours(linked: _Linked, ruling: Decided) -> _Near:
    group_of = {t: g for g, group in enumerate(linked.groups) for t in group}
    near: dict[int, list[tuple[float, int, int, tuple[str, str] | None]]] = defaultdict(list)
    for (i, j), c in linked.compared.items():
        if group_of[i] == group_of[j]:
            near[i].append((c.score, -i, j, None))
            near[j].append((c.score, -j, i, None))
    for a, b in ruling.together:
        i, j = linked.of[a], linked.of[b]
        if i != j:
            near[i].append((_JUDGED, -i, j, (b, a)))
            near[j].append((_JUDGED, -j, i, (a, b)))
    return near


def _why(linked: _Linked, group: list[int], members: list[str], near: _Near, weights: Weights) -> tuple[Link, ...]:
    """For every claim but the anchor, the claim that it hangs on: the strongest ties that reach back to the anchor."""
    links = []
    for t in group:
        first, *rest = linked.tellings[t].claims
        links += [Link(c, first, 1.0, ((linked.inside.why.get(c, "one report"), 1.0),)) for c in rest]
    links += [Link(c, linked.echoes[c], 1.0, (("copy of its report", 1.0),)) for c in members if c in linked.echoes]
    start = linked.of[members[0]]
    reached = {start}
    heap = [(-s, -m, j, p) for s, m, j, p in near.get(start, ())]
    heapq.heapify(heap)
    while heap:
        score, i, j, judged = heapq.heappop(heap)
        if j in reached:
            continue
        reached.add(j)
        if judged is not None:
            links.append(Link(*judged, 1.0, (("judged", 1.0),)))
        else:
            c = linked.compared[_sorted(i, j)]
            why = contributions(c.levels, weights)
            links.append(Link(linked.tellings[j].id, linked.tellings[i].id, round(-score, 3), why))
        for s, m, k, p in near.get(j, ()):
            if k not in reached:
                heapq.heappush(heap, (-s, -m, k, p))
    rank = {c: n for n, c in enumerate(members)}
    return tuple(sorted(links, key=lambda x: (rank[x.claim], rank[x.to])))


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


def _sorted(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)
