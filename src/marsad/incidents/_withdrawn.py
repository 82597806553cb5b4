"""Figures that a report takes back: 'our earlier figure of nine should no longer be used'."""

from __future__ import annotations

import functools
import re

from marsad.model import Count, Report
from marsad.text import find_numbers

from ._words import data

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*")
_NEAR = 24
"""Characters between 'figure' and the number that it is of."""


def taken_back(report: Report) -> tuple[Count, ...]:
    """The figures that the report's words take back, each with `withdrawn` set and its place in the text.

    Whose they were is not said here: a figure counts as taken back only where its source had given it.
    """
    return _taken_back(report.text) if _rule("back").search(report.text) else ()


@functools.lru_cache(maxsize=4096)
def _taken_back(text: str) -> tuple[Count, ...]:
    found = []
    for sentence in _SENTENCE.finditer(text):
        words, start = sentence.group(), sentence.start()
        if not (_rule("back").search(words) and _rule("figure").search(words)):
            continue
        nouns = [m.end() for m in _rule("figure").finditer(words)]
        numbers = [n for n in find_numbers(words) if n.min is not None]
        near = [n for n in numbers if any(0 <= n.start - end <= _NEAR for end in nouns)]
        meant = near or (numbers if len(numbers) == 1 else [])
        found += [Count(n.min, n.max, n.text, start + n.start, start + n.end, withdrawn=True) for n in meant]
    return tuple(found)


@functools.cache
def _rule(name: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{p})\b" for p in data("withdrawn.json")[name]), re.IGNORECASE)
