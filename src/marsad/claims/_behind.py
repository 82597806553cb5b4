"""Who is said to be behind an act told before: 'the Front was behind the attack', 'denied it was responsible'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ._data import word_set
from ._draft import Draft
from ._parsed import Parsed
from ._syntax import child, is_passive, is_verb

_BE = frozenset({"be", "been", "being", "is", "are", "was", "were", "'s"})
_OWN = frozenset({"it", "they", "we", "he", "she", "i"})


@dataclass(frozen=True, slots=True)
class Behind:
    """One such statement, as spaCy tokens."""

    word: Any
    """'behind' or 'responsible'."""
    verb: Any
    """The reporting verb over it, or its own where none is."""
    who: Any | None
    """Whom it names; None where it is whoever speaks."""
    teller: Any | None
    """Who says so; None in the publisher's own voice."""
    denied: bool


def behind(parsed: Parsed) -> Iterator[Behind]:
    """The statements of a sentence about who is, or is not, behind what was told before."""
    for word in parsed.doc:
        be = word.head
        if be.lower_ not in _BE or word.dep_ not in {"prep", "acomp"} or not _points(word):
            continue
        over = be.head if be.dep_ in {"ccomp", "xcomp"} and is_verb(be.head) else None
        subject = child(be, "nsubj", "nsubjpass")
        teller = child(over, "nsubj") if over is not None and not is_passive(over) else None
        denying = over is not None and over.lower_.startswith(tuple(word_set("denying")))
        denied = denying != any(c.dep_ == "neg" for c in be.children)
        own = subject is None or subject.lower_ in _OWN or any(c.dep_ == "poss" for c in subject.lefts)
        yield Behind(word, over if over is not None else be, None if own else subject, teller, denied)


def acted(noun: Any) -> bool:
    """'the attack', 'his death', 'the crime': words that point to what was done."""
    pointed = any(c.dep_ in {"det", "poss"} and c.lower_ not in {"a", "an", "no", "any"} for c in noun.children)
    return noun.lower_ in word_set("allegations") | word_set("misdeeds") and pointed


def is_siege(d: Draft) -> bool:
    """A siege is no attack that somebody may have been behind."""
    return d.entry.head.startswith(("besiege", "siege", "blockade"))


def _points(word: Any) -> bool:
    """'behind the attack', 'responsible for it', and a bare 'responsible'."""
    if word.lower_ == "behind":
        return any(o.dep_ == "pobj" and (acted(o) or o.lower_ in {"it", "this", "that"}) for o in word.children)
    what = [o for c in word.children if c.lower_ == "for" for o in c.children if o.dep_ in {"pobj", "pcomp"}]
    return word.lower_ == "responsible" and all(acted(o) or o.lower_ in {"it", "this", "that"} for o in what)
