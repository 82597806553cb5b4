"""The tellings that one change brings together or parts: what their keys' neighbours were before it, and are after."""

from __future__ import annotations

import functools
import itertools
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from marsad.store import Session

from ._block import NEAREST, Rank, keys, nearest, rank, reach
from ._compare import Weights, compare
from ._record import from_text
from ._tellings import Telling
from ._within import Told

_WHOLE = 3 * NEAREST
"""A key with no more tellings is looked at whole, a larger one around the change."""
_GAP = 14
"""Days between two changes under a crowded key from which each is looked at by itself."""
_FIRST, _LAST = (-(1 << 31), 0, 0), ((1 << 31) - 1, 0, 0)
Lists = tuple[list[Rank], list[Rank]]
"""Askers and members of a key, each in order."""
_Pairs = set[tuple[int, int]]
_NONE: Lists = ([], [])


@dataclass(slots=True)
class Compared:
    """How the compared pairs change."""

    gained: dict[tuple[int, int], int] = field(default_factory=dict)
    """Pair of tellings → score."""
    dropped: dict[tuple[int, int], int] = field(default_factory=dict)


def recompare(s: Session, removed: Mapping[int, Told], added: Mapping[int, Told], weights: Weights) -> Compared:
    """Take tellings from under their keys and put others there; the kept pairs follow.

    A telling that changes is both removed and added.
    """
    out, into = _keyed(removed), _keyed(added)
    sizes = s.linking.sizes(out.keys() | into.keys())
    lost: _Pairs = set()
    met: _Pairs = set()
    for key, was, gone, come in _blocks(s, out, into, sizes):
        _follow(was, gone, come, key, lost, met)
    s.linking.drop_keys((k, bool(m), *r) for k, lists in out.items() for m in (0, 1) for r in lists[m])
    s.linking.put_keys((k, bool(m), *r) for k, lists in into.items() for m in (0, 1) for r in lists[m])
    changed = Compared()
    touching = {(a, b): score for a, b, score in s.linking.pairs(removed.keys())} if removed else {}
    changed.dropped = touching | _parted(s, lost)
    s.linking.drop_pairs(changed.dropped)
    # Pairs of two tellings that stay may be kept under another key already.
    staying = {a for a, b in met if a not in added and b not in added}
    kept = {(a, b) for a, b, _ in s.linking.pairs(staying)}
    when = s.linking.days({t for p in met for t in p} - added.keys())
    when |= {t: at for t, told in added.items() if (at := days(told.telling)) is not None}
    near = near_in_time(met - kept, when, weights)
    known = dict(added)
    read_into(s, known, {t for p in near for t in p})
    for a, b in near:
        if (found := compare(known[a].telling, known[b].telling, weights)) is not None:
            changed.gained[a, b] = found.score
    s.linking.put_pairs((a, b, score) for (a, b), score in changed.gained.items())
    return changed


def read_into(s: Session, known: dict[int, Told], wanted: Collection[int]) -> None:
    """Have the tellings in `wanted` in `known`."""
    for row in s.linking.tellings([t for t in wanted if t not in known]):
        known[row.id] = from_text(row.body)


def days(telling: Telling) -> tuple[int, int] | None:
    """The days that a telling gives itself: what may keep it apart from others."""
    if telling.first is None or telling.last is None or not telling.lent.isdisjoint(("time", "ago")):
        return None
    return telling.first, telling.last


def near_in_time(pairs: _Pairs, when: Mapping[int, tuple[int, int]], weights: Weights) -> _Pairs:
    """The pairs without those that their days alone keep apart, which need not be read; `when` holds what is known."""
    if "apart" not in weights.veto.get("time", ()):
        return pairs
    far = max(1, weights.limits["days_apart"])
    near = set()
    for p in pairs:
        one, two = when.get(p[0]), when.get(p[1])
        if one is None or two is None or max(one[0], two[0]) - min(one[1], two[1]) <= far:
            near.add(p)
    return near


