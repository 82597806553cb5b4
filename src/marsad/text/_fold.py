"""Folding for search: what a reader takes for the same word becomes the same string, in Arabic and Latin alike."""

from __future__ import annotations

import json
import re
import unicodedata
from array import array
from dataclasses import dataclass
from importlib import resources

_LETTERS: dict[str, str] = json.loads(resources.files(__package__).joinpath("data/fold.json").read_text("utf-8"))[
    "letters"
]
# Marks of scripts that write them or leave them out. Indic and other vowel signs are letters to their readers and stay.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u08ca-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\ufe00-\ufe0f\ufe20-\ufe2f]"
)
_ARABIC_WORD = re.compile("[\u0620-\u064a\u066e-\u06d5\u06fa-\u06ff\u0750-\u077f]{3,}")
_POSSESSIVE = re.compile(r"(?<=\w)'(?=s(?!\w))")
_INNER_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


class _Table(dict[int, str]):
    """Code point to folded string, worked out once for each character that is met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _character(chr(code))
        return folded


_table = _Table()


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text, and for each of its characters the offset in the original that it came from."""

    text: str
    starts: array[int]
    source: str
    """The original."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The original's [start, end) for the folded [start, end), with the marks that follow the last letter."""
        if start >= end or start >= len(self.starts):
            at = self.starts[start] if start < len(self.starts) else len(self.source)
            return at, at
        last = self.starts[min(end, len(self.starts)) - 1] + 1
        while last < len(self.source) and not _table[ord(self.source[last])]:
            last += 1
        return self.starts[start], last


def fold(s: str) -> str:
    """`s` as it is searched: NFKD and case-folded, marks of Latin, Cyrillic, Greek, Hebrew and Arabic dropped, alef,
    ya, kaf, ha/ta marbuta and digits unified, tatweel and hamza gone, and و and ال stripped from Arabic words while at
    least three (after ال: two) letters remain. Apostrophes inside words go (Ta'izz = Taizz), 's stands apart.

    Idempotent. Arabic's other one-letter prefixes (ب ل ك ف) stay: they cannot be told from roots without a dictionary.
    """
    s = s.translate(_table)
    if "'" in s:
        s = _INNER_APOSTROPHE.sub("", _POSSESSIVE.sub(" ", s))
    return _ARABIC_WORD.sub(lambda m: m[0][_prefix(m[0]) :], s)


def fold_with_map(s: str) -> Folded:
    """`fold(s)` together with where each of its characters came from, for marking a hit in the original's words."""
    if s.isascii():
        # Each of these folds to one character.
        text, starts = s.translate(_table), array("l", range(len(s)))
    else:
        folded = [_table[ord(c)] for c in s]
        text = "".join(folded)
        starts = array("l", [i for i, f in enumerate(folded) for _ in f])
    cuts: list[tuple[int, int, str]] = []
    if "'" in text:
        cuts += [(m.start(), m.end(), " ") for m in _POSSESSIVE.finditer(text)]
        spaced = _POSSESSIVE.sub(" ", text)
        cuts += [(m.start(), m.end(), "") for m in _INNER_APOSTROPHE.finditer(spaced)]
    text, starts = _apply(text, starts, sorted(cuts))
    prefixes = [(m.start(), m.start() + _prefix(m[0]), "") for m in _ARABIC_WORD.finditer(text)]
    text, starts = _apply(text, starts, prefixes)
    return Folded(text, starts, s)


def _apply(text: str, starts: array[int], cuts: list[tuple[int, int, str]]) -> tuple[str, array[int]]:
    if not cuts:
        return text, starts
    pieces: list[str] = []
    kept = array("l")
    at = 0
    for start, end, instead in cuts:
        pieces += [text[at:start], instead]
        kept.extend(starts[at:start])
        kept.extend(starts[start : start + len(instead)])
        at = end
    return "".join([*pieces, text[at:]]), kept + starts[at:]


def _character(c: str) -> str:
    if unicodedata.category(c) == "Cf":
        return ""
    if c in _LETTERS:
        return _LETTERS[c]
    out = []
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", c).casefold()):
        if _MARKS.match(part):
            continue
        digit = unicodedata.digit(part, None) if part.isdecimal() else None
        out.append(str(digit) if digit is not None else _LETTERS.get(part, part))
    return "".join(out)


def _prefix(word: str) -> int:
    cut = 0
    while True:
        if word.startswith("ال", cut) and len(word) - cut >= 4:
            cut += 2
        elif word.startswith("و", cut) and len(word) - cut >= 4:
            cut += 1
        else:
            return cut
