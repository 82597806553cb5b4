"""Two occurrences of one day: the part of the day that words name, and where one report tells of two in a row."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from itertools import combinations

from marsad.model import Claim
from marsad.text import find_numbers

from ._headcount import headcount
from ._judged import Pair, pair
from ._words import data, tokens, word_set

_FILE = "words.json"
_ORDER = ("dawn", "morning", "noon", "afternoon", "evening", "night")
_TOGETHER = frozenset({frozenset({"night", "morning"})}) | {frozenset(p) for p in zip(_ORDER, (*_ORDER[1:], "dawn"))}
"""Parts that two people may give to one hour: neighbours, and a night that ends in the morning."""


def part_of_day(sentences: Iterable[str]) -> str:
    """The part of the day that the sentences name ('dawn', 'morning', …); '' for none, or for more than one."""
    parts = {p for s in sentences for p in _parts(s)}
    return parts.pop() if len(parts) == 1 else ""


def parts_agree(one: str, other: str) -> str:
    """'same', 'different' (a morning and an evening) or 'unknown'."""
    if not one or not other:
        return "unknown"
    if one == other:
        return "same"
    return "unknown" if frozenset({one, other}) in _TOGETHER else "different"


def told_in_turn(claims: Sequence[Claim]) -> set[Pair]:
    """Pairs of claims of one report that tell of two occurrences, one after the other.

    Either their sentences name two parts of the day, and another number or another site; or one voice gives each its
    own day or hour, its own site and its own number, and the numbers cannot both be.
    """
    found: list[tuple[Claim, Claim]] = []
    seen = [(c, _site(c), part_of_day([c.sentence.text])) for c in claims if c.certainty != "denied"]
    for (a, site, part), (b, site2, part2) in combinations(seen, 2):
        if a.sentence.start == b.sentence.start:
            continue
        elsewhere = bool(site and site2 and site.isdisjoint(site2))
        if parts_agree(part, part2) == "different":
            if elsewhere or _numbers_differ(a, b):
                found.append((a, b))
        elif elsewhere and _timed(a, part) and _timed(b, part2) and _one_voice(a, b) and _numbers_differ(a, b):
            found.append((a, b))
    beside = {c.id: [o for o in claims if _beside(c, o)] for c in claims}
    return {pair(c.id, o.id) for a, b in found for c in beside[a.id] for o in beside[b.id] if c.id != o.id}


def _beside(a: Claim, b: Claim) -> bool:
    """Whether one sentence tells the two of one time: a strike and its dead."""
    when = [(c.time.earliest, c.time.latest) if c.time else None for c in (a, b)]
    return (a.sentence.start, a.sentence.end, when[0]) == (b.sentence.start, b.sentence.end, when[1])


def days_ago(claims: Sequence[Claim], published: int | None) -> tuple[int, int] | None:
    """The days that words count back from the report's own ('three weeks after shells hit the landing', 'a month ago').

    Days are ordinals. What happened three weeks ago happened within a week of that.
    """
    if published is None:
        return None
    for c in claims:
        for m in _back().finditer(c.sentence.text):
            after = m.group("how").casefold() in ("after", "since")
            # In 'it came three weeks after X', only X is so long ago.
            if after and c.trigger.start - c.sentence.start < m.end():
                continue
            numbers = find_numbers(m.group("n"))
            n = 1 if m.group("n").casefold() in ("a", "an", "one") else numbers[0].min if numbers else None
            if n is not None:
                unit = data(_FILE)["unit_days"][m.group("unit").casefold()]
                return published - n * unit - unit, published - n * unit + unit
    return None


@functools.cache
def _back() -> re.Pattern[str]:
    units = "|".join(data(_FILE)["unit_days"])
    return re.compile(
        rf"\b(?P<n>[\w-]+)\s+(?P<unit>{units})s?\s+(?P<how>after|since|ago|earlier|before)\b", re.IGNORECASE
    )


def _site(claim: Claim) -> frozenset[str]:
    return frozenset(tokens(claim.sentence.text)) & word_set(_FILE, "sites")


def _timed(claim: Claim, part: str) -> bool:
    """Whether its own sentence says when."""
    time, sentence = claim.time, claim.sentence
    return bool(part) or (time is not None and sentence.start <= time.start < sentence.end)


def _one_voice(a: Claim, b: Claim) -> bool:
    return [x.source for x in a.attribution] == [x.source for x in b.attribution]


def _numbers_differ(a: Claim, b: Claim) -> bool:
    """Whether each gives a figure for one harm, and the figures cannot both be of one occurrence."""
    one, two = (
        {f.harm: f for f in headcount(c) if f.group == "total" and f.own and "figure" in f.rule} for c in (a, b)
    )
    return any(
        (x.max is not None and x.max < (y.min or 0)) or (y.max is not None and y.max < (x.min or 0))
        for x, y in ((one[h], two[h]) for h in one.keys() & two.keys())
    )


@functools.lru_cache(maxsize=16384)
def _parts(sentence: str) -> frozenset[str]:
    return frozenset(
        _rules()[m.group(1).casefold()]
        for m in _rule().finditer(sentence)
        if not _of_another().search(sentence[: m.start()])
    )


@functools.cache
def _rules() -> dict[str, str]:
    return {w: part for part, words in data(_FILE)["day_parts"].items() for w in words}


@functools.cache
def _rule() -> re.Pattern[str]:
    # 'The Evening Post' is no hour: only a sentence's first word may be capital.
    words = "|".join(sorted(map(re.escape, _rules()), key=len, reverse=True))
    return re.compile(rf"(?:(?<=\s)|(?<=-)|^)((?-i:{words})|(?<![^\n])(?i:{words}))\b")


@functools.cache
def _of_another() -> re.Pattern[str]:
    """What stands before 'morning' where that is not the hour of the act: 'said on Monday', 'that', 'until the'."""
    verbs, others = ("|".join(data(_FILE)[name]) for name in ("saying", "other_hours"))
    return re.compile(rf"\b(?:(?:{verbs})(?:\s+(?!that\b)\w+){{0,5}}|(?:{others})(?:\s+the)?)\s+$", re.IGNORECASE)
