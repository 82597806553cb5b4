"""The keys that names are found by: one exact up to spelling habits, one loose over romanisations."""

from __future__ import annotations

import functools
import json
import re
from importlib import resources
from typing import Any

from marsad.text import fold

_NOT_WORD = re.compile(r"[^\w]+")
_DOUBLE = re.compile(r"(.)\1+")


def data_file(name: str) -> Any:
    """A JSON data file of this room."""
    return json.loads(resources.files(__package__).joinpath(f"data/{name}.json").read_text("utf-8"))


_data = data_file("keys")
_WORDS: dict[str, str] = _data["words"]
_ARTICLES = frozenset(fold(a) for a in _data["articles"])
_DIGRAPHS: list[tuple[str, str]] = [(a, b) for a, b in _data["digraphs"]]
_SOUNDS: list[tuple[str, str]] = [(a, b) for a, b in _data["sounds"]]
_VOWELS = re.compile(f"(?<!^)[{_data['vowels']}]")
_INITIAL = re.compile(f"^[{_data['vowels']}]+")
LOOSE_COUNTRIES = frozenset(_data["loose_countries"])


@functools.lru_cache(maxsize=65536)
def key(name: str) -> str:
    """Folded name, signs as single spaces, without a leading 'the': 'St. Petersburg' and 'Saint-Petersburg' are one."""
    words = _NOT_WORD.sub(" ", fold(name).replace("-", " ").replace("_", " ")).split()
    if len(words) > 1 and words[0] == "the":
        del words[0]
    return " ".join([_WORDS.get(w, w) for w in words])


@functools.lru_cache(maxsize=65536)
def loose_key(name: str) -> str:
    """Consonants of the key without articles, double letters and romanisation habits; '' where too little is left.

    'Deir ez-Zor', 'Dayr az Zawr' and 'Deir al-Zour' are all 'dr zr'. Only a sieve: what it lets through is compared by
    spelling.
    """
    words = []
    for word in key(name).split():
        if word in _ARTICLES or not word.isascii():
            continue
        words.append(_skeleton(word))
    joined = " ".join(words)
    return joined if len(joined.replace(" ", "")) >= 2 else ""


def spelled(name: str) -> str:
    """The key without articles and spaces, vowels by their sound, for comparing two names letter by letter."""
    words = key(name).split()
    plain = "".join([w for w in words if w not in _ARTICLES] or words)
    for written, heard in _SOUNDS:
        plain = plain.replace(written, heard)
    return plain


def _skeleton(word: str) -> str:
    for written, plain in _DIGRAPHS:
        word = word.replace(written, plain)
    word = _INITIAL.sub("a", word)
    if len(word) > 2 and word.endswith("h"):
        word = word[:-1]
    return _DOUBLE.sub(r"\1", _VOWELS.sub("", word))
