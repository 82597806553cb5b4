"""Plain text and Markdown: the file's own words, nothing taken away, so that offsets hold against the original."""

from __future__ import annotations

import re
from collections.abc import Iterator

from marsad.errors import Unreadable

from .._decode import decode
from .._draft import Draft, Source

# What no store can hold or no reader see; replaced one for one, so that no offset moves.
_BAD = {**dict.fromkeys(range(32), "\ufffd"), 127: "\ufffd", 11: "\n", 12: "\n"}
for _kept in (9, 10):
    del _BAD[_kept]
_MARKDOWN_TITLE = re.compile(r"#\s+(\S.*?)\s*#*\Z")
_SENTENCE_END = re.compile(r"[.!?؟。,;:]['\"”’»)]*\Z")
_LONGEST_TITLE = 160


def read(source: Source) -> Iterator[Draft]:
    """One document. Raises Unreadable for text that is empty or is not text."""
    decoded = decode(source.whole(), source.charset)
    text = decoded.text.translate(_BAD)
    if not text.strip("\ufeff \t\n\ufffd"):
        raise Unreadable("holds no words")
    draft = Draft(kind="document", text=text, meta={"encoding": decoded.encoding, "encoding_from": decoded.how})
    if decoded.how.startswith("guessed"):
        draft.note(f"the encoding is not stated; read as {decoded.encoding}")
    if text.count("\ufffd"):
        draft.note(f"{text.count(chr(0xFFFD))} characters could not be read and stand as \ufffd")
    draft.title = _title(text)
    if draft.title:
        draft.meta["title_from"] = "first line"
    yield draft


def _title(text: str) -> str | None:
    """The first line, where it stands like a headline: short, alone, and not a sentence."""
    lines = text.lstrip("\ufeff\n ").split("\n", 2)
    first = lines[0].strip()
    if heading := _MARKDOWN_TITLE.match(first):
        return heading.group(1)
    alone = len(lines) > 1 and bool("".join(lines[1:]).strip())
    if alone and 0 < len(first) <= _LONGEST_TITLE and not _SENTENCE_END.search(first):
        return first
    return None
