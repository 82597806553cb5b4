"""Map and timeline as plain SVG: areas of accuracy, never a false point; intervals, never a false day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ._view import Shown

WIDTH = 960
_KM_PER_DEGREE = 111.32
_BAR = 180
"""The scale bar's length in pixels, at most."""
_ROUND = tuple(n * 10**power for power in range(5) for n in (1, 2, 5))
_NAMED = 30
"""So many incidents of the timeline are named; more would make it longer than the list."""


@dataclass(frozen=True, slots=True)
class Area:
    """The incidents of one place on the map: centre and radius in pixels."""

    incidents: tuple[Shown, ...]
    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Map:
    """What the page draws: its height, outlines as SVG path data, an area for each place, and a bar of so many km."""

    height: int
    outlines: tuple[str, ...]
    areas: tuple[Area, ...]
    bar_km: int
    bar: float


@dataclass(frozen=True, slots=True)
class Bar:
    """An incident on the timeline: start, width and row, in pixels; where its name stands, ends or begins."""

    incident: Shown
    x: float
    w: float
    y: float
    name_at: float | None
    ends: bool


def draw_map(incidents: Sequence[Shown], outlines: Sequence[Sequence[tuple[float, float]]] = ()) -> Map | None:
    """Equirectangular around the incidents' middle latitude; None where no incident has a place.

    `outlines` are rings of (lon, lat), for orientation.
    """
    placed = [
        (i, i.place.lat, i.place.lon, i.accuracy_km or 5.0) for i in incidents if i.place and i.place.lat is not None
    ]
    points = [(i, lat, lon, km) for i, lat, lon, km in placed if lat is not None and lon is not None]
    if not points:
        return None
    middle = math.radians(sum(lat for _, lat, _, _ in points) / len(points))
    squeeze = max(0.2, math.cos(middle))
    reach = [(lat, lon, km / _KM_PER_DEGREE) for _, lat, lon, km in points]
    south, north = min(lat - d for lat, _, d in reach), max(lat + d for lat, _, d in reach)
    west = min(lon - d / squeeze for _, lon, d in reach)
    east = max(lon + d / squeeze for _, lon, d in reach)
    pad = max(0.6, 0.15 * max(north - south, (east - west) * squeeze))
    south, north, west, east = south - pad, north + pad, west - pad / squeeze, east + pad / squeeze
    scale = min(WIDTH / ((east - west) * squeeze), 640 / (north - south))
    left = (WIDTH - (east - west) * squeeze * scale) / 2

    def at(lat: float, lon: float) -> tuple[float, float]:
        return round(left + (lon - west) * squeeze * scale, 1), round((north - lat) * scale, 1)

    grouped: dict[tuple[float, float, float], list[Shown]] = {}
    for incident, lat, lon, km in points:
        grouped.setdefault((lat, lon, km), []).append(incident)
    areas = [
        Area(tuple(group), *at(lat, lon), max(6.0, round(km / _KM_PER_DEGREE * scale, 1)))
        for (lat, lon, km), group in grouped.items()
    ]
    near = (r for r in outlines if _meets(r, west, east, south, north))
    paths = tuple("M" + "L".join(f"{x},{y}" for x, y in (at(lat, lon) for lon, lat in ring)) + "Z" for ring in near)
    bar_km = max(n for n in _ROUND if n == 1 or n / _KM_PER_DEGREE * scale <= _BAR)
    bar = round(bar_km / _KM_PER_DEGREE * scale, 1)
    return Map(round((north - south) * scale), paths, tuple(sorted(areas, key=lambda a: -a.r)), bar_km, bar)


def draw_timeline(
    incidents: Sequence[Shown], right_to_left: bool = False
) -> tuple[list[Bar], list[tuple[float, date]], int]:
    """(bars, ticks as (x, month), height) for the incidents that have a time; a month is a bar as wide as the month.

    A few stand in a row each, with their names; more are packed, and have none. Time may run from right to left: then
    ticks are where months begin at their right.
    """
    spans = [(i, *s) for i in incidents if (s := _days(i))]
    if not spans:
        return [], [], 0
    first, last = min(a for _, a, _ in spans), max(b for _, _, b in spans)
    months = _months(first, last)
    begin, end = months[0], months[-1]
    scale = WIDTH / max(1, (end - begin).days)
    named = len(spans) <= _NAMED
    high = 34 if named else 14
    rows: list[float] = []
    bars = []
    for incident, a, b in sorted(spans, key=lambda s: (s[1], s[2])):
        x, w = (a - begin).days * scale, max(6.0, ((b - a).days + 1) * scale)
        row = len(rows) if named else next((n for n, free in enumerate(rows) if free + 4 <= x), len(rows))
        rows[row : row + 1] = [x + w]
        ends = x > WIDTH / 2
        name_at = round(min(x + w, WIDTH) if ends else x, 1) if named else None
        bars.append(Bar(incident, round(x, 1), round(w, 1), (50 if named else 34) + row * high, name_at, ends))
    step = max(1, math.ceil(len(months) / 12))
    ticks = [(round((m - begin).days * scale, 1), m) for m in months[:-1:step]]
    if right_to_left:
        bars = [_mirrored(b) for b in bars]
        ticks = [(round(WIDTH - x, 1), m) for x, m in ticks]
    return bars, ticks, 34 + len(rows) * high + 8


def _mirrored(bar: Bar) -> Bar:
    name_at = None if bar.name_at is None else round(WIDTH - bar.name_at, 1)
    return replace(bar, x=round(WIDTH - bar.x - bar.w, 1), name_at=name_at, ends=not bar.ends)


def _meets(ring: Sequence[tuple[float, float]], west: float, east: float, south: float, north: float) -> bool:
    lons, lats = [lon for lon, _ in ring], [lat for _, lat in ring]
    return min(lons) <= east and max(lons) >= west and min(lats) <= north and max(lats) >= south


def _days(incident: Shown) -> tuple[date, date] | None:
    earliest, latest = incident.earliest or incident.latest, incident.latest or incident.earliest
    if earliest is None or latest is None:
        return None
    first = date.fromisoformat(earliest[:10] if len(earliest) > 7 else f"{earliest}-01")
    last = date.fromisoformat(latest[:10]) if len(latest) > 7 else _next_month(date.fromisoformat(f"{latest}-01"))
    return first, max(first, last)


def _months(first: date, last: date) -> list[date]:
    months = [first.replace(day=1)]
    while months[-1] <= last:
        months.append(_next_month(months[-1]))
    return months


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
