"""Where and when: the map and the timeline."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response

from ...model import Place, from_json
from ...overview import NOWHERE, Headline, headlines
from ...store import Filter, Session
from .._atlas import KM_PER_DEGREE, WIDTH, graticule, outlines, view_of
from .._desk import Desk, page_number
from .._lists import Pager
from .._narrowing import asked, narrowed
from .._titles import title
from .._words import Words

_ROWS = 60
_REPORTS = 40
"""Report days drawn for one incident, at most."""
_UNDATED = 300
_LISTED = 12
_LEAST_MARK = 8.0
_SPOTS = 400
"""Places drawn at most, those with most incidents."""
_OPENED = 30
"""Places whose incidents are listed."""
Entry = tuple[Headline, dict[str, str]]
_NONE: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """One place on the map with its incidents; `radius` of its area in drawing units, `km` on the ground."""

    number: int
    place: Place
    x: float
    y: float
    radius: float
    km: float
    entries: tuple[Entry, ...]
    """At most `_LISTED` of them."""
    count: int
    spot: str
    """The label under which the list of incidents finds them."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One incident on the timeline: per cent from the left, and when its reports came out."""

    entry: Entry
    left: float
    width: float
    reports: tuple[float, ...]


def map_page(desk: Desk, request: Request) -> Response:
    """Incidents by place, each as an area of its precision; those without coordinates are listed."""
    words, chosen = desk.words(request), asked(request, ("act",))
    with desk.case.look() as s:
        found = narrowed(s, "incident", chosen)
        count = s.overview.count_headlines(found) if found else 0
        spots = _spots(s, chosen, found) if found else []
        places = [(from_json(Place, json.loads(spot)), spot, n) for spot, n in spots if spot != NOWHERE]
        drawn = [x for x in places if x[0].precision != "country"]
        entries = dict.fromkeys((spot for _, spot, _ in places), _NONE)
        entries |= {spot: _entries(s, chosen, spot, words) for _, spot, _ in places[:_OPENED]}
        off = narrowed(s, "incident", {**chosen, "spot": NOWHERE})
        nowhere = [(h, title(h, words)) for h in headlines(s, off, _LISTED)] if off else []
        unplaced = s.overview.count_headlines(off) if off else 0
        acts = sorted(a for a, _ in s.marks.values("incident", "act", 200))
        total = s.marks.count("incident", "")
    view = view_of([(p.lon, p.lat) for p, _, _ in drawn if p.lat is not None and p.lon is not None])
    marks = []
    for number, (place, spot, n) in enumerate(drawn, 1):
        x, y = view.at(place.lon or 0.0, place.lat or 0.0)
        radius = view.radius(place.precision)
        km = radius / view.scale * KM_PER_DEGREE
        marks.append(Mark(number, place, x, y, radius, km, entries[spot], n, spot))
    context = {
        "marks": sorted(marks, key=lambda m: -m.radius),
        "listed": marks,
        "whole": [(p.country, n, entries[spot], spot) for p, spot, n in places if p.precision == "country"],
        "nowhere": nowhere,
        "unplaced": unplaced,
        "hidden": max(0, count - sum(n for _, _, n in places) - unplaced),
        "outlines": [(o, _clear(o.label, marks)) for o in outlines(view)],
        "lines": graticule(view),
        "width": WIDTH,
        "height": round(view.height, 1),
        "least": _LEAST_MARK,
        "listed_most": _LISTED,
        "bar": view.scale_bar(),
        "act": chosen.get("act", ""),
        "acts": acts,
        "total": total,
    }
    return desk.render(request, "map.html", context)


def timeline(desk: Desk, request: Request) -> Response:
    """Incidents by time, each as long as its dates are vague, with the days on which its reports came out."""
    words = desk.words(request)
    with desk.case.look() as s:
        found, total = narrowed(s, "incident", {}), s.marks.count("incident", "")
        count = s.overview.count_headlines(found, dated=True) if found else 0
        pager = Pager.over(count, page_number(request), _ROWS)
        shown = [h for h in headlines(s, found, _ROWS, pager.offset, dated=True) if _days(h)] if found else []
        published = _published(s, [h.id for h in shown])
        undated = headlines(s, found, _UNDATED, dated=False) if found else []
    context: dict[str, object] = {"bars": [], "ticks": [], "pager": pager, "total": total}
    if shown:
        # Reports that came out long after would squeeze the rest; those are shown at the edge.
        first = min(span[0] for h in shown if (span := _days(h)))
        last = max(span[1] for h in shown if (span := _days(h)))
        margin = timedelta(days=max(7, (last - first).days // 20))
        first, last = first - margin, last + margin
        length = (last - first).days or 1

        def across(day: date) -> float:
            return round(min(100.0, max(0.0, (day - first).days / length * 100)), 2)

        context["bars"] = [
            Bar(
                (h, title(h, words)),
                across(days[0]),
                round(across(days[1] + timedelta(days=1)) - across(days[0]), 2),
                tuple(sorted({across(d) for d in published[h.id]})),
            )
            for h in shown
            if (days := _days(h))
        ]
        context["ticks"] = [(across(d), text) for d, text in _ticks(first, last, words)]
    context["undated"] = [(h, title(h, words)) for h in undated]
    context["more_undated"] = max(0, total - count - len(undated))
    return desk.render(request, "timeline.html", context)


def _clear(label: tuple[float, float] | None, marks: list[Mark]) -> tuple[float, float] | None:
    """Where a country's name stands clear of the marks' names, by moving it up."""
    if label and any(abs(m.x - label[0]) < 140 and -40 < m.y - label[1] < 30 for m in marks):
        return label[0], label[1] - 70
    return label


def _spots(s: Session, chosen: dict[str, str], found: Filter) -> list[tuple[str, int]]:
    # How many of all incidents are at each place is kept; of some incidents it has to be counted.
    return s.marks.within("incident", "spot", found, _SPOTS) if chosen else s.marks.values("incident", "spot", _SPOTS)


def _entries(s: Session, chosen: dict[str, str], spot: str, words: Words) -> tuple[Entry, ...]:
    at = narrowed(s, "incident", {**chosen, "spot": spot})
    return tuple((h, title(h, words)) for h in (headlines(s, at, _LISTED) if at else []))


def _published(s: Session, incidents: Sequence[str]) -> dict[str, list[date]]:
    """Incident id → the days on which its reports came out, at most `_REPORTS`."""
    found = s.incidents.published(incidents)
    return {i: [day for p in found.get(i, [])[:_REPORTS] if (day := _day(p))] for i in incidents}


def _days(headline: Headline) -> tuple[date, date] | None:
    first, last = _day(headline.earliest), _day(headline.latest)
    if not first and not last:
        return None
    a, b = first or last, last or first
    assert a and b
    return (a, b) if a <= b else (b, a)


def _day(iso: str | None) -> date | None:
    try:
        return date.fromisoformat(iso[:10]) if iso else None
    except ValueError:
        return None


def _ticks(first: date, last: date, words: Words) -> list[tuple[date, str]]:
    span = (last - first).days
    if span <= 75:
        step = 7 if span > 21 else 2
        return [(d, words.tick(d, "d MMM")) for i in range(0, span, step) if (d := first + timedelta(days=i))]
    months = (last.year - first.year) * 12 + last.month - first.month
    step = 1 if months <= 12 else 3 if months <= 36 else 12 if months <= 240 else 60
    found = []
    for n in range(first.year * 12 + first.month, last.year * 12 + last.month):
        if n % step == 0:
            day = date(n // 12, n % 12 + 1, 1)
            found.append((day, words.tick(day, "y" if step >= 12 else "MMM y")))
    return found
