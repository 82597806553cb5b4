"""The second half of linking anew what changed: the incidents that it touches, grouped again.

Which tellings come to stand together is decided best tie first. Incidents between which no tie reached what joining
takes, or every one that did was refused, did not bear on one another, so they would come out the same by themselves. So
the incidents that a change touches are grouped again beside those that a strong tie leads to; where they join none of
these, nothing else can change, and where they do, those are touched too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from marsad.model import Claim, Incident
from marsad.store import LinkClaim, LinkTelling, Session

from ._cluster import Edge
from ._compare import Weights, thousandths
from ._field import Field, clusters, in_order, merged
from ._incident import incident
from ._recompare import Compared, days
from ._record import from_text, to_text
from ._retell import Retold
from ._within import Told

ById = Callable[[Collection[str]], Sequence[Claim]]
"""Claims by their ids, as people corrected them."""
Tie = tuple[str, float, str]
"""(incident, score, reason): one that may be the same."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What is otherwise than when the incidents were grouped."""

    retold: Retold
    removed: Mapping[int, LinkTelling]
    added: Mapping[int, Told]
    compared: Compared


@dataclass(slots=True)
class Regrouped:
    """What became of the incidents that the change touches."""

    changed: dict[str, Incident] = field(default_factory=dict)
    """Those that are new or made again, without their doubtful ties."""
    gone: set[str] = field(default_factory=set)
    ties: dict[str, tuple[Tie, ...]] = field(default_factory=dict)
    """The doubtful ties of those that were touched, as they were."""
    told: dict[int, Told] = field(default_factory=dict)
    """The tellings that were read."""


def regroup(
    s: Session,
    retold: Retold,
    removed: Mapping[int, LinkTelling],
    added: Mapping[int, Told],
    compared: Compared,
    claims: ById,
    weights: Weights,
) -> Regrouped:
    """Group the touched incidents again, keep them, and give those that changed."""
    change = _Change(retold, removed, added, compared)
    near = _Near(s, change, weights)
    touched = near.closed(_touched(s, near, change))
    rows = {r.id: r for r in s.linking.tellings_in(touched) if r.id not in removed}
    for t, told in added.items():
        was = removed[t].incident if t in removed else ""
        rows[t] = row_of(t, told, was)
    while True:
        beside = near.beside(rows, touched)
        field_, places, order = near.field({**rows, **beside})
        found = clusters(field_, retold.ruling, weights)
        inside = [t in rows for t in order]
        joined = {beside[order[i]].incident for g in found if any(inside[i] for i in g) for i in g if not inside[i]}
        if not joined:
            break
        more = near.closed(touched | joined) - touched
        touched |= more
        rows |= {r.id: r for r in s.linking.tellings_in(more) if r.id not in removed and r.id not in rows}
    groups = merged(field_, [g for g in found if inside[g[0]]], retold.ruling)
    return _keep(s, _Grouped(rows, field_, places, order, groups), touched, change, claims, weights, near.told)


@dataclass(frozen=True, slots=True)
class _Grouped:
    """The touched tellings in groups."""

    rows: Mapping[int, LinkTelling]
    field: Field
    places: Mapping[str, LinkClaim]
    order: Sequence[int]
    """The tellings of the field."""
    groups: Sequence[Sequence[int]]


def _keep(
    s: Session,
    made: _Grouped,
    touched: Collection[str],
    change: _Change,
    claims: ById,
    weights: Weights,
    told: dict[int, Told],
) -> Regrouped:
    rows, field_, retold = made.rows, made.field, change.retold
    held = dict.fromkeys(set(touched) - {""}, frozenset[str]()) | s.linking.members(set(touched) - {""})
    dirty = _dirty(rows, told, change)
    parted = {r.incident for r in change.removed.values()} | {rows[t].incident for t in retold.moved if t in rows}
    result = Regrouped(gone=set(held), ties=s.incidents.ties(held), told=told)
    sets = [set(field_.members(group)) for group in made.groups]
    anchors = ["i" + min((made.places[c] for c in mine), key=lambda c: c.at).claim for mine in sets]
    fresh = [
        n
        for n, mine in enumerate(sets)
        if held.get(anchors[n]) != mine or anchors[n] in parted or not mine.isdisjoint(dirty)
    ]
    by_id = {c.id: c for c in claims({c for n in fresh for c in sets[n]})}
    reports = {r.id: r for r in s.reports.many({c.report for c in by_id.values()})}
    result.gone -= set(anchors) - {anchors[n] for n in fresh}
    for n in fresh:
        # Claims of reports that wait to be linked again may be gone already.
        there = sets[n] & by_id.keys()
        anchors[n] = ""
        if there:
            one = incident(field_, made.groups[n], there, by_id, reports, retold.ruling, weights)
            result.changed[one.id] = one
            anchors[n] = one.id
    kept = [replace(rows[made.order[t]], incident=anchors[n]) for n, group in enumerate(made.groups) for t in group]
    result.gone -= result.changed.keys()
    s.linking.put_tellings([r for r in kept if r.id in change.added])
    s.linking.move_tellings([r for r in kept if r != rows[r.id] and r.id not in change.added])
    return result


