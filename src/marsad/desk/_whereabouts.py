"""Where and when one incident was, as each of its origins says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import quote as quoted
from urllib.parse import urlencode

from ..model import Claim, Place, codes
from ._axis import Axis, day_of
from ._incidentview import Column
from ._mapping import Drawing, Mark, Spot, draw, key_of, located, window
from ._related import Related
from ._words import Words

_SHAPE = 0.5
"""The drawing's height by its width: the page of an incident has more to show than its map."""
_FAINT = 30
"""Places of other incidents that are drawn at most, so that the keyboard gets past them."""
_LATE = 45
"""Days after which a report's coming out stands at the end of the line, lest it squeeze what happened."""


Quote = tuple[str, str]
"""Words of a report, and the claim that they stand in."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One origin's words for a place."""

    side: Column
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """One place of the incident. `shared` where every origin that names a located place names it."""

    number: int
    place: Place
    sayings: tuple[Saying, ...]
    shared: bool
    mark: Mark | None
    """None where it is a whole country, or was not located."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The map of one incident and the list beside it."""

    places: tuple[Where, ...]
    drawing: Drawing | None
    """None where no place was located."""
    others: int
    """Faint marks on it."""


@dataclass(frozen=True, slots=True)
class Span:
    """One interval that an origin gives."""

    quote: Quote
    earliest: str | None
    latest: str | None
    bar: tuple[float, float, str]
    """Where it stands on the axis, how long it is, and 'bar-open' where one of its ends is not said."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One origin on the line: when it says that it happened, and when its reports came out."""

    side: Column
    spans: tuple[Span, ...]
    published: tuple[tuple[float, str], ...]
    """Where each of its reports stands on the axis, and the time at which it came out."""
    again: tuple[tuple[float, str], ...]
    """The same of reports that only carry on another."""


def whereabouts(claims: Mapping[str, Claim], sides: Sequence[Column]) -> list[Where]:
    """The places that the incident's origins name, the finest first. A denial's only where nothing else is told; a
    whole country only of those who name nothing finer in it."""
    named: dict[str, Place] = {}
    said: dict[str, dict[str, dict[str, str]]] = {}
    by_id = {side.origin.id: side for side in sides}
    for side, claim in _told(claims, sides):
        for p in claim.places:
            key = key_of(p)
            named.setdefault(key, p)
            said.setdefault(key, {}).setdefault(side.origin.id, {}).setdefault(p.text, claim.id)
    for key, place in named.items():
        if place.precision == "country":
            finer = {o for k, p in named.items() if located(p) and p.country == place.country for o in said[k]}
            said[key] = {o: quotes for o, quotes in said[key].items() if o not in finer}
    speaking = {o for key, p in named.items() if located(p) for o in said[key]}
    order = sorted((k for k in named if said[k]), key=lambda k: (_rank(named[k]), -len(said[k])))
    return [
        Where(
            n,
            named[key],
            tuple(Saying(by_id[o], tuple(quotes.items())) for o, quotes in said[key].items()),
            said[key].keys() >= speaking,
            None,
        )
        for n, key in enumerate(order, 1)
    ]


def chart(places: Sequence[Where], others: Sequence[Related], words: Words) -> Whereabouts:
    """The incident's places drawn as areas, and faintly the `others` that are seen in the same window."""
    drawn = [w for w in places if located(w.place)]
    countries = tuple(dict.fromkeys(w.place.country for w in places if w.place.precision == "country"))
    own = [
        Spot(w.place, f"#where-{w.number}", _who(w, words), beside="" if w.shared else _who(w, words)) for w in drawn
    ]
    whole = tuple(c for c in countries if c) if not drawn else ()
    if not own and not whole:
        return Whereabouts(tuple(places), None, 0)
    view = window(own, whole, _SHAPE)
    faint = [s for s in _faint(others, {_at(w.place) for w in drawn}) if view.holds(s.place.lon, s.place.lat)][:_FAINT]
    drawing = draw([*own, *faint], whole, view)
    marks = {w.number: m for w, m in zip(drawn, drawing.given, strict=False)}
    placed = tuple(replace(w, mark=marks.get(w.number)) for w in places)
    return Whereabouts(placed, drawing, len(faint))


