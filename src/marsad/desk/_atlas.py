"""The map, drawn on the server: country outlines in a view, and areas as large as the place is vague."""

from __future__ import annotations

import functools
import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from ..places import Ring, country_outlines

KM_PER_DEGREE = 111.32
WIDTH = 1000.0
_LEAST_SPAN = 3.5
"""Degrees: nearer than this the outlines (1:50 million) would pretend to a detail that they lack."""
_RADIUS_KM = json.loads(resources.files(__package__).joinpath("data/precision.json").read_text("utf-8"))["radius_km"]


@dataclass(frozen=True, slots=True)
class View:
    """A window on the map: the middle, degrees of longitude and latitude across, and the drawing's height."""

    lon: float
    lat: float
    wide: float
    high: float

    @property
    def scale(self) -> float:
        """Drawing units in a degree of latitude."""
        return float(WIDTH / (self.wide * self._squeeze))

    @property
    def height(self) -> float:
        """The drawing's height, its width being WIDTH."""
        return self.high * self.scale

    @property
    def _squeeze(self) -> float:
        return max(0.2, math.cos(math.radians(self.lat)))

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Drawing coordinates of a place."""
        x = (lon - self.lon + self.wide / 2) * self._squeeze * self.scale
        y = (self.lat + self.high / 2 - lat) * self.scale
        return round(x, 1), round(y, 1)

    def holds(self, lon: float | None, lat: float | None) -> bool:
        """Whether a place is seen in it."""
        if lon is None or lat is None:
            return False
        return abs(lon - self.lon) <= self.wide / 2 and abs(lat - self.lat) <= self.high / 2

    def radius(self, precision: str) -> float:
        """Drawing units of the radius that a place of this precision may be off by; 0 for a whole country."""
        return round(float(_RADIUS_KM.get(precision, 0)) / KM_PER_DEGREE * self.scale, 2)

    def scale_bar(self) -> tuple[int, float]:
        """Kilometres, and drawing units for them: a round number, about a sixth of the width."""
        km = WIDTH / 6 / self.scale * KM_PER_DEGREE
        power = 10 ** math.floor(math.log10(km))
        nice = max(n for n in (1, 2, 5) if n * power <= km) * power
        return int(max(1, nice)), round(nice / KM_PER_DEGREE * self.scale, 1)


@dataclass(frozen=True, slots=True)
class Outline:
    """A country's outline in a view, and where its name may stand (None where too little of it is seen)."""

    code: str
    path: str
    label: tuple[float, float] | None


def view_of(points: Sequence[tuple[float, float]], shape: float = 0.62) -> View:
    """The window that holds (lon, lat) points with room around them; the whole world where there are none."""
    if not points:
        return View(0, 15, 360, 150)
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    lat = (min(lats) + max(lats)) / 2
    squeeze = max(0.2, math.cos(math.radians(lat)))
    wide = max(_LEAST_SPAN / squeeze, (max(lons) - min(lons)) * 1.5)
    high = max(_LEAST_SPAN * shape, (max(lats) - min(lats)) * 1.5)
    high, wide = max(high, wide * squeeze * shape), max(wide, high / shape / squeeze)
    return View((min(lons) + max(lons)) / 2, lat, min(wide, 360), min(high, 170))


@functools.lru_cache(maxsize=32)
def outlines(view: View) -> tuple[Outline, ...]:
    """The countries that are seen in the view."""
    seen = []
    for code, rings in _countries().items():
        paths: list[str] = []
        near: list[Ring] = []
        for ring, (west, south, east, north) in rings:
            inside = west < view.lon + view.wide and east > view.lon - view.wide
            if not inside or south > view.lat + view.high or north < view.lat - view.high:
                continue
            drawn = _thin([view.at(lon, lat) for lon, lat in ring], view)
            if len(drawn) > 2:
                paths.append("M" + "L".join(f"{x:g} {y:g}" for x, y in drawn) + "Z")
                near.append(ring)
        if paths:
            seen.append(Outline(code, "".join(paths), _label(view, near)))
    return tuple(seen)


def bounds(country: str) -> list[tuple[float, float]]:
    """Two corners of the largest part of a country, by ISO code; nothing for one that is not drawn."""
    boxes = [box for _, box in _countries().get(country, ())]
    if not boxes:
        return []
    west, south, east, north = max(boxes, key=lambda b: (b[2] - b[0]) * (b[3] - b[1]))
    return [(west, south), (east, north)]


def graticule(view: View) -> tuple[list[float], list[float]]:
    """Where the lines of longitude (x) and latitude (y) run: every 1, 2, 5, 10 or 30 degrees."""
    step = next((d for d in (1, 2, 5, 10) if view.wide / d <= 12), 30)
    first, last = math.ceil((view.lon - view.wide / 2) / step), math.floor((view.lon + view.wide / 2) / step)
    low, high = math.ceil((view.lat - view.high / 2) / step), math.floor((view.lat + view.high / 2) / step)
    return [view.at(n * step, 0)[0] for n in range(first, last + 1)], [
        view.at(0, n * step)[1] for n in range(low, high + 1)
    ]


def _label(view: View, rings: Sequence[Ring]) -> tuple[float, float] | None:
    """The seen point of the country that is nearest to the middle of all its seen points; None where few are seen."""
    points = [
        (view.lon + view.wide * (i / 14 - 0.5), view.lat + view.high * (j / 10 - 0.5))
        for i in range(1, 14)
        for j in range(1, 10)
    ]
    inside = [p for p in points if any(_holds(ring, *p) for ring in rings)]
    if len(inside) < 3:
        return None
    lon, lat = (sum(p[k] for p in inside) / len(inside) for k in (0, 1))
    return view.at(*min(inside, key=lambda p: (p[0] - lon) ** 2 + (p[1] - lat) ** 2))


def _holds(ring: Ring, lon: float, lat: float) -> bool:
    within = False
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            within = not within
    return within


def _thin(points: list[tuple[float, float]], view: View) -> list[tuple[float, float]]:
    """Without the points that no eye tells apart, and coarser outside the view."""
    kept = points[:1]
    for x, y in points[1:]:
        inside = -100 < x < WIDTH + 100 and -100 < y < view.height + 100
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= (1.2 if inside else 40):
            kept.append((x, y))
    return kept


@functools.cache
def _countries() -> dict[str, list[tuple[Ring, tuple[float, float, float, float]]]]:
    return {code: [(ring, _box(ring)) for ring in rings] for code, rings in country_outlines().items()}


def _box(ring: Ring) -> tuple[float, float, float, float]:
    lons, lats = [p[0] for p in ring], [p[1] for p in ring]
    return min(lons), min(lats), max(lons), max(lats)
