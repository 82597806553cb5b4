"""A telling: the claims of one report that are about one occurrence, and the facts by which it is compared."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from marsad.model import Actor, Claim, Place, Report, codes

from ._headcount import headcount, read_number, speaks_of_later_death
from ._hours import days_ago, part_of_day
from ._words import content_words, key, party, shingles, tokens, word_set

_DISTRICT = 60.0
"""Kilometres from its middle within which a district's places lie."""


_NAME = r"((?:[A-Z][\w'’-]+\s+)(?:(?:al|el|bin|ibn|abu|de|van|von)[- ])?[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)?)"
_NAME_AFTER = re.compile(rf"^,?\s+{_NAME}(?=[\s,.;]|$)")
_NAME_BEFORE = re.compile(rf"{_NAME},\s+$")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as it is compared."""

    id: str
    words: str
    country: str
    admin1: str
    lat: float | None
    lon: float | None
    exact: bool
    """A point or a populated place; otherwise an area, or unknown."""
    facility: str
    small: bool = False
    """A second-order division: an area, and not a large one."""
    said: str = ""
    """The report's own words for it."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One report's telling of one occurrence. Days are proleptic ordinals; an interval that is not given is None."""

    claims: tuple[str, ...]
    report: str
    published: int | None
    acts: frozenset[str]
    families: frozenset[str]
    spots: tuple[Spot, ...]
    first: int | None
    last: int | None
    counts: Mapping[str, tuple[int | None, int | None]]
    """Harm → (min, max) of the whole that it tells."""
    singles: frozenset[str]
    """Harms of which it only tells of one person, by name or as 'a man': perhaps one of several."""
    names: frozenset[str]
    groups: frozenset[str]
    parties: frozenset[str]
    means: frozenset[str]
    words: frozenset[str]
    shingles: frozenset[int]
    sites: frozenset[str] = frozenset()
    """Words for what stands where it happened: 'ferry', 'landing', 'market'."""
    part_of_day: str = ""
    """The part of the day that it names: 'morning', 'evening'; empty for none."""
    other_time: bool = False
    """Its words point to another time than its report's ('three weeks after', 'last month')."""
    points_back: bool = False
    """Its only victims are pronouns or 'the driver'."""
    lent: frozenset[str] = frozenset()
    """'place', 'time', 'name': what it does not say itself and the rest of its report says; 'ago': its day is
    counted from the report's by its words ('three weeks after')."""

    @property
    def id(self) -> str:
        """The id of its first claim."""
        return self.claims[0]


def order(claim: Claim, reports: Mapping[str, Report]) -> tuple[str, str, int, int, str]:
    """Where a claim stands among all: by publication (unknown last), report, and place in the report's text."""
    report = reports.get(claim.report)
    published = (report.published if report else None) or "9999"
    return published, claim.report, claim.trigger.start, claim.trigger.end, claim.id


