"""Names that must not get out, and every form in which they might: case, marks, script, spelling, run together.

A name is matched by its folded words and by its shape: its consonants in one alphabet, and where vowels stand between
them. Transliterations differ in vowels and doubled letters far more than in consonants: 'Salma', 'Selmah' and 'سلمى'
have one shape, 'Salam' and 'Islam' another. A whole name is also matched with one consonant wrong, left out or added.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import TypeVar

from rapidfuzz.distance import OSA

from ..text import fold

T = TypeVar("T")

_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-zÀ-ɏ])(?=[Ͱ-￿])|(?<=[Ͱ-￿])(?=[A-Za-zÀ-ɏ])")
_POSSESSIVE = re.compile(r"['’]s(?![^\W\d_])")
_INNER = re.compile(r"(?<=[^\W\d_])['’`´ʿʾʼ](?=[^\W\d_])")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_DATA = json.loads(resources.files(__package__).joinpath("skeleton.json").read_text(encoding="utf-8"))
_DIGRAPHS = re.compile("|".join(sorted(_DATA["digraphs"], key=len, reverse=True)))
_SINGLE: Mapping[str, str] = _DATA["letters"]
_TITLES = frozenset(fold(t) for t in _DATA["titles"])
_AMBIGUOUS = frozenset(fold(w) for w in _DATA["ambiguous"])
_CLITICS = tuple(_DATA["clitics"])
_CARONS = str.maketrans(_DATA["carons"])
_SOUNDS = str.maketrans(_DATA["sounds"])
_ALIKE = re.compile("|".join(sorted(_DATA["alike"], key=len, reverse=True)))
_HEX = re.compile(r"(?<![^\W_])(?=[a-f]*\d)[0-9a-f]{12,}(?![^\W_])")
_DOUBLED = re.compile(r"(.)\1+")
_SAME = {fold(form): row for row in _DATA["same"] for form in row}
_LEAST = 6
"""A whole name of so many consonants is also matched with one of them wrong."""
_ASKED = 4
"""Words of fewer letters are too short to resemble another; longer ones may differ by two."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A word's consonants in one Latin alphabet, and before which of them vowels are written."""

    bones: str
    vowels: frozenset[int]
    abjad: bool

    def fits(self, other: Shape) -> bool:
        """Whether both may write one name; short vowels are not written in Arabic."""
        if self.bones != other.bones:
            return False
        if self.abjad == other.abjad:
            return self.vowels == other.vowels
        arabic, latin = (self.vowels, other.vowels) if self.abjad else (other.vowels, self.vowels)
        return arabic <= latin and (0 in arabic) == (0 in latin)


