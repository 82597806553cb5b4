"""Where the origins of one incident differ, side by side: contradictions, revisions by one source, denials."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from marsad.model import Claim, Incident, Origin, Report

from ._headcount import headcount
from ._tellings import day, kilometres, telling
from ._words import party

_FAR_KM = 25.0


@dataclass(frozen=True, slots=True)
class Value:
    """One value beside its source."""

    text: str
    """As it is shown: '9', '14 or more', 'Islamic State', '2031-05-03'."""
    words: str
    """The report's words for it."""
    claim: str
    report: str
    published: str | None
    origin: str
    source: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A field on which sources differ.

    kind: 'contradiction' (origins say what cannot both be), 'revision' (one source says another value later; the
    values stand in order of time) or 'denial' (somebody says that it was not so).
    """

    field: str
    kind: str
    values: tuple[Value, ...]


def contradictions(
    incident: Incident, claims: Mapping[str, Claim] | Sequence[Claim], reports: Mapping[str, Report]
) -> tuple[Contradiction, ...]:
    """Fields on which the incident's origins differ, and what one source changed over time.

    Copies and reposts say nothing of their own. Fields are the harms ('killed', 'killed: children', …), 'party',
    'means', 'status', 'place', 'time' and 'claim' (for denials).
    """
    by_id = claims if isinstance(claims, Mapping) else {c.id: c for c in claims}
    found: list[Contradiction] = []
    told = _told(incident, by_id, reports)
    for name in sorted(told, key=lambda f: (f not in ("killed", "injured"), f)):
        found += _compare(name, told[name])
    denied = _denials(incident, by_id, reports)
    if denied:
        found.append(Contradiction("claim", "denial", denied))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Told:
    value: Value
    raw: Hashable
    day: int


_Test = Callable[[Hashable, Hashable], bool]


def _told(incident: Incident, by_id: Mapping[str, Claim], reports: Mapping[str, Report]) -> dict[str, list[_Told]]:
    told: dict[str, list[_Told]] = defaultdict(list)
    for origin in incident.origins:
        carried_on = {r for r, _, why in origin.folded if why in ("copy", "repost")}
        by_report: dict[str, list[Claim]] = defaultdict(list)
        for c in (by_id[x] for x in origin.claims if x in by_id):
            if c.report not in carried_on and c.certainty != "denied":
                by_report[c.report].append(c)
        for r, group in by_report.items():
            for name, raw, text, words, claim in _values(group, reports.get(r)):
                value = _value(claim, text, words, origin, reports)
                told[name].append(_Told(value, raw, day(value.published) or 0))
    return told


def _values(group: list[Claim], report: Report | None) -> list[tuple[str, Hashable, str, str, Claim]]:
    """(field, value, as shown, words, claim) of one report's claims within one origin."""
    rows: list[tuple[str, Hashable, str, str, Claim]] = []
    best: dict[str, tuple[int, tuple[int | None, int | None], str, Claim]] = {}
    for c in group:
        for f in headcount(c):
            if not f.own or f.min is None or f.group in ("unknown", "civilians", "combatants"):
                continue
            name = f.harm if f.group == "total" else f"{f.harm}: {f.group}"
            if f.rule != "figure" and f.group != "total":
                continue
            if name not in best or f.min > best[name][0]:
                best[name] = (f.min, (f.min, f.max), f.words, c)
    rows += [(n, raw, _shown(*raw), words, c) for n, (_, raw, words, c) in best.items()]
    parties = {p: (a, c) for c in group for a in c.perpetrators if (p := party(a))}
    if parties:
        shown = ", ".join(sorted({a.name or a.text for a, _ in parties.values()}))
        actor, claim = next(iter(parties.values()))
        rows.append(("party", frozenset(parties), shown, actor.text, claim))
    means = {m.code: (m, c) for c in group for m in c.means}
    if means:
        m, claim = next(iter(means.values()))
        rows.append(("means", frozenset(means), ", ".join(sorted(means)), m.text, claim))
    whole = telling(group, report)
    status = whole.groups & {"civilians", "combatants"}
    if status:
        told_by = next((c, a) for c in group for a in c.victims if a.status != "unknown")
        rows.append(("status", frozenset(status), ", ".join(sorted(status)), told_by[1].text, told_by[0]))
    if any(s.exact for s in whole.spots):
        at = next((p, c) for c in group for p in c.places if p.lat is not None)
        rows.append(("place", whole.spots, at[0].name or at[0].text, at[0].text, at[1]))
    if whole.first is not None and whole.last is not None:
        dated = [c for c in group if c.time is not None and (c.time.earliest or c.time.latest)]
        # Days may be reckoned from other words than one claim's own ('three weeks after …').
        told = (c for c in dated if c.time is not None and day(c.time.earliest or c.time.latest) == whole.first)
        one = next(told, dated[0] if dated else None)
        if one is not None and one.time is not None:
            ends = [d for d in dict.fromkeys((one.time.earliest, one.time.latest)) if d]
            rows.append(("time", (whole.first, whole.last), " to ".join(ends), one.time.text, one))
    return rows


