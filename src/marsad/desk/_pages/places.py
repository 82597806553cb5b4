"""Where and when: the map and the timeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response

from ...model import Place, codes
from ...store import Session
from .._atlas import KM_PER_DEGREE, WIDTH, graticule, outlines, view_of
from .._desk import Desk, page_number
from .._headline import Headline
from .._lists import Pager
from .._snapshot import Snapshot
from .._words import Words
from .incidents import title

_ROWS = 60
_REPORTS = 40
"""Report days drawn for one incident, at most."""
_UNDATED = 300
_LISTED = 12
_LEAST_MARK = 8.0
Entry = tuple[Headline, dict[str, str]]


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


@dataclass(frozen=True, slots=True)
class Bar:
    """One incident on the timeline: per cent from the left, and when its reports came out."""

    entry: Entry
    left: float
    width: float
    reports: tuple[float, ...]


def map_page(desk: Desk, request: Request) -> Response:
    """Incidents by place, each as an area of its precision; those without coordinates are listed."""
    words = desk.words(request)
    with desk.case.store.read() as s:
        snapshot = desk.snapshots.now(s)
    act = request.query_params.get("act", "")
    chosen = [h for h in snapshot.headlines.values() if not act or act in h.acts]
    groups: dict[tuple[float, float, str], list[Entry]] = defaultdict(list)
    of: dict[tuple[float, float, str], Place] = {}
    whole: dict[str, list[Entry]] = defaultdict(list)
    nowhere = []
    for headline in chosen:
        entry = (headline, title(headline, words))
        place = _finest(headline.places)
        if place is None:
            nowhere.append(entry)
        elif place.precision == "country" and place.country:
            whole[place.country].append(entry)
        elif place.lat is not None and place.lon is not None:
            key = (place.lat, place.lon, place.precision)
            of[key] = place
            groups[key].append(entry)
    view = view_of([(lon, lat) for lat, lon, _ in groups])
    marks = []
    for number, (key, entries) in enumerate(sorted(groups.items(), key=lambda g: -len(g[1])), 1):
        x, y = view.at(key[1], key[0])
        radius = view.radius(key[2])
        km = radius / view.scale * KM_PER_DEGREE
        marks.append(Mark(number, of[key], x, y, radius, km, tuple(entries[:_LISTED]), len(entries)))
    context = {
        "marks": sorted(marks, key=lambda m: -m.radius),
        "listed": marks,
        "whole": whole,
        "nowhere": nowhere,
        "outlines": [(o, _clear(o.label, marks)) for o in outlines(view)],
        "lines": graticule(view),
        "width": WIDTH,
        "height": round(view.height, 1),
        "least": _LEAST_MARK,
        "listed_most": _LISTED,
        "bar": view.scale_bar(),
        "act": act,
        "acts": sorted({a for h in snapshot.headlines.values() for a in h.acts}),
        "total": len(snapshot.incidents),
    }
    return desk.render(request, "map.html", context)


def timeline(desk: Desk, request: Request) -> Response:
    """Incidents by time, each as long as its dates are vague, with the days on which its reports came out."""
    words = desk.words(request)
    with desk.case.store.read() as s:
        snapshot = desk.snapshots.now(s)
        dated = [h for h in snapshot.headlines.values() if _days(h)]
        pager = Pager.over(len(dated), page_number(request), _ROWS)
        shown = dated[pager.offset : pager.offset + _ROWS]
        published = {h.incident.id: _published(s, snapshot, h) for h in shown}
    context: dict[str, object] = {"bars": [], "ticks": [], "pager": pager, "total": len(snapshot.incidents)}
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
                tuple(sorted({across(d) for d in published[h.incident.id]})),
            )
            for h in shown
            if (days := _days(h))
        ]
        context["ticks"] = [(across(d), text) for d, text in _ticks(first, last, words)]
    undated = [h for h in snapshot.headlines.values() if not _days(h)]
    context["undated"] = [(h, title(h, words)) for h in undated[:_UNDATED]]
    context["more_undated"] = max(0, len(undated) - _UNDATED)
    return desk.render(request, "timeline.html", context)


def _clear(label: tuple[float, float] | None, marks: list[Mark]) -> tuple[float, float] | None:
    """Where a country's name stands clear of the marks' names, by moving it up."""
    if label and any(abs(m.x - label[0]) < 140 and -40 < m.y - label[1] < 30 for m in marks):
        return label[0], label[1] - 70
    return label


def _finest(places: Iterable[Place]) -> Place | None:
    known = [p for p in places if (p.lat is not None and p.lon is not None) or p.precision == "country"]
    return min(known, key=lambda p: codes.PRECISIONS.index(p.precision), default=None)


def _published(s: Session, snapshot: Snapshot, headline: Headline) -> list[date]:
    """The days on which the incident's reports came out."""
    reports = {c.report for c in snapshot.claims(headline.incident).values()}
    found = (s.reports.get(r) for r in sorted(reports)[:_REPORTS])
    return [day for r in found if r and (day := _day(r.published))]


def _days(headline: Headline) -> tuple[date, date] | None:
    first, last = _day(headline.incident.earliest), _day(headline.incident.latest)
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
