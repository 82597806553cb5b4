"""The quotations of a paragraph, and which stand beside a verb of saying; for `_sayings`."""

from __future__ import annotations

import re
from typing import Any

from ._saying_words import ends, stands
from ._spans import Span, quotations

OPENING = "\"“«'‘"
LONG = 25
"""Code points from which a quotation beside a cue is taken for somebody's words, and not for a title or for irony."""
_NEAR = 60
_ENDED = ("", *".:?!”\"»'")
"""What stands before a quotation that begins a sentence of its own."""


class Quotes:
    """The quotations of one paragraph; `spans` are [start, end) with their marks."""

    def __init__(self, text: str) -> None:
        self.spans = quotations(text)
        self._text = text

    def holds(self, at: int) -> bool:
        return any(a < at < b for a, b in self.spans)

    def opens(self, at: int) -> bool:
        return any(a == at for a, _ in self.spans)

    def begins(self, quote: Span) -> bool:
        """Whether a quotation begins a sentence, and is no part of one."""
        return self._text[: quote[0]].rstrip()[-1:] in _ENDED

    def beside(self, verb: Any) -> list[Span]:
        """The quotations that a verb follows or leads to, with the words of their sentence that go on in them."""
        return [self._around(verb, q) for q in self.spans if self._follows(verb, q) or self._leads(verb, q)]

    def before(self, verb: Any, first: int) -> Span | None:
        """The whole sentences quoted before a verb, where what is said begins ahead of them, at `first`."""
        for a, b in self.spans:
            whole_words = self._text[:a].rstrip()[-1:] in {":", ".", "?", "!"} and b - a > LONG
            if first < a and whole_words and 0 <= verb.idx - b <= _NEAR:
                return a, b
        return None

    def starts_soon(self, after: int, end: int) -> bool:
        """Whether a quotation begins shortly behind `after`, before `end`."""
        return any(after < a < min(end, after + _NEAR) for a, _ in self.spans)

    def with_marks(self, span: Span) -> Span:
        """Take in the quotation marks that stand at a content's edges."""
        start, end = span
        text = self._text
        if start and text[start - 1] in OPENING and not text[start - 2 : start - 1].isalnum():
            start -= 1
        closing = re.match(r"[,.?!]?(?:''|[\"”»])", text[end : end + 3])
        if not closing and re.search(r"(?<!\w)['‘](?!')[^'‘’]*$", text[start:end]):
            closing = re.match(r"[,.?!]?['’](?!\w)", text[end : end + 3])
        return start, end + (closing.end() if closing else 0)

    def whole(self, start: int, end: int, cue: Span) -> Span:
        """A content that goes into a quotation takes in all of it, up to the cue."""
        for a, b in self.spans:
            if a < end and start < b and (start >= a or end <= b) and not (a <= cue[0] < b):
                start, end = min(start, a), max(end, b)
        return start, end

    def _follows(self, verb: Any, quote: Span) -> bool:
        """Whether a verb follows the quotation before it, which then ends no sentence: '“…,” he told them'."""
        ending = self._text[quote[1] - 3 : quote[1] + 1]
        near = 0 <= verb.idx - quote[1] <= _NEAR and "." not in ending
        return near and (self.begins(quote) or self._fronted(verb, quote))

    def _fronted(self, verb: Any, quote: Span) -> bool:
        """Whether the words before a verb, which end in a quotation, are what it says."""
        ending = self._text[quote[1] - 3 : quote[1] + 1]
        tells = stands("speech", "-", verb) and verb.tag_ != "VBG" and verb.dep_ != "advcl"
        return tells and any(mark in ending for mark in ",?!")

    def _leads(self, verb: Any, quote: Span) -> bool:
        """Whether a verb leads to the quotation behind it: 'told them: “…”', 'insisted that “…”'."""
        gap = self._text[ends(verb) : quote[0]] if 0 <= quote[0] - ends(verb) <= _NEAR else None
        return gap is not None and (gap.strip()[-1:] in {"", ",", ":"} or gap.split()[-1] in {"that", "as"})

    def _around(self, verb: Any, quote: Span) -> Span:
        """A quotation beside a verb with the words that go on in it: 'the road “was cut,” he said'."""
        start, end = quote
        if start > verb.idx:
            last = self._text[ends(verb) : start].split()[-1:]
            return (start - len("that ") if last == ["that"] else ends(verb) if last == ["as"] else start), end
        if self._fronted(verb, quote) and not self.begins(quote):
            start = min(start, verb.sent.start_char)
        return start, end
