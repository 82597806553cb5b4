"""What a report tells of: which of its claims are about the one occurrence that it is written about.

A report names the day and the town once and then speaks of 'the 11', 'the attack', or says that the council counts
fourteen dead: claims of one kin that name no other day and town join the one occurrence that the report dates and
places. Words that point to another occurrence ('three weeks after', 'separately', 'last month') keep a claim out.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from marsad.model import When, codes
from marsad.places import km_between

from ._draft import Draft
from ._syntax import is_verb
from ._tolls import over_a_period

_TOGETHER = frozenset({"lethal", "facility"})
"""Families that one occurrence is told in: a strike, its dead and wounded, the hospital that it hit."""
_ELSEWHERE = re.compile(
    r"\b(?:(?:days?|weeks?|months?|years?) (?:after|before|earlier|later|ago|apart)"
    r"|(?:last|the previous|the past) (?:week|month|year|summer|winter|autumn|spring)"
    r"|separately|separate|elsewhere|meanwhile|previous(?:ly)?|earlier this|another|similar|unrelated|second time"
    r"|other (?:attacks?|incidents?|strikes?|killings?|raids?)|in recent (?:days|weeks|months|years)"
    r"|since (?:the|last|early|late|mid|january|february|march|april|may|june|july|august|september|october|november"
    r"|december|\d{4})|in (?:19|20)\d\d)\b"
)
_FOOTAGE = re.compile(r"\b(?:video|footage|clip|film|recording|images)\b")
_SHOWN = re.compile(r"(?:in|on) (?:the|its|this) (?:[\d-]+\w* )?(?:video|footage|clip|film|recording|images)\b")
_TOWNS = frozenset({"point", "populated_place"})
_HARM = frozenset({"killing", "injury"})
_SOON = 4
"""Sentences within which a report goes on about an occurrence without saying so."""
_FEW, _MANIFOLD = 5, 3
"""A toll that is revised grows to no more than so many and so many times as many; more is another sum."""
_NEWS = 7
"""Days before the last day that a report gives from which an occurrence is background."""
_FAR = 60.0
"""Kilometres between towns from which one occurrence was not in both."""
_CARRIED = "facility in the place named before"


def gather(drafts: list[Draft]) -> None:
    """Tie the claims of a report's one occurrence, and lend its day to those that give none."""
    events = [d for d in drafts if d.kind == "event" and d.act != "threat"]
    groups = _Groups(events)
    days = [d for d in events if _day(d) and _sites(d)]
    for i, d in enumerate(events):
        _date_back(d, events[:i])
    for kin in _kin(events):
        _revised_tolls(kin)
        _one_occurrence(kin, groups, days, [d for d in events if _day(d)])
    _footage_parts(events, groups)
    for members in groups.sets():
        _lend_day(members)


def _date_back(d: Draft, before: list[Draft]) -> None:
    """'The attack came two days after a strike': the day of the attack is that of the occurrence told last."""
    if d.days_before is None or d.time is not None:
        return
    days, start, end = d.days_before
    dated = [day for o in reversed(before) if (day := _day(o)) is not None and not _points_elsewhere(o)]
    told = next((first for first, last in dated if first == last), None)
    if told is not None:
        then = (datetime.date.fromisoformat(told) - datetime.timedelta(days)).isoformat()
        text = d.parsed.text[start - d.parsed.offset : end - d.parsed.offset]
        d.time = When(then, then, start, end, text)
        d.because("time", "so long before the occurrence told last")


def _footage_parts(events: list[Draft], groups: _Groups) -> None:
    """'a video of the execution of four men': the 'two' and 'two others' whom its footage shows are of the four.

    They are parts of the whole told before where they come to no more than it.
    """
    for i, whole in enumerate(events):
        number = _number(whole)
        if whole.act != "killing" or not number or _FOOTAGE.search(whole.parsed.lower) is None:
            continue
        here = whole.parsed.sentence.index
        later = [d for d in events[i + 1 :] if d.act == whole.act and _number(d)]
        parts = [d for d in later if 0 < d.parsed.sentence.index - here <= 2 and _SHOWN.match(d.parsed.lower)]
        if parts and sum(_number(d) for d in parts) <= number:
            for d in parts:
                groups.join(whole, d, "part of what the footage shows")


def _number(d: Draft) -> int:
    return sum(v.count.min or 0 for v in d.victims if v.count is not None and v.part_of is None)