def day(text: str | None) -> int | None:
    """The ordinal of an ISO date or date and time; None where it is none."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return None


def telling(claims: Sequence[Claim], report: Report | None) -> Telling:
    """The facts of the claims of one report that are about one occurrence; `claims` come in order."""
    first, last = _interval(claims)
    published = day(report.published) if report else None
    reckoned = None if first is not None or last is not None else days_ago(claims, published)
    if reckoned is not None:
        first, last = reckoned
    words = frozenset().union(*(content_words(s) for s in {c.sentence.text for c in claims})) - _named(claims)
    return Telling(
        claims=tuple(c.id for c in claims),
        report=claims[0].report,
        published=published,
        acts=frozenset(c.act for c in claims),
        families=frozenset(family(c) for c in claims),
        spots=spots_of(p for c in claims for p in c.places),
        first=first,
        last=last,
        counts=(counts := whole_counts(claims)),
        singles=frozenset(h for h in counts if _only_single(claims, h)),
        names=frozenset(n for c in claims for a in c.victims if (n := _called(c, a))),
        groups=frozenset(_groups(claims)),
        parties=frozenset(p for c in claims for a in c.perpetrators if (p := party(a))),
        means=frozenset(m.code for c in claims for m in c.means),
        words=words,
        shingles=frozenset().union(*(shingles(s) for s in {c.sentence.text for c in claims})),
        part_of_day=part_of_day(dict.fromkeys(c.sentence.text for c in claims)),
        other_time=any(_other_time(s) for s in {c.sentence.text for c in claims}),
        points_back=_points_back(claims),
        sites=sites_in(c.sentence.text for c in claims),
        lent=frozenset({"ago"} if reckoned is not None else ()),
    )


def sites_in(texts: Iterable[str]) -> frozenset[str]:
    """Words for what stands there: 'ferry', 'landing', 'market'."""
    return frozenset(w for t in texts for w in tokens(t)) & word_set("words.json", "sites")


def family(claim: Claim) -> str:
    """The family that its act is linked within."""
    act = codes.ACTS.get(claim.act)
    return act.family if act else claim.act


def lend(tellings: Sequence[Telling]) -> list[Telling]:
    """The tellings, those without a place or a day given the only one that their report names."""
    of: dict[str, list[Telling]] = {}
    for t in tellings:
        of.setdefault(t.report, []).append(t)
    places: dict[str, tuple[Spot, ...]] = {}
    days: dict[str, tuple[int, int]] = {}
    for report, told in of.items():
        spots = {tuple(s.id or s.words for s in t.spots): t.spots for t in told if t.spots}
        if len(spots) == 1:
            places[report] = next(iter(spots.values()))
        times = {(t.first, t.last) for t in told if t.first is not None and t.last is not None}
        if len(times) == 1:
            first, last = next(iter(times))
            if first is not None and last is not None:
                days[report] = first, last
    names: dict[str, frozenset[str]] = {r: frozenset().union(*(t.names for t in told)) for r, told in of.items()}
    lent = []
    for t in tellings:
        if t.points_back and not t.names and len(names[t.report]) == 1:
            t = replace(t, names=names[t.report], lent=t.lent | {"name"})
        if not t.spots and t.report in places:
            t = replace(t, spots=places[t.report], lent=t.lent | {"place"})
        if t.first is None and t.report in days and not t.other_time:
            t = replace(t, first=days[t.report][0], last=days[t.report][1], lent=t.lent | {"time"})
        lent.append(t)
    return lent


def whole_counts(claims: Iterable[Claim]) -> dict[str, tuple[int | None, int | None]]:
    """Harm → range, the figure with the largest least standing for the whole (smaller ones are its parts)."""
    wholes: dict[str, tuple[int | None, int | None]] = {}
    for claim in claims:
        # A denial, and the death of someone hurt before, say nothing of how many were harmed.
        if claim.certainty == "denied" or speaks_of_later_death(claim):
            continue
        for f in headcount(claim):
            if f.group != "total" or not f.own or (f.min is None and f.max is None):
                continue
            held = wholes.get(f.harm)
            if held is None or _size(f.min, f.max) > _size(*held):
                wholes[f.harm] = (f.min, f.max)
    return wholes


def _other_time(sentence: str) -> bool:
    words = f" {' '.join(tokens(sentence))} "
    return any(f" {w} " in words for w in word_set("words.json", "other_time"))


def kilometres(a: Spot, b: Spot) -> float | None:
    """Distance between two located places; None where one is not located."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    x = math.radians(b.lon - a.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    return 6371.0 * math.hypot(x, math.radians(b.lat - a.lat))


def _only_single(claims: Iterable[Claim], harm: str) -> bool:
    rules = [f.rule for c in claims for f in headcount(c) if f.harm == harm and f.group == "total" and f.own]
    return bool(rules) and all(r in ("name", "singular", "some", "unnumbered") for r in rules)


