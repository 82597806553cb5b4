"""How many and how old: the counts and ages of a sentence, and which of them belong to a phrase."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from marsad.model import Age, Count
from marsad.text import DateMention, find_ages, find_numbers

from ._parsed import Parsed, Phrase

_AGE_SIGNS = re.compile(r"\d|year|month|age|teen|under|infant|baby|toddler|minor|old|eight|nine|ten|eleven|twelve")


class Numbers:
    """Counts and ages of one sentence, found when first asked for; offsets into the report."""

    def __init__(self, parsed: Parsed, dates: Sequence[DateMention] = ()) -> None:
        """`dates` are those of the report: a year or a day is no count."""
        self._parsed = parsed
        self._dates = dates

    @cached_property
    def ages(self) -> list[Age]:
        """The ages of the sentence."""
        at = self._parsed.offset
        if not _AGE_SIGNS.search(self._parsed.lower):
            return []
        return [Age(a.min, a.max, a.text, a.start + at, a.end + at) for a in find_ages(self._parsed.text)]

    @cached_property
    def counts(self) -> list[Count]:
        """The counts of the sentence."""
        at, end = self._parsed.offset, self._parsed.sentence.end
        taken = [(d.start - at, d.end - at, "date") for d in self._dates if at <= d.start < end]
        taken += [(a.start - at, a.end - at, "age") for a in self.ages]
        found = find_numbers(self._parsed.text, sorted(taken))
        return [Count(n.min, n.max, n.text, n.start + at, n.end + at) for n in found if n.kind == "count"]

    def after_date(self, start: int, end: int) -> int:
        """Where a phrase begins behind a date that was taken for part of it: 'On 5 November armed men …'."""
        last = max((d.end for d in self._dates if d.start <= start < d.end < end), default=None)
        if last is None:
            return start
        words = self._parsed.text[last - self._parsed.offset : end - self._parsed.offset]
        return last + len(words) - len(words.lstrip(" ,"))

    def count_in(self, start: int, end: int) -> Count | None:
        """The first count inside [start, end) (a modifier such as 'at least' may stand before it)."""
        for c in self.counts:
            if c.start < end and c.end > start and c.end <= end:
                return c
        return None

    def ages_in(self, start: int, end: int) -> list[Age]:
        """The ages that lie inside [start, end)."""
        return [a for a in self.ages if a.start >= start and a.end <= end]


def _anothers(parsed: Parsed, p: Phrase, age: Age) -> bool:
    """Whether an age stands before a noun for somebody else: 'with his 15-year-old granddaughter'."""
    tokens = parsed.tokens(age.start - parsed.offset, age.end - parsed.offset)
    node = tokens[-1] if tokens else p.head
    while node.dep_ in {"nummod", "npadvmod", "amod", "quantmod", "punct", "compound"} and node.head.i != node.i:
        node = node.head
    return node.i not in {p.head.i, p.core.i} and parsed.lexicon.person(node.lower_) is not None


def ages_of(parsed: Parsed, p: Phrase, numbers: Numbers) -> list[Age]:
    """Ages in the phrase, in its appositions and relative clauses ('who appear to be between 12 and 13')."""
    if not numbers.ages or p.head.tag_ == "PRP$":
        return []
    at = parsed.offset
    inside = numbers.ages_in(p.start, p.end)
    if inside:
        return inside
    for c in p.head.rights:
        if (
            c.dep_ in {"relcl", "acl", "appos", "amod", "advcl", "npadvmod", "nummod", "prep"}
            and c.lower_ not in {"including", "among"}
            and not any(t.lower_ in {"them", "whom"} for t in c.subtree)
        ):
            found = numbers.ages_in(at + c.left_edge.idx, at + c.right_edge.idx + len(c.right_edge.text))
            found = [a for a in found if not _anothers(parsed, p, a)]
            if found:
                return found
    tail = parsed.text[p.end - at : p.end - at + 3]
    if tail[:1] in {",", " ", "("}:
        return [a for a in numbers.ages if 0 <= a.start - p.end <= 2]
    verb = p.head.head
    if p.head.dep_ == "nsubjpass" and verb.lower_ == "aged":
        return numbers.ages_in(at + verb.idx, at + verb.right_edge.idx + len(verb.right_edge.text))
    if p.head.dep_ == "nsubj" and verb.lower_ in {
        "were",
        "was",
        "are",
        "is",
        "appear",
        "appeared",
        "seem",
        "seemed",
        "look",
        "looked",
    }:
        return numbers.ages_in(at + verb.idx, at + verb.right_edge.idx + len(verb.right_edge.text))
    return []
