"""Which tellings are worth comparing: those that share a key of place and time, a name, or a run of words.

A key is a string that depends on one telling alone, so that a store can index it and a new report finds the few
tellings that it may touch. A key is held as 'member' (an exact telling) or 'asker' (a vague one): two members of an
area's key are not compared, or every telling in a province would be compared with every other.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ._tellings import Spot, Telling

_CELL = 0.5
"""Degrees: twice the distance at which places count as near, so that one of two shifted grids holds both."""
_LONG = 70
"""Days: an interval longer than this is held under no week, and asks at all times."""
_BACK = 35
"""Days before publication in which an undated telling's act is looked for."""
_CROWD = 160
"""A key with more tellings than this compares each with its neighbours in time and number only."""
_NEIGHBOURS = 40

_FORCE = frozenset({"lethal", "facility", "displacement"})
_HOLD = frozenset({"captivity", "bodily", "sexual", "recruitment"})


def keys(telling: Telling) -> tuple[tuple[str, bool], ...]:
    """(key, is a member) of one telling, sorted."""
    found: set[tuple[str, bool]] = {(f"@r:{telling.report}", True)}
    weeks, dated = _weeks(telling)
    wheres = list(_wheres(telling))
    hints = [f"n:{h}:{low}" for h, (low, _) in sorted(telling.counts.items()) if (low or 0) >= 3]
    hints += [f"p:{p}" for p in sorted(telling.parties)]
    hints += [f"s:{s}" for s in sorted(telling.sites)]
    placed = any(s.exact or s.country for s in telling.spots)
    for group in _act_groups(telling):
        for where, member in wheres:
            found.update((f"{where}|{group}|{week}", member and dated) for week in weeks)
            # Asked by tellings that give no time at all; '*' keeps dated ones from meeting there.
            found.add((f"*{where}|{group}", bool(weeks)))
        # Tellings without a place ask by number and by party.
        found.update((f"{h}|{group}|{week}", placed) for h in hints for week in weeks)
    found.update((f"@name:{n}", True) for n in telling.names)
    if len(telling.shingles) >= 4:
        found.update((f"@text:{s}", True) for s in sorted(telling.shingles)[:4])
    return tuple(sorted(found))


def candidates(tellings: Sequence[Telling]) -> Iterator[tuple[int, int]]:
    """Pairs (i, j), i < j, of indexes into `tellings` that are worth comparing; each once."""
    blocks: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for i, t in enumerate(tellings):
        for key, member in keys(t):
            blocks[key].append((i, member))
    seen: set[int] = set()
    n = len(tellings)
    for key, held in blocks.items():
        if len(held) < 2:
            continue
        for i, j in _pairs(key, held, tellings):
            code = i * n + j
            if code not in seen:
                seen.add(code)
                yield i, j


def _pairs(key: str, held: list[tuple[int, bool]], tellings: Sequence[Telling]) -> Iterator[tuple[int, int]]:
    exact = key.startswith("@")
    if len(held) <= _CROWD:
        for x, (i, one) in enumerate(held):
            for j, two in held[x + 1 :]:
                if i != j and (exact or not (one and two)):
                    yield (i, j) if i < j else (j, i)
        return
    ranked = sorted(held, key=lambda h: (_rank(tellings[h[0]]), h[0]))
    for x, (i, one) in enumerate(ranked):
        for j, two in ranked[x + 1 : x + 1 + _NEIGHBOURS]:
            if i != j and (exact or not (one and two)):
                yield (i, j) if i < j else (j, i)


def _rank(t: Telling) -> tuple[int, int]:
    number = max((low or 0 for low, _ in t.counts.values()), default=0)
    return t.first if t.first is not None else (t.published or 0), number


def _act_groups(t: Telling) -> list[str]:
    groups = {"force" if f in _FORCE else "hold" if f in _HOLD else f for f in t.families}
    return sorted(groups)


def _wheres(t: Telling) -> Iterator[tuple[str, bool]]:
    """Place keys; '@' opens those of exact places, whose members are compared with one another."""
    for s in t.spots:
        if s.exact:
            yield from ((f"@{cell}", True) for cell in _cells(s))
            if s.said:
                # The gazetteer may have read one name as two towns.
                yield f"@w:{s.said}", True
        elif not s.id and s.words:
            yield f"@w:{s.words}", True
        division = s.admin1 or (s.words if s.id.startswith("iso:") and "-" in s.id else "")
        if s.country and division:
            yield f"d:{s.country}:{division}", s.exact
        elif s.country:
            yield f"c:{s.country}", s.exact
        if s.id and not s.exact:
            yield f"a:{s.id}", False


def _cells(s: Spot) -> list[str]:
    if s.lat is None or s.lon is None:
        return [f"id:{s.id}"]
    return [
        f"{shift}:{math.floor((s.lat + shift) / _CELL)}:{math.floor((s.lon + shift) / _CELL)}"
        for shift in (0.0, _CELL / 2)
    ]


def _weeks(t: Telling) -> tuple[range, bool]:
    """Weeks (of ordinals) that it may fall in, none where it gives no time; and whether it gives the day itself."""
    if t.first is not None and t.last is not None and t.last - t.first <= _LONG:
        return range((t.first - 1) // 7, (t.last + 1) // 7 + 1), t.last - t.first <= 10
    if t.first is None and t.published is not None:
        return range((t.published - _BACK) // 7, t.published // 7 + 1), False
    return range(0), False
