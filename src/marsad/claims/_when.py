"""When: the date expression that belongs to a trigger's clause."""

from __future__ import annotations

from typing import Any

from marsad.model import When
from marsad.text import DateMention

from ._data import word_set
from ._draft import Draft
from ._syntax import is_verb
from ._tolls import dates_of_telling

_NOT_ACTS = word_set("not_acts")


def time_of(d: Draft, dates: list[DateMention]) -> When | None:
    """The time of a draft: the date nearest to it by the tree, in its own clause, then in a clause above it."""
    p = d.parsed
    best: tuple[int, DateMention] | None = None
    for found in dates:
        if found.kind == "duration" or not (p.offset <= found.start < p.sentence.end):
            continue
        if dates_of_telling(d, found.start):
            continue
        tokens = p.tokens(found.start - p.offset, found.end - p.offset)
        if not tokens:
            continue
        cost = _distance(d, tokens)
        if cost is not None and (best is None or cost < best[0]):
            best = (cost, found)
    if best is None:
        return None
    d.because("time", "date in the clause")
    return best[1].as_when()


def _distance(d: Draft, tokens: list[Any]) -> int | None:
    """Steps in the tree from trigger to date; None where a reporting verb or another act holds the date."""
    inside = {t.i for t in tokens}
    head = next((t for t in tokens if t.head.i not in inside or t.head.i == t.i), tokens[0])
    up = {d.token.i: 0}
    for n, a in enumerate(d.token.ancestors, 1):
        up[a.i] = n
    node, steps, verbs = head, 0, 0
    while node.i not in up:
        if node.head.i == node.i or steps > 12:
            return None
        node = node.head
        steps += 1
        if is_verb(node) and node.i not in up:
            if node.lower_ in _NOT_ACTS:
                return None
            verbs += 1
    if is_verb(node) and node.i != d.token.i and node.lower_ in _NOT_ACTS:
        return None
    return steps + 2 * up[node.i] + 3 * verbs
