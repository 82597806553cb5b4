"""Spans [start, end) of a text in code points: quotations, trimming, holes; for `_sayings`."""

from __future__ import annotations

import re

Span = tuple[int, int]

_EDGE = " ,.;:—–-\n\t\xa0"
_MARK = re.compile(r"[“”\"«»]|(?<!')''(?!')")


def quotations(text: str) -> list[Span]:
    """Quoted stretches with their marks; the blanks around a mark tell what it does, so that kinds may be mixed."""
    out: list[Span] = []
    begun: int | None = None
    for m in _MARK.finditer(text):
        before, after = text[m.start() - 1 : m.start()], text[m.end() : m.end() + 1]
        opens = m[0] in "“«" or (m[0] not in "”»" and not before.strip("([-—– ") and bool(after.strip()))
        if opens:
            if begun is None:
                begun = m.start()
        elif begun is not None:
            out.append((begun, m.end()))
            begun = None
    if begun is not None and not text[:begun].strip():
        out.append((begun, len(text.rstrip())))
    return out


def cross(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end


def without(span: Span, holes: list[Span]) -> list[Span]:
    """What is left of a span outside the holes."""
    pieces = [span]
    for start, end in sorted(holes):
        cut = []
        for a, b in pieces:
            cut += [(a, start), (end, b)] if start < b and a < end else [(a, b)]
        pieces = [(a, b) for a, b in cut if b - a > 1]
    return pieces


def joined(text: str, spans: list[Span]) -> list[Span]:
    """In order, those that overlap or that only white space divides as one."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and (start <= out[-1][1] or not text[out[-1][1] : start].strip()):
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out
