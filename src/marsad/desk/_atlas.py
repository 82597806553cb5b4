"""The map, drawn on the server: country outlines in a view, and areas as large as the place is vague."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

KM_PER_DEGREE = 111.32
WIDTH = 1000.0
_LEAST_SPAN = 2.5
"""Degrees: nearer than this the outlines (1:50 million) would pretend to a detail that they lack."""
_RADIUS_KM = json.loads(resources.files(__package__).joinpath("data/precision.json").read_text("utf-8"))["radius_km"]
_Ring = tuple[tuple[float, float], ...]


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

    def radius(self, precision: str) -> float:
        """Drawing units of the radius that a place of this precision may be off by; 0 for a whole country."""
        return round(float(_RADIUS_KM.get(precision, 0)) / KM_PER_DEGREE * self.scale, 1)

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


def outlines(view: View) -> list[Outline]:
    """The countries that are seen in the view."""
    seen = []
    for code, rings in _countries().items():
        paths: list[str] = []
        best: list[tuple[float, float]] = []
        for ring, (west, south, east, north) in rings:
            inside = west < view.lon + view.wide and east > view.lon - view.wide
            if not inside or south > view.lat + view.high or north < view.lat - view.high:
                continue
            drawn = _thin([view.at(lon, lat) for lon, lat in ring], view)
            if len(drawn) > 2:
                paths.append("M" + "L".join(f"{x:g} {y:g}" for x, y in drawn) + "Z")
            within = [(x, y) for x, y in drawn if 0 <= x <= WIDTH and 0 <= y <= view.height]
            best = max(best, within, key=len)
        if paths:
            seen.append(Outline(code, "".join(paths), _middle(best) if len(best) > 8 else None))
    return seen


def _thin(points: list[tuple[float, float]], view: View) -> list[tuple[float, float]]:
    """Without the points that no eye tells apart, and coarser outside the view."""
    kept = points[:1]
    for x, y in points[1:]:
        inside = -100 < x < WIDTH + 100 and -100 < y < view.height + 100
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= (1.2 if inside else 40):
            kept.append((x, y))
    return kept


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return round((min(xs) + max(xs)) / 2, 1), round((min(ys) + max(ys)) / 2, 1)


@functools.cache
def _countries() -> dict[str, list[tuple[_Ring, tuple[float, float, float, float]]]]:
    data = json.loads(resources.files(__package__).joinpath("data/countries.json").read_text("utf-8"))["countries"]
    found: dict[str, list[tuple[_Ring, tuple[float, float, float, float]]]] = {}
    for code, rings in data.items():
        found[code] = []
        for flat in rings:
            lon = lat = 0
            ring = []
            for i in range(0, len(flat), 2):
                lon, lat = lon + flat[i], lat + flat[i + 1]
                ring.append((lon / 100, lat / 100))
            lons, lats = [p[0] for p in ring], [p[1] for p in ring]
            found[code].append((tuple(ring), (min(lons), min(lats), max(lons), max(lats))))
    return found
