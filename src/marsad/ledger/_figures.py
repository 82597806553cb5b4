"""What each origin of an incident says, once: copies folded, parts inside wholes, the latest revision standing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from marsad.incidents import (
    Figure,
    headcount,
    names_someone,
    taken_back,
    tells_later_death,
    tells_new_total,
)
from marsad.model import Claim, Incident, Origin, Report

Key = tuple[str, str]
"""(harm, group)."""

_DISJOINT = ("children", "women", "men")


@dataclass(frozen=True, slots=True)
class Basis:
    """One origin's figure for one harm and group, with the claims and the words behind it."""

    origin: str
    source: str
    kind: str
    min: int | None
    max: int | None
    words: str
    claims: tuple[str, ...]
    rule: str
    published: str | None = None
    numbered: bool = True
    """False where its words give no number ('men', 'a family')."""
    part: bool = False
    """Its source speaks of some of those harmed alone: of the children, of one man, of 'three of those taken'."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A claim that no figure of its incident counts, and why."""

    claim: str
    why: str


def figures(
    incident: Incident, claims: Mapping[str, Claim], reports: Mapping[str, Report]
) -> tuple[dict[Key, list[Basis]], list[Aside]]:
    """(harm, group) → what each origin says, and the claims set aside.

    A copy or repost adds nothing, whatever it says. Of one origin's reports the latest with a number stands.
    """
    found: dict[Key, list[Basis]] = defaultdict(list)
    aside: list[Aside] = []
    later: list[tuple[str, _Told]] = []
    backs: list[_TakenBack] = []
    tellings = [(o, _told(o, claims, reports, aside, backs)) for o in incident.origins]
    backs += _said_of_it(incident, claims, reports)
    dead_later = {(t.report, t.figure.min) for _, told in tellings for t in told if t.later_death}
    for origin, all_told in tellings:
        told = _not_dead_later(_not_taken_back(origin, all_told, backs, aside), dead_later, aside)
        deaths = [t for t in told if t.later_death]
        later += [(origin.id, t) for t in deaths]
        by_key: dict[Key, list[_Told]] = defaultdict(list)
        for t in told:
            if not t.later_death:
                by_key[t.figure.harm, t.figure.group].append(t)
        for key in sorted(by_key):
            found[key].append(_stand(origin, key, by_key))
        for t in deaths:
            key = (t.figure.harm, t.figure.group)
            if key not in by_key:
                found[key].append(_basis(origin, [t], t.figure.min, t.figure.max))
                by_key[key] = [t]
    if later:
        summed = {t.report for _, told in tellings for t in told if t.new_total and t.whole}
        _count_later_deaths(found, later, summed)
    return dict(found), aside


@dataclass(frozen=True, slots=True)
class _Told:
    figure: Figure
    report: str
    published: str
    whole: bool
    """The words are for everyone harmed, not for one part of them (the children, one named person)."""
    named: tuple[str, ...]
    later_death: bool
    new_total: bool
    """What new deaths bring the killed to: it holds them already."""


@dataclass(frozen=True, slots=True)
class _TakenBack:
    """A figure that its source takes back, and who that is."""

    figure: Figure
    origin: str
    kind: str
    published: str


def _told(
    origin: Origin,
    claims: Mapping[str, Claim],
    reports: Mapping[str, Report],
    aside: list[Aside],
    backs: list[_TakenBack],
) -> list[_Told]:
    carried_on = {report: (into, why) for report, into, why in origin.folded if why in ("copy", "repost")}
    told = []
    for claim_id in origin.claims:
        claim = claims.get(claim_id)
        if claim is None:
            continue
        counted = headcount(claim)
        if claim.certainty == "denied":
            aside.append(Aside(claim_id, "a denial changes no figure"))
            continue
        if claim.report in carried_on and counted:
            aside.append(Aside(claim_id, f"a {carried_on[claim.report][1]} of report {carried_on[claim.report][0]}"))
            continue
        report = reports.get(claim.report)
        published = (report.published if report else None) or ""
        names = tuple(sorted({a.name.casefold() for a in claim.victims if a.name}))
        dead_later, summed = tells_later_death(claim), tells_new_total(claim)
        for f in counted:
            if f.withdrawn:
                backs.append(_TakenBack(f, origin.id, origin.kind, published))
                aside.append(Aside(claim_id, f"'{f.words}' is a figure that its source takes back"))
                continue
            if f.cumulative:
                aside.append(Aside(claim_id, f"'{f.words}' is a running total, not this event's own number"))
                continue
            told.append(_Told(f, claim.report, published, _is_whole(f, counted), names, dead_later, summed))
    return told


