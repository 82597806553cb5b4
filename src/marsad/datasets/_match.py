"""Which of their rows and which of ours are about one occurrence, and where their figures differ."""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marsad.text import fold

from ._table import Entry, Range, match_data

MATCH_GROUPS = ("differ", "theirs_only", "ours_only", "perhaps", "same")
"""Every pairing of a match stands in one of these."""
_LONG = 62
"""Days: an entry that says no more than this is looked for by its place alone."""
_CELL = 0.5
"""Degrees: twice the distance at which places count as near."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure, day or place that the two sides give differently, each as it is written."""

    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Pairing:
    """One of ours beside one of theirs; either may be missing."""

    ours: Entry | None
    theirs: Entry | None
    score: float
    why: str
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Both sides held against each other. Every entry of either stands in exactly one list, save those of `perhaps`."""

    both: tuple[Pairing, ...]
    """In both; `differences` says where their figures differ."""
    theirs_only: tuple[Pairing, ...]
    ours_only: tuple[Pairing, ...]
    perhaps: tuple[Pairing, ...]
    """Pairs of entries in no pair of `both` that may be one: for a person to decide."""

    def differing(self) -> tuple[Pairing, ...]:
        """Those of `both` whose figures differ."""
        return tuple(p for p in self.both if p.differences)


def match(ours: Sequence[Entry], theirs: Sequence[Entry]) -> Match:
    """Pair our entries with theirs, each at most once, the likeliest first; the order of either changes nothing.

    An id that both sides have settles it: then the row is ours, come back.
    """
    data = match_data()
    compared = {(i, j): _compare(ours[i], theirs[j], data) for i, j in _candidates(ours, theirs)}
    scored = sorted(
        ((s, why, i, j) for (i, j), found in compared.items() if found is not None for s, why in (found,)),
        key=lambda r: (-r[0], ours[r[2]].id, theirs[r[3]].id),
    )
    mine: dict[int, int] = {}
    yours: dict[int, int] = {}
    both, perhaps = [], []
    best: dict[tuple[str, int], tuple[float, str]] = {}
    for score, why, i, j in scored:
        best.setdefault(("ours", i), (score, f"nearest of theirs: {theirs[j].id} ({why})"))
        best.setdefault(("theirs", j), (score, f"nearest of ours: {ours[i].id} ({why})"))
        if score >= data["join"] and i not in mine and j not in yours:
            mine[i], yours[j] = j, i
            both.append(Pairing(ours[i], theirs[j], round(score, 2), why, differences(ours[i], theirs[j])))
    for score, why, i, j in scored:
        if score >= data["doubt"] and i not in mine and j not in yours:
            perhaps.append(Pairing(ours[i], theirs[j], round(score, 2), why, differences(ours[i], theirs[j])))

    def alone(side: str, entries: Sequence[Entry], taken: Mapping[int, int], others: Sequence[Entry]) -> list[Pairing]:
        rows = []
        for n, e in enumerate(entries):
            if n in taken:
                continue
            score, why = best.get((side, n), (0.0, _nothing_near(e)))
            if score >= data["join"]:
                why = f"{why}; that one is paired with another that it is nearer to"
            rows.append(Pairing(e if side == "ours" else None, e if side == "theirs" else None, round(score, 2), why))
        return sorted(rows, key=lambda p: _order(p.ours or p.theirs))

    both.sort(key=lambda p: _order(p.ours))
    return Match(
        tuple(both),
        tuple(alone("theirs", theirs, yours, ours)),
        tuple(alone("ours", ours, mine, theirs)),
        tuple(perhaps),
    )


def differences(ours: Entry, theirs: Entry) -> tuple[Difference, ...]:
    """Where two entries about one occurrence differ: figures that are not the same, days and places that cannot be."""
    found = []
    for harm in ("killed", "injured"):
        one, two = ours.figures.get(harm), theirs.figures.get(harm)
        if one is not None and two is not None and one != two:
            found.append(Difference(harm, shown(one), shown(two)))
    if ours.best is not None and theirs.best is not None and ours.best != theirs.best and len(found) == 0:
        found.append(Difference("killed (best)", str(ours.best), str(theirs.best)))
    if _gap(ours, theirs) not in (None, 0):
        found.append(Difference("day", _days(ours), _days(theirs)))
    km = _kilometres(ours, theirs)
    if _exact(ours) and _exact(theirs) and km is not None and km > match_data()["same_km"]:
        found.append(Difference("place", ours.place, f"{theirs.place} ({km:.0f} km away)"))
    return tuple(found)


def match_columns() -> dict[str, str]:
    """The columns of `match_rows`, each with what it holds."""
    columns: dict[str, str] = match_data()["columns"]
    return columns


def match_groups(found: Match) -> dict[str, tuple[Pairing, ...]]:
    """A match by group, in the order of MATCH_GROUPS: those that differ first."""
    same = tuple(p for p in found.both if not p.differences)
    return dict(
        zip(MATCH_GROUPS, (found.differing(), found.theirs_only, found.ours_only, found.perhaps, same), strict=True)
    )


def match_row(group: str, p: Pairing) -> dict[str, Any]:
    """One pairing as a row with every one of `match_columns`."""
    row: dict[str, Any] = dict.fromkeys(match_columns())
    row |= {"group": group, "score": p.score, "why": p.why}
    row["differences"] = "; ".join(f"{d.field}: ours {d.ours}, theirs {d.theirs}" for d in p.differences)
    for side, e in (("our", p.ours), ("their", p.theirs)):
        if e is not None:
            row |= {f"{side}_id": e.id, f"{side}_days": _days(e), f"{side}_place": e.place or e.admin1 or e.country}
            row[f"{side}_killed"] = shown(e.figures["killed"]) if "killed" in e.figures else None
    row["their_line"] = p.theirs.line if p.theirs else None
    return row


def match_rows(found: Match) -> list[dict[str, Any]]:
    """A match as rows of a table: one for each pairing, by group."""
    return [match_row(group, p) for group, pairings in match_groups(found).items() for p in pairings]


def shown(figure: Range) -> str:
    """A range as people write it."""
    low, high = figure
    if low is None:
        return "no number" if high is None else f"up to {high}"
    return f"{low} or more" if high is None else str(low) if low == high else f"{low} to {high}"


def _candidates(ours: Sequence[Entry], theirs: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    index: dict[Any, list[int]] = defaultdict(list)
    for i, e in enumerate(ours):
        for key in _keys(e, asking=False):
            index[key].append(i)
    for j, e in enumerate(theirs):
        for i in sorted({i for key in _keys(e, asking=True) for i in index.get(key, ())}):
            yield i, j


def _keys(e: Entry, *, asking: bool) -> Iterable[Any]:
    yield "id", e.id
    first, last = _ordinals(e)
    reach = match_data()["days_apart"] if asking else 0
    if first is not None and last is not None and last - first <= _LONG:
        yield from (("day", d) for d in range(first - reach, last + reach + 1))
        # Also found by those that say no day, or hardly any.
        yield from (("open", where) for where in _wheres(e))
    if first is None or last is None or last - first > _LONG:
        yield from (("open", where) for where in _wheres(e))


def _wheres(e: Entry) -> Iterator[Any]:
    if _exact(e) and e.lat is not None and e.lon is not None:
        for shift in (0.0, _CELL / 2):
            yield shift, math.floor((e.lat + shift) / _CELL), math.floor((e.lon + shift) / _CELL)
    elif e.place:
        yield fold(e.place)


def _compare(a: Entry, b: Entry, data: Mapping[str, Any]) -> tuple[float, str] | None:
    """(score, why) of two entries; None where place or time keeps them apart."""
    if a.id == b.id:
        return 99.0, "the same id"
    place, time = _place(a, b, data), _time(a, b, data)
    if place is None or time is None:
        return None
    levels = {"place": place, "time": time, "killed": _killed(a, b, data), "party": _party(a, b)}
    said = [f"{f}: {v} {data[f][v]:+g}" for f, v in levels.items() if v != "unknown" or data[f][v]]
    return round(data["prior"] + sum(data[f][v] for f, v in levels.items()), 3), ", ".join(said)


def _place(a: Entry, b: Entry, data: Mapping[str, Any]) -> str | None:
    countries = {c for e in (a, b) if (c := _country(e.country))}
    if len(countries) > 1:
        return None
    km = _kilometres(a, b)
    if _exact(a) and _exact(b) and km is not None:
        if km <= data["same_km"]:
            return "same place"
        return "near" if km <= data["near_km"] else None
    if a.place and fold(a.place) == fold(b.place):
        return "same name"
    one, two = _division(a), _division(b)
    if one and two:
        return "same division" if one == two else None
    # A district is coded at its centre: farther than a district is wide, it is another.
    if km is not None and km > 4 * data["near_km"] and {a.precision, b.precision} <= _SMALL:
        return None
    return "same country" if countries and _country(a.country) == _country(b.country) else "unknown"


_SMALL = {"point", "populated_place", "second_order_division"}


def _time(a: Entry, b: Entry, data: Mapping[str, Any]) -> str | None:
    gap = _gap(a, b)
    if gap is None:
        return "unknown"
    if gap > 0:
        return "next day" if gap == 1 else "days apart" if gap <= data["days_apart"] else None
    widest = max((last or 0) - (first or 0) for first, last in (_ordinals(a), _ordinals(b)))
    return "same day" if widest == 0 else "same week" if widest <= 13 else "overlap"


def _killed(a: Entry, b: Entry, data: Mapping[str, Any]) -> str:
    one, two = a.figures.get("killed"), b.figures.get("killed")
    if one is None or two is None or one[0] is None or two[0] is None:
        return "unknown"
    low, low2 = one[0], two[0]
    high, high2 = (math.inf if r[1] is None else r[1] for r in (one, two))
    if one == two:
        return "same large" if low >= data["large_number"] else "same" if low > 0 else "unknown"
    if max(low, low2) <= min(high, high2):
        return "overlap"
    smaller, larger = sorted((max(1, low), max(1, low2)))
    return "close" if larger <= 1.5 * smaller + 1 else "far"


def _party(a: Entry, b: Entry) -> str:
    one, two = ({w for p in e.parties for w in fold(p).split() if len(w) > 2} for e in (a, b))
    common = {"government", "forces", "military", "army", "group", "police", "militia", "unidentified", "armed", "the"}
    return "same" if (one & two) - common else "unknown"


def _gap(a: Entry, b: Entry) -> int | None:
    """Days between them, 0 where they meet; None where one says none."""
    (first, last), (first2, last2) = _ordinals(a), _ordinals(b)
    if first is None or last is None or first2 is None or last2 is None:
        return None
    return max(0, max(first, first2) - min(last, last2))


def _ordinals(e: Entry) -> tuple[int | None, int | None]:
    if e.first is None or e.last is None:
        return None, None
    return dt.date.fromisoformat(e.first).toordinal(), dt.date.fromisoformat(e.last).toordinal()


def _exact(e: Entry) -> bool:
    return e.precision in ("point", "populated_place") and e.lat is not None


def _kilometres(a: Entry, b: Entry) -> float | None:
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    across = (a.lon - b.lon + 180) % 360 - 180
    x = math.radians(across) * math.cos(math.radians((a.lat + b.lat) / 2))
    return 6371.0 * math.hypot(x, math.radians(a.lat - b.lat))


def _division(e: Entry) -> str:
    words = [w for w in fold(e.admin1).replace("-", " ").split() if w not in _division_words()]
    return " ".join(words)


@functools.cache
def _division_words() -> frozenset[str]:
    return frozenset(fold(w) for w in match_data()["division_words"])


@functools.cache
def _country(name: str) -> str:
    """Two letters, of a code or a name in English; '' where neither is known ('Yemen (North Yemen)' is Yemen)."""
    if len(name) == 2 and name.isupper():
        return name
    plain = fold(name.split("(")[0].strip())
    return _countries().get(plain, "") if plain else ""


@functools.cache
def _countries() -> dict[str, str]:
    from babel import Locale

    found = Locale("en").territories
    return {fold(label): code for code, label in found.items() if len(code) == 2}


def _nothing_near(e: Entry) -> str:
    if e.first is None and not e.place and e.lat is None:
        return "it gives neither a day nor a place to look for"
    return "nothing on the other side at that time and place"


def _days(e: Entry) -> str:
    return e.first or "?" if e.first == e.last else f"{e.first} to {e.last}"


def _order(e: Entry | None) -> tuple[str, str]:
    return ((e.first or "9999"), e.id) if e is not None else ("9999", "")
