"""The markup of the corpus: `[channel:words]` for a span, `<2.5:word>` for an event word's factuality.

Both nest. `a(n)` becomes 'a' or 'an' by the letter that follows, and a sentence's first letter a capital.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r"\[([a-z_]+):|<(-?\d+(?:\.\d+)?):|([\]>])")
_ARTICLE = re.compile(r"\b([Aa])\(n\)(?=\W*(\w))")
_EDGE = " ,;"
_BLANK = " ;"
_VOWELS = "aeioAEIO8"


@dataclass(slots=True)
class Marked:
    """Plain text, its spans [channel, start, end) and its event words [start, end, value)."""

    text: str
    spans: list[tuple[str, int, int]] = field(default_factory=list)
    events: list[tuple[int, int, float]] = field(default_factory=list)


def parse(marked: str) -> Marked:
    """Take the markup out of a string; raises ValueError where its brackets do not match."""
    marked = _tidy(marked)
    out: list[str] = []
    length = 0
    open_: list[tuple[str, int]] = []
    result = Marked("")
    at = 0
    for token in _TOKEN.finditer(marked):
        plain = marked[at : token.start()]
        out.append(plain)
        length += len(plain)
        at = token.end()
        if token[3] is None:
            open_.append((token[1] or token[2], length))
        elif not open_:
            raise ValueError(f"a bracket closes that was not opened: {marked!r}")
        else:
            name, start = open_.pop()
            if length > start:
                if name[0].isalpha():
                    result.spans.append((name, start, length))
                else:
                    result.events.append((start, length, float(name)))
    if open_:
        raise ValueError(f"a bracket was not closed: {marked!r}")
    out.append(marked[at:])
    text = result.text = "".join(out)
    result.spans = [(name, *span) for name, *edges in result.spans if (span := _trimmed(name, text, *edges))]
    return result


def _trimmed(name: str, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Without blanks and commas at the edges; but a source keeps the comma that closes its apposition."""
    edge = _BLANK if name.endswith("source") else _EDGE
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in edge:
        end -= 1
    return (start, end) if start < end else None


def _tidy(marked: str) -> str:
    marked = re.sub(r"\s+", " ", marked).strip()
    marked = _ARTICLE.sub(lambda m: m[1] + ("n" if _next_letter(marked, m) in _VOWELS else ""), marked)
    marked = re.sub(r" ([,.;:?!])", r"\1", marked)
    return _capital(marked)


def _next_letter(marked: str, match: re.Match[str]) -> str:
    rest = _TOKEN.sub("", marked[match.end() :]).lstrip(' "“')
    return rest[:1]


def _capital(marked: str) -> str:
    at = 0
    while at < len(marked):
        token = _TOKEN.match(marked, at)
        if token:
            at = token.end()
        elif marked[at].isalnum():
            return marked[:at] + marked[at].upper() + marked[at + 1 :]
        else:
            at += 1
    return marked
