"""Words of the linker's data files, and the content words and shingles of a text, all folded."""

from __future__ import annotations

import functools
import json
import re
import zlib
from importlib import resources
from typing import Any

from marsad.model import Actor
from marsad.text import fold

_WORD = re.compile(r"\w+")
_OF_A_NAME = re.compile(r"\w+ of (?:the )?[A-Z][\w'’-]*(?: (?:al-|of |the )?[A-Z][\w'’-]*)*$")
_LEADING_ARTICLE = re.compile(r"^(?:the|a|an)\s+")


@functools.cache
def data(name: str) -> dict[str, Any]:
    """One of this room's JSON files."""
    loaded: dict[str, Any] = json.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
    return loaded


@functools.cache
def word_set(name: str, key: str) -> frozenset[str]:
    """A list of a data file, folded."""
    return frozenset(fold(w) for w in data(name)[key])


@functools.lru_cache(maxsize=65536)
def key(name: str) -> str:
    """A name as it is compared: folded, without a leading article, single spaces, no punctuation."""
    return _LEADING_ARTICLE.sub("", " ".join(_WORD.findall(fold(name))))


@functools.lru_cache(maxsize=65536)
def _party_key(name: str) -> str:
    head, of, party = key(name).partition(" of ")
    if of and party and head.split()[-1] in word_set("words.json", "members"):
        return key(party)
    return key(name)


def party(actor: Actor) -> str:
    """A party as it is compared, by its id or name: 'the fighters of the Red Column' are the Red Column.

    Empty where nobody in particular is named.
    """
    if actor.id or actor.name:
        return actor.id or _party_key(actor.name or "")
    named = _OF_A_NAME.search(actor.text)
    return _party_key(named.group()) if named else ""


@functools.lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """One word, folded."""
    return fold(word)


def tokens(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return _WORD.findall(fold(text))


def content_words(text: str) -> frozenset[str]:
    """The words that can tell one occurrence from another."""
    stop = word_set("words.json", "stop")
    return frozenset(w for w in tokens(text) if (len(w) > 2 or w.isdecimal()) and w not in stop)


def shingles(text: str, size: int = 4) -> frozenset[int]:
    """Checksums of every run of `size` words; of the whole where it is shorter. Stable across runs and machines."""
    words = [w.encode() for w in tokens(text)]
    runs = (
        map(b" ".join, zip(*(words[i:] for i in range(size))))
        if len(words) >= size
        else [b" ".join(words)] * bool(words)
    )
    return frozenset(map(zlib.crc32, runs))
