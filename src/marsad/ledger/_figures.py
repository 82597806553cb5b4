"""What each origin of an incident says, once: copies folded, parts inside wholes, the latest revision standing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from marsad.incidents import Figure, headcount, names_someone, taken_back, tells_later_death
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
    for origin, all_told in tellings:
        told = _not_taken_back(origin, all_told, backs, aside)
        deaths = [t for t in told if t.later_death]
        later += [(origin.id, t) for t in deaths if t.figure.group == "total"]
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
        _count_later_deaths(found, later)
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
        dead_later = tells_later_death(claim)
        for f in counted:
            if f.withdrawn:
                backs.append(_TakenBack(f, origin.id, origin.kind, published))
                aside.append(Aside(claim_id, f"'{f.words}' is a figure that its source takes back"))
                continue
            if f.cumulative:
                aside.append(Aside(claim_id, f"'{f.words}' is a running total, not this event's own number"))
                continue
            told.append(_Told(f, claim.report, published, _is_whole(f, counted), names, dead_later))
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


def _is_whole(figure: Figure, counted: Sequence[Figure]) -> bool:
    if figure.group != "total":
        return True
    if figure.rule in ("name", "singular"):
        return False
    parts = [f for f in counted if f.group in _DISJOINT]
    return not any((f.min, f.max, f.words) == (figure.min, figure.max, figure.words) for f in parts)


def _stand(origin: Origin, key: Key, by_key: Mapping[Key, list[_Told]]) -> Basis:
    told = by_key[key]
    numbered = [t for t in told if t.figure.min is not None and "figure" in t.figure.rule] or [
        t for t in told if t.figure.min is not None and t.figure.rule in ("name", "singular")
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
    return _with_parts(origin, key, by_key, _basis(origin, used, low, high))


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


def _count_later_deaths(found: dict[Key, list[Basis]], later: list[tuple[str, _Told]]) -> None:
    """Wounded who died later leave the injured and join the killed, once."""
    most = max(later, key=lambda x: (x[1].figure.min or 0, x[1].published, x[1].figure.claim))[1]
    n = most.figure.min or 0
    own = {origin for origin, _ in later}
    told_alone = {
        b.claims for b in found.get(("killed", "total"), []) if set(b.claims) <= {t.figure.claim for _, t in later}
    }
    for harm, sign in (("killed", 1), ("injured", -1)):
        rows = found.get((harm, "total"), [])
        for i, b in enumerate(rows):
            before = (b.published or "")[:10] <= most.published[:10]
            if b.claims in told_alone or not before or b.min is None:
                continue
            sure = b.origin in own
            if sign > 0:
                low, high = b.min + (n if sure else 0), None if b.max is None else b.max + n
            else:
                low, high = max(0, b.min - n), None if b.max is None else max(0, b.max - (n if sure else 0))
            note = f"{n} of the wounded died later" if sign > 0 else f"{n} died later and count as killed"
            claims = tuple(dict.fromkeys([*b.claims, most.figure.claim]))
            rows[i] = replace(b, min=low, max=high, claims=claims, rule=f"{b.rule}; {note}")
        if sign > 0 and len(rows) > len(told_alone):
            rows[:] = [b for b in rows if b.claims not in told_alone]
