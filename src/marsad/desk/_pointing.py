"""Words of the report that a person points at, as a correction of one field: snapped to whole words, read for numbers
and dates, and never without their span."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..errors import JudgementRefused
from ..model import Actor, Claim, Count, Place, Report, When, to_json
from ..text import find_dates, find_numbers

FIELDS = ("victims", "perpetrators", "places", "time")
"""The fields that words may be pointed at for."""


def pointed(
    claim: Claim, report: Report, field: str, start: int, end: int, replaces: int | None = None
) -> tuple[str, Any]:
    """(path, JSON value) of the correction that says: the words at [start, end) (code points) are this field.

    Victims, perpetrators and places gain an element; the time becomes the words', with their dates where they give
    any, else with those that the claim had. With `replaces`, the words become those of that element instead, which
    keeps what they do not say. Raises JudgementRefused for another field, or where there are no words.
    """
    start, end = snap(report.text, start, end)
    words = report.text[start:end]
    if field not in FIELDS:
        raise JudgementRefused(f"Words cannot be pointed at for '{field}'; known: {', '.join(FIELDS)}.")
    if not words:
        raise JudgementRefused("There are no words there to point at.")
    if field == "time":
        return "time", to_json(_when(claim, report, start, words))
    if field == "places":
        new: Any = Place(start, end, words, name=words)
    elif field == "victims":
        new = Actor(start, end, words, count=_count(start, words))
    else:
        new = Actor(start, end, words, name=words)
    if replaces is None:
        return field, to_json((*getattr(claim, field), new))
    held = getattr(claim, field)
    if not 0 <= replaces < len(held):
        raise JudgementRefused(f"The claim has no {field} number {replaces + 1}.")
    return f"{field}.{replaces}", to_json(_moved(held[replaces], new))


def snap(text: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) grown to whole words, without white space at its ends; empty where it holds none."""
    start, end = max(0, min(start, len(text))), max(0, min(end, len(text)))
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return start, start
    while start > 0 and _joined(text, start):
        start -= 1
    while end < len(text) and _joined(text, end):
        end += 1
    return start, end


def nearest(text: str, words: str, to: int) -> tuple[int, int]:
    """Where `words` stand in `text`, nearest to the offset `to`. Raises JudgementRefused where they do not."""
    words = words.strip()
    found, at = [], text.find(words) if words else -1
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    if not found:
        raise JudgementRefused(f"The report does not say «{words[:100]}»; give its words exactly as they stand.")
    start = min(found, key=lambda f: abs(f - to))
    return start, start + len(words)


def _moved(was: Actor | Place, new: Actor | Place) -> Actor | Place:
    """`was` at the words of `new`. Another name is another place: its entry and coordinates do not stay."""
    if isinstance(was, Actor) and isinstance(new, Actor):
        name = new.name if was.name is None or new.name is not None else was.name
        count = new.count or was.count
        return replace(was, start=new.start, end=new.end, text=new.text, name=name, count=count)
    return new


def _joined(text: str, at: int) -> bool:
    return _of_word(text[at - 1]) and _of_word(text[at])


def _of_word(c: str) -> bool:
    # Harakat and the like are marks, not letters, and belong to the word that they stand on.
    return c.isalnum() or "\u0300" <= c <= "\u036f" or "\u064b" <= c <= "\u065f" or c in "\u0640\u0670\u200c\u200d"


def _count(start: int, words: str) -> Count | None:
    found = next((n for n in find_numbers(words) if n.kind == "count"), None)
    return Count(found.min, found.max, found.text, start + found.start, start + found.end) if found else None


def _when(claim: Claim, report: Report, start: int, words: str) -> When:
    found = next((d for d in find_dates(words, report.published) if d.earliest or d.latest), None)
    was = claim.time
    earliest, latest = (found.earliest, found.latest) if found else (was.earliest, was.latest) if was else (None, None)
    return When(earliest, latest, start, start + len(words), words)
