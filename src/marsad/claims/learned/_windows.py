"""Text to windows of wordpieces: whole sentences packed together, every word with its offsets in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

CLS, SEP = 101, 102
_LONE = re.compile("[\ud800-\udfff]")
"""A surrogate without its other half, which no tokenizer takes."""


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the network: piece ids with [CLS] and [SEP], and the words that they make up."""

    pieces: tuple[int, ...]
    first: tuple[int, ...]
    """Index into `pieces` of each word's first piece."""
    starts: tuple[int, ...]
    """Code-point offset in the text at which each word starts."""
    ends: tuple[int, ...]
    breaks: frozenset[int]
    """Indexes of the words that open a segment (a sentence or a paragraph)."""


def pack(
    tokenizer: Any, text: str, segments: Sequence[tuple[int, int]], max_pieces: int, first: int | None = None
) -> list[Window]:
    """Pack the segments [start, end) of a text, in order, into windows of at most `max_pieces` pieces.

    A segment that is longer than a window is cut between words. `first` is the most pieces of the first window, where
    that is to be another: it moves all the later cuts. `tokenizer` is a `tokenizers.Tokenizer` without
    truncation, padding or special tokens. Offsets count code points of `text`.
    """
    room = max_pieces - 2
    encodings = tokenizer.encode_batch([_LONE.sub("?", text[a:b]) for a, b in segments], add_special_tokens=False)
    windows: list[Window] = []
    draft = _Draft(room if first is None else first - 2)
    for (offset, _), encoding in zip(segments, encodings, strict=True):
        words = _words(encoding, offset)
        size = sum(len(ids) for ids, _, _ in words)
        if draft.used + size > draft.room and draft.used:
            windows.append(draft.window())
            draft = _Draft(room)
        opens = True
        for ids, start, end in words:
            if draft.used + len(ids) > draft.room and draft.used:
                windows.append(draft.window())
                draft = _Draft(room)
            draft.add(ids[:room], start, end, opens)
            opens = False
    if draft.used:
        windows.append(draft.window())
    return windows


def _words(encoding: Any, offset: int) -> list[tuple[list[int], int, int]]:
    words: list[tuple[list[int], int, int]] = []
    last: int | None = None
    for piece, word, (start, end) in zip(encoding.ids, encoding.word_ids, encoding.offsets, strict=True):
        if word is not None and word == last:
            ids, first, _ = words[-1]
            ids.append(piece)
            words[-1] = (ids, first, offset + end)
        else:
            words.append(([piece], offset + start, offset + end))
        last = word
    return words


class _Draft:
    def __init__(self, room: int) -> None:
        self.room = room
        self.pieces: list[int] = [CLS]
        self.first: list[int] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.breaks: set[int] = set()

    @property
    def used(self) -> int:
        return len(self.pieces) - 1

    def add(self, ids: list[int], start: int, end: int, opens: bool) -> None:
        if opens:
            self.breaks.add(len(self.first))
        self.first.append(len(self.pieces))
        self.pieces.extend(ids)
        self.starts.append(start)
        self.ends.append(end)

    def window(self) -> Window:
        return Window(
            (*self.pieces, SEP), tuple(self.first), tuple(self.starts), tuple(self.ends), frozenset(self.breaks)
        )