def _kin(events: list[Draft]) -> Iterable[list[Draft]]:
    by: dict[str, list[Draft]] = {}
    for d in events:
        family = codes.ACTS[d.act].family
        by.setdefault("together" if family in _TOGETHER else family, []).append(d)
    return [kin for kin in by.values() if len(kin) > 1]


def _one_occurrence(kin: list[Draft], groups: _Groups, days: list[Draft], dated: list[Draft]) -> None:
    anchors, sites = _anchors(kin)
    for i, a in enumerate(anchors):
        for b in anchors[i + 1 :]:
            if _day(a) == _day(b) and sites(a) & sites(b) and not _points_elsewhere(b):
                groups.join(a, b, "the same day and town")
    lead = anchors[0] if anchors else next((d for d in kin if not d.headline), kin[0])
    told = anchors or [lead]
    new = [(d, a) for d in kin for a in told if d.start > a.start and _brought_in(d, a)]
    _part(new, groups)
    if len({groups.root(a) for a in anchors}) > 1:
        _told_back(kin, anchors, groups)
    else:
        _join_lead(kin, lead, groups, days, dated)
    _part(new, groups)


def _part(new: list[tuple[Draft, Draft]], groups: _Groups) -> None:
    """Keep all of an occurrence that is brought in apart from those told before."""
    for d, told in new:
        for o in groups.of(d):
            if told.id not in o.apart_from and groups.root(o) != groups.root(told):
                o.apart_from.append(told.id)
                told.apart_from.append(o.id)
                o.because("apart_from", "brought in as another occurrence")


def _join_lead(kin: list[Draft], lead: Draft, groups: _Groups, days: list[Draft], dated: list[Draft]) -> None:
    if any(d.start < lead.start and _day(lead) and not _meet(_day(d), _day(lead)) for d in days):
        return  # the report first tells of another day: it is not this that it is written about
    for i, d in enumerate(kin):
        if d is lead or groups.root(d) == groups.root(lead) or not _open(d, lead) or _long_before(d, lead, dated):
            continue
        if any(_elsewhere(o, lead) for o in groups.of(d)):
            continue
        aside = [o for o in reversed(kin[:i]) if groups.root(o) != groups.root(lead)]
        site = next((o for o in aside if _same_site(o, d)), None)
        just = next((o for o in aside if _its_harm(d, o)), None)
        if site is not None:
            groups.join(site, d, "the building told of before")
        elif just is not None and _open(d, just):
            groups.join(just, d, "goes on about the occurrence told last")
        elif not (d.start < lead.start and _brought_in(lead, d)):
            groups.join(lead, d, "the one occurrence that the report tells of")


def _anchors(kin: list[Draft]) -> tuple[list[Draft], Callable[[Draft], set[str]]]:
    """The dated and placed claims of a kin, and what their towns are: names that no gazetteer has count only where the
    first dated claim has no other, and then only those of about its days: what else is dated is background."""
    anchors = [d for d in kin if _day(d) and _towns(d)]
    named = [d for d in kin if _day(d) and (_towns(d) or _unplaced(d))]
    if named and (not anchors or named[0].start < anchors[0].start):
        news = [d for d in named if abs(_apart(d, named[0])) <= _NEWS]
        return news, lambda d: _towns(d) | _unplaced(d)
    return anchors, _towns


def _apart(a: Draft, b: Draft) -> int:
    """Days from the last day of one dated claim to that of another."""
    last, other = (datetime.date.fromisoformat((_day(d) or ("", ""))[1]) for d in (a, b))
    return (other - last).days


def _long_before(d: Draft, lead: Draft, dated: list[Draft]) -> bool:
    """Whether a claim is dated well before the last day that the report gives, and the lead not at all."""
    day = _day(d)
    last = max((x[1] for o in dated if (x := _day(o))), default="") if day and not _day(lead) else ""
    last = max(last, lead.told or "")
    if not day or not last:
        return False
    return (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(day[1])).days > _NEWS


def _same_site(told: Draft, d: Draft) -> bool:
    """'the hospital', after 'an attack on the Nour hospital'."""
    mine = [p for p in d.targets if p.facility and any(c.lower_ == "the" for c in p.head.lefts)]
    return any(p.facility == o.facility and p.core.lower_ == o.core.lower_ for p in mine for o in told.targets)


def _brought_in(d: Draft, lead: Draft) -> bool:
    """'an attack on the Nour hospital': an article and a name of its own bring in another occurrence."""
    new = d.entry.pos == "n" and any(c.lower_ in {"a", "an"} for c in d.token.lefts)
    own = [t for p in d.targets for t in p.head.subtree if t.tag_ == "NNP"]
    told = {t.lower_ for p in lead.targets for t in p.head.subtree} | {p.text.lower() for p in lead.places}
    return new and not lead.headline and bool(own) and not any(t.lower_ in told for t in own)


