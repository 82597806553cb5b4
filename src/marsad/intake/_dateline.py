"""The day that a report without metadata gives itself: a line of its own at the top, or its dateline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from marsad.text import find_dates

_HEAD = 1_500
"""Code points at the top in which a report says when it was written."""
_LINE = 90
"""A longer line is prose."""
_BESIDE = 6
"""Words that may stand beside the day in its line: an author, an agency, a town, an hour."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|[\u0660-\u0669]{4}")
_OPENING = re.compile(
    r"\W*(?:(?:first |last )?(?:published|posted|updated|issued|released|filed|dated?|written)|on)\b", re.I
)
_SENTENCE_END = re.compile(r"[.!?؟。]['\"”’»)]*\Z")
_WORD = re.compile(r"[^\W\d_]+")
_HOUR = re.compile(r"\b\d{1,2}[:.]\d\d\b|\b(?:am|pm|gmt|utc|local time)\b", re.I)
# '(Goma, May 6, 2031) –', 'BEIRUT, Feb 12, 2031 (Reuters) -': capitalised words before, an agency and a dash behind.
_BEFORE = re.compile(r"\(?\s*(?:[^\W\d_a-z][\w.'’\-]*[\s,/]*){1,6}[(\s,–—-]*\Z")
_BEHIND = re.compile(r"\s*\)?\s*(?:\([^)\n]{2,40}\)|/[^/\n]{2,40}/)?\s*(?:[–—:]|-{1,2}(?=\s))")


def day_of(text: str) -> str | None:
    """The ISO date (a day) under which `text` says it was written, or None where it says none, or several."""
    head = text[:_HEAD]
    lines = [line for line in _lines(head)]
    alone = [day for n, line in enumerate(lines) if (day := _alone(line, first=n == 0))]
    # Two such lines are the entries of a chronology, unless one says what it is.
    told = [day for line in lines if _OPENING.match(line) and (day := _alone(line, first=False))]
    if told or len(set(alone)) == 1:
        return (told or alone)[0]
    if alone:
        return None
    return next((day for line in lines[:5] if (day := _dateline(line))), None)


def _lines(head: str) -> Iterator[str]:
    return (line.strip() for line in head.splitlines() if line.strip())


def _alone(line: str, *, first: bool) -> str | None:
    """The day of a line that holds little else. A headline that names a day does not say when it was written."""
    if len(line) > _LINE or not _YEAR.search(line):
        return None
    for start, end, day in _days(line):
        opening, rest = line[:start], line[end:]
        if first and not _OPENING.match(line) and _WORD.search(opening):
            continue
        beside = _WORD.findall(_HOUR.sub(" ", f"{_OPENING.sub(' ', opening)} {rest}"))
        if len(beside) <= _BESIDE and (not beside or not _SENTENCE_END.search(line)):
            return day
    return None


def _dateline(line: str) -> str | None:
    for start, end, day in _days(line[:140]):
        if _BEFORE.match(line[:start]) and _BEHIND.match(line[end:]):
            return day
    return None


def _days(line: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, day) of each whole day with its year."""
    for mention in find_dates(line):
        if mention.earliest and mention.earliest == mention.latest and _YEAR.search(mention.text):
            yield mention.start, mention.end, mention.earliest
