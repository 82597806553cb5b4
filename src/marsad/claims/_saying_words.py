"""The words that tell that something is somebody's (`data/sayings.tsv`), and small tests of a tree for `_sayings`."""

from __future__ import annotations

import functools
from typing import Any

from ._data import cells, rows
from ._inflect import noun_forms, verb_forms
from ._spans import Span

_WH = frozenset({"if", "whether", "how", "why", "what", "when", "where", "who", "which"})
_LEAD = 3
"""Words from a verb that leads up to another, where the parser makes that one an adverb of it."""


@functools.cache
def words(kind: str) -> dict[str, frozenset[str]]:
    """The surface forms of each frame of a kind of word."""
    inflect = {
        "verb": verb_forms,
        "raising": verb_forms,
        "speech": verb_forms,
        "leading": verb_forms,
        "light": verb_forms,
        "saying": verb_forms,
        "voicing": verb_forms,
        "noun": noun_forms,
    }
    frames: dict[str, set[str]] = {}
    for row in rows("sayings.tsv"):
        if row[0] == kind:
            for cell in cells(row[2]):
                lemma, *forms = cell.split("/")
                made = inflect[kind](lemma) if kind in inflect else {lemma}
                frames.setdefault(row[1], set()).update(made, forms)
    return {frame: frozenset(words) for frame, words in frames.items()}


def stands(kind: str, frame: str, token: Any) -> bool:
    return token.lower_ in words(kind).get(frame, ())


def whole(token: Any) -> Span:
    return token.left_edge.idx, ends(token.right_edge)


def ends(token: Any) -> int:
    return int(token.idx + len(token))


def has_to(token: Any) -> bool:
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in token.children)


def led(verb: Any) -> bool:
    """Whether another verb only leads up to this one: 'went on to say', 'declined to name', 'are likely to say'."""
    head = verb.head
    if verb.dep_ == "xcomp" and head.dep_ == "acomp" and has_to(verb):
        return head.head.tag_[:2] == "VB" and stands("led by", "-", head)
    near = verb.dep_ == "xcomp" or (verb.dep_ == "advcl" and 0 < verb.i - head.i <= _LEAD)
    return near and has_to(verb) and head.tag_[:2] == "VB" and stands("leading", "-", head)


def lead(verb: Any) -> Any:
    """The verb that leads up to one that is led."""
    return verb.head.head if verb.head.dep_ == "acomp" else verb.head


def marked_that(token: Any) -> bool:
    return any(c.dep_ == "mark" and c.lower_ in {"that", "whether"} for c in token.children)


def marked_as(token: Any) -> bool:
    return any(c.dep_ == "mark" and c.lower_ == "as" for c in token.children)


def asked(verb: Any, token: Any) -> bool:
    """'asked if …', 'explained how to …'."""
    lead = token.left_edge.lower_
    return token.i > verb.i and lead in _WH and (token.dep_ == "xcomp" or lead in {"if", "whether"})


def when(token: Any) -> bool:
    """'on Wednesday', 'in March'."""
    told = [token, *(c for c in token.children if c.dep_ in {"pobj", "nummod", "advmod", "compound"})]
    return any(t.lower_ in words("when")["-"] for t in told)


def where_said(prep: Any) -> bool:
    """'at a rally', 'in an interview with a newspaper', 'during the hearing'."""
    noun = next((c for c in prep.children if c.dep_ == "pobj"), prep)
    return prep.lower_ in {"at", "in", "on", "during"} and stands("occasion", "-", noun)


def is_after(verb: Any, prep: Any) -> bool:
    """Whether a preposition goes on with the object: 'accused them of', 'described it as'."""
    word = prep.lower_
    return word in {"as", "of", "for", "with", "to"} and stands("verb", word, verb)
