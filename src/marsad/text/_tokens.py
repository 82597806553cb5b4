"""The tokens that numbers, ages and dates are read from: runs of letters, runs of digits, single signs."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from importlib import resources
from typing import Any

_TOKEN = re.compile(r"[^\W\d_]+|\d+|\S")
_NO_BREAK = "\u00a0\u202f\u2009"
_HYPHENS = frozenset("-‐‑‒–—−")


class Tokens:
    """Tokens of one text. Looking outside gives the empty string, so that rules need no bounds checks."""

    __slots__ = ("_last", "ends", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        found = [(m.start(), m.end(), m[0].lower()) for m in _TOKEN.finditer(text)]
        self.text = text
        self.starts = [f[0] for f in found]
        self.ends = [f[1] for f in found]
        self.words = [f[2] for f in found]
        self._last = len(found)

    def __len__(self) -> int:
        return self._last

    def word(self, i: int) -> str:
        """Lower-cased token, '' outside the text."""
        return self.words[i] if 0 <= i < self._last else ""

    def joined(self, i: int) -> bool:
        """True where token `i` touches token `i - 1`."""
        return 0 < i < self._last and self.starts[i] == self.ends[i - 1]

    def capital(self, i: int) -> bool:
        """True where token `i` begins with a capital."""
        return 0 <= i < self._last and self.text[self.starts[i]].isupper()

    def digits(self, i: int) -> bool:
        """True where token `i` is a run of decimal digits."""
        return self.word(i)[:1].isdecimal()

    def letters(self, i: int) -> bool:
        """True where token `i` is a run of letters."""
        return self.word(i)[:1].isalpha()

    def hyphen(self, i: int) -> bool:
        """True where token `i` is a hyphen or dash between two touching tokens."""
        return self.word(i) in _HYPHENS and self.joined(i) and self.joined(i + 1)

    def dash(self, i: int) -> bool:
        """True where token `i` is a hyphen or dash, spaced or not."""
        return self.word(i) in _HYPHENS

    def unbroken(self, i: int) -> bool:
        """True where only a no-break space parts token `i` from the one before."""
        return 0 < i < self._last and self.text[self.ends[i - 1] : self.starts[i]] in _NO_BREAK and not self.joined(i)

    def paragraph(self, i: int) -> bool:
        """True where an empty line parts token `i` from the one before."""
        return 0 < i < self._last and self.text.count("\n", self.ends[i - 1], self.starts[i]) > 1

    def phrase(self, i: int, phrases: Phrases) -> tuple[int, Any] | None:
        """(end token, value) of the longest phrase of `phrases` that begins at token `i`."""
        for words, value in phrases.by_first.get(self.word(i), ()):
            n = len(words)
            if n == 1 or tuple(self.words[i : i + n]) == words:
                return i + n, value
        return None

    def phrase_before(self, i: int, phrases: Phrases) -> tuple[int, Any] | None:
        """(start token, value) of the longest phrase of `phrases` that ends just before token `i`."""
        for words, value in phrases.by_last.get(self.word(i - 1), ()):
            n = len(words)
            if n <= i and tuple(self.words[i - n : i]) == words:
                return i - n, value
        return None

    def slice(self, i: int, j: int) -> tuple[int, int, str]:
        """Offsets and text of tokens [i, j)."""
        start, end = self.starts[i], self.ends[j - 1]
        return start, end, self.text[start:end]


class Phrases:
    """Phrases of one or more tokens, each with a value, by first and last token, longest first."""

    def __init__(self, table: dict[str, Any]) -> None:
        rows = sorted(((tuple(_split(p)), v) for p, v in table.items()), key=lambda row: -len(row[0]))
        self.by_first: dict[str, list[tuple[tuple[str, ...], Any]]] = {}
        self.by_last: dict[str, list[tuple[tuple[str, ...], Any]]] = {}
        for words, value in rows:
            self.by_first.setdefault(words[0], []).append((words, value))
            self.by_last.setdefault(words[-1], []).append((words, value))

    @classmethod
    def grouped(cls, table: dict[str, Sequence[str]]) -> Phrases:
        """Phrases of a table {value: [phrase, …]}."""
        return cls({phrase: value for value, phrases in table.items() for phrase in phrases})


def word_list(name: str) -> dict[str, Any]:
    """The JSON word list `data/<name>.json`."""
    data: dict[str, Any] = json.loads(resources.files(__package__).joinpath(f"data/{name}.json").read_text("utf-8"))
    return data


def _split(phrase: str) -> list[str]:
    return [m[0] for m in _TOKEN.finditer(phrase)]
