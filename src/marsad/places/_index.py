"""Lookups in the index: places by exact key, by loose key, by place number, by nearness."""

from __future__ import annotations

import math
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ._keys import key, loose_key, spelled

_COLUMNS = "p.n, p.id, p.name, p.kind, p.country, p.admin1, p.admin2, p.lat, p.lon, p.population"
_CACHED_NAMES = 50_000
_LEAST_LIKENESS = 70.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One gazetteer entry. `kind` is 'C' country, '1' or '2' division, 'P' populated place; a user's own: 'X'
    populated place, 'S' spot."""

    n: int
    id: str
    name: str
    kind: str
    country: str
    admin1: int | None
    admin2: int | None
    lat: float | None
    lon: float | None
    population: int


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that a name may mean, and how well the name fits: 3 its own name, 2 an alias, 1 an alternative, below 1
    a romanisation that only resembles one."""

    entry: Entry
    quality: float


class Index:
    """One open index file. Read-only; each thread has its own connection."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._names: dict[str, tuple[Match, ...]] = {}
        self._capitals: frozenset[int] | None = None
        self._sizes: dict[str, int] | None = None
        self._loose: dict[tuple[str, str], tuple[Match, ...]] = {}
        self._entries: dict[int, Entry | None] = {}

    def named(self, name: str) -> tuple[Match, ...]:
        """Entries with this name, by exact key."""
        wanted = key(name)
        if not wanted:
            return ()
        found = self._names.get(wanted)
        if found is None:
            rows = self._all(
                f"SELECT {_COLUMNS}, m.quality FROM name m JOIN place p ON p.n = m.place WHERE m.key = ?", wanted
            )
            found = tuple(Match(Entry(*row[:10]), row[10]) for row in rows)
            if len(self._names) >= _CACHED_NAMES:
                self._names.clear()
            self._names[wanted] = found
        return found

    def resembling(self, name: str, least: float = 78.0) -> tuple[Match, ...]:
        """Entries with a name that is the same but for its romanisation; quality 0–1 by likeness of spelling."""
        wanted = loose_key(name)
        if not wanted:
            return ()
        plain = spelled(name)
        found = self._loose.get((wanted, plain))
        if found is None:
            found = self._resembling(wanted, plain)
            if len(self._loose) >= _CACHED_NAMES:
                self._loose.clear()
            self._loose[wanted, plain] = found
        return tuple(m for m in found if m.quality * 101 >= least)

    def _resembling(self, wanted: str, plain: str) -> tuple[Match, ...]:
        from rapidfuzz.distance import Indel

        rows = self._all(
            f"SELECT {_COLUMNS}, m.spelled FROM loose m JOIN place p ON p.n = m.place WHERE m.key = ?", wanted
        )
        best: dict[int, Match] = {}
        for row in rows:
            likeness = 100 * Indel.normalized_similarity(plain, spelled(row[10]))
            if likeness >= _LEAST_LIKENESS and (row[0] not in best or likeness / 101 > best[row[0]].quality):
                best[row[0]] = Match(Entry(*row[:10]), likeness / 101)
        return tuple(best.values())

    def entry(self, n: int | None) -> Entry | None:
        """The entry with this number."""
        if n is None:
            return None
        if n not in self._entries:
            rows = self._all(f"SELECT {_COLUMNS} FROM place p WHERE p.n = ?", n)
            self._entries[n] = Entry(*rows[0]) if rows else None
        return self._entries[n]

    def by_id(self, place_id: str) -> Entry | None:
        """The entry with this id ('geonames:163808', 'iso:IQ-AN')."""
        rows = self._all(f"SELECT {_COLUMNS} FROM place p WHERE p.id = ?", place_id)
        return Entry(*rows[0]) if rows else None

    def arabic(self, n: int) -> str | None:
        """The name in Arabic of the entry with this number, where it has one."""
        rows = self._all("SELECT name FROM arabic WHERE place = ?", n)
        return rows[0][0] if rows else None

    def at(self, lat: float, lon: float, name: str) -> Entry | None:
        """The entry of this name at exactly this point."""
        rows = self._all(
            f"SELECT {_COLUMNS} FROM place p WHERE p.lat = ? AND p.lon = ? AND p.name = ? ORDER BY p.n", lat, lon, name
        )
        return Entry(*rows[0]) if rows else None

    def around(self, lat: float, lon: float, km: float) -> list[Entry]:
        """Populated places within a box of `km` around a point."""
        high = km / 111.2
        wide = min(180.0, high / max(0.01, math.cos(math.radians(lat))))
        rows = self._all(
            f"SELECT {_COLUMNS} FROM place p WHERE p.kind IN ('P', 'X', 'S') AND p.lat BETWEEN ? AND ? "
            "AND p.lon BETWEEN ? AND ?",
            lat - high,
            lat + high,
            lon - wide,
            lon + wide,
        )
        return [Entry(*row) for row in rows]

    def beginning(self, name: str, most: int) -> list[Match]:
        """Entries with a name that begins so, the most populous first."""
        start = key(name)
        if not start:
            return []
        rows = self._all(
            f"SELECT {_COLUMNS}, max(m.quality) FROM name m JOIN place p ON p.n = m.place "
            "WHERE m.key >= ? AND m.key < ? GROUP BY p.n ORDER BY p.population DESC LIMIT ?",
            start,
            start + "\U0010ffff",
            most,
        )
        return [Match(Entry(*row[:10]), row[10]) for row in rows]

    def sizes(self) -> dict[str, int]:
        """How many places each country has here."""
        if self._sizes is None:
            self._sizes = dict(self._all("SELECT country, places FROM size"))
        return self._sizes

    def capitals(self) -> frozenset[int]:
        """Numbers of the capitals of countries."""
        if self._capitals is None:
            self._capitals = frozenset(row[0] for row in self._all("SELECT n FROM capital"))
        return self._capitals

    def divisions(self, country: str) -> list[Entry]:
        """First-order divisions of a country."""
        rows = self._all(f"SELECT {_COLUMNS} FROM place p WHERE p.kind = '1' AND p.country = ?", country)
        return [Entry(*row) for row in rows]

    def _all(self, query: str, *values: str | float) -> list[tuple[Any, ...]]:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(f"{self._path.as_uri()}?mode=ro&immutable=1", uri=True)
            self._local.connection = connection
        return connection.execute(query, values).fetchall()


def km_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in kilometres of two (latitude, longitude) points in degrees."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742.0176 * math.asin(min(1.0, math.sqrt(h)))
