"""Who those were whom an act was done to, where a sentence after it tells: 'Two of them were under 18.'"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marsad.model import Actor

from ._coref import References
from ._data import word_set
from ._draft import Draft
from ._nouns import beside
from ._numbers import Numbers
from ._parsed import Parsed, Phrase, conjuncts
from ._people import actor_of

_REACH = 2
"""How many sentences before the act may have been told."""


def tell_members(
    parsed: list[Parsed], drafts: list[Draft], refs: References, numbers: dict[int, Numbers], text: str
) -> None:
    """Add to the victims of the act told last those whom a sentence calls some of them, as parts of the whole."""
    for p in parsed:
        for verb in p.doc:
            some = _some(p, verb) if verb.lower_ in {"were", "was", "are", "be"} else None
            if verb.lower_ in word_set("includes"):
                _include(p, verb, drafts, refs, numbers[p.sentence.index], text)
            if some is None:
                continue
            whole = _whole(p, some, drafts)
            if whole is None:
                continue
            d, at = whole
            counted = actor_of(p, some, refs, numbers[p.sentence.index], text, victim=True)
            part = _described(p, verb, counted, refs, numbers[p.sentence.index], text)
            if part is not None and part.count is not None:
                d.victims.append(replace(part, part_of=at))
                d.because("victims", "told of them in a later sentence")


def _include(p: Parsed, verb: Any, drafts: list[Draft], refs: References, numbers: Numbers, text: str) -> None:
    """'The victims included X, 17, a student, and two brothers': they are some of those told of before."""
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    definite = subject is not None and any(c.lower_ in {"the", "those"} for c in subject.lefts)
    if subject is None or not definite or subject.lower_ not in {"victims", "dead", "killed"}:
        return
    if any(d.parsed is p and d.token.i == subject.i for d in drafts):
        return  # a claim of its own
    told = _whole(p, p.phrase(subject), [d for d in drafts if d.act == "killing"])
    if told is None:
        return
    d, at = told
    named = [x for c in verb.children if c.dep_ in {"dobj", "attr"} for x in conjuncts(c)]
    for token in [y for x in named for y in (x, *beside(x))]:
        phrase = p.phrase(token)
        if phrase.personal or phrase.kind in {"name", "human_name"}:
            member = actor_of(p, phrase, refs, numbers, text, victim=True)
            if member.name or member.count:  # 'the victims were farmers' names none of them
                d.victims.append(replace(member, part_of=at))
                d.because("victims", "told of them in a later sentence")


def _some(p: Parsed, verb: Any) -> Phrase | None:
    """The subject, where it is a number of those before: 'two of them', 'four of the dead'."""
    holder = verb
    if verb.dep_ == "xcomp" and verb.head.lower_ in word_set("said_to"):
        holder = verb.head
    subject = next((c for c in holder.children if c.dep_ in {"nsubj", "nsubjpass"}), None)
    of = next((c for c in subject.children if c.lower_ == "of"), None) if subject is not None else None
    whole = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
    if subject is None or whole is None or subject.tag_ != "CD":
        return None
    return p.phrase(subject) if whole.lower_ in word_set("those_before") else None


def _whole(p: Parsed, some: Phrase, drafts: list[Draft]) -> tuple[Draft, int] | None:
    """The act told last before, and the place of the group in its victims that may hold some more."""
    of = {t.lower_ for t in p.doc if some.start <= p.offset + t.idx < some.end}
    for d in reversed(drafts):
        before = p.sentence.index - d.parsed.sentence.index
        if not 0 < before <= _REACH or d.kind != "event":
            continue
        if (of & {"dead", "killed"} and d.act != "killing") or (of & {"injured", "wounded"} and d.act != "injury"):
            continue
        for i, v in enumerate(d.victims):
            many = v.count is None or v.count.min is None or v.count.min > 1
            if v.part_of is None and many and (v.count is not None or not of & {"dead", "killed"}):
                return d, i
    return None


def _described(p: Parsed, verb: Any, part: Actor, refs: References, numbers: Numbers, text: str) -> Actor | None:
    """The part with what the predicate says of it: 'children', 'under 18', 'aged 13 and 15'."""
    noun = next((c for c in verb.children if c.dep_ == "attr" and c.tag_[:2] == "NN"), None)
    if noun is not None:
        told = p.phrase(noun)
        if not told.personal:
            return None
        what = actor_of(p, told, refs, numbers, text, victim=True)
        status = what.status if what.status != "unknown" else part.status
        return replace(part, sex=what.sex or part.sex, children=what.children, status=status, kind=what.kind)
    at = p.offset
    ages = numbers.ages_in(at + verb.idx, at + verb.right_edge.idx + len(verb.right_edge.text))
    if not ages:
        return None
    age = ages[0]
    child = True if age.max is not None and age.max < 18 else False if (age.min or 0) >= 18 else None
    return replace(part, age=age, children=child)