def _compare(name: str, told: list[_Told]) -> list[Contradiction]:
    test = _TESTS.get(name, _ranges_differ)
    by_origin: dict[str, list[_Told]] = defaultdict(list)
    for t in told:
        by_origin[t.value.origin].append(t)
    found = []
    latest = []
    for values in by_origin.values():
        series = sorted(values, key=lambda t: (t.day, t.value.published or "", t.value.claim))
        steps = [series[0]]
        for t in series[1:]:
            if t.raw != steps[-1].raw:
                steps.append(t)
        if len(steps) > 1 and any(test(a.raw, b.raw) for a, b in itertools.pairwise(steps)):
            found.append(Contradiction(name, "revision", tuple(t.value for t in steps)))
        latest.append(series[-1])
    against = [t for t in latest if any(test(t.raw, o.raw) for o in latest if o is not t)]
    if against:
        ranked = sorted(against, key=lambda t: (t.day, t.value.published or "", t.value.claim))
        found.insert(0, Contradiction(name, "contradiction", tuple(t.value for t in ranked)))
    return found


def _ranges_differ(a: Hashable, b: Hashable) -> bool:
    assert isinstance(a, tuple) and isinstance(b, tuple)
    (low, high), (low2, high2) = a, b
    return bool((high is not None and high < (low2 or 0)) or (high2 is not None and high2 < (low or 0)))


def _days_differ(a: Hashable, b: Hashable) -> bool:
    return _ranges_differ(a, b)


def _disjoint(a: Hashable, b: Hashable) -> bool:
    assert isinstance(a, frozenset) and isinstance(b, frozenset)
    return a.isdisjoint(b)


def _far(a: Hashable, b: Hashable) -> bool:
    assert isinstance(a, tuple) and isinstance(b, tuple)
    distances = [kilometres(s, t) for s in a for t in b]
    return bool(distances) and all(d is not None and d > _FAR_KM for d in distances)


_TESTS: Mapping[str, _Test] = {
    "party": _disjoint,
    "means": _disjoint,
    "status": _disjoint,
    "place": _far,
    "time": _days_differ,
}


def _denials(incident: Incident, by_id: Mapping[str, Claim], reports: Mapping[str, Report]) -> tuple[Value, ...]:
    values = []
    for origin in incident.origins:
        for c in (by_id[x] for x in origin.claims if x in by_id):
            if c.certainty == "denied":
                values.append(_value(c, "denied", c.sentence.text, origin, reports))
            values += [
                Value("denied", a.text or a.cue, c.id, c.report, _published(c, reports), origin.id, a.source)
                for a in c.denied_by
            ]
    return tuple(dict.fromkeys(values))


def _value(c: Claim, text: str, words: str, origin: Origin, reports: Mapping[str, Report]) -> Value:
    return Value(text, words, c.id, c.report, _published(c, reports), origin.id, origin.source)


def _published(c: Claim, reports: Mapping[str, Report]) -> str | None:
    report = reports.get(c.report)
    return report.published if report else None


def _shown(low: int | None, high: int | None) -> str:
    if high is None:
        return f"{low} or more"
    return str(high) if low == high else f"{low or 0}–{high}"
