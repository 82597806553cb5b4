"""Contents of attributions set right at their edges: quotations kept whole, stray punctuation left outside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from marsad.claims.learned._records import Proposal

_QUOTED = re.compile(r"“[^“”\n]{3,900}”|\"[^\"\n]{3,900}\"|''[^'\n]{3,400}''")
_SENTENCE_END = re.compile(r"[.?!][\"”’')\]]*(?=\s+[A-Z“\"'‘(]|\s*$)|\n")
_EDGE = " \t\n,;:–—-"
_FINAL = ".?!"
_STRETCH = 60


def snap(text: str, spans: Sequence[Proposal]) -> list[Proposal]:
    """The same proposals, with each content moved to the edges that its surroundings suggest.

    A content that goes into a quotation takes in all of it; one that ends within reach of its sentence's end goes up
    to it; neither where a cue or a source stands between.
    """
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    fixed = [p for p in spans if p.channel in ("source", "cue")]
    out: list[Proposal] = []
    for p in spans:
        if p.channel == "content":
            start, end = _trimmed(text, p.start, p.end)
            end = _stretched(text, end, fixed)
            start, end = _trimmed(text, *_whole_quotes(start, end, quoted, fixed))
            if end > start:
                out.append(replace(p, start=start, end=end))
        else:
            out.append(p)
    return _apart(out)


def _stretched(text: str, end: int, fixed: Sequence[Proposal]) -> int:
    stop = _sentence_end(text, end)
    return stop if 0 < stop - end <= _STRETCH and not _any(fixed, end, stop) else end


def _sentence_end(text: str, at: int) -> int:
    match = _SENTENCE_END.search(text, at)
    return match.start() if match else len(text)


def _any(fixed: Sequence[Proposal], start: int, end: int) -> bool:
    return any(p.start < end and start < p.end for p in fixed)


def _whole_quotes(
    start: int, end: int, quoted: Sequence[tuple[int, int]], fixed: Sequence[Proposal]
) -> tuple[int, int]:
    for a, b in quoted:
        if a < end and start < b and (start >= a or end <= b) and not _any(fixed, a, b):
            start, end = min(start, a), max(end, b)
    return start, end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGE + _FINAL:
        start += 1
    while end > start and text[end - 1] in _EDGE + _FINAL:
        end -= 1
    return start, end


def _apart(spans: list[Proposal]) -> list[Proposal]:
    """Contents that came to overlap become one."""
    out: list[Proposal] = []
    last: int | None = None
    for p in sorted(spans, key=lambda p: (p.start, p.end, p.channel)):
        if p.channel == "content" and last is not None and p.start < out[last].end:
            out[last] = replace(out[last], end=max(p.end, out[last].end), score=max(p.score, out[last].score))
            continue
        if p.channel == "content":
            last = len(out)
        out.append(p)
    return out
