"""Which tellings are worth comparing: those that share a key of place and time, a name, or a run of words.

A key depends on one telling alone, so that a store can index it and a new report finds the few tellings that it may
touch. In a key of an exact place, a name or words everybody is compared with everybody; in that of an area or a number
only 'askers' (vague tellings) are, with one another and with the exact 'members': or every telling in a province would
be compared with every other. Either way only with the nearest in time and number, however many share the key, and with
fewer where they share but words: so a crowd costs its number times a constant, and one telling more moves the
comparisons of its neighbours alone.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ._tellings import Spot, Telling

Rank = tuple[int, int, int]
"""(day, greatest number, the telling's own number): how the tellings that share a key are ordered."""

_CELL = 0.5
"""Degrees: twice the distance at which places count as near, so that one of two shifted grids holds both."""
_LONG = 70
"""Days: an interval longer than this is held under no week, and asks at all times."""
_BACK = 35
"""Days before publication in which an undated telling's act is looked for."""
NEAREST = 40
"""How many on either side, in a key's order, a telling is compared with."""
NEAREST_IN_WORDS = 16
"""The same, where what they share is a run of words: a stock phrase is met all over the world and its time."""
_PLAIN, _EXACT, _WORDS = 0, 1, 3
"""The last two bits of a key: what kind it is."""

_FORCE = frozenset({"lethal", "facility", "displacement"})
_HOLD = frozenset({"captivity", "bodily", "sexual", "recruitment"})


def handle(text: str) -> int:
    """A whole number of 63 bits that stands for `text` on every machine."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def keys(telling: Telling) -> tuple[tuple[int, bool], ...]:
    """(key, is a member) of one telling, sorted. A key is odd where all that share it are members."""
    return tuple(sorted({(_key(name, week), member) for name, week, member in _names(telling)}))


def reach(key: int) -> int:
    """How many on either side, in this key's order, a telling is compared with."""
    return NEAREST_IN_WORDS if key & _WORDS == _WORDS else NEAREST


def _key(name: str, week: int) -> int:
    """63 bits. The week comes first, so that what is told of one time lies together in the index, and what is linked in
    one go changes few of its pages."""
    kind = _WORDS if name.startswith("@text:") else _EXACT if name[0] == "@" else _PLAIN
    return (week % (1 << 12)) << 51 | handle(f"{name}|{week}") >> 14 << 2 | kind


def number_of(telling: Telling) -> int:
    """A whole number of 63 bits that stands for the telling. The week of its report comes first, as with keys, though
    in few bits: two whose reports are not dated must differ in the rest."""
    return ((telling.published or 0) // 7 % (1 << 8)) << 55 | handle(telling.id) >> 8


def rank(telling: Telling) -> Rank:
    """Where the telling stands in each of its keys."""
    number = max((low or 0 for low, _ in telling.counts.values()), default=0)
    at = telling.first if telling.first is not None else telling.published
    return at or 0, number, number_of(telling)


def candidates(tellings: Sequence[Telling]) -> Iterator[tuple[int, int]]:
    """Pairs (i, j), i < j, of indexes into `tellings` that are worth comparing; each once."""
    ranks = [rank(t) for t in tellings]
    index = {r[2]: i for i, r in enumerate(ranks)}
    blocks: dict[int, tuple[list[Rank], list[Rank]]] = defaultdict(lambda: ([], []))
    for t, r in zip(tellings, ranks):
        for key, member in keys(t):
            blocks[key][member].append(r)
    seen: set[tuple[int, int]] = set()
    for key, (askers, members) in blocks.items():
        if len(askers) + len(members) > 1:
            seen.update(_meeting(sorted(askers), sorted(members), key))
    return (((i, j) if i < j else (j, i)) for i, j in ((index[a], index[b]) for a, b in seen))


def _meeting(askers: Sequence[Rank], members: Sequence[Rank], key: int) -> Iterator[tuple[int, int]]:
    """Pairs of tellings' numbers (a < b) that one key brings together; both lists are in order."""
    if key & 1:
        yield from _windows(members, reach(key))
        return
    yield from _windows(askers, reach(key))
    for a in askers:
        yield from (_pair(a, m) for m in nearest(a, members))


def nearest(asker: Rank, members: Sequence[Rank]) -> list[Rank]:
    """Those of the members, which are in order, that an asker is compared with."""
    before, after = bisect_left(members, asker), bisect_right(members, asker)
    return [*members[max(0, before - NEAREST) : before], *members[after : after + NEAREST]]


def _windows(ranked: Sequence[Rank], beside: int) -> Iterator[tuple[int, int]]:
    for n, a in enumerate(ranked):
        yield from (_pair(a, b) for b in ranked[n + 1 : n + 1 + beside])


def _pair(a: Rank, b: Rank) -> tuple[int, int]:
    return (a[2], b[2]) if a[2] < b[2] else (b[2], a[2])


def _names(telling: Telling) -> Iterable[tuple[str, int, bool]]:
    """(name of a key, week; 0 for none, is a member)."""
    found: set[tuple[str, int, bool]] = {(f"@r:{telling.report}", (telling.published or 0) // 7, True)}
    weeks, dated = _weeks(telling)
    wheres = list(_wheres(telling))
    hints = [f"n:{h}:{low}" for h, (low, _) in sorted(telling.counts.items()) if (low or 0) >= 3]
    hints += [f"p:{p}" for p in sorted(telling.parties)]
    hints += [f"s:{s}" for s in sorted(telling.sites)]
    placed = any(s.exact or s.country for s in telling.spots)
    for group in _act_groups(telling):
        for where, member in wheres:
            found.update((f"{where}|{group}", week, member and dated) for week in weeks)
            # Asked by tellings that give no time at all; '*' keeps dated ones from meeting there.
            found.add((f"*{where}|{group}", 0, bool(weeks)))
        # Tellings without a place ask by number and by party.
        found.update((f"{h}|{group}", week, placed) for h in hints for week in weeks)
    found.update((f"@name:{n}", 0, True) for n in telling.names)
    if len(telling.shingles) >= 4:
        found.update((f"@text:{s}", 0, True) for s in sorted(telling.shingles)[:4])
    return found


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
