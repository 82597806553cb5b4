"""The tellings that one change brings together or parts: what their keys' neighbours were before it, and are after."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from marsad.store import Session

from ._block import NEAREST, Rank, keys, meeting, rank
from ._compare import Weights, compare
from ._record import from_text
from ._within import Told

_WHOLE = 3 * NEAREST
"""A key with no more tellings is looked at whole, a larger one around the change."""
_FIRST, _LAST = (-(1 << 31), 0, 0), ((1 << 31) - 1, 0, 0)
Lists = tuple[list[Rank], list[Rank]]
"""Askers and members of a key, each in order."""


@dataclass(slots=True)
class Compared:
    """How the compared pairs change."""

    gained: dict[tuple[int, int], int] = field(default_factory=dict)
    """Pair of tellings → score."""
    dropped: dict[tuple[int, int], int] = field(default_factory=dict)


def recompare(
    s: Session, removed: Mapping[int, Told], added: Mapping[int, Told], known: dict[int, Told], weights: Weights
) -> Compared:
    """Take tellings from under their keys and put others there; the kept pairs follow. `known` gathers tellings read.

    A telling that changes is both removed and added.
    """
    out, into = _keyed(removed), _keyed(added)
    sizes = s.linking.sizes(out.keys() | into.keys())
    before = _blocks(s, out, into, sizes)
    s.linking.drop_keys((k, bool(m), *r) for k, lists in out.items() for m in (0, 1) for r in lists[m])
    s.linking.put_keys((k, bool(m), *r) for k, lists in into.items() for m in (0, 1) for r in lists[m])
    lost: set[tuple[int, int]] = set()
    met: set[tuple[int, int]] = set()
    for key, was in before.items():
        gone = out.get(key, ([], []))
        come = into.get(key, ([], []))
        now = tuple(sorted((set(was[m]) - set(gone[m])) | set(come[m])) for m in (0, 1))
        old = set(meeting(*was, bool(key & 1)))
        new = set(meeting(now[0], now[1], bool(key & 1)))
        lost |= old - new
        # A telling that changed is another one, though it stands where it stood.
        met |= {p for p in new if p not in old or p[0] in added or p[1] in added}
    changed = Compared()
    touching = {(a, b): score for a, b, score in s.linking.pairs(removed.keys())} if removed else {}
    stay = [p for p in lost if p[0] not in removed and p[1] not in removed]
    read_into(s, known, {t for p in (*met, *stay) for t in p} - added.keys())
    known |= added
    changed.dropped = touching | _parted(s, stay, known)
    s.linking.drop_pairs(changed.dropped)
    # Pairs of two tellings that stay may be kept under another key already.
    kept = {(a, b) for a, b, _ in s.linking.pairs({t for p in met for t in p if t not in added})} if removed else set()
    for a, b in met:
        if (a, b) not in kept and (found := compare(known[a].telling, known[b].telling, weights)) is not None:
            changed.gained[a, b] = found.score
    s.linking.put_pairs((a, b, score) for (a, b), score in changed.gained.items())
    return changed


def read_into(s: Session, known: dict[int, Told], wanted: Collection[int]) -> None:
    """Have the tellings in `wanted` in `known`."""
    for row in s.linking.tellings([t for t in wanted if t not in known]):
        known[row.id] = from_text(row.body)


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


def _blocks(
    s: Session, out: Mapping[int, Lists], into: Mapping[int, Lists], sizes: Mapping[tuple[int, bool], int]
) -> dict[int, Lists]:
    """The tellings under each key, as far as the change can reach; keys under which nobody can meet are left out."""
    found: dict[int, Lists] = {}
    whole: list[int] = []
    for key in out.keys() | into.keys():
        askers = sizes.get((key, False), 0) + len(into.get(key, ([], []))[0])
        there = askers if not key & 1 else sizes.get((key, True), 0) + len(into.get(key, ([], []))[1])
        if not there:
            continue
        if sizes.get((key, False), 0) + sizes.get((key, True), 0) <= _WHOLE:
            whole.append(key)
            found[key] = ([], [])
        else:
            found[key] = _around(s, key, out.get(key, ([], [])), into.get(key, ([], [])))
    for key, member, *at in s.linking.keys(whole):
        found[key][member].append((at[0], at[1], at[2]))
    for lists in found.values():
        lists[0].sort()
        lists[1].sort()
    return found


def _around(s: Session, key: int, gone: Lists, come: Lists) -> Lists:
    """A crowded key's tellings that may be a neighbour, or a neighbour's neighbour, of one that changes."""
    changed = sorted({*gone[0], *gone[1], *come[0], *come[1]})
    least, most = changed[0], changed[-1]

    def slice_of(member: bool, low: Rank, high: Rank, beside: int) -> list[Rank]:
        return [(d, n, t) for _, _, d, n, t in s.linking.near(key, member, low, high, beside)]

    if key & 1:
        return [], slice_of(True, least, most, NEAREST)
    members = slice_of(True, least, most, 2 * NEAREST)
    # Where few members are left on a side, the askers that they reach may be anywhere on it.
    low = members[0] if bisect_left(members, least) == 2 * NEAREST else _FIRST
    high = members[-1] if len(members) - bisect_right(members, most) == 2 * NEAREST else _LAST
    return slice_of(False, low, high, NEAREST), members


def _parted(s: Session, pairs: Iterable[tuple[int, int]], known: Mapping[int, Told]) -> dict[tuple[int, int], int]:
    """Those of the pairs, kept ones, that no key holds together any more."""
    wanted = set(pairs)
    scores = {(a, b): score for a, b, score in s.linking.pairs({a for a, _ in wanted}) if (a, b) in wanted}
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
            if both and s.linking.between(key, x or y, least, most, NEAREST) < NEAREST:
                return True
    return False