def _told_back(kin: list[Draft], anchors: list[Draft], groups: _Groups) -> None:
    """Of several occurrences, the one told last before is what 'the toll' or 'the building' is of."""
    for d in kin:
        roots = {groups.root(a) for a in anchors}
        before = [o for o in kin if groups.root(o) in roots and o.parsed.sentence.index < d.parsed.sentence.index]
        if not before or _towns(d):
            continue
        last = before[-1]
        anchor = [a for a in anchors if groups.root(a) == groups.root(last)][-1]
        if _of_those_hurt(d):
            groups.join(anchor, d, "died of those hurt in it")
        elif _day(d) or not _open(d, last):
            continue
        elif _points_back(d):
            groups.join(anchor, d, "points back to the occurrence told last")
        elif _goes_on(d, last) or _its_harm(d, last):
            groups.join(anchor, d, "goes on about the occurrence told last")


def _goes_on(d: Draft, told: Draft) -> bool:
    """'A doctor said more than 50 people had been wounded', 'a girl also died', soon after a strike: harm that was done
    by nobody else, before or beside what was just told."""
    behind = d.parsed.sentence.index - told.parsed.sentence.index
    before = any(c.dep_ == "aux" and c.lower_ == "had" for c in d.token.children)
    also = behind <= _SOON // 2 and any(c.lower_ == "also" for c in d.token.children)
    mine, theirs = {p.id or p.name for p in d.perpetrators}, {p.id or p.name for p in told.perpetrators}
    before = before or d.entry.head == "treat"
    return behind <= _SOON and (before or also) and d.act in _HARM and (not mine or mine == theirs)


def _its_harm(d: Draft, told: Draft) -> bool:
    """'Shells fell on a school. Four people were killed': in the next sentence, done by nobody else."""
    near = d.parsed.sentence.index - told.parsed.sentence.index == 1
    near = near and d.parsed.sentence.paragraph == told.parsed.sentence.paragraph
    theirs = all(p.core.lower_ in {"they", "who"} for p in d.doers)
    return near and d.act in _HARM and told.act not in _HARM and theirs and d.total is None


def _of_those_hurt(d: Draft) -> bool:
    """'five of the injured died', 'one of the wounded died in hospital'."""
    return d.act == "killing" and any(
        t.lower_ in {"injured", "wounded"} and any(c.lower_ == "the" for c in t.lefts)
        for p in d.sufferers
        for t in p.head.subtree
    )


def _points_back(d: Draft) -> bool:
    heads = [
        *([d.token] if d.entry.pos == "n" and not (d.sufferers or d.targets) else []),
        *(p.head for p in d.targets),
        *([d.total] if d.total is not None else []),
        *([d.token] if d.reference else []),
    ]
    return any(c.dep_ == "det" and c.lower_ in {"the", "this", "that"} for h in heads for c in h.children)


def _open(d: Draft, lead: Draft) -> bool:
    """Whether a claim may be of the lead's occurrence: it names no other day or town and points to no other act."""
    if any(v.count is not None and v.count.cumulative for v in d.victims):
        return False
    day, town = _day(d), _towns(d)
    if day and town and not (_day(lead) and _towns(lead)):
        return False
    if day and _day(lead) and not _meet(day, _day(lead)):
        return False
    if d.told and _day(lead) and d.told < str(_day(lead)[0]):  # type: ignore[index]
        return False
    if town and _towns(lead) and not town & _towns(lead):
        return False
    if _unplaced(d) and not _unplaced(d) & _unplaced(lead):
        return False
    return not _far_apart(d, lead) and not _points_elsewhere(d) and not _perfect(d)


def _elsewhere(d: Draft, lead: Draft) -> bool:
    """Whether a claim names another town than the lead, and none of its."""
    mine, theirs = _towns(d), _towns(lead)
    return bool(mine and theirs and not mine & theirs) or _far_apart(d, lead)


def _far_apart(a: Draft, b: Draft) -> bool:
    """Whether all that each sentence names of towns and districts lies too far apart for one occurrence."""
    mine, theirs = _points(a), _points(b)
    return bool(mine and theirs) and min(km_between(x, y) for x in mine for y in theirs) > _FAR


def _points(d: Draft) -> list[tuple[float, float]]:
    s = d.parsed.sentence
    near = (p for p in d.places if p.precision in _TOWNS | {"second_order_division"} and s.start <= p.start < s.end)
    return [(p.lat, p.lon) for p in near if p.lat is not None and p.lon is not None]


