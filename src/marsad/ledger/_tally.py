"""Incidents to a ledger: a range for each harm and group of each incident, and totals that say what they assume."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from marsad.model import Claim, Incident, Report, codes

from ._figures import Aside, Basis, Key, figures
from ._policies import Policy, Ranged, interested, policy_named
from ._question import Question

Read = tuple[dict[Key, list[Basis]], list[Aside]]
"""What the origins of one incident say, and the claims set aside."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one incident: how many of a group were harmed, the rule, and the claims that it rests on."""

    incident: str
    harm: str
    group: str
    """One of `codes.GROUPS`, or 'total'."""
    min: int | None
    max: int | None
    """None: open, or not said."""
    best: int | None
    rule: str
    claims: tuple[str, ...]
    bases: tuple[Basis, ...]
    """What every origin says, used or not."""
    used: tuple[str, ...]
    """Ids of the origins whose figures the policy took."""


@dataclass(frozen=True, slots=True)
class Total:
    """One figure over all incidents asked for."""

    harm: str
    group: str
    min: int
    max: int | None
    """None where an incident's most is open."""
    best: int | None
    incidents: int
    open: int
    """How many incidents have an open end, or no number at all."""
    most_said: int
    """The sum of the highest figures that are said; the top where nothing is open."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Incidents that may be one: what a total counts of them if they are, and if each is its own."""

    incidents: tuple[str, ...]
    harm: str
    as_one: tuple[int, int | None]
    """(least, most) if they are one: by the policy, over what the origins of all of them say."""
    apart: tuple[int, int | None]


@dataclass(frozen=True)
class Ledger:
    """Counted ranges, the policy that made them, and what the totals assume. Replay it with the same claims."""

    policy: str
    rule: str
    question: Question
    cells: tuple[Cell, ...]
    sums: tuple[Total, ...]
    assumptions: tuple[str, ...]
    aside: tuple[tuple[str, tuple[Aside, ...]], ...] = ()
    """(incident id, the claims that none of its figures counts, and why)."""
    doubts: tuple[Doubt, ...] = ()
    """Incidents of doubtful identity, counted both ways; a total's range spans the two."""

    def figure(self, incident: str, harm: str, group: str = "total") -> Cell | None:
        """One figure of one incident; None where nothing is said."""
        return next((c for c in self.figures(incident) if (c.harm, c.group) == (harm, group)), None)

    def figures(self, incident: str) -> tuple[Cell, ...]:
        """Every figure of one incident: by harm, the total first."""
        return self._by_incident.get(incident, ())

    def all_figures(self) -> tuple[Cell, ...]:
        """Every figure of every incident asked for."""
        return self.cells

    def totals(self) -> tuple[Total, ...]:
        """The figures over all incidents asked for, by harm and group."""
        return self.sums

    @functools.cached_property
    def _by_incident(self) -> dict[str, tuple[Cell, ...]]:
        found: dict[str, list[Cell]] = defaultdict(list)
        for c in self.cells:
            found[c.incident].append(c)
        return {i: tuple(rows) for i, rows in found.items()}

    def explain(self, incident: str, harm: str, group: str = "total") -> tuple[str, ...]:
        """One figure in words, a line an origin, and the claims set aside."""
        cell = self.figure(incident, harm, group)
        if cell is None:
            return ()
        lines = [cell.rule]
        for b in cell.bases:
            taken = "counts" if b.origin in cell.used else "does not decide"
            lines.append(f"{b.source} ({b.kind}): {shown(b.min, b.max)}, «{b.words}», {b.rule}; {taken}")
        lines += [f"claim {a.claim} set aside: {a.why}" for i, rows in self.aside if i == incident for a in rows]
        return tuple(lines)


