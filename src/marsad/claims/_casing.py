"""Capitals for text that has none, or nothing else: wire copy, headlines, posts. The length stays the same.

Names are told from other words by a line through the vectors of the parser's own model (data/casing.json, fitted by
training/casing.py), by the lists of armed actors, peoples, months and days, and by having no vector at all.
"""

from __future__ import annotations

import functools
import json
import re
from importlib import resources
from typing import Any

from ._actor_index import ActorIndex
from ._data import word_set
from ._lexicon import Lexicon
from ._parser import pipeline
from ._segment import paragraphs

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_LEAST = 25
"""Letters from which a paragraph shows whether it has case."""
_OPENS = re.compile(r"(?:^|[.!?][\"')\]]*|\n|--?)\s*[\"'(\[]*$")


def recase(text: str, flat: str, lexicon: Lexicon, actors: ActorIndex) -> str:
    """The flat text with those paragraphs that are all lower or all upper case written as an author would have."""
    lines = text.split("\n")
    if not any(len(line) > _LEAST and (line.islower() or line.isupper()) for line in lines):
        return flat
    out = list(flat)
    whole = flat.islower()
    for start, end in paragraphs(text):
        stretch = flat[start:end]
        if sum(map(str.isalpha, stretch)) < (_LEAST if whole or stretch.isupper() else 2 * _LEAST):
            continue
        if stretch.islower() or stretch.isupper():
            out[start:end] = _written(stretch, lexicon, actors)
    return "".join(out)


def _written(stretch: str, lexicon: Lexicon, actors: ActorIndex) -> str:
    low = "".join(c.lower() if len(c.lower()) == 1 else c for c in stretch)
    out = list(low)
    for m in _WORD.finditer(low):
        word = m.group().removesuffix("'s")
        opens = _OPENS.search(low, max(0, m.start() - 6), m.start()) is not None
        if opens or word == "i" or _is_name(word, lexicon):
            capital = low[m.start()].upper()
            out[m.start()] = capital if len(capital) == 1 else low[m.start()]
    for start, end, alias in actors.spelled(low):
        out[start:end] = alias
    return "".join(out)


def _is_name(word: str, lexicon: Lexicon) -> bool:
    if word in lexicon.demonyms or word in word_set("always_capital"):
        return True
    if word in _common(lexicon):
        return False
    return _looks(word)


@functools.lru_cache(maxsize=50_000)
def _looks(word: str) -> bool:
    line, bias, threshold = _line()
    lexeme = pipeline().vocab[word]
    if not lexeme.has_vector:
        return len(word) > 2
    length = float(lexeme.vector_norm) or 1.0
    return float(lexeme.vector @ line) / length + bias > threshold


@functools.cache
def _line() -> tuple[Any, float, float]:
    import numpy as np

    held = json.loads(resources.files(__package__).joinpath("data", "casing.json").read_text(encoding="utf-8"))
    return np.asarray(held["weights"], dtype=np.float32), float(held["bias"]), float(held["threshold"])


@functools.cache
def _common(lexicon: Lexicon) -> frozenset[str]:
    """Words of the lexicons, which are no names."""
    lists = (lexicon.people, lexicon.facilities, lexicon.means, lexicon.triggers, lexicon.cues, lexicon.control)
    found = {word for entries in lists for form in entries for word in form.split()}
    return frozenset(found | set().union(*lexicon.class_forms.values()) - set(lexicon.demonyms))
