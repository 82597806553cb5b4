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
from .._axis import Axis, day_of, span_of
from .._desk import Desk, page_number
from .._lists import Pager
from .._mapping import Mark, Spot, draw, window
from .._narrowing import asked, narrowed
from .._titles import title
from .._words import Words

_ROWS = 60
_REPORTS = 40
"""Report days drawn for one incident, at most."""
_UNDATED = 300
_LISTED = 12
_SPOTS = 400
"""Places drawn at most, those with most incidents."""
_OPENED = 30
"""Places whose incidents are listed."""
Entry = tuple[Headline, dict[str, str]]
_NONE: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """One place of the list beside the map, with its mark and its incidents, at most `_LISTED` of them."""

    number: int
    mark: Mark
    entries: tuple[Entry, ...]
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
    spots_drawn = [Spot(p, f"#place-{number}", count=n) for number, (p, _, n) in enumerate(drawn, 1)]
    countries = [p.country for p, _, _ in places if p.precision == "country" and p.country]
    drawing = draw(spots_drawn, countries, window(spots_drawn, countries))
    context = {
        "drawing": drawing,
        "listed": [
            Listed(number, mark, entries[spot], spot)
            for number, (mark, (_, spot, _)) in enumerate(zip(drawing.given, drawn, strict=True), 1)
        ],
        "whole": [(p.country, n, entries[spot], spot) for p, spot, n in places if p.precision == "country"],
        "nowhere": nowhere,
        "unplaced": unplaced,
        "hidden": max(0, count - sum(n for _, _, n in places) - unplaced),
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
        axis = Axis(first, last)
        context["bars"] = [
            Bar((h, title(h, words)), *axis.bar(*days), tuple(sorted({axis.at(d, 0.5) for d in published[h.id]})))
            for h in shown
            if (days := _days(h))
        ]
        context["ticks"] = axis.ticks(words)
    context["undated"] = [(h, title(h, words)) for h in undated]
    context["more_undated"] = max(0, total - count - len(undated))
    return desk.render(request, "timeline.html", context)


def _spots(s: Session, chosen: dict[str, str], found: Filter) -> list[tuple[str, int]]:
    # How many of all incidents are at each place is kept; of some incidents it has to be counted.
    return s.marks.within("incident", "spot", found, _SPOTS) if chosen else s.marks.values("incident", "spot", _SPOTS)


def _entries(s: Session, chosen: dict[str, str], spot: str, words: Words) -> tuple[Entry, ...]:
    at = narrowed(s, "incident", {**chosen, "spot": spot})
    return tuple((h, title(h, words)) for h in (headlines(s, at, _LISTED) if at else []))


def _published(s: Session, incidents: Sequence[str]) -> dict[str, list[date]]:
    """Incident id → the days on which its reports came out, at most `_REPORTS`."""
    found = s.incidents.published(incidents)
    return {i: [day for p in found.get(i, [])[:_REPORTS] if (day := day_of(p))] for i in incidents}


def _days(headline: Headline) -> tuple[date, date] | None:
    return span_of(headline.earliest, headline.latest)