def tally(
    incidents: Sequence[Incident],
    claims: Mapping[str, Claim] | Sequence[Claim],
    reports: Mapping[str, Report],
    *,
    policy: str = "range",
    where: Question | None = None,
    statuses: Mapping[str, str] | None = None,
    read: Mapping[str, Read] | None = None,
) -> Ledger:
    """Count the incidents that `where` asks for, under a named policy. `claims` are the standing ones (as reviewed).

    `read` holds what `read_figures` gave for the same incidents, where they are counted under several policies.
    Raises MarsadError for a policy that does not exist.
    """
    rule = policy_named(policy)
    where = where or Question()
    by_id = claims if isinstance(claims, Mapping) else {c.id: c for c in claims}
    cells: list[Cell] = []
    told: dict[str, dict[Key, list[Basis]]] = {}
    aside: list[tuple[str, tuple[Aside, ...]]] = []
    asked = []
    for incident in incidents:
        mine = [by_id[c] for c in incident.claims if c in by_id]
        if not mine or not where.asks_for(incident, mine, reports, statuses or {}):
            continue
        asked.append(incident)
        said = (read or {}).get(incident.id) or figures(incident, by_id, reports)
        told[incident.id], left = _counted(said, rule, where)
        if left:
            aside.append((incident.id, tuple(left)))
        cells += _cells(incident.id, said[0], told[incident.id], rule)
    groups = _tied(asked)
    sums, assumptions = _totals(groups, cells, told, rule)
    doubts = tuple(_doubts(groups, cells, told, rule))
    return Ledger(policy, rule.rule, where, tuple(cells), sums, assumptions, tuple(aside), doubts)


def shown(low: int | None, high: int | None) -> str:
    """A range in words."""
    if low is None:
        return "no number" if high is None else f"up to {high}"
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"{low} to {high}"


def read_figures(
    incidents: Sequence[Incident], claims: Mapping[str, Claim], reports: Mapping[str, Report]
) -> dict[str, Read]:
    """Incident id → what its origins say, before any policy: for `tally`."""
    return {i.id: figures(i, claims, reports) for i in incidents}


def _counted(read: Read, policy: Policy, where: Question) -> tuple[dict[Key, list[Basis]], list[Aside]]:
    found, aside = read
    if policy.presume_civilian:
        found = _presume_civilian(found)
    kept = {
        key: bases
        for key, bases in found.items()
        if (policy.harms is None or key[0] in policy.harms)
        and (where.harm is None or key[0] == where.harm)
        and (where.group is None or key[1] == where.group)
    }
    return dict(sorted(kept.items(), key=lambda k: _rank(k[0]))), aside


def _presume_civilian(found: Mapping[Key, list[Basis]]) -> dict[Key, list[Basis]]:
    """People of unknown status among the civilians: each origin's total without those whom it calls combatants."""
    result = dict(found)
    for harm in {h for h, _ in found}:
        fighters = {b.origin: b for b in found.get((harm, "combatants"), ())}
        rows = []
        for b in found.get((harm, "total"), ()):
            f = fighters.get(b.origin)
            if f is None:
                rows.append(replace(b, rule=f"{b.rule}; presumed civilians"))
                continue
            low = None if b.min is None else max(0, b.min - (f.max if f.max is not None else b.min))
            high = None if b.max is None else max(low or 0, b.max - (f.min or 0))
            rows.append(replace(b, min=low, max=high, rule=f"{b.rule}; without those called combatants"))
        if rows:
            result[harm, "civilians"] = rows
            result.pop((harm, "unknown"), None)
    return result


def _cells(
    incident: str, found: Mapping[Key, Sequence[Basis]], told: dict[Key, list[Basis]], policy: Policy
) -> Iterator[Cell]:
    """A cell for each key of `told`, which loses the groups that only a party speaks of where others give the toll.

    A group is no larger than everybody: an open end of it takes the most of the total.
    """
    wholes = {harm: policy.count(found[harm, "total"]) for harm in {h for h, _ in told} if (harm, "total") in found}
    for key in list(told):
        whole = wholes.get(key[0])
        if key[1] != "total" and whole is not None and not any(interested(b) for b in whole.used):
            told[key] = [b for b in told[key] if not interested(b)]
            if not told[key]:
                del told[key]
                continue
        cell = _cell(incident, key, told[key], policy)
        top = whole.max if whole is not None else None
        if key[1] != "total" and cell.max is None and cell.min is not None and top is not None and cell.min <= top:
            cell = replace(cell, max=top, rule=f"{cell.rule} A group is no larger than everybody.")
        yield cell


