"""Whose voice a paragraph is in: quotes and statements that go on where no 'said' stands, until the voice changes."""

from __future__ import annotations

from marsad.model import Attribution

from ._segment import Sentence, paragraphs

_REACH = 8
"""How many paragraphs a quote or a statement may go on."""


class Voices:
    """The speakers of a report, in order, and whom a stretch of text without a speaker of its own belongs to."""

    def __init__(self, text: str, flat: str, quotes: list[tuple[int, int]]) -> None:
        self._flat = flat
        self._quotes = quotes
        self._paragraphs = paragraphs(text)
        self._spoken: dict[int, list[tuple[Sentence, Attribution]]] = {}
        self._labels: dict[int, Attribution] = {}
        self._tail: tuple[Sentence, Attribution] | None = None
        self._signed: list[tuple[int, int, Attribution]] = []

    def speaks(self, sentence: Sentence, link: Attribution) -> None:
        """Note that someone speaks in a sentence."""
        self._spoken.setdefault(sentence.paragraph, []).append((sentence, link))

    def labels(self, sentence: Sentence, link: Attribution) -> None:
        """Note that a label opens a sentence ('The ministry: …')."""
        if sentence.start == self._start(sentence.paragraph):
            self._labels[sentence.paragraph] = link

    def tail(self, sentence: Sentence, link: Attribution) -> None:
        """Note who stands behind the dash of a headline."""
        self._tail = (sentence, link)

    def signs(self, start: int, end: int, link: Attribution) -> None:
        """Note who signed the quotation [start, end)."""
        self._signed.append((start, end, link))

    def signer(self, at: int) -> Attribution | None:
        """Who signed the quotation that an offset stands in."""
        return next((link for a, b, link in self._signed if a <= at < b), None)

    def of(self, at: int, sentence: Sentence) -> tuple[Attribution | None, str]:
        """Who says what stands at an offset of a sentence that names no source, and the rule."""
        here = sentence.paragraph
        quoted = any(a <= at < b for a, b in self._quotes)
        own = self._spoken.get(here, [])
        if quoted and own:
            # One who spoke before in the paragraph goes on, else the next to be named is meant.
            before = [link for s, link in own if s.index <= sentence.index]
            return (before[-1] if before else own[0][1]), "speaker of the quote"
        if self._tail is not None and here == self._tail[0].paragraph and sentence.index < self._tail[0].index:
            return self._tail[1], "behind the headline"
        if here in self._labels:
            return self._labels[here], "label of the line"
        if own and not quoted:
            return None, ""
        for number in range(here - 1, max(-1, here - _REACH), -1):
            said = self._spoken.get(number, [])
            opens = self._ends(number).endswith(":")
            if said and (opens or quoted):
                whole = quoted or number == here - 1 or self._first_person(number + 1, here)
                return (said[-1][1], "goes on speaking") if whole else (None, "")
            if said or not (self._opens_quoted(number) or not quoted):
                break
        return None, ""

    def _start(self, number: int) -> int:
        start, end = self._paragraphs[number]
        return start + len(self._flat[start:end]) - len(self._flat[start:end].lstrip())

    def _ends(self, number: int) -> str:
        start, end = self._paragraphs[number]
        return self._flat[start:end].rstrip(' "')

    def _opens_quoted(self, number: int) -> bool:
        return self._flat[self._start(number)] == '"'

    def _first_person(self, first: int, last: int) -> bool:
        """Whether each paragraph of a statement speaks as 'we'."""
        for start, end in self._paragraphs[first : last + 1]:
            words = set(self._flat[start:end].lower().split())
            if not words & {"we", "our", "us", "i", "my"}:
                return False
        return True
