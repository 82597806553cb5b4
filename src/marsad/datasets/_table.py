"""A CSV file of another body to entries: what each row says, by the columns of its codebook, and which rows are bad."""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import functools
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from marsad.errors import MarsadError
from marsad.model import codes
from marsad.text import fold

_FORMULA = ("'=", "'+", "'-", "'@")
_MOST = 200_000
"""A cell with more characters than this is no cell of such a table."""

Range = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Spec:
    """One kind of table, from tables.json."""

    kind: str
    label: str
    source: str
    export: str
    """The table of `marsad.ledger.export` that has the same figures."""
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    act: str
    place_precisions: Mapping[str, str]
    date_precisions: Mapping[str, str]
    not_parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row says. Days are ISO dates; what it does not say is None or empty."""

    id: str
    line: int
    """Line of the file on which the row ends, from 1; 0 where it comes from no file."""
    first: str | None
    last: str | None
    place: str
    admin1: str
    country: str
    lat: float | None
    lon: float | None
    precision: str
    """One of `codes.PRECISIONS`."""
    parties: tuple[str, ...]
    figures: Mapping[str, Range]
    """Harm → (least, most): 'killed', 'injured', and 'civilians' for civilians killed."""
    best: int | None
    cells: Mapping[str, str]
    """Column → cell, as in the file; empty ones are left out."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that could not be read, and why."""

    line: int
    why: str


class BadRow(ValueError):
    """A row that says what no such row can."""


def kinds() -> tuple[str, ...]:
    """The kinds of table that can be read: 'ucdp', 'acled', 'airwars'."""
    return tuple(_data()["tables"])


@functools.cache
def spec(kind: str) -> Spec:
    """The columns and codes of one kind. Raises MarsadError for another, naming those that exist."""
    raw = _data()["tables"].get(kind)
    if raw is None:
        raise MarsadError(f"There is no table kind '{kind}'. Known: {', '.join(kinds())}.")
    columns = {k: tuple(v) for k, v in raw["columns"].items()}
    return Spec(
        kind,
        raw["label"],
        raw["source"],
        raw["export"],
        columns,
        tuple(raw["required"]),
        raw["act"],
        raw["place_precisions"],
        raw["date_precisions"],
        tuple(fold(w) for w in raw["not_parties"]),
    )


def read_table(kind: str, text: str, *, name: str = "the file") -> Iterator[Entry | Problem]:
    """Every row of the CSV `text` as an entry, or as a problem with its line; the rest goes on.

    Raises MarsadError where the header lacks a column that such a table must have.
    """
    table = spec(kind)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=_delimiter(text))
    csv.field_size_limit(_MOST)
    header = [" ".join(h.replace(":", " ").split()) for h in next(reader, [])]
    at = columns_of(table, header)
    missing = [table.columns[f][0] for f in table.required if not at.get(f)]
    if missing:
        raise MarsadError(
            f"{name}: this is no {table.label} table: it lacks {', '.join(missing)}. Its columns are: "
            f"{', '.join(header[:12]) or 'none'}."
        )
    seen: set[str] = set()
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Problem(reader.line_num, f"not CSV ({error})")
            continue
        if not any(c.strip() for c in row):
            continue
        try:
            if len(row) != len(header):
                raise BadRow(f"{len(row)} cells where the header has {len(header)}")
            found = _entry(table, dict(zip(header, row)), at, reader.line_num)
            if found.id in seen:
                raise BadRow(f"the id '{found.id}' stands in an earlier row")
        except BadRow as error:
            yield Problem(reader.line_num, str(error))
            continue
        seen.add(found.id)
        yield found


def entry(kind: str, row: Mapping[str, object]) -> Entry:
    """An entry of a row of `marsad.ledger.export`, so that both sides are read by one reader. Raises BadRow."""
    table = spec(kind)
    cells = {k: "" if v is None else str(v) for k, v in row.items()}
    return _entry(table, cells, columns_of(table, list(cells)), 0)