def _revised_tolls(kin: list[Draft]) -> None:
    """'By evening the toll had risen to 12', after eleven were told dead: the same toll, later, and no running one."""
    for i, d in enumerate(kin):
        if d.total is None or d.total.dep_ != "nsubj" or over_a_period(d):
            continue
        told = next((n for o in reversed(kin[:i]) if o.act == d.act and (n := _number(o))), 0)
        if 0 < told <= _number(d) <= _FEW + _MANIFOLD * told:
            d.victims = [replace(v, count=v.count and replace(v.count, cumulative=False)) for v in d.victims]
            d.because("victims", "the toll told before, revised")


def _points_elsewhere(d: Draft) -> bool:
    return _ELSEWHERE.search(d.parsed.lower) is not None


def _perfect(d: Draft) -> bool:
    """'has killed hundreds': what has happened at some time, unless the words count the dead of one occurrence."""
    verb = d.token
    while not is_verb(verb) and verb.head.i != verb.i:
        verb = verb.head
    return d.total is None and any(c.dep_ == "aux" and c.lower_ in {"has", "have", "'ve"} for c in verb.children)


def _day(d: Draft) -> tuple[str, str] | None:
    if d.time is None or d.time.earliest is None or d.time.latest is None:
        return None
    return (d.time.earliest[:10], d.time.latest[:10])


def _meet(a: tuple[str, str] | None, b: tuple[str, str] | None) -> bool:
    return a is None or b is None or (a[0] <= b[1] and b[0] <= a[1])


def _towns(d: Draft) -> set[str]:
    """The towns that the claim's own sentence names; a building takes its town from before."""
    s = d.parsed.sentence
    carried = any(r.field == "places" and r.rule == _CARRIED for r in d.why)
    return {
        p.id
        for p in d.places
        if p.id and p.precision in _TOWNS and s.start <= p.start < s.end and not (carried and p.facility)
    }


def _unplaced(d: Draft) -> set[str]:
    """Names of places in the claim's own sentence that no gazetteer has."""
    s = d.parsed.sentence
    return {p.text.lower() for p in d.places if not p.id and not p.facility and s.start <= p.start < s.end}


def _sites(d: Draft) -> set[str]:
    """The places of any size that the claim's own sentence names."""
    s = d.parsed.sentence
    return {p.id for p in d.places if p.id and s.start <= p.start < s.end}


def _lend_day(members: list[Draft]) -> None:
    dated = [d for d in members if _day(d)]
    told = min(dated, key=_length, default=None)
    if told is None or not all(_meet(_day(d), _day(told)) for d in dated):
        return
    for d in members:
        if d.time is None and told.time is not None:
            d.time = told.time
            d.because("time", "when the same occurrence was")


def _length(d: Draft) -> int:
    """How many days the time of a dated draft spans."""
    first, last = _day(d) or ("", "")
    return (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)).days


class _Groups:
    """Sets of drafts that are one occurrence, and what their words tell apart."""

    def __init__(self, events: list[Draft]) -> None:
        self._events = {d.id: d for d in events}
        self._root = {d.id: d.id for d in events}
        for d in events:
            for other in d.same_as:
                if other in self._events:
                    self._unite(d.id, other)

    def root(self, d: Draft) -> str:
        """The name of the set that a draft is in."""
        return self._root[d.id]

    def of(self, d: Draft) -> list[Draft]:
        """The set that a draft is in."""
        return [o for o in self._events.values() if self.root(o) == self.root(d)]

    def sets(self) -> list[list[Draft]]:
        """Every set, in the order of the report."""
        found: dict[str, list[Draft]] = {}
        for d in self._events.values():
            found.setdefault(self._root[d.id], []).append(d)
        return list(found.values())

    def join(self, a: Draft, b: Draft, rule: str) -> None:
        """Tie two drafts, unless words tell some of their sets apart."""
        if self.root(a) == self.root(b):
            return
        one = [d for d in self._events.values() if self.root(d) == self.root(a)]
        two = [d for d in self._events.values() if self.root(d) == self.root(b)]
        names = {d.id for d in two}
        if any(names & set(d.apart_from) for d in one):
            return
        self._unite(a.id, b.id)
        a.same_as.append(b.id)
        b.same_as.append(a.id)
        b.because("same_as", rule)

    def _unite(self, a: str, b: str) -> None:
        gone, kept = self._root[b], self._root[a]
        for x, root in self._root.items():
            if root == gone:
                self._root[x] = kept
