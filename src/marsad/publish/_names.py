"""Names that must not get out, and every form in which they might: case, marks, script, spelling.

A name is matched by its folded words and by its consonants: 'Salma Haddad', 'SALMA  HADAD' and 'سلمى حداد' all come to
the same skeleton, since transliterations differ in vowels and doubled letters far more than in consonants.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from ..text import fold

_WORD = re.compile(r"\w+")
_LETTERS = json.loads(resources.files(__package__).joinpath("skeleton.json").read_text(encoding="utf-8"))
_DIGRAPHS = re.compile("|".join(sorted(_LETTERS["digraphs"], key=len, reverse=True)))
_SINGLE = str.maketrans(_LETTERS["letters"])
_DROPPED = re.compile(r"[^a-z1]+")
_TITLES = frozenset(fold(t) for t in _LETTERS["titles"])


@dataclass(frozen=True, slots=True)
class Guard:
    """The names that a release must not hold, ready to look for."""

    names: frozenset[str]
    _full: frozenset[tuple[str, ...]]
    _skeletons: frozenset[tuple[str, ...]]
    _tokens: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> Guard:
        """A guard over `names` (any script); empty ones are left aside."""
        kept = frozenset(n for n in names if words(n))
        full = frozenset(tuple(words(n)) for n in kept)
        skeletons = frozenset(s for w in full if len(s := _skeleton_words(w)) > 1 and sum(map(len, s)) >= 5)
        # A part of a name counts by itself only where it is written as one ('witness' in 'a second witness' is not).
        parts = (part for n in kept for part in _WORD.findall(n) if part[:1].isupper() or not part.isascii())
        tokens = frozenset(t for part in parts for t in words(part) if len(t) >= 3 and t not in _TITLES)
        return cls(kept, full, skeletons, tokens)

    def found(self, text: str, *, allowed: frozenset[str] = frozenset()) -> list[str]:
        """What of the guarded names `text` holds, in its own folded words: whole names in any spelling or order of
        letters' case and script, and single parts of a name, but for the folded words in `allowed`."""
        there = words(text)
        hits = [t for t in dict.fromkeys(there) if t in self._tokens and t not in allowed]
        hits += _runs(there, self._full)
        bones = [skeleton(w) for w in there if w not in _TITLES]
        hits += _runs(bones, self._skeletons)
        return list(dict.fromkeys(hits))


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """The consonants of a folded word in one Latin alphabet, doubled ones once: 'khadijah' and 'خديجه' → 'xdg'."""
    plain = _DIGRAPHS.sub(lambda m: str(_LETTERS["digraphs"][m.group()]), word)
    plain = re.sub(r"(.)\1+", r"\1", _DROPPED.sub("", plain.translate(_SINGLE)))
    return plain.removesuffix("h") or plain


def _skeleton_words(folded: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(s for w in folded if w not in _TITLES and (s := skeleton(w)))


def _runs(there: list[str], wanted: frozenset[tuple[str, ...]]) -> list[str]:
    lengths = {len(w) for w in wanted}
    hits = []
    for n in lengths:
        for i in range(len(there) - n + 1):
            run = tuple(there[i : i + n])
            if run in wanted or (n > 1 and run[::-1] in wanted):
                hits.append(" ".join(run))
    return hits