def _cell(incident: str, key: Key, bases: Sequence[Basis], policy: Policy) -> Cell:
    ranged = policy.count(bases)
    return Cell(
        incident,
        key[0],
        key[1],
        ranged.min,
        ranged.max,
        ranged.best,
        policy.rule,
        tuple(dict.fromkeys(c for b in ranged.used for c in b.claims)),
        tuple(bases),
        tuple(dict.fromkeys(b.origin for b in ranged.used)),
    )


def _doubts(
    groups: Mapping[str, frozenset[str]],
    cells: Sequence[Cell],
    told: Mapping[str, Mapping[Key, list[Basis]]],
    policy: Policy,
) -> Iterator[Doubt]:
    of: dict[tuple[frozenset[str], str], list[Cell]] = defaultdict(list)
    for c in cells:
        if c.group == "total" and len(groups[c.incident]) > 1:
            of[groups[c.incident], c.harm].append(c)
    for (group, harm), held in of.items():
        one = _together(group, (harm, "total"), told, policy)
        tops = [c.max for c in held]
        most = None if None in tops else sum(t or 0 for t in tops)
        as_one = one.min or 0, one.max
        yield Doubt(tuple(sorted(group)), harm, as_one, (sum(c.min or 0 for c in held), most))


def _together(group: Iterable[str], key: Key, told: Mapping[str, Mapping[Key, list[Basis]]], policy: Policy) -> Ranged:
    """One figure over what the origins of all these incidents say, as if they were one."""
    return policy.count([b for i in sorted(group) for b in told.get(i, {}).get(key, ())])


def _totals(
    groups: Mapping[str, frozenset[str]],
    cells: Sequence[Cell],
    told: Mapping[str, Mapping[Key, list[Basis]]],
    policy: Policy,
) -> tuple[tuple[Total, ...], tuple[str, ...]]:
    by_key: dict[Key, list[Cell]] = defaultdict(list)
    for c in cells:
        by_key[c.harm, c.group].append(c)
    sums = tuple(_total(key, by_key[key], groups, told, policy) for key in sorted(by_key, key=_rank))
    assumptions = ["Each incident's people are counted once, and nobody was harmed in two incidents."]
    tied = sum(len(g) for g in set(groups.values()) if len(g) > 1)
    if tied:
        assumptions.append(
            f"{tied} incidents may be the same as another: the least counts those as one, the most as apart."
        )
    silent = len({c.incident for c in cells if c.group == "total" and c.min is None})
    if silent:
        assumptions.append(f"{silent} incidents give no number: they add nothing to the least and leave the most open.")
    return sums, tuple(assumptions)


def _total(
    key: Key,
    cells: Sequence[Cell],
    groups: Mapping[str, frozenset[str]],
    told: Mapping[str, Mapping[Key, list[Basis]]],
    policy: Policy,
) -> Total:
    least = most = best = said = 0
    is_open = 0
    seen: set[frozenset[str]] = set()
    least_of = {c.incident: c.min or 0 for c in cells}
    for c in cells:
        most += c.max or 0
        said += c.max if c.max is not None else c.min or 0
        best += c.best or 0
        is_open += c.max is None
        group = groups[c.incident]
        if group in seen:
            continue
        seen.add(group)
        apart = sum(least_of.get(i, 0) for i in group)
        least += min(apart, _together(group, key, told, policy).min or 0) if len(group) > 1 else apart
    top = None if is_open else max(most, least)
    return Total(key[0], key[1], least, top, best if policy.name == "ucdp" else None, len(cells), is_open, said)


def _tied(incidents: Sequence[Incident]) -> dict[str, frozenset[str]]:
    """Incident id → those that it may be the same as, itself with them."""
    group: dict[str, set[str]] = {i.id: {i.id} for i in incidents}
    for i in incidents:
        for other, _, _ in i.possibly_same:
            if other in group and group[other] is not group[i.id]:
                joined = group[i.id] | group[other]
                for x in joined:
                    group[x] = joined
    return {i: frozenset(g) for i, g in group.items()}


def _rank(key: Key) -> tuple[int, int]:
    order = ("total", *codes.GROUPS)
    return codes.HARMS.index(key[0]) if key[0] in codes.HARMS else 99, order.index(key[1])
