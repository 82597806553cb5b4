"""Country outlines for maps: Natural Earth 1:50m (public domain), by way of world-atlas (ISC)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from itertools import accumulate

Ring = tuple[tuple[float, float], ...]
"""A closed line of (longitude, latitude) in degrees."""


@cache
def outlines() -> tuple[Ring, ...]:
    """The rings of every country, for orientation; they take no side on any border."""
    return tuple(ring for rings in country_outlines().values() for ring in rings)


@cache
def country_outlines() -> Mapping[str, tuple[Ring, ...]]:
    """The same by country: ISO 3166-1 alpha-2, or Natural Earth's name where there is none."""
    data = json.loads(resources.files(__package__).joinpath("data/outlines.json").read_text(encoding="utf-8"))
    return {code: tuple(_ring(numbers) for numbers in rings) for code, rings in data["countries"].items()}


def _ring(numbers: list[int]) -> Ring:
    """First longitude and latitude in hundredths of a degree, then differences."""
    lons, lats = accumulate(numbers[::2]), accumulate(numbers[1::2])
    return tuple((lon / 100, lat / 100) for lon, lat in zip(lons, lats, strict=True))