def _entry(table: Spec, row: Mapping[str, str], at: Mapping[str, tuple[str, ...]], line: int) -> Entry:
    cells = {k: v for k, raw in row.items() if (v := _clean(raw))}

    def one(field: str) -> str:
        return next((cells[c] for c in at.get(field, ()) if c in cells), "")

    key = one("id")
    if not key:
        raise BadRow("it has no id")
    first, last = _days(table, one("first"), one("last"), one("date_precision"))
    lat, lon = _degrees(one("lat"), 90), _degrees(one("lon"), 180)
    if (lat is None) != (lon is None):
        raise BadRow("a latitude without a longitude, or the other way round")
    best = _number(one("killed_best"))
    low, high = _number(one("killed_min")), _number(one("killed_max"))
    figures = {
        "killed": _range(low if low is not None else best, high, best),
        "injured": _range(_number(one("injured_min")), _number(one("injured_max"))),
    }
    parties = dict.fromkeys(
        p.strip() for c in at.get("parties", ()) for p in cells.get(c, "").split(";") if _is_party(table, p)
    )
    named = table.place_precisions.get(one("place_precision").removesuffix(".0"))
    return Entry(
        key,
        line,
        first,
        last,
        one("place"),
        one("admin1"),
        one("country"),
        lat,
        lon,
        named or ("populated_place" if lat is not None else "unknown"),
        tuple(parties),
        {h: r for h, r in figures.items() if r != (None, None)},
        best,
        cells,
    )


def _clean(raw: str) -> str:
    text = " ".join(raw.split())
    # An apostrophe before what a spreadsheet would run is ours (`marsad.text.cell`).
    return text[1:] if text.startswith(_FORMULA) else text


def _is_party(table: Spec, name: str) -> bool:
    folded = fold(name.strip())
    return bool(folded) and not any(folded.startswith(w) for w in table.not_parties)


def _days(table: Spec, first: str, last: str, precision: str) -> tuple[str | None, str | None]:
    start, end = _day(first), _day(last)
    start, end = start or end, end or start
    if start is None or end is None:
        return None, None
    if end < start:
        raise BadRow(f"it ends ({end}) before it begins ({start})")
    widen = table.date_precisions.get(precision.removesuffix(".0"))
    if widen == "days":
        start, end = start - dt.timedelta(days=6), end + dt.timedelta(days=6)
    elif widen == "month":
        start = start.replace(day=1)
        end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    return start.isoformat(), end.isoformat()


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        for form in _data()["date_formats"]:
            try:
                return dt.datetime.strptime(text, form).date()
            except ValueError:
                continue
    raise BadRow(f"'{text[:40]}' is no date that can be read in one way only (write 2015-05-27)")


def _degrees(text: str, most: int) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise BadRow(f"'{text[:40]}' are no degrees") from None
    if not -most <= value <= most:
        raise BadRow(f"{text} is beyond {most} degrees")
    return value


def _number(text: str) -> int | None:
    if not text:
        return None
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        raise BadRow(f"'{text[:40]}' is no number of people") from None
    if not 0 <= value < 10**9 or value != int(value):
        raise BadRow(f"{text} is no number of people")
    return int(value)


def _range(low: int | None, high: int | None, best: int | None = None) -> Range:
    if low is not None and high is not None and high < low:
        raise BadRow(f"its most ({high}) is lower than its least ({low})")
    if best is not None and ((low is not None and best < low) or (high is not None and best > high)):
        raise BadRow(f"its best figure ({best}) lies outside {low} to {high}")
    return low, high


def _delimiter(text: str) -> str:
    head = text[:20_000].splitlines()[0] if text else ""
    return max(",;\t", key=head.count)


def columns_of(table: Spec, header: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Field → the columns of this file that hold it, in the order of the codebook."""
    by_key = {_key(h): h for h in reversed(header)}
    return {f: tuple(by_key[_key(n)] for n in names if _key(n) in by_key) for f, names in table.columns.items()}


def match_data() -> dict[str, Any]:
    """The weights of matching, and the words that a division's name may carry."""
    return {**_data()["match"], "division_words": _data()["division_words"]}


def _key(name: str) -> str:
    return fold(name).replace("_", "").replace(" ", "")


@functools.cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        resources.files(__package__).joinpath("tables.json").read_text(encoding="utf-8")
    )
    assert all(p in codes.PRECISIONS for t in loaded["tables"].values() for p in t["place_precisions"].values())
    return loaded
