"""What one report tells: which of its claims are about one occurrence, by its own words and by people's judgements."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from marsad.model import Claim, Report

from ._hours import told_in_turn
from ._identity import doubted, shown_otherwise
from ._judged import Decided, Pair, pair
from ._tellings import Telling, family, kilometres, lend, sites_in, spots_of, telling

_FAR = 25.0
"""Kilometres, as `near_km` of the weights."""
_I = re.compile(r"\bI\b(?! [A-Z])")
_PRONOUNS = frozenset({"they", "them", "he", "she", "him", "her", "their", "his", "who", "whom"})
_TOLD_TOGETHER = frozenset({"lethal", "facility"})
"""Families of which one sentence tells the parts of one occurrence: a strike, its dead, the hospital that it hit."""


@dataclass(frozen=True, slots=True)
class Told:
    """A telling, why each of its claims stands in it, and the ties that its report's words make or forbid."""

    telling: Telling
    why: Mapping[str, str] = field(default_factory=dict)
    """Claim id → reason, for all but the first."""
    apart: tuple[Pair, ...] = ()
    """Pairs of claims that the report tells as two occurrences."""
    across: tuple[Pair, ...] = ()
    """Pairs of a claim that a copy adds and the original of one that it repeats, where it tells the two as one."""
    doubted: tuple[Pair, ...] = ()
    """Pairs of claims that the report says may be one: they stay two, tied as possibly the same."""


def tell(claims: Sequence[Claim], report: Report | None, copied: Mapping[str, str], ruling: Decided) -> list[Told]:
    """The tellings of one report; `claims` are all that stand of its events, in order, those in `copied` repeat others.

    What people hold apart comes first, then what the report does, then what it ties. What people tie is tied later,
    between whole incidents.
    """
    own = [c for c in claims if c.id not in copied]
    by_id = {c.id: c for c in own}
    cuts: dict[str, set[str]] = defaultdict(set)
    for c in own:
        cuts[c.id].update(ruling.kept_from(c.id))
        for o in _told_apart(c, by_id):
            if o != c.id:
                cuts[c.id].add(o)
                cuts[o].add(c.id)
    turns = told_in_turn(own)
    for a, b in shown_otherwise(own) | turns:
        cuts[a].add(b)
        cuts[b].add(a)
    why: dict[str, str] = {}
    groups = _groups(own, cuts, why)
    doubts = doubted(groups)
    told = []
    facts_of = lend([telling([_own(c) for c in g], report) for g in groups])
    if len(facts_of) == 1 and report is not None:
        # The headline of a report that tells of nothing else is about it; so is all that one who was there writes.
        about = [report.title or "", report.text if _saw_it(own) else ""]
        facts_of = [replace(facts_of[0], sites=facts_of[0].sites | sites_in(about))]
    for group, facts in zip(groups, facts_of):
        apart = {pair(c.id, o) for c in group for o in _told_apart(c, by_id) if o != c.id}
        apart |= {p for p in turns if any(c.id in p for c in group)}
        across = {
            pair(c.id, copied[o])
            for c in group
            for o in c.same_as
            if o in copied and cuts[c.id].isdisjoint((o, copied[o]))
        }
        in_doubt = tuple(sorted(p for p in doubts if any(c.id in p for c in group)))
        reasons = {c.id: why.get(c.id, "one report") for c in group[1:]}
        told.append(Told(facts, reasons, tuple(sorted(apart)), tuple(sorted(across)), in_doubt))
    return told


def _told_apart(c: Claim, by_id: Mapping[str, Claim]) -> list[str]:
    """The claims that its report tells as another occurrence.

    A denial tells of none of its own: it answers one; and what says nothing by itself tells of none either.
    """
    if c.certainty == "denied" or _says_nothing(c):
        return []
    return [
        o for o in c.apart_from if o not in by_id or not (by_id[o].certainty == "denied" or _says_nothing(by_id[o]))
    ]


def _groups(claims: list[Claim], cuts: Mapping[str, set[str]], why: dict[str, str]) -> list[list[Claim]]:
    at = {c.id: i for i, c in enumerate(claims)}
    group = {i: [i] for i in range(len(claims))}
    cut = [{at[o] for o in cuts.get(c.id, ()) if o in at} for c in claims]

    def join(i: int, j: int, reason: str) -> None:
        one, two = group[i], group[j]
        if one is two or any(not cut[m].isdisjoint(two) for m in one):
            return
        # Two towns are two occurrences, however alike the words.
        if any(_far(claims[m], claims[n]) for m in one for n in two):
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
    for i, c in enumerate(claims):
        if c.certainty == "denied" and len(group[i]) == 1:
            answered = [j for j, o in enumerate(claims) if o.certainty != "denied" and _may_answer(c, o)]
            if answered:
                nearest = min(answered, key=lambda j: (abs(claims[j].trigger.start - c.trigger.start), j))
                join(min(i, nearest), max(i, nearest), "a denial of what the report tells")
    for i, c in enumerate(claims):
        if len(group[i]) == 1 and _says_nothing(c):
            kin = [j for j, o in enumerate(claims) if j != i and o.act == c.act and not _says_nothing(o)]
            if kin:
                nearest = min(kin, key=lambda j: (abs(claims[j].trigger.start - c.trigger.start), j))
                join(min(i, nearest), max(i, nearest), "it points to what else the report tells")
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


def _may_answer(denial: Claim, told: Claim) -> bool:
    """Whether a denial may be of this: one kind of act, and no day or town that differs."""
    if family(denial) != family(told) or _far(denial, told):
        return False
    if denial.time is None or told.time is None:
        return True
    (first, last), (first2, last2) = ((c.time.earliest or "", c.time.latest or "9") for c in (denial, told) if c.time)
    return first <= last2 and first2 <= last


def _says_nothing(c: Claim) -> bool:
    """Whether nothing in its sentence could tell it from any other ('How they are taken'): only what it points to."""
    inside = range(c.sentence.start, c.sentence.end)
    return (
        c.certainty != "denied"
        and bool(c.victims)
        and all(v.count is None and v.name is None and v.text.casefold() in _PRONOUNS for v in c.victims)
        and not c.perpetrators
        and not c.means
        and not any(p.start in inside for p in c.places)
        and (c.time is None or c.time.start not in inside)
    )


def _saw_it(claims: Sequence[Claim]) -> bool:
    """Whether it is told in the first person, in nobody else's name: 'I counted eight bodies'."""
    return not any(c.attribution for c in claims) and any(_I.search(c.sentence.text) for c in claims)


def _own(c: Claim) -> Claim:
    """A claim that says nothing by itself without the place that it took from elsewhere in its report."""
    return replace(c, places=()) if c.places and _says_nothing(c) else c


def _far(a: Claim, b: Claim) -> bool:
    """Whether both name towns, and none of the one lies near one of the other."""
    one, two = ([s for s in spots_of(_own(c).places) if s.exact] for c in (a, b))
    return bool(one and two) and all((kilometres(s, t) or 0.0) > _FAR for s in one for t in two)