def tellings(claims: Mapping[str, Claim], sides: Sequence[Column]) -> tuple[Axis | None, list[Telling]]:
    """The line of one incident: per origin the days that it gives, over those on which its reports came out."""
    given: dict[str, dict[tuple[str | None, str | None], Quote]] = {s.origin.id: {} for s in sides}
    for side, claim in _told(claims, sides):
        if claim.time is not None and (claim.time.earliest or claim.time.latest):
            key = (claim.time.earliest, claim.time.latest)
            given[side.origin.id].setdefault(key, (claim.time.text, claim.id))
    axis = _axis([when for held in given.values() for when in held], [t for s in sides for t in _came(s, None)])
    if axis is None:
        return None, []
    rows = []
    for side in sides:
        spans = [Span(quote, *when, _bar(*when, axis)) for when, quote in given[side.origin.id].items()]
        came, again = ([(axis.moment(t) or 0.0, t) for t in _came(side, x)] for x in (False, True))
        rows.append(Telling(side, tuple(sorted(spans, key=lambda x: x.bar)), tuple(came), tuple(again)))
    return axis, rows


def _told(claims: Mapping[str, Claim], sides: Sequence[Column]) -> list[tuple[Column, Claim]]:
    held = [(side, claims[c]) for side in sides for c in side.origin.claims if c in claims]
    return [(s, c) for s, c in held if c.certainty != "denied"] or held


def _rank(place: Place) -> tuple[bool, int]:
    """What is located first, the finest first."""
    known = located(place) or (place.precision == "country" and place.country is not None)
    return not known, _vagueness(place)


def _vagueness(place: Place) -> int:
    return codes.PRECISIONS.index(place.precision) if place.precision in codes.PRECISIONS else len(codes.PRECISIONS)


def _who(where: Where, words: Words) -> str:
    return words.comma().join(dict.fromkeys(words.source(s.side.origin.source) for s in where.sayings))


def _at(place: Place) -> tuple[float, float]:
    return round(place.lat or 0.0, 2), round(place.lon or 0.0, 2)


def _faint(others: Sequence[Related], taken: set[tuple[float, float]]) -> list[Spot]:
    """Other incidents of the same days by place; of one that is drawn already nothing more can be seen."""
    by_place: dict[tuple[float, float], tuple[Place, list[Related]]] = {}
    for r in others:
        place = min((p for p in r.headline.places if located(p)), key=_vagueness, default=None)
        if place is not None and "days" in r.shares and _at(place) not in taken:
            by_place.setdefault(_at(place), (place, []))[1].append(r)
    return [_other(place, held) for place, held in by_place.values()]


def _other(place: Place, held: Sequence[Related]) -> Spot:
    if len(held) == 1:
        only = held[0]
        said = " · ".join(x for x in (only.title["what"], only.title["when"]) if x)
        return Spot(place, "/incidents/" + quoted(only.headline.id, safe=""), said, faint=True)
    days = [d for r in held for d in (r.headline.earliest, r.headline.latest) if d]
    asked = {"place": place.name or place.text, "earliest": min(days), "latest": max(days)}
    return Spot(place, "/incidents?" + urlencode(asked), count=len(held), faint=True)


def _came(side: Column, again: bool | None) -> list[str]:
    """When the reports of an origin came out: those that carry it, those that only carry on another (`again`), or all
    of them."""
    own = [] if again else [r.published for r in side.carriers]
    repeated = [] if again is False else [r.published for r, _, _ in side.folded if r is not None]
    return sorted({t for t in (*own, *repeated) if t and day_of(t)})


def _axis(given: Sequence[tuple[str | None, str | None]], published: Sequence[str]) -> Axis | None:
    """From the first day given to the last, with the reports that came out soon after."""
    happened = [d for when in given for d in map(day_of, when) if d]
    came = [d for t in published if (d := day_of(t))]
    if not happened and not came:
        return None
    first, last = min(happened or came), max(happened or came)
    horizon = last + timedelta(days=max(_LATE, 3 * (last - first).days))
    last = max([last, *(d for d in came if d <= horizon)])
    first = min([first, *(d for d in came if d >= first - timedelta(days=_LATE))])
    margin = timedelta(days=max(1, (last - first).days // 12))
    return Axis(first - margin, last + margin + timedelta(days=1))


def _bar(earliest: str | None, latest: str | None, axis: Axis) -> tuple[float, float, str]:
    first, last = day_of(earliest), day_of(latest)
    a, b = first or axis.first, last or axis.last
    return *axis.bar(min(a, b), max(a, b)), "" if first and last else "bar-open"