def _said_of_it(incident: Incident, claims: Mapping[str, Claim], reports: Mapping[str, Report]) -> Iterator[_TakenBack]:
    """Figures that a report's words take back, in the name of whoever the claim nearest to them goes back to."""
    by_report: dict[str, list[tuple[Claim, Origin]]] = defaultdict(list)
    for origin in incident.origins:
        for c in (claims[x] for x in origin.claims if x in claims):
            if any(f.min is not None for f in headcount(c)):
                by_report[c.report].append((c, origin))
    for r, held in by_report.items():
        report = reports.get(r)
        for count in taken_back(report) if report is not None else ():
            claim, origin = min(held, key=lambda h: (abs(h[0].trigger.start - count.start), h[0].id))
            harm = next(f.harm for f in headcount(claim))
            figure = Figure(harm, "total", count.min, count.max, claim.id, count.text, "taken back", withdrawn=True)
            yield _TakenBack(figure, origin.id, origin.kind, (report.published if report else None) or "")


def _not_taken_back(origin: Origin, told: list[_Told], backs: Sequence[_TakenBack], aside: list[Aside]) -> list[_Told]:
    """Without the reports whose whole figure their source took back later, with the parts that they tell of it.

    Nameless medics whom a paper quotes may be the ward that corrects itself: a source without a name loses a figure
    that one of its own kind takes back.
    """
    for back in backs:
        if origin.id != back.origin and (origin.kind != back.kind or names_someone(origin.source)):
            continue
        same = (back.figure.harm, back.figure.min, back.figure.max)
        gone = {
            t.report
            for t in told
            if t.whole
            and t.figure.group == "total"
            and (t.figure.harm, t.figure.min, t.figure.max) == same
            and t.published[:10] <= back.published[:10]
        }
        lost = [t for t in told if t.report in gone and t.figure.harm == back.figure.harm and not t.later_death]
        aside += [
            Aside(c, "its source took the figure back later") for c in dict.fromkeys(t.figure.claim for t in lost)
        ]
        told = [t for t in told if t not in lost]
    return told


def _not_dead_later(told: list[_Told], dead: set[tuple[str, int | None]], aside: list[Aside]) -> list[_Told]:
    """Without the wounded of whom their report says that they died: 'two people wounded on Thursday have died'."""
    telling = {report for report, _ in dead}
    hurt = [t for t in told if t.figure.harm == "injured" and not t.later_death and t.report in telling]
    gone = [t for t in hurt if t.figure.min is None or (t.report, t.figure.min) in dead]
    aside += [Aside(c, "told of the wounded who died later") for c in dict.fromkeys(t.figure.claim for t in gone)]
    return [t for t in told if t not in gone]


def _is_whole(figure: Figure, counted: Sequence[Figure]) -> bool:
    if figure.group != "total":
        return True
    if figure.rule in ("some", "name", "singular"):
        return False
    parts = [f for f in counted if f.group in _DISJOINT]
    return not any((f.min, f.max, f.words) == (figure.min, figure.max, figure.words) for f in parts)


def _stand(origin: Origin, key: Key, by_key: Mapping[Key, list[_Told]]) -> Basis:
    told = by_key[key]
    numbered = [t for t in told if t.figure.min is not None and "figure" in t.figure.rule] or [
        t for t in told if t.figure.min is not None and t.figure.rule in ("some", "name", "singular")
    ]
    if not numbered:
        words = [t for t in told if t.figure.min is not None] or told
        best = max(words, key=lambda t: (t.figure.min or 0, t.published))
        return replace(_basis(origin, [best], best.figure.min, best.figure.max), numbered=False)
    wholes = [t for t in numbered if t.whole] or numbered
    by_report: dict[str, list[_Told]] = defaultdict(list)
    for t in wholes:
        by_report[t.report].append(t)
    latest = max(t.published[:10] for t in wholes)
    ranges = []
    used: list[_Told] = []
    for group in by_report.values():
        if group[0].published[:10] != latest:
            continue
        # Within one report the largest figure is the whole, and smaller ones are told of its parts.
        top = max(group, key=lambda t: (t.figure.min or 0, t.figure.max or 1 << 40, t.figure.claim))
        ranges.append((top.figure.min or 0, top.figure.max))
        used.append(top)
    low = min(r[0] for r in ranges)
    high = None if any(r[1] is None for r in ranges) else max(r[1] for r in ranges if r[1] is not None)
    basis = replace(_basis(origin, used, low, high), part=key[1] == "total" and not any(t.whole for t in wholes))
    return _with_parts(origin, key, by_key, basis)