def _called(claim: Claim, victim: Actor) -> str:
    """The name of a victim who is one person: its own, or the one beside it ('a driver, Peter Lokolong,')."""
    if victim.name or read_number(victim)[1] != 1:
        return key(victim.name) if victim.name and read_number(victim)[1] == 1 else ""
    start = claim.sentence.start
    before, after = claim.sentence.text[: victim.start - start], claim.sentence.text[victim.end - start :]
    found = _NAME_AFTER.match(after) or _NAME_BEFORE.search(before)
    return key(found.group(1)) if found else ""


def _points_back(claims: Iterable[Claim]) -> bool:
    """Whether its only victims are 'he', 'her' or 'the driver': people whom the report has told of."""
    victims = [v for c in claims for v in c.victims]
    return bool(victims) and all(
        v.name is None and (words := tokens(v.text)) and words[0] in word_set("words.json", "pointing_back")
        for v in victims
    )


def _named(claims: Iterable[Claim]) -> frozenset[str]:
    """Words of places, parties, sources, means and numbers: features of their own count them already."""
    texts = {t for c in claims for p in c.places for t in (p.text, p.name or "")}
    texts |= {t for c in claims for a in c.perpetrators for t in (a.text, a.name or "")}
    texts |= {m.text for c in claims for m in c.means}
    texts |= {a.count.text for c in claims for a in c.victims if a.count}
    texts |= {t for c in claims for a in c.attribution for t in (a.text, a.source, a.cue)}
    return frozenset(w for t in texts if t for w in tokens(t))


def _size(low: int | None, high: int | None) -> tuple[int, int]:
    return (low if low is not None else -1, high if high is not None else 1 << 30)


def _interval(claims: Sequence[Claim]) -> tuple[int | None, int | None]:
    """The narrowest of the intervals that the claims give: the others are taken to be wider words for it."""
    spans = [
        (e if e is not None else x, x if x is not None else e)
        for c in claims
        if c.time is not None
        for e, x in [(day(c.time.earliest), day(c.time.latest))]
        if e is not None or x is not None
    ]
    pairs = sorted({(a, b) if a <= b else (b, a) for a, b in spans if a is not None and b is not None},
                   key=lambda s: (s[1] - s[0], s))  # fmt: skip
    return pairs[0] if pairs else (None, None)


def spots_of(places: Iterable[Place]) -> tuple[Spot, ...]:
    """The places as they are compared; an area is left out where an exact place says more."""
    spots = {
        Spot(
            p.id or "",
            key(p.name or p.text),
            p.country or "",
            key(p.admin1) if p.admin1 else "",
            p.lat,
            p.lon,
            p.precision in ("point", "populated_place") and p.lat is not None,
            p.facility or "",
            p.precision == "second_order_division",
            key(p.text),
        )
        for p in places
    }
    exact = [s for s in spots if s.exact]
    # An area that only says where the exact place lies adds nothing to compare by.
    kept = [s for s in spots if s.exact or not any(_holds(s, e) for e in exact)]
    return tuple(sorted(kept, key=lambda s: (s.id, s.words, s.facility, s.country)))


def _holds(area: Spot, exact: Spot) -> bool:
    """Whether an area, or a place that is not on the map, may be where the exact place lies."""
    if not area.country or area.country != exact.country:
        return not area.country
    if area.small:
        km = kilometres(area, exact)
        return km is None or km <= _DISTRICT
    division = area.admin1 or (area.words if area.id.startswith("iso:") and "-" in area.id else "")
    return not division or not exact.admin1 or division == exact.admin1


def _groups(claims: Iterable[Claim]) -> Iterable[str]:
    for claim in claims:
        for a in claim.victims:
            if a.children is not None:
                yield "children" if a.children else "adults"
            if a.sex and a.children is not True:
                yield a.sex
            if a.status in ("combatant", "hors_de_combat"):
                yield "combatants"
            elif a.status in ("civilian", "protected"):
                yield "civilians"