def _keyed(told: Mapping[int, Told]) -> dict[int, Lists]:
    found: dict[int, Lists] = defaultdict(lambda: ([], []))
    for t in told.values():
        at = rank(t.telling)
        for key, member in keys(t.telling):
            found[key][member].append(at)
    for lists in found.values():
        lists[0].sort()
        lists[1].sort()
    return found


# Pairs that come and go under one key


def _follow(was: Lists, gone: Lists, come: Lists, key: int, lost: _Pairs, met: _Pairs) -> None:
    """Add the pairs that one key parts and brings together: `lost` of tellings that stay, `met` also of those that
    come. A telling that changed is another one, though it stands where it stood."""
    now: Lists = (_after(was[0], gone[0], come[0]), _after(was[1], gone[1], come[1]))
    both = key & 1
    _neighbours(was[both], now[both], set(gone[both]), set(come[both]), reach(key), lost, met)
    if both:
        return
    new = set(come[0])
    for a in come[0]:
        met.update(_pair(a, m) for m in nearest(a, now[1]))
    if not gone[1] and not come[1]:
        return
    out, into = set(gone[1]), set(come[1])
    for a in now[0]:
        if a in new:
            continue
        before, after = nearest(a, was[1]), nearest(a, now[1])
        if before != after or not into.isdisjoint(after):
            old = set(before)
            lost.update(_pair(a, m) for m in old.difference(after) if m not in out)
            met.update(_pair(a, m) for m in after if m in into or m not in old)


def _after(was: Sequence[Rank], gone: Sequence[Rank], come: Sequence[Rank]) -> list[Rank]:
    if not gone and not come:
        return list(was)
    out = set(gone)
    return sorted({*(r for r in was if r not in out), *come})


def _neighbours(
    was: Sequence[Rank], now: Sequence[Rank], gone: set[Rank], come: set[Rank], beside: int, lost: _Pairs, met: _Pairs
) -> None:
    if not gone and not come:
        return
    before, after = {r: i for i, r in enumerate(was)}, {r: i for i, r in enumerate(now)}
    for x in come:
        i = after[x]
        met.update(_pair(x, y) for y in now[max(0, i - beside) : i])
        met.update(_pair(x, y) for y in now[i + 1 : i + 1 + beside])
    # Of those that stay, only the farthest neighbours can have come within reach or gone out of it.
    for x in now:
        if x in come:
            continue
        i, j = before[x], after[x]
        for y in reversed(was[i + 1 : i + 1 + beside]):
            if y not in gone:
                if after[y] - j <= beside:
                    break
                lost.add(_pair(x, y))
        for y in reversed(now[j + 1 : j + 1 + beside]):
            if y not in come:
                if before[y] - i <= beside:
                    break
                met.add(_pair(x, y))


def _pair(a: Rank, b: Rank) -> tuple[int, int]:
    return (a[2], b[2]) if a[2] < b[2] else (b[2], a[2])


# What is under a key


def _blocks(
    s: Session, out: Mapping[int, Lists], into: Mapping[int, Lists], sizes: Mapping[tuple[int, bool], int]
) -> Iterator[tuple[int, Lists, Lists, Lists]]:
    """(key, the tellings under it as far as the change can reach, those that go, those that come), a stretch of the key
    at a time; keys under which nobody can meet are left out."""
    whole: dict[int, Lists] = {}
    for key in out.keys() | into.keys():
        gone, come = out.get(key, _NONE), into.get(key, _NONE)
        askers = sizes.get((key, False), 0) + len(come[0])
        there = askers if not key & 1 else sizes.get((key, True), 0) + len(come[1])
        if not there:
            continue
        if sizes.get((key, False), 0) + sizes.get((key, True), 0) <= _WHOLE:
            whole[key] = ([], [])
        else:
            yield from ((key, *stretch) for stretch in _stretches(s, key, gone, come))
    for key, member, *at in s.linking.keys(whole.keys()):
        whole[key][member].append((at[0], at[1], at[2]))
    for lists in whole.values():
        lists[0].sort()
        lists[1].sort()
    yield from ((key, lists, out.get(key, _NONE), into.get(key, _NONE)) for key, lists in whole.items())