@dataclass(frozen=True, slots=True)
class Guard:
    """The names that a release must not hold, ready to look for."""

    names: frozenset[str]
    _full: frozenset[tuple[str, ...]]
    _bones: Mapping[int, Mapping[str, frozenset[tuple[str, ...]]]]
    """Number of words → what is left of a whole name's bones with one taken away, or none → the bones, by word."""
    _joined: frozenset[str]
    """Whole names written as one word, in both orders."""
    _joined_bones: frozenset[str]
    _tokens: frozenset[str]
    _shapes: Mapping[str, tuple[Shape, ...]] = field(default_factory=dict)
    _sounds: frozenset[str] = frozenset()
    _full_sounds: frozenset[tuple[str, ...]] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str]) -> Guard:
        """A guard over `names` (any script); empty ones are left aside."""
        kept = frozenset(n for n in names if words(n))
        full: set[tuple[str, ...]] = set()
        full_sounds: set[tuple[str, ...]] = set()
        joined: set[str] = set()
        joined_bones: set[str] = set()
        bones: dict[int, dict[str, set[tuple[str, ...]]]] = {}
        tokens: set[str] = set()
        for name in kept:
            said = [w for w, _ in _words_of(name)]
            split = [*_words_of(name), *_words_of(_INNER.sub(" ", name))]
            # A part counts by itself only where it is written as a name ('witness' in 'a second witness' is not).
            parts = [w for w, capital in split if capital or len(said) == 1]
            tokens.update(w for w in parts if len(w) >= (2 if len(said) == 1 else 3) and w not in _TITLES)
            plain = [w for w in said if w not in _TITLES]
            for order in (said, said[::-1], plain, plain[::-1]):
                if len(order) > 1:
                    full.add(tuple(order))
                    full_sounds.add(tuple(_sound(w) for w in order))
                    joined.add("".join(order))
                    joined_bones.add("".join(shape(w).bones for w in order))
            shapes = tuple(b for w in plain if (b := shape(w).bones))
            if len(shapes) > 1 and sum(map(len, shapes)) >= 5:
                for turned in (shapes, shapes[::-1]):
                    for left in _near("".join(turned)):
                        bones.setdefault(len(turned), {}).setdefault(left, set()).add(turned)
        tokens |= {fold(other) for t in tokens for other in _SAME.get(t, ())}
        by_bones: dict[str, list[Shape]] = {}
        for token in tokens:
            by_bones.setdefault(shape(token).bones, []).append(shape(token))
            joined_bones |= {shape(token).bones, re.sub("^bdl", "bd", shape(token).bones)}
            joined_bones.add(re.sub("^bdl(.+)", r"\1bd", shape(token).bones))
            if "kh" in token:  # 'Chatib' is German for 'Khatib'.
                other = shape(token.replace("kh", "ch"))
                by_bones.setdefault(other.bones, []).append(other)
        return cls(
            kept,
            frozenset(full),
            {n: {left: frozenset(runs) for left, runs in b.items()} for n, b in bones.items()},
            frozenset(j for j in joined if len(j) >= 6),
            frozenset(j for j in joined_bones if len(j) >= 5),
            frozenset(tokens),
            {b: tuple(s) for b, s in by_bones.items() if len(b) >= 2},
            frozenset(_sound(t) for t in tokens),
            frozenset(full_sounds),
        )

    def found(self, text: str, *, allowed: frozenset[str] = frozenset(), near: bool = True) -> list[str]:
        """What of the guarded names `text` holds, in its own folded words: whole names in any spelling or order of
        letters' case and script, and single parts of a name, but for the folded words in `allowed`.

        Part of a name that is also a common word ('Hope', 'Said'), or is only spelt alike, counts where it has a
        capital, is in a script without them, or stands in an address; a whole name counts however it is written, and
        with one consonant wrong. Without `near`, for texts in which fields stand side by side, it must have them all.
        """
        if not self.names:
            return []
        there = _marked(text)
        hits = [w for w, marked in dict.fromkeys(there) if w not in allowed and self._part(w, marked)]
        hits += self._whole(there, allowed, near)
        hits += [w for w, _ in dict.fromkeys(there) if len(w) >= 6 and w not in allowed and self._run_together(w)]
        for run in (r for n in (2, 3) for r in _windows(there, n) if all(_name(w, m, allowed) for w, m in r)):
            if "".join(shape(w).bones for w, _ in run) in self._joined_bones:
                hits.append(" ".join(w for w, _ in run))
        return list(dict.fromkeys(hits))

    def whole(self, text: str) -> list[str]:
        """Whole names of two words or more in `text`, in any spelling; parts of a name do not count."""
        return self._whole(_marked(text), frozenset(), near=True)

    def resembles(self, text: str) -> bool:
        """Whether a word of `text` that may be a name is a letter or two from part of a guarded one. Too wide to
        withhold by, wide enough to warn whoever approves a name."""
        near = [w for w, marked in _marked(text) if marked and len(w) >= _ASKED]
        return any(
            abs(len(w) - len(t)) <= 2 and OSA.distance(w, t) <= (len(t) > _ASKED) + 1
            for w in near
            for t in self._tokens
        )

    def _whole(self, there: list[tuple[str, bool]], allowed: frozenset[str], near: bool) -> list[str]:
        plain = [w for w, _ in there]
        hits = [" ".join(run) for n in {len(f) for f in self._full} for run in _windows(plain, n) if run in self._full]
        for run in (r for n in {len(f) for f in self._full_sounds} for r in _windows(there, n)):
            capital = all(m and w not in allowed for w, m in run)
            if capital and tuple(_sound(w) for w, _ in run) in self._full_sounds:
                hits.append(" ".join(w for w, _ in run))
        content = [(w, m) for w, m in there if w not in _TITLES]
        for n, wanted in self._bones.items():
            for run in _windows(content, n):
                parts = tuple(shape(w).bones for w, _ in run)
                marked = all(m for _, m in run)
                if not all(parts) or sum(map(len, parts)) < 5:
                    continue
                if not near and (not marked or all(w in allowed for w, _ in run)):
                    continue
                names = {r for left in _near("".join(parts)) for r in wanted.get(left, ())}
                if any(parts == r or (near and marked and _apart(parts, r) <= 1) for r in names):
                    hits.append(" ".join(w for w, _ in run))
        return hits

    def _part(self, word: str, marked: bool) -> bool:
        for form in _without_clitics(word):
            if form in self._tokens and (marked or (form not in _AMBIGUOUS and len(form) > 2)):
                return True
            if marked and self._alike(form):
                return True
        return False

    def _alike(self, word: str) -> bool:
        own = shape(word)
        if not own.abjad and len(word) >= 3 and _sound(word) in self._sounds:
            return True
        others = (s for s in self._shapes.get(own.bones, ()) if own.fits(s))
        # Two consonants tell a name from a word only across scripts; in one script their vowels must sound alike.
        return any(len(own.bones) >= 3 or own.abjad != s.abjad for s in others)

    def _run_together(self, word: str) -> bool:
        bones = shape(word).bones
        if any(j in word for j in self._joined) or bones in self._joined_bones:
            return True
        # 'salmahkhateeb': the h that ends a name is none inside a word.
        return len(bones) > _LEAST and any(left in self._joined_bones for left in _near(bones))


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=65536)
def shape(word: str) -> Shape:
    """The shape of a folded word: 'khadijah' and 'خديجه' → bones 'xdg'; a last vowel or h is left out."""
    abjad = bool(_ARABIC.search(word))
    bones: list[str] = []
    vowels: set[int] = set()
    after_vowel = True
    for letter in _DIGRAPHS.sub(lambda m: _DATA["digraphs"][m.group()], word):
        consonant = _SINGLE.get(letter, letter if "a" <= letter <= "z" else None)
        if consonant is None:
            continue
        if not consonant:
            vowels.add(len(bones))
            after_vowel = True
        elif abjad or after_vowel or bones[-1] != consonant:
            bones.extend(consonant)
            after_vowel = False
    if len(bones) > 2 and bones[-1] == "h":
        bones.pop()
    return Shape("".join(bones), frozenset(v for v in vowels if v < len(bones)), abjad)


