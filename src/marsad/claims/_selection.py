"""Which sentences of a report are parsed, named and read: cheap looks first, and each dear one only at what is left.

Words choose the candidates; their parse leaves those with an act told as done; named entities leave those whose roles
can be filled; only round these are sentences taken in that may hold an antecedent or a speaker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from . import _screen
from ._actor_index import ActorIndex
from ._data import word_set
from ._draft import Draft
from ._fits import fitter
from ._lexicon import Lexicon
from ._parsed import Parsed, Phrase
from ._parser import name_entities, parse
from ._parties import Parties
from ._reality import DROPPED, reality
from ._repair import repair
from ._segment import Sentence
from ._triggers import Fits, triggers

_DEAD = re.compile(rf"\b({'|'.join(sorted(word_set('dead_after')))}) dead\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=.)\b[^\W\d_a-z]")
"""A capital after the first letter: without one there is no named entity to mark."""


class Selection:
    """The sentences of one report that are read. `lower` is the lower case of `flat`, of the same length."""

    def __init__(self, flat: str, lower: str, cut: list[Sentence], lexicon: Lexicon, actors: ActorIndex) -> None:
        self._flat, self._lower, self._cut = flat, lower, cut
        self._lexicon, self._actors = lexicon, actors
        self._parsed: dict[int, Parsed] = {}
        self._named: set[int] = set()
        self._uncased = sum(map(str.isupper, flat)) < 0.005 * len(flat)

    def choose(self) -> tuple[list[Parsed], set[int]]:
        """(sentences to read, in order; indices of those where an act may be told); both empty for a report without."""
        hits = _screen.candidates(self._flat, self._lower, self._cut, self._lexicon)
        if not hits:
            return [], hits
        self._parties = Parties(self._flat, [(a, b) for a, b, _ in self._actors.find(self._flat)])
        self._parse(hits)
        hits = {i for i in hits if _told(self._parsed[i], _lenient)}
        self._name(hits)
        told = {i: _told(self._parsed[i], fitter(self._parsed[i])) for i in hits}
        hits = {i for i in hits if told[i]}
        if not any(_alone(d) for drafts in told.values() for d in drafts):
            return [], set()
        wanted = _screen.around(self._flat, self._lower, self._cut, hits, self._lexicon) | self._named
        self._parse(wanted)
        self._name(wanted)
        return [self._parsed[i] for i in sorted(wanted)], hits

    def everything(self) -> tuple[list[Parsed], set[int]]:
        """All sentences, each as if it might tell of an act: what `choose` is measured against."""
        every = {s.index for s in self._cut}
        self._parties = Parties(self._flat, [(a, b) for a, b, _ in self._actors.find(self._flat)])
        self._parse(every)
        self._name(every)
        return [self._parsed[i] for i in sorted(every)], every

    def _parse(self, numbers: Iterable[int]) -> None:
        chosen = [self._cut[i] for i in sorted(numbers) if i not in self._parsed]
        for s, doc in zip(chosen, parse([_opened(self._flat[s.start : s.end]) for s in chosen]), strict=True):
            repair(doc, self._lexicon)
            text = self._flat[s.start : s.end]
            found = [*self._actors.find(text, self._uncased), *self._parties.find(s.start, s.end)]
            self._parsed[s.index] = Parsed(
                s, doc, text, self._lower[s.start : s.end], self._lexicon, sorted(found, key=_start), self._uncased
            )

    def _name(self, numbers: Iterable[int]) -> None:
        fresh = [self._parsed[i] for i in sorted(numbers) if i not in self._named]
        name_entities([p.doc for p in fresh if self._uncased or _NAME.search(p.text)])
        for p in fresh:
            p.forget()
            self._named.add(p.sentence.index)


def _told(p: Parsed, fits: Fits) -> list[Draft]:
    """Drafts of a sentence that are told as done."""
    return [d for d in triggers(p, fits) if reality(d) not in DROPPED]


def _alone(d: Draft) -> bool:
    """Whether a draft can be a claim of its own, not only a reference to another ('the attack')."""
    return not d.reference or d.entry.act in {"explosion", "threat"} or reality(d) == "threat"


def _lenient(p: Phrase, wanted: str) -> bool:
    """Whether a phrase might fill a role once names are known and references resolved."""
    if wanted in {"person!", "child!", "people"}:
        return p.kind not in {"abstract", "means", "thing", "aid", "event"}
    return p.kind not in {"abstract"}


def _opened(sentence: str) -> str:
    """A sentence as the parser reads it best, of the same length.

    Its opening preposition in lower case, else tagged as a name ('Near Mosul, …'); 'shot dead three men' as 'shot down
    three men', else 'dead' is taken for a word about the men.
    """
    sentence = _DEAD.sub(r"\1 down", sentence)
    first = sentence.split(" ", 1)[0]
    return sentence[:1].lower() + sentence[1:] if first.lower() in word_set("openers") and first.istitle() else sentence


def _start(hit: tuple[int, int, object]) -> int:
    return hit[0]
