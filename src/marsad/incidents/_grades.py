"""Grades of one incident by rules of other bodies, each explained in words. None is a verification: people verify."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad.model import Claim, Incident, Origin, Report, codes

from ._words import data, party

_FILE = "grades.json"


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and why, in words."""

    scheme: str
    """'airwars' or 'ibc'."""
    code: str
    why: str
    origins: tuple[str, ...] = ()
    """Ids of the origins that it rests on."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the MRM gate: whether the claims give it, why, and the claims that do."""

    code: str
    """One of 'conflict_link', 'victim_under_18', 'party'."""
    met: bool
    why: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grades:
    """All grades of one incident."""

    airwars: Grade
    ibc: Grade
    elements: tuple[Element, ...]
    violations: tuple[str, ...]
    """MRM codes that its claims may amount to."""


def grades(
    incident: Incident,
    claims: Mapping[str, Claim] | Sequence[Claim],
    reports: Mapping[str, Report],
    *,
    conflict: str | None = None,
) -> Grades:
    """The incident's grades under Airwars and Iraq Body Count, and the MRM elements met and lacking.

    `conflict` names the conflict that the case documents; without it no link to one can be met.
    """
    by_id = claims if isinstance(claims, Mapping) else {c.id: c for c in claims}
    mine = [by_id[c] for c in incident.claims if c in by_id]
    violations = sorted({v for c in mine if c.certainty != "denied" for v in c.violations}, key=_violation_rank)
    return Grades(_airwars(incident, mine), _ibc(incident, mine), elements(mine, conflict), tuple(violations))


def elements(claims: Sequence[Claim], conflict: str | None = None) -> tuple[Element, ...]:
    """The MRM gate over the claims of one incident: a link to the conflict, a victim under 18, a party.

    The link is met where the case names its conflict and a claim names a party to it or a means of war.
    """
    told = [c for c in claims if c.certainty != "denied"]
    rules = data(_FILE)
    armed = [c for c in told if any(a.kind in rules["parties"] for a in c.perpetrators)]
    # For a facility the violation is the attack itself, and no victim's age is asked.
    facility = [
        c for c in told for v in c.violations if codes.GRAVE_VIOLATIONS.get(v, {}).get("counted_by") == "violations"
    ]
    young = [c for c in told if any(_under_18(c, i) for i in range(len(c.victims))) or _child_used(c)]
    war = [c for c in told if any(m.code in rules["means_of_war"] for m in c.means) or c.act in rules["acts_of_war"]]
    linked = _unique([*armed, *war])
    return (
        Element(
            "conflict_link",
            bool(linked) and bool(conflict),
            "the case names no conflict in its settings"
            if not conflict
            else f"a party or a means of war of the conflict '{conflict}' is named"
            if linked
            else "no claim names a state force, an armed group, or a means of war",
            linked,
        ),
        Element(
            "victim_under_18",
            bool(young or facility),
            "a claim gives a victim under 18"
            if young
            else "an attack on a school or hospital, or denial of aid, is a violation whatever the victims' age"
            if facility
            else "no claim gives a victim's age or says that one was a child",
            _unique([*young, *facility]),
        ),
        Element(
            "party",
            bool(armed),
            "a claim names a state force or an armed group as perpetrator"
            if armed
            else "no claim names a state force or an armed group as perpetrator",
            _unique(armed),
        ),
    )


def credible(origin: Origin) -> bool:
    """Not the perpetrator nor a party to the conflict: their own word alone settles nothing."""
    return origin.kind not in data(_FILE)["interested"]


def _airwars(incident: Incident, mine: list[Claim]) -> Grade:
    told = [c for c in mine if c.certainty != "denied"]
    ids = {c.id for c in told}
    held = [o for o in incident.origins if ids & set(o.claims)]
    own = [o for o in held if o.kind == "perpetrator"]
    others = [o for o in held if credible(o)]
    named = {o.id: _parties(o, told) for o in held}
    sides = [p for p in named.values() if p]
    statuses = {a.status for c in told for a in c.victims}
    if statuses and statuses <= {"combatant"}:
        return _grade("airwars", "discounted", held)
    if any(a.isdisjoint(b) for n, a in enumerate(sides) for b in sides[n + 1 :]):
        return _grade("airwars", "contested", held)
    if own and others:
        return _grade("airwars", "confirmed", [*own, *others])
    if len(others) >= 2:
        return _grade("airwars", "fair", others)
    return _grade("airwars", "weak", held)


def _ibc(incident: Incident, mine: list[Claim]) -> Grade:
    told = {c.id for c in mine if c.certainty != "denied"}
    others = [o for o in incident.origins if credible(o) and told & set(o.claims)]
    return _grade("ibc", "two_origins" if len(others) >= 2 else "provisional", others)


def _grade(scheme: str, code: str, held: Sequence[Origin]) -> Grade:
    why = data(_FILE)[scheme][code]
    sources = ", ".join(dict.fromkeys(o.source for o in held)) or "none"
    return Grade(scheme, code, f"{why} (origins: {sources})", tuple(o.id for o in held))


def _parties(origin: Origin, told: Sequence[Claim]) -> frozenset[str]:
    return frozenset(p for c in told if c.id in origin.claims for a in c.perpetrators if (p := party(a)))


def _under_18(claim: Claim, i: int) -> bool:
    a = claim.victims[i]
    return a.children is True or (a.age is not None and a.age.max is not None and a.age.max < 18)


def _child_used(claim: Claim) -> bool:
    """A child who is made to act is the victim of its use, wherever the claim lists it."""
    return "recruitment" in claim.violations and any(a.children is True for a in claim.perpetrators)


def _unique(claims: Sequence[Claim]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.id for c in claims))


def _violation_rank(code: str) -> tuple[int, str]:
    order = [*codes.GRAVE_VIOLATIONS, *codes.BESIDE_VIOLATIONS]
    return (order.index(code) if code in order else len(order)), code
