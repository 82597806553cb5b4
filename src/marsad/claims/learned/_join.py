"""Sources, cues and contents to attributions, by distance: the fallback where no sentence structure joins them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from marsad.claims.learned._records import Proposal, Said

REACH = 250
"""Code points between a cue and its source or content, beyond which they are not joined."""


def join(text: str, spans: Iterable[Proposal], prefix: str = "") -> list[Said]:
    """Give each cue the source and the contents that stand nearest to it.

    A content goes to its nearest cue; a source serves the cue that it stands nearest to, and any further cue that has
    none of its own ('she said …, adding …'). A cue without content is left out: it says nothing.
    """
    ordered = sorted(spans, key=lambda p: p.start)
    cues, sources, contents = (
        [p for p in ordered if p.channel == prefix + name] for name in ("cue", "source", "content")
    )
    said: dict[int, list[Proposal]] = {}
    for content in contents:
        at = _nearest(text, content, cues)
        if at is not None:
            said.setdefault(at, []).append(content)
    taken: dict[int, Proposal] = {}
    for source in sources:
        at = _nearest(text, source, cues)
        if at is not None and (at not in taken or _gap(text, source, cues[at]) < _gap(text, taken[at], cues[at])):
            taken[at] = source
    joined = []
    for at in sorted(said):
        who = taken.get(at)
        if who is None and (nearest := _nearest(text, cues[at], sources)) is not None:
            who = sources[nearest]
        joined.append(Said(who, cues[at], tuple(said[at]), bool(prefix)))
    return joined


def _nearest(text: str, one: Proposal, others: list[Proposal]) -> int | None:
    """Index of the nearest of `others`, which are in order and apart; None where none is within reach."""
    first = bisect_left(others, one.start - REACH, key=lambda p: p.end)
    last = bisect_right(others, one.end + REACH, key=lambda p: p.start)
    found = [(gap, at) for at in range(first, last) if (gap := _gap(text, one, others[at])) <= REACH]
    return min(found)[1] if found else None


def _gap(text: str, one: Proposal, other: Proposal) -> int:
    """Code points between two spans; a sentence's end between them counts as far."""
    if one.start < other.end and other.start < one.end:
        return 0
    start, end = min(one.end, other.end), max(one.start, other.start)
    if end - start > REACH:
        return end - start
    between = text[start:end]
    return len(between) + 100 * sum(between.count(mark) for mark in ".?!\n")
