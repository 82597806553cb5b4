"""What a release must not give away: whose names, and which incidents are told only coarsely."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources

from ..model import Actor, Claim, Incident
from ..review import Review
from ..text import fold
from ._names import Guard

_DATA = json.loads(resources.files(__package__).joinpath("people.json").read_text(encoding="utf-8"))
_ORGANISATIONS, _HEADS, _UNNAMED = (frozenset(map(fold, _DATA[k])) for k in ("organisations", "heads", "unnamed"))
_FINE = ("point", "populated_place", "second_order_division")


def guarded_names(review: Review, profile_names: str) -> Guard:
    """The names of children, and of everyone harmed in a claim that nobody accepted or whose age is not said.

    Rejected claims count too: what was wrong about an act may be right about a name. Under 'adults' only the names of
    children are guarded: a child's identity never leaves the case, whoever it is released to.
    """
    if profile_names == "adults":
        return Guard.of(_children(review))
    names: set[str] = set()
    free: set[str] = set()
    for reviewed in review.all():
        for claim in (reviewed.machine, reviewed.claim):
            for actor in claim.victims:
                kept = approved(actor, reviewed.verdict)
                (free if kept else names).update(_names_of(actor))
            names.update(n for p in claim.perpetrators if p.children for n in _names_of(p))
            # A relative or witness who is named leads to the child as surely as the child's own name.
            kinds = ("witness", "victim", "unnamed", "medic")
            names.update(a.source for a in claim.attribution if a.kind in kinds and _looks_named(a.source))
    return Guard.of(names - (free - _children(review)))


def approved(actor: Actor, verdict: str | None) -> bool:
    """Whether a victim's name may leave the case: an adult, by the words, in a claim that a person accepted."""
    return verdict == "accept" and actor.children is False


def child(actor: Actor) -> bool:
    """Whether someone is a child by the words, or may be one by the age given."""
    return bool(actor.children) or (actor.age is not None and actor.age.min is not None and actor.age.min < 18)


def involves_child(claims: Iterable[Claim]) -> bool:
    """Whether any victim, or any perpetrator (a child made to act), is a child or might be one by the age given."""
    return any(child(a) for c in claims for a in (*c.victims, *c.perpetrators))


def reports_of_children(review: Review) -> frozenset[str]:
    """Reports with a claim that involves a child: what the machine did not take for a name may be the child's all the
    same, and who accepts that a child was killed has not approved that it be named."""
    return frozenset(r.claim.report for r in review.all() if involves_child((r.machine, r.claim)))


def coarse_incidents(incidents: Sequence[Incident], claims: Mapping[str, Claim]) -> frozenset[str]:
    """Ids of the incidents whose place and time are coarsened: those with a child; those told in one report with such
    a one at the same place or day; and those possibly the same. Given exactly, they would give the child's away."""
    told = {i.id: [claims[c] for c in i.claims if c in claims] for i in incidents}
    with_child = {i for i, cs in told.items() if involves_child(cs)}
    by_report: dict[str, set[str]] = defaultdict(set)
    for i, cs in told.items():
        for c in cs:
            by_report[c.report].add(i)
    beside = {
        other
        for i in with_child
        for c in told[i]
        for other in by_report[c.report]
        if _share_place_or_day(told[i], told[other])
    }
    beside |= {other for i in incidents if i.id in with_child for other, _, _ in i.possibly_same}
    beside |= {i.id for i in incidents if any(other in with_child for other, _, _ in i.possibly_same)}
    return frozenset(with_child | (beside & told.keys()))


def _share_place_or_day(one: Sequence[Claim], other: Sequence[Claim]) -> bool:
    places = [{p.id for c in cs for p in c.places if p.id and p.precision in _FINE} for cs in (one, other)]
    days = [{c.time.earliest for c in cs if c.time and c.time.earliest == c.time.latest} for cs in (one, other)]
    return bool(places[0] & places[1] or (days[0] & days[1]) - {None})


def _children(review: Review) -> set[str]:
    actors = (a for r in review.all() for c in (r.machine, r.claim) for a in (*c.victims, *c.perpetrators))
    return {n for a in actors if child(a) for n in _names_of(a)}


def _names_of(actor: Actor) -> list[str]:
    return [actor.name] if actor.name and actor.id is None and not _of_an_organisation(actor.name) else []


def _looks_named(source: str) -> bool:
    own = [w for w in source.split() if w[:1].isupper() or not w.isascii()]
    return any(fold(w) not in _UNNAMED for w in own) and not _of_an_organisation(source)


def _of_an_organisation(name: str) -> bool:
    """Whether a name of several words is an armed party's, an outlet's or an office's: soldiers are harmed under the
    name of their force, and 'Eastern Wire' may be who saw it."""
    words = [fold(w) for w in name.split()]
    return len(words) > 1 and (words[-1] in _ORGANISATIONS or words[0] in _HEADS)