def _stretches(s: Session, key: int, gone: Lists, come: Lists) -> Iterator[tuple[Lists, Lists, Lists]]:
    """A crowded key's tellings that may be a neighbour, or a neighbour's neighbour, of one that changes."""
    asking, moved = sorted({*gone[0], *come[0]}), sorted({*gone[1], *come[1]})
    runs: list[tuple[Rank, Rank]] = []
    for r in sorted({*asking, *moved}):
        if runs and r[0] - runs[-1][1][0] <= _GAP:
            runs[-1] = runs[-1][0], r
        else:
            runs.append((r, r))
    held: list[tuple[Rank, Rank, Lists]] = []
    for least, most in runs:
        lists = _around(s, key, least, most, moved)
        while held and _touch(held[-1], (least, most, lists), asking, reach(key)):
            # Two stretches that touch are one, with what lies between.
            least = held.pop()[0]
            lists = _around(s, key, least, most, moved)
        held.append((least, most, lists))
    for least, most, lists in held:
        yield lists, _within(gone, least, most), _within(come, least, most)


def _touch(one: tuple[Rank, Rank, Lists], two: tuple[Rank, Rank, Lists], asking: Sequence[Rank], beside: int) -> bool:
    """Whether what changes in the second stretch may be a neighbour of what does in the first, before it."""
    (least, most, (askers, members)), (least2, most2, (askers2, members2)) = one, two
    if any(a and b and a[-1] >= b[0] for a, b in ((askers, askers2), (members, members2))):
        return True
    # Where a stretch is not full behind its changes, nothing stands between it and the next.
    if len(members) - bisect_right(members, most) < beside:
        return True
    ask = all(bisect_left(asking, a) < bisect_right(asking, b) for a, b in ((least, most), (least2, most2)))
    return ask and len(askers) - bisect_right(askers, most) < beside


def _within(lists: Lists, least: Rank, most: Rank) -> Lists:
    one, two = (ranks[bisect_left(ranks, least) : bisect_right(ranks, most)] for ranks in lists)
    return one, two


def _around(s: Session, key: int, least: Rank, most: Rank, moved: Sequence[Rank]) -> Lists:
    """The stretch around changes from `least` to `most`; `moved` are all members of the key that change, in order."""

    slice_of, beside = functools.partial(s.linking.near, key), reach(key)
    if key & 1:
        return [], slice_of(True, least, most, beside)
    if bisect_left(moved, least) == bisect_right(moved, most):
        return slice_of(False, least, most, beside), slice_of(True, least, most, beside)
    members = slice_of(True, least, most, 2 * beside)
    # Where few members are left on a side, the askers that they reach may be anywhere on it.
    low = members[0] if bisect_left(members, least) == 2 * beside else _FIRST
    high = members[-1] if len(members) - bisect_right(members, most) == 2 * beside else _LAST
    return slice_of(False, low, high, beside), members


# Pairs that another key may still hold


def _parted(s: Session, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Those of the pairs, kept ones, that no key holds together any more."""
    wanted = set(pairs)
    scores = {(a, b): score for a, b, score in s.linking.pairs({a for a, _ in wanted}) if (a, b) in wanted}
    known: dict[int, Told] = {}
    read_into(s, known, {t for p in scores for t in p})
    return {p: score for p, score in scores.items() if not _meet(s, known[p[0]], known[p[1]])}


def _meet(s: Session, one: Told, two: Told) -> bool:
    """Whether some key brings the two together, as the keys now are."""
    a, b = rank(one.telling), rank(two.telling)
    least, most = min(a, b), max(a, b)
    mine, theirs = set(keys(one.telling)), set(keys(two.telling))
    for key in {k for k, _ in mine} & {k for k, _ in theirs}:
        for x, y in itertools.product((True, False), repeat=2):
            both = (key, x) in mine and (key, y) in theirs and (key & 1 or not (x and y))
            # Two askers are as far apart as there are askers between, others as there are members.
            if both and s.linking.between(key, x or y, least, most, reach(key)) < reach(key):
                return True
    return False