def _with_parts(origin: Origin, key: Key, by_key: Mapping[Key, list[_Told]], basis: Basis) -> Basis:
    """A total is at least the sum of the children, women and men, and of the people named, that one report tells of."""
    if key[1] != "total":
        return basis
    sums: dict[str, int] = defaultdict(int)
    for group in _DISJOINT:
        most: dict[str, int] = defaultdict(int)
        for t in by_key.get((key[0], group), ()):
            most[t.report] = max(most[t.report], t.figure.min or 0)
        for report, n in most.items():
            sums[report] += n
    names: dict[str, set[str]] = defaultdict(set)
    for t in by_key[key]:
        if t.figure.rule == "name":
            names[t.report].update(t.named)
    least = max([*sums.values(), *(len(n) for n in names.values())], default=0)
    if basis.min is None or least <= basis.min:
        return basis
    high = basis.max if basis.max is None or basis.max >= least else least
    claims = tuple(
        dict.fromkeys([*basis.claims, *(t.figure.claim for g in _DISJOINT for t in by_key.get((key[0], g), ()))])
    )
    return replace(
        basis, min=least, max=high, claims=claims, rule=f"{basis.rule}; no less than the parts told together"
    )


def _basis(origin: Origin, told: Sequence[_Told], low: int | None, high: int | None) -> Basis:
    return Basis(
        origin.id,
        origin.source,
        origin.kind,
        low,
        high,
        " / ".join(dict.fromkeys(t.figure.words for t in told)),
        tuple(dict.fromkeys(t.figure.claim for t in told)),
        "; ".join(dict.fromkeys(t.figure.rule for t in told)),
        max(t.published for t in told) or None,
    )


def _count_later_deaths(found: dict[Key, list[Basis]], later: list[tuple[str, _Told]], summed: set[str]) -> None:
    """Wounded who died later leave the injured and join the killed, once: all of them, and those of each group.

    Those of the reports in `summed` join nobody: the total that such a report gives with them holds them.
    """
    ranked = sorted((t for _, t in later), key=lambda t: (t.figure.min or 0, t.published, t.figure.claim))
    most = {t.figure.group: t for t in ranked}
    whole = most.get("total")
    for (harm, group), rows in found.items():
        death = most.get(group)
        if harm == "killed" and death is not None and death.report not in summed:
            _join_the_killed(rows, death, [x for x in later if x[1].figure.group == group])
        elif harm == "injured" and whole is not None:
            own = {origin for origin, t in later if t.figure.group == group}
            rows[:] = [_without_the_dead(b, whole, death, b.origin in own) for b in rows]


def _join_the_killed(rows: list[Basis], death: _Told, later: list[tuple[str, _Told]]) -> None:
    own = {origin for origin, _ in later}
    said = {t.figure.claim for _, t in later}
    alone = [b for b in rows if set(b.claims) <= said]
    n = death.figure.min or 0
    for i, b in enumerate(rows):
        if b in alone or b.min is None or not _before(b, death):
            continue
        low, high = b.min + (n if b.origin in own else 0), None if b.max is None else b.max + n
        rows[i] = _with_the_dead(b, death, low, high, f"{n} of the wounded died later")
    if len(rows) > len(alone):
        rows[:] = [b for b in rows if b not in alone]


def _without_the_dead(b: Basis, whole: _Told, death: _Told | None, sure: bool) -> Basis:
    """The wounded of a group, less those who died; where nobody says of which group they were, perhaps of this one."""
    told = death or whole
    n = told.figure.min or 0
    if b.min is None or not n or not _before(b, told):
        return b
    high = None if b.max is None else max(0, b.max - (n if sure and death is not None else 0))
    return _with_the_dead(b, told, max(0, b.min - n), high, f"{n} died later and count as killed")


def _before(b: Basis, death: _Told) -> bool:
    return (b.published or "")[:10] <= death.published[:10]


def _with_the_dead(b: Basis, death: _Told, low: int, high: int | None, note: str) -> Basis:
    claims = tuple(dict.fromkeys([*b.claims, death.figure.claim]))
    return replace(b, min=low, max=high, claims=claims, rule=f"{b.rule}; {note}")
