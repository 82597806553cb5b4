"""Which sentences of a report are parsed, named and read: cheap looks first, and each dear one only at what is left.

Words choose the candidates; their parse leaves those with an act told as done; named entities leave those whose roles
can be filled; only round these are sentences taken in, for what their roles and subjects refer back to and for who
says so. Each step is taken for many reports together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from . import _screen
from ._actor_index import ActorIndex
from ._data import word_set
from ._draft import Draft
from ._fits import fitter
from ._lexicon import Lexicon
from ._names import families_told, settle, towns_told
from ._parsed import Parsed, Phrase
from ._parser import name_entities, parse
from ._parties import Parties
from ._reality import DROPPED, reality
from ._repair import repair
from ._segment import Sentence
from ._triggers import Fits, triggers

_DEAD = re.compile(rf"\b({'|'.join(sorted(word_set('dead_after')))}) dead\b", re.IGNORECASE)
_FORMER = re.compile(r"(?<![\w-])(ex|vice)-(?=[a-z]{3})", re.IGNORECASE)
"""'ex-combatants', 'vice-principal': with their hyphen the parser reads two people and a hyphen."""
_SQUAD = re.compile(r"\bby firing squad\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=.)\b[^\W\d_a-z]")
"""A capital after the first letter: without one there is no named entity to mark."""
_ONE = frozenset({"he", "she", "him", "her", "himself", "herself"})
_SEVERAL = (word_set("plural_pronouns") | {"it", "its", "others", "another"}) - {"we", "us", "who", "whom"}
_DEFINITE = word_set("definite") - {"her", "his", "its", "our", "their"}


class Selection:
    """The sentences of one report that are read. `lower` is the lower case of `flat`, of the same length."""

    def __init__(self, flat: str, lower: str, cut: list[Sentence], lexicon: Lexicon, actors: ActorIndex) -> None:
        self.flat = flat
        self._lower, self._cut, self._lexicon, self._actors = lower, cut, lexicon, actors
        self._parsed: dict[int, Parsed] = {}
        self._named: set[int] = set()
        self._wanted: set[int] = set()
        self._told: dict[int, list[Draft]] = {}
        self._parties: Parties | None = None
        self._towns: frozenset[str] | None = None
        self._families: frozenset[str] | None = None
        self._uncased = sum(map(str.isupper, flat)) < 0.005 * len(flat)
        self.hits: set[int] = set()
        """Indices of the sentences where an act may be told; none for a report without."""

    @property
    def parsed(self) -> list[Parsed]:
        """The sentences to read, in order."""
        return [self._parsed[i] for i in sorted(self._wanted)]

    def look(self) -> None:
        """Take the sentences whose words may tell of an act."""
        self.hits = self._wanted = _screen.candidates(self.flat, self._lower, self._cut, self._lexicon)

    def keep_told(self, lenient: bool) -> None:
        """Of the hits, keep those with an act told as done: whose roles might be filled, or (not `lenient`) are."""
        told = {i: _told(self._parsed[i], _lenient if lenient else fitter(self._parsed[i])) for i in self.hits}
        self._told = {i: drafts for i, drafts in told.items() if drafts}
        if not lenient and not any(_alone(d) for drafts in told.values() for d in drafts):
            self._told = {}
        self.hits = self._wanted = set(self._told)

    def look_around(self) -> None:
        """Take what stands round the hits and may hold an antecedent or a speaker."""
        if self.hits:
            asked = {i: asks(self._parsed[i], drafts) for i, drafts in self._told.items()}
            near = _screen.around(self.flat, self._lower, self._cut, asked, self._lexicon)
            self._wanted = near | self._named

    def take_all(self) -> None:
        """Take all sentences, each as if it might tell of an act: what the rest is measured against."""
        self.hits = self._wanted = {s.index for s in self._cut}

    def unparsed(self) -> list[Sentence]:
        """The sentences taken that have no parse yet, in order."""
        return [self._cut[i] for i in sorted(self._wanted - self._parsed.keys())]

    def unnamed(self) -> list[Parsed]:
        """The sentences taken whose named entities are not marked yet, in order."""
        return [self._parsed[i] for i in sorted(self._wanted - self._named)]

    def put(self, s: Sentence, doc: Any) -> None:
        """Take in the parse of a sentence."""
        if self._parties is None:
            self._parties = Parties(self.flat, [(a, b) for a, b, _ in self._actors.find(self.flat)])
        repair(doc, self._lexicon)
        text = self.flat[s.start : s.end]
        found = [*self._actors.find(text, self._uncased), *self._parties.find(s.start, s.end)]
        self._parsed[s.index] = Parsed(
            s, doc, text, self._lower[s.start : s.end], self._lexicon, sorted(found, key=_start), self._uncased
        )

    def settle_names(self) -> None:
        """Let what the report says of its names hold in every sentence that is read."""
        self._towns = towns_told(self.flat) if self._towns is None else self._towns
        self._families = families_told(self.flat) if self._families is None else self._families
        settle((self._parsed[i] for i in sorted(self._named)), self._towns, self._families)

    def put_names(self, p: Parsed) -> None:
        """Note that the named entities of a sentence are marked."""
        p.forget()
        self._named.add(p.sentence.index)


def choose(selections: Sequence[Selection]) -> None:
    """Choose the sentences of several reports together: the parser is quicker the more sentences it is given."""
    for s in selections:
        s.look()
    _parse(selections)
    for s in selections:
        s.keep_told(lenient=True)
    _name(selections)
    for s in selections:
        s.keep_told(lenient=False)
        s.look_around()
    _parse(selections)
    _name(selections)


def choose_all(selections: Sequence[Selection]) -> None:
    """Choose every sentence: what `choose` is measured against."""
    for s in selections:
        s.take_all()
    _parse(selections)
    _name(selections)


def _parse(selections: Sequence[Selection]) -> None:
    wanted = [(selection, s) for selection in selections for s in selection.unparsed()]
    if not wanted:
        return
    docs = parse([_opened(selection.flat[s.start : s.end]) for selection, s in wanted])
    for (selection, s), doc in zip(wanted, docs, strict=True):
        selection.put(s, doc)


def _name(selections: Sequence[Selection]) -> None:
    fresh = [(selection, p) for selection in selections for p in selection.unnamed()]
    if not fresh:
        return
    name_entities([p.doc for _, p in fresh if p.uncased or _NAME.search(p.text)])
    for selection, p in fresh:
        selection.put_names(p)
    for selection in {id(s): s for s, _ in fresh}.values():
        selection.settle_names()


def _told(p: Parsed, fits: Fits) -> list[Draft]:
    """Drafts of a sentence that are told as done."""
    return [d for d in triggers(p, fits) if reality(d) not in DROPPED]


def asks(p: Parsed, drafts: Sequence[Draft]) -> set[str]:
    """What the roles of a sentence's acts and its subjects refer back to: 'people', 'one', both or neither."""
    named = (x for d in drafts for x in (*d.doers, *d.sufferers, *d.targets, *d.weapons))
    heads = {t.i: t for x in named for t in (x.head, x.core)}
    heads.update((t.i, t) for t in p.doc if t.dep_ in {"nsubj", "nsubjpass"})
    found = {"one"} if any(t.lower_ in _ONE for t in heads.values()) else set()
    inside = (t for head in heads.values() for t in head.subtree)
    if any(t.lower_ in _SEVERAL for t in inside) or any(_definite(p, t) for t in heads.values()):
        found.add("people")
    return found


def _definite(p: Parsed, token: Any) -> bool:
    """'the gunmen', 'those children', 'the group': people whom the report may have spoken of before."""
    if token.tag_ not in {"NN", "NNS"} or not any(c.lower_ in _DEFINITE for c in token.lefts):
        return False
    phrase = p.phrase(token)
    return phrase.personal and (phrase.noun is not None or phrase.core.lower_ in word_set("group_words"))


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
    three men', else 'dead' is taken for a word about the men; 'executed by firing squad 12 people' with one adverb.
    """
    sentence = _SQUAD.sub("extrajudicially", _DEAD.sub(r"\1 down", sentence))
    sentence = _FORMER.sub(r"\1 ", sentence)
    first = sentence.split(" ", 1)[0]
    return sentence[:1].lower() + sentence[1:] if first.lower() in word_set("openers") and first.istitle() else sentence


def _start(hit: tuple[int, int, object]) -> int:
    return hit[0]
