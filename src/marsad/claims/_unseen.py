"""People of whom nothing is known since they were taken: 'has not been seen since', 'is still missing', 'his
whereabouts remain unknown'. An act only where the report tells that somebody took, held or stopped them: hikers get
lost too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._coref import References
from ._data import word_set
from ._draft import Draft
from ._parsed import ARMED, Phrase
from ._syntax import is_verb, surface_subjects

Fits = Callable[[Phrase, str], bool]
_TAKEN = frozenset({"abduction", "detention", "enforced_disappearance"})
_REACH = 12
"""Sentences back to where their taking may be told."""


def unseen_roles(d: Draft, fits: Fits) -> bool:
    """Whom a word of such a state is told of; False where it tells of something else, or of its contrary."""
    p, token = d.parsed, d.token
    if token.lower_ in word_set("unseen_nouns"):
        verb = token.head
        known = {t.lower_ for t in verb.subtree} | {verb.lower_}
        told = is_verb(verb) and bool(known & word_set("unknown"))
        told = told or any(c.dep_ in {"det", "neg"} and c.lower_ == "no" for c in token.children)
        of = [o for c in token.children if c.lower_ in {"of", "from"} for o in c.children if o.dep_ == "pobj"]
        people = [c for c in token.children if c.dep_ == "poss"] or of
    elif token.lower_ == "missing":
        verb = token.head if token.dep_ in {"acomp", "oprd", "attr", "xcomp"} else token
        told = is_verb(verb) and token.dep_ not in {"amod", "acl"} and not _denied(token, verb)
        told = told and token.head.lower_ not in word_set("going")  # 'went missing' is an entry of its own
        people = surface_subjects(verb) if told else []
    else:
        verb = token if is_verb(token) else token.head
        after = p.lower[token.idx + len(token.text) :]
        told = _denied(token, verb) and after.lstrip(" ,").startswith(tuple(word_set("ever_since")))
        people = surface_subjects(verb) if told else []
        if verb.lower_ in {"heard", "hear"} and told:
            held = [o for c in verb.children if c.lower_ == "from" for o in c.children if o.dep_ == "pobj"]
            people = [o for o in held if o.lower_ != "since"] or people
    d.sufferers = [x for x in (p.phrase(t) for t in people) if fits(x, "person!")] if told else []
    return bool(d.sufferers)


def _denied(*words: Any) -> bool:
    return any(c.dep_ == "neg" or c.lower_ in {"never", "nothing"} for w in words for c in w.children)


def taken_before(d: Draft, drafts: list[Draft], refs: References) -> Draft | None:
    """The last claim that tells how those who are missing were taken: of the same people, or of some so called just
    before; or one that they are missing."""
    mine = [refs.of(d.parsed, x) for x in d.sufferers]
    here = d.parsed.sentence.index
    for o in reversed(drafts):
        if o is d or o.act not in _TAKEN or not 0 <= here - o.parsed.sentence.index <= _REACH:
            continue
        if any(refs.of(o.parsed, x) is m for x in o.sufferers for m in mine):
            return o
        near = here - o.parsed.sentence.index <= 1 and any(_alike(x, y) for x in o.sufferers for y in d.sufferers)
        if near and o.act != "enforced_disappearance":
            return o
    return None


def _alike(one: Phrase, other: Phrase) -> bool:
    """'three teachers … the teachers', 'two of them', 'we have not heard from them since'."""
    if other.core.lower_ in {"them", "him", "her"}:
        return True
    return one.noun is not None and other.noun is not None and one.noun.word == other.noun.word


def stopped_by(d: Draft) -> list[Phrase] | None:
    """Who stopped or met those who are missing, in the same sentence, at a checkpoint or with arms; None where nobody
    did: 'was stopped at a checkpoint by masked men and has not been seen since'."""
    p = d.parsed
    people = {x.head.i for x in d.sufferers}
    for verb in p.doc:
        if verb.lower_ not in word_set("stopping") or not is_verb(verb):
            continue
        if not people & {t.i for t in surface_subjects(verb)}:
            continue
        by = [o for c in verb.children if c.dep_ == "agent" for o in c.children if o.dep_ == "pobj"]
        armed = [x for x in map(p.phrase, by) if _armed(x)]
        if armed or any(p.phrase(t).facility == "security" for t in verb.subtree if t.tag_[:2] == "NN"):
            return armed
    return None


def _armed(x: Phrase) -> bool:
    return x.actor is not None or (x.noun is not None and x.noun.kind in ARMED)
