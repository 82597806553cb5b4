"""The screen: which sentences are worth parsing. Words alone decide, before any model runs."""

from __future__ import annotations

import re

from ._lexicon import Lexicon
from ._segment import Sentence

_BEFORE = 3
"""Sentences before a possible claim that may hold the antecedent of 'they' or 'the group'."""
_AFTER = 1
"""Sentences after it that may say who said so."""
_CUES = re.compile(r"\b(?:said|says|according|told|reported|added|claimed|denied|denies|wrote|deny)\b")


def candidates(lower: str, sentences: list[Sentence], lexicon: Lexicon) -> set[int]:
    """Indices of sentences that hold a word of an act, screened by what each weak word needs beside it."""
    found: set[int] = set()
    spots = lexicon.trigger_re.finditer(lower)
    m = next(spots, None)
    for s in sentences:
        while m is not None and m.start() < s.end:
            if m.start() >= s.start and s.index not in found and _strong(m, lower, s, lexicon):
                found.add(s.index)
            m = next(spots, None)
    return found


def around(lower: str, sentences: list[Sentence], hits: set[int], lexicon: Lexicon) -> set[int]:
    """Indices of the sentences near the candidates that may hold an antecedent, a speaker or a continuation."""
    out = set(hits)
    for i in hits:
        for j in range(max(0, i - _BEFORE), min(len(sentences), i + _AFTER + 1)):
            if j in out:
                continue
            s = sentences[j]
            text = lower[s.start : s.end]
            same = s.paragraph == sentences[i].paragraph
            if (_CUES.search(text) and (same or abs(j - i) <= 1)) or (j < i and lexicon.people_re.search(text)):
                out.add(j)
    return out


def _strong(m: re.Match[str], lower: str, s: Sentence, lexicon: Lexicon) -> bool:
    form = re.sub(r"[ -]+", " ", m.group())
    entries = lexicon.triggers.get(form, [])
    rest = lower[m.end() : min(s.end, m.end() + 100)]
    for entry in entries:
        if entry.extra and entry.extra not in rest:
            continue
        weak = entry.object.endswith("!") or entry.frame in {"lives", "uses", "occupies", "denies", "hits"}
        if weak and not lexicon.companions(entry).search(lower, s.start, s.end):
            continue
        if void(lexicon, form, lower, m):
            continue
        return True
    return False


def void(lexicon: Lexicon, form: str, lower: str, m: re.Match[str]) -> bool:
    """Figurative by the words straight beside it."""
    for before, word, after in lexicon.figurative:
        if word is not None and word.fullmatch(form):
            if before and before.search(lower[max(0, m.start() - 45) : m.start()]):
                return True
            if after and after.match(lower[m.end() : m.end() + 45]):
                return True
    return False
