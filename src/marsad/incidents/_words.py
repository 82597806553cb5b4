"""Words of the linker's data files, and the content words and shingles of a text, all folded."""

from __future__ import annotations

import functools
import json
import re
import zlib
from importlib import resources
from typing import Any

from marsad.text import fold

_WORD = re.compile(r"\w+")
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
    words = tokens(text)
    runs = [" ".join(words[i : i + size]) for i in range(max(1, len(words) - size + 1))] if words else []
    return frozenset(zlib.crc32(r.encode()) for r in runs)