def _marked(text: str) -> list[tuple[str, bool]]:
    """The words, each with whether it may be a name: in an address every one may."""
    address = not any(c.isspace() for c in text.strip())
    return [(w, capital or address) for w, capital in _words_of(text)]


def _words_of(text: str) -> list[tuple[str, bool]]:
    """(folded word, whether it is written as a name) for each word; digits, underscores and inner capitals divide."""
    # Digests and ids are no words: 'abd' in one of them is nobody's name.
    plain = _HEX.sub(" ", unicodedata.normalize("NFKC", text))
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf" and c != "ـ")
    plain = _CAMEL.sub(" ", _INNER.sub("", _POSSESSIVE.sub("", plain))).translate(_CARONS)
    return [
        (w, found.group()[:1].isupper() or not found.group()[:1].islower())
        for found in _LETTERS.finditer(plain)
        for w in _LETTERS.findall(fold(found.group()))
    ]


def _without_clitics(word: str) -> Iterator[str]:
    yield word
    if len(word) >= 4 and word.startswith(_CLITICS):
        yield word[1:]


@lru_cache(maxsize=65536)
def _near(bones: str) -> frozenset[str]:
    """The bones and, where they are many, all that is left with one taken away: two that share one differ by one."""
    fewer = (bones[:i] + bones[i + 1 :] for i in range(len(bones)) if len(bones) >= _LEAST)
    return frozenset((bones, *fewer))


def _apart(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    return sum(OSA.distance(a, b) for a, b in zip(one, other, strict=True))


def _name(word: str, marked: bool, allowed: frozenset[str]) -> bool:
    return word in _TITLES or (marked and word not in allowed)


@lru_cache(maxsize=65536)
def _sound(word: str) -> str:
    """A folded word in Latin letters with its vowels in three classes: 'Omar' and 'Umar', 'Aly' and 'Ali'."""
    word = _ALIKE.sub(lambda m: _DATA["alike"][m.group()], word)
    plain = _DOUBLED.sub(r"\1", word.translate(_SOUNDS)).removesuffix("h")
    return plain.rstrip("aiu") if len(re.sub("[aiu]", "", plain)) > 1 else plain


def _windows(there: Sequence[T], n: int) -> Iterator[tuple[T, ...]]:
    for i in range(len(there) - n + 1):
        yield tuple(there[i : i + n])
