"""JSON exports of social media: which layout it is, and each post of it as a report.

Layouts taken: yt-dlp and gallery-dl metadata, Telegram Desktop exports, the X/Twitter archive and its API objects, and
Facebook's and Instagram's own downloads. See docs/reference/intake.md for the fields of each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from marsad.errors import Unreadable

from .._decode import decode
from .._draft import Draft, Source
from . import _facebook, _posts, _telegram, _twitter

_ASSIGNMENT = re.compile(r"\A\s*window\.YTD\.[\w.]+\s*=\s*")
_LAYOUTS = (_telegram, _twitter, _facebook, _posts)
# A whole channel is one file: it may be longer than a page.
_TIMES = 4


def read(source: Source) -> Iterator[Draft]:
    """Posts, in the export's order. Raises Unreadable for JSON that is broken or of a layout that is not known."""
    text = decode(source.whole(_TIMES), source.charset).text.lstrip("\ufeff")
    if source.kind == "jsonl":
        yield from _lines(text)
        return
    try:
        data = json.loads(_ASSIGNMENT.sub("", text, count=1), strict=False)
    except ValueError as problem:
        if text.lstrip().startswith("{") and "\n{" in text:
            yield from _lines(text)
            return
        raise Unreadable(f"JSON that is broken or cut short ({_words(problem)})") from None
    layout = _layout(data)
    if layout is None:
        raise Unreadable("JSON of a layout that is not known; see the list of exports that are read")
    given = 0
    for draft in layout.posts(data):
        given += 1
        yield draft
    if not given:
        raise Unreadable("an export without posts")


def _lines(text: str) -> Iterator[Draft]:
    given = broken = 0
    # Only LF ends a line of JSON; str.splitlines would cut at separators inside strings.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line, strict=False)
        except ValueError:
            broken += 1
            continue
        layout = _layout(data)
        if layout is None:
            broken += 1
            continue
        for draft in layout.posts(data):
            draft.part = draft.part or f"line {number}"
            given += 1
            yield draft
    if not given:
        raise Unreadable("JSON lines of which none is a post in a layout that is known")
    if broken:
        yield Draft(
            part="lines not read", kind="post", reason=f"{broken} lines are broken or of a layout that is not known"
        )


def _layout(data: Any) -> Any:
    return next((layout for layout in _LAYOUTS if layout.matches(data)), None)


def _words(problem: ValueError) -> str:
    return f"line {problem.lineno}: {problem.msg}" if isinstance(problem, json.JSONDecodeError) else "not JSON"
