"""Gazetteers that users bring: a GeoNames dump, a CSV or TSV table (OCHA COD), GeoJSON points."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from marsad.errors import GazetteerRefused

from ._build import SCHEMA, Row, insert
from ._keys import data_file

_COLUMNS: dict[str, list[str]] = {
    field: [name.replace("{n}", str(n)) for name in names for n in (range(5, -1, -1) if "{n}" in name else (0,))]
    for field, names in data_file("columns").items()
    if field != "about"
}
_GEONAMES_COLUMNS = 19
_KINDS = {"P": "X", "S": "S"}
"""GeoNames feature classes that are taken: populated places and spots. Divisions come from ISO 3166-2 alone."""
_FIRST = 2_000_000_000
_MOST_BYTES = 2_000_000_000

Within = Callable[[float, float], tuple[str, int | None, int | None]]
"""(country, first-order division, second-order division) of a point."""


class Point(NamedTuple):
    """One place of a user's gazetteer."""

    id: str
    name: str
    others: list[str]
    kind: str
    country: str
    lat: float
    lon: float
    population: int


def build_extra(source: Path, target: Path, within: Within) -> None:
    """Write the index of a user's gazetteer to `target`. Raises GazetteerRefused naming the file and the line."""
    connection = sqlite3.connect(target)
    try:
        connection.executescript(SCHEMA)
        n = _FIRST
        for point in _points(source):
            country, first, second = within(point.lat, point.lon)
            place_id = point.id if ":" in point.id else f"{source.stem}:{point.id or n - _FIRST}"
            if point.country and point.country != country:
                country, first, second = point.country, None, None
            row = Row(
                n, place_id, point.name, point.kind, country, first, second, point.lat, point.lon, point.population
            )
            insert(connection, row, [(point.name, 3), *((other, 2) for other in point.others)])
            n += 1
        if n == _FIRST:
            raise GazetteerRefused(
                f"{source}: it holds no place; give a GeoNames dump, a table with a header or GeoJSON"
            )
        connection.commit()
    finally:
        connection.close()


def _points(source: Path) -> Iterator[Point]:
    name, text = _read(source)
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start in ("{", "["):
        yield from _geojson(source, text)
    elif _is_dump(text):
        yield from _dump(source, text)
    else:
        yield from _table(source, name, text)


def _read(source: Path) -> tuple[str, str]:
    try:
        if source.stat().st_size > _MOST_BYTES:
            raise GazetteerRefused(f"{source}: more than 2 GB; give one country's file")
        data = source.read_bytes()
        name = source.name
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                inner = [i for i in archive.infolist() if not i.is_dir() and "readme" not in i.filename.lower()]
                if len(inner) != 1:
                    raise GazetteerRefused(f"{source}: the zip holds {len(inner)} files; give it with one, or unpacked")
                if inner[0].file_size > _MOST_BYTES:
                    raise GazetteerRefused(f"{source}: more than 2 GB unpacked; give one country's file")
                name, data = inner[0].filename, archive.read(inner[0])
        return name, data.decode("utf-8-sig")
    except OSError as error:
        raise GazetteerRefused(f"{source}: it cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise GazetteerRefused(
            f"{source}: it is not UTF-8 text; save it as UTF-8 (a spreadsheet as CSV UTF-8)"
        ) from error
    except zipfile.BadZipFile as error:
        raise GazetteerRefused(f"{source}: the zip is broken; fetch it again") from error


def _is_dump(text: str) -> bool:
    first = text.split("\n", 1)[0].split("\t")
    return len(first) == _GEONAMES_COLUMNS and first[0].isdecimal()


def _dump(source: Path, text: str) -> Iterator[Point]:
    for line_number, line in enumerate(text.splitlines(), 1):
        row = line.split("\t")
        if len(row) == 1 and not row[0].strip():
            continue
        if len(row) != _GEONAMES_COLUMNS:
            raise GazetteerRefused(f"{source}: line {line_number} has {len(row)} columns, a GeoNames dump has 19")
        if row[6] not in _KINDS:
            continue
        lat, lon = _coordinates(source, line_number, row[4], row[5])
        others = [row[2], *row[3].split(",")]
        population = int(row[14]) if row[14].isdecimal() else 0
        yield Point(f"geonames:{row[0]}", row[1], others, _KINDS[row[6]], row[8], lat, lon, population)


def _table(source: Path, name: str, text: str) -> Iterator[Point]:
    header = text.split("\n", 1)[0]
    delimiter = max("\t,;|", key=header.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    columns = [c.strip().lower() for c in rows.fieldnames or []]
    rows.fieldnames = columns
    for field in ("name", "lat", "lon"):
        if not any(c in columns for c in _COLUMNS[field]):
            wanted = ", ".join(_COLUMNS[field][:4])
            raise GazetteerRefused(f"{source}: no column for {field} in {name}; name one of its columns {wanted} …")
    try:
        for row in rows:
            found = {field: _first(row, names) for field, names in _COLUMNS.items()}
            if not found["name"]:
                continue
            lat, lon = _coordinates(source, rows.line_num, found["lat"], found["lon"])
            others = [part for c in _COLUMNS["other_names"] for part in str(row.get(c) or "").split(",")]
            country = found["country"].strip().upper()[:2] if len(found["country"].strip()) <= 3 else ""
            population = found["population"].replace(",", "").split(".")[0]
            yield Point(
                found["id"],
                found["name"],
                others,
                "X",
                country,
                lat,
                lon,
                int(population) if population.isdecimal() else 0,
            )
    except csv.Error as error:
        raise GazetteerRefused(f"{source}: line {rows.line_num} is no row of a table ({error})") from error


def _geojson(source: Path, text: str) -> Iterator[Point]:
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise GazetteerRefused(f"{source}: it is not valid JSON ({error}); export it again as GeoJSON") from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        raise GazetteerRefused(f"{source}: it is not a GeoJSON FeatureCollection; export points as one")
    for number, feature in enumerate(features, 1):
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        position = geometry.get("coordinates") if isinstance(geometry, dict) else None
        if not isinstance(geometry, dict) or geometry.get("type") != "Point" or not isinstance(position, list):
            raise GazetteerRefused(f"{source}: feature {number} is not a Point; export the centres of the areas")
        properties = feature.get("properties")
        row = {str(k).lower(): v for k, v in properties.items()} if isinstance(properties, dict) else {}
        name = _first(row, _COLUMNS["name"])
        if not name:
            continue
        lon, lat = (str(c) for c in (*position, "", "")[:2])
        latitude, longitude = _coordinates(source, number, lat, lon)
        others = [part for c in _COLUMNS["other_names"] for part in str(row.get(c) or "").split(",")]
        yield Point(_first(row, _COLUMNS["id"]), name, others, "X", "", latitude, longitude, 0)


def _first(row: Mapping[str, Any], columns: list[str]) -> str:
    return next((str(row[c]).strip() for c in columns if row.get(c) not in (None, "")), "")


def _coordinates(source: Path, line: int, lat: str, lon: str) -> tuple[float, float]:
    try:
        latitude, longitude = float(lat.replace(",", ".")), float(lon.replace(",", "."))
    except ValueError:
        latitude = longitude = float("nan")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise GazetteerRefused(f"{source}: row {line} has no place on earth ({lat!r}, {lon!r}); give decimal degrees")
    return latitude, longitude
