"""Places as areas of one drawing: what a page draws, faint or plain, and where a press on each leads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..model import Place
from ..text import fold
from ._atlas import KM_PER_DEGREE, WIDTH, Outline, View, bounds, graticule, outlines, view_of

_LEAST_MARK = 8.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with coordinates that a page wants drawn, and the address that a press on it leads to."""

    place: Place
    href: str
    said: str = ""
    """What it is, for those who do not see the drawing; its number of incidents where empty."""
    count: int = 1
    faint: bool = False
    beside: str = ""
    """Stands behind its name in the drawing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One spot as drawn: its middle and its area's radius in drawing units, `km` on the ground."""

    spot: Spot
    x: float
    y: float
    radius: float
    km: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map: `marks` in the order in which they are painted, `given` in the order of the spots."""

    marks: tuple[Mark, ...]
    given: tuple[Mark, ...]
    outlines: tuple[tuple[Outline, tuple[float, float] | None], ...]
    """Each country with where its name stands clear of the marks' names."""
    told: frozenset[str]
    """Codes of the countries that are drawn as a whole."""
    lines: tuple[list[float], list[float]]
    width: float
    height: float
    least: float
    bar: tuple[int, float]


def key_of(place: Place) -> str:
    """What tells that two claims name one place: its id, else its name."""
    return place.id or fold(place.name or place.text)


def located(place: Place) -> bool:
    """Whether a place can be drawn as an area: it has coordinates and is no whole country."""
    return place.lat is not None and place.lon is not None and place.precision != "country"


def window(spots: Sequence[Spot], countries: Collection[str], shape: float = 0.62) -> View:
    """The view that holds the spots; where there are none, the countries."""
    points = [(s.place.lon, s.place.lat) for s in spots if s.place.lat is not None and s.place.lon is not None]
    return view_of(points or [p for c in countries for p in bounds(c)], shape)


def draw(spots: Sequence[Spot], countries: Collection[str], view: View) -> Drawing:
    """The spots and the countries in a view. Faint ones lie lowest, then the largest."""
    given = []
    for s in spots:
        x, y = view.at(s.place.lon or 0.0, s.place.lat or 0.0)
        radius = view.radius(s.place.precision)
        given.append(Mark(s, x, y, radius, radius / view.scale * KM_PER_DEGREE))
    plain = [m for m in given if not m.spot.faint]
    return Drawing(
        marks=tuple(sorted(given, key=lambda m: (not m.spot.faint, -m.radius))),
        given=tuple(given),
        outlines=tuple((o, _clear(o.label, plain)) for o in outlines(view)),
        told=frozenset(countries),
        lines=graticule(view),
        width=WIDTH,
        height=round(view.height, 1),
        least=_LEAST_MARK,
        bar=view.scale_bar(),
    )


def _clear(label: tuple[float, float] | None, marks: Sequence[Mark]) -> tuple[float, float] | None:
    """Where a country's name stands clear of the marks' names, by moving it up."""
    if label and any(abs(m.x - label[0]) < 140 and -40 < m.y - label[1] < 30 for m in marks):
        return label[0], label[1] - 70
    return label
