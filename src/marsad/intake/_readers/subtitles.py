"""Subtitles (WebVTT, SubRip): the spoken words as a transcript, with the second at which each cue begins."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from marsad.errors import Unreadable
from marsad.text import clean

from .._decode import decode
from .._draft import Draft, Source

_TIME = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})\s*-->")
_TAG = re.compile(r"</?[a-zA-Z0-9.:_ -]+>|\{\\[^}]*\}")
_LANGUAGE = re.compile(r"^Language:\s*([A-Za-z-]+)", re.M)


def read(source: Source) -> Iterator[Draft]:
    """One transcript. Captions that roll (each cue repeating the line before, as YouTube's do) are said once."""
    decoded = decode(source.whole(), source.charset)
    draft = Draft(kind="transcript", meta={"encoding": decoded.encoding, "encoding_from": decoded.how})
    if stated := _LANGUAGE.search(decoded.text[:500]):
        draft.language = stated.group(1)
    lines: list[str] = []
    cues: list[list[float]] = []
    offset = 0
    for seconds, words in _cues(decoded.text.lstrip("\ufeff")):
        for line in words:
            if lines and line == lines[-1]:
                continue
            cues.append([offset, seconds])
            lines.append(line)
            offset += len(line) + 1
    draft.text = "\n".join(lines)
    if not draft.text:
        raise Unreadable("subtitles without words")
    draft.meta["cues"] = cues
    yield draft


def _cues(text: str) -> Iterator[tuple[float, list[str]]]:
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.split("\n")
        at = next((number for number, line in enumerate(lines[:3]) if _TIME.search(line)), None)
        if at is None:
            continue
        match = _TIME.search(lines[at])
        assert match is not None
        hours, minutes, seconds, thousandths = (int(part or 0) for part in match.groups())
        words = [" ".join(clean(html.unescape(_TAG.sub("", line))).split()) for line in lines[at + 1 :]]
        yield hours * 3600 + minutes * 60 + seconds + thousandths / 1000, [line for line in words if line]