def row_of(t: int, told: Told, incident: str) -> LinkTelling:
    """A telling as it is kept."""
    first, last = days(told.telling) or (None, None)
    return LinkTelling(t, told.telling.report, incident, first, last, to_text(told))


def _touched(s: Session, near: _Near, change: _Change) -> set[str]:
    """The incidents whose tellings, or the ties between them, are not what they were when they were grouped."""
    retold = change.retold
    # A pair may be both, where one of the two changed.
    pairs = [*change.compared.gained.items(), *change.compared.dropped.items()]
    spoken = {c for p in retold.judged for c in p} | {c for t in change.added.values() for p in t.across for c in p}
    ends = {t for p, score in pairs if score >= near.join for t in p} | retold.moved
    ends |= {c.telling for c in s.linking.claims(spoken | retold.touched)}
    weak = {p for p, score in pairs if score < near.join}
    home = {t: i for t, (i, _) in s.linking.homes(ends | {t for p in weak for t in p}).items()}
    touched = {r.incident for r in change.removed.values()} | {home[t] for t in ends if t in home}
    between = {(home[a], home[b]) for a, b in weak if a in home and b in home}
    touched |= {a for a, b in between if a == b}
    # A weak pair between two that stay bears on them where a strong one can bring them together.
    loose = {p for p in between if touched.isdisjoint(p)}
    if loose:
        ruled = near.ruled.keys()
        tied = s.linking.tied({i for p in loose for i in p}, near.join)
        touched |= {i for a, b in loose if {(a, b), (b, a)} & tied or (a in ruled and b in ruled) for i in (a, b)}
    return touched


class _Near:
    """What is read around the change, each telling once."""

    def __init__(self, s: Session, change: _Change, weights: Weights) -> None:
        self._s = s
        self._added = change.added
        self.join = thousandths(weights.join)
        self.told = dict(change.added)
        self._strong: dict[int, set[int]] = {}
        """Telling → those to which a strong tie leads, of those whose ties were read."""
        self.ruled = self._ruled(change.retold)

    def _ruled(self, retold: Retold) -> dict[str, set[str]]:
        """Incident → incidents that hold what people tied to or held apart from a claim of it; '+' are new tellings."""
        pairs = {*retold.ruling.together, *retold.ruling.apart}
        home = self._home({c for p in pairs for c in p}) if pairs else {}
        found: dict[str, set[str]] = defaultdict(set)
        for a, b in pairs:
            if a in home and b in home:
                found[home[a]].add(home[b])
                found[home[b]].add(home[a])
        return found

    def _home(self, claims: Collection[str]) -> dict[str, str]:
        telling = {c.claim: c.telling for c in self._s.linking.claims(claims)}
        home = self._s.linking.homes(set(telling.values()) - self._added.keys())
        return {c: "+" if t in self._added else home[t][0] for c, t in telling.items() if t in home or t in self._added}

    def closed(self, incidents: Collection[str]) -> set[str]:
        """These and all that people's decisions lead to: a cluster that people divided or moved is whole again."""
        found, ahead = set(incidents) | {"+"}, set(incidents) | {"+"}
        while ahead:
            ahead = {o for i in ahead for o in self.ruled.get(i, ())} - found
            found |= ahead
        return found - {"+"}

    def beside(self, rows: Mapping[int, LinkTelling], touched: Collection[str]) -> dict[int, LinkTelling]:
        """The tellings of other incidents to which a strong tie leads."""
        new = [t for t in rows if t not in self._strong]
        self._strong |= {t: set() for t in new}
        for one, two in self._s.linking.strong(new, self.join):
            self._strong[one].add(two)
        far = {b for a in rows for b in self._strong[a] if b not in rows}
        others = self.closed({i for i, _ in self._s.linking.homes(far).values()}) - set(touched)
        return {r.id: r for r in self._s.linking.tellings_in(others) if r.id not in rows}

    def field(self, rows: Mapping[int, LinkTelling]) -> tuple[Field, dict[str, LinkClaim], list[int]]:
        """The field of these tellings, where its claims stand, and the tellings in its order."""
        for t, r in rows.items():
            if t not in self.told:
                self.told[t] = from_text(r.body)
        places = {c.claim: c for c in self._s.linking.told_in(rows.keys())}
        order = sorted(rows, key=lambda t: places[self.told[t].telling.id].at)
        index = {t: n for n, t in enumerate(order)}
        scores: dict[Edge, int] = {}
        for a, b, score in self._s.linking.within(rows.keys()):
            scores[in_order(index[a], index[b])] = score
        of = {c: index[p.telling] for c, p in places.items()}
        echoes = {c: p.original for c, p in places.items() if p.original is not None}
        return Field([self.told[t] for t in order], dict(sorted(scores.items())), of, echoes), places, order


def _dirty(rows: Mapping[int, LinkTelling], told: Mapping[int, Told], change: _Change) -> set[str]:
    """Claims of which the incident must be made again, though it may hold the same ones."""
    dirty = change.retold.touched | {c for p in change.retold.judged for c in p}
    for a, b in (*change.compared.gained, *change.compared.dropped):
        if a in rows and b in rows and rows[a].incident == rows[b].incident:
            dirty |= set(told[a].telling.claims)
    return dirty
