"""Whose number is whose: 'three killed (a woman, two children) and ten wounded', 'six: four women and two men'.

A number straight before the word of an act counts the people of that act alone. People listed one after the other whose
numbers come to the number before them are parts of it, and never beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from marsad.model import Count

from ._coref import References
from ._data import word_set
from ._draft import Draft
from ._numbers import Numbers
from ._parsed import Parsed, Phrase
from ._people import actor_of
from ._syntax import is_verb

_OPENS = re.compile(r"\s*(?P<bracket>\()|\s*(?:,|:|;| -|-)\s")
_LINKS = word_set("list_links")
_FEW = 2
"""Parts that make a list, where no bracket does."""


def own_numbers(drafts: Sequence[Draft]) -> None:
    """Give each act of a sentence its own people: the number straight before its word, and no other act's word."""
    for d in drafts:
        beside = [o for o in drafts if o is not d and o.parsed is d.parsed]
        nominal = {o.token.i for o in beside if o.entry.pos == "n" and o.entry.frame == "of"}
        d.sufferers = [p for p in d.sufferers if p.head.i not in nominal]
        number = _straight_before(d)
        earlier = [o for o in beside if number is not None and o.token.i < number.i and o.act != d.act]
        if number is None or not earlier:
            continue
        d.sufferers = [d.parsed.phrase(number)]
        d.because("victims", "the number straight before it")
        for o in earlier:
            o.sufferers = [p for p in o.sufferers if p.head.i != number.i]


def _straight_before(d: Draft) -> Any | None:
    """'10' of '10 wounded': a bare number before a participle that takes no object."""
    before = d.parsed.doc[d.token.i - 1] if d.token.i else None
    if before is None or before.tag_ != "CD" or d.token.tag_ not in {"VBN", "VBD", "JJ"} or d.entry.object != "people":
        return None
    return None if any(c.dep_ == "dobj" for c in d.token.rights) or before.dep_ == "pobj" else before


def break_down(d: Draft, refs: References, numbers: Numbers, text: str) -> None:
    """Make those who are listed behind a number, and come to it, parts of it."""
    at = d.parsed.offset
    for whole, v in enumerate(d.victims):
        if v.part_of is not None or v.count is None or v.count.min is None or v.count.min < _FEW:
            continue
        if any(o.part_of == whole for o in d.victims):
            continue
        for begin in dict.fromkeys((_noun_end(d.parsed, v.count), d.end - at)):
            parts = _listed(d.parsed, numbers, begin, v.count) if begin is not None and begin >= v.start - at else None
            if parts:
                _make_parts(d, whole, parts, at + (begin or 0), refs, numbers, text)
                return


def _noun_end(p: Parsed, count: Count) -> int | None:
    """Where the first noun for people behind a count ends."""
    after = (t for t in p.doc if t.idx >= count.end - p.offset)
    for t in list(after)[:4]:
        if p.lexicon.person(t.lower_) is not None:
            return int(t.idx) + len(t)
        if t.tag_ not in {"JJ", "NN", "NNP", "VBN", "HYPH"}:
            return None
    return None


def _listed(p: Parsed, numbers: Numbers, begin: int, whole: Count) -> list[tuple[Phrase, Count]] | None:
    """The counted people of the list that opens at a local offset; None where they do not come to `whole`."""
    opens = _OPENS.match(p.text, begin)
    if opens is None:
        return None
    bracket = opens["bracket"] is not None
    found: list[tuple[Phrase, Count]] = []
    least = 0
    for token, count in _people(p, numbers, opens.end(), bracket):
        found.append((token, count))
        least += count.min or 0
        if least >= (whole.min or 0):
            break
    many = bracket or len(found) >= _FEW
    within = bracket or p.lower[:begin].rsplit(" ", 1)[-1] in word_set("anybody")
    return found if many and found and (least == whole.min or (within and least < (whole.min or 0))) else None


def _people(p: Parsed, numbers: Numbers, begin: int, bracket: bool) -> Iterator[tuple[Phrase, Count]]:
    """Counted nouns for people, one straight after the other."""
    end = p.text.find(")", begin) if bracket else len(p.text)
    last = begin
    for t in p.doc:
        if t.idx < begin:
            continue
        if t.idx >= end or (is_verb(t) and t.dep_ not in {"amod", "acl", "relcl"}):
            return
        noun = p.lexicon.person(t.lower_)
        if noun is None or t.tag_[:2] != "NN" or (t.i + 1 < len(p.doc) and p.lexicon.person(p.doc[t.i + 1].lower_)):
            continue
        count = numbers.count_in(p.offset + last, p.offset + t.idx) or _article(p, last, t)
        between = p.lower[last : (count.start - p.offset) if count else t.idx]
        if count is None or set(re.findall(r"[a-z]+", between)) - _LINKS:
            return
        end_here = p.offset + t.idx + len(t)
        yield replace(p.phrase(t), head=t, core=t, noun=noun, start=count.start, end=end_here), count
        last = t.idx + len(t)


def _article(p: Parsed, begin: int, noun: Any) -> Count | None:
    det = next((t for t in p.tokens(begin, noun.idx) if t.lower_ in {"a", "an", "one"}), None)
    return Count(1, 1, det.text, *p.at(det)) if det is not None and noun.tag_ == "NN" else None


def _make_parts(
    d: Draft,
    whole: int,
    parts: Sequence[tuple[Phrase, Count]],
    begin: int,
    refs: References,
    numbers: Numbers,
    text: str,
) -> None:
    """`begin` is where the words of the whole end."""
    v, last = d.victims[whole], parts[-1][0].end
    if v.start < begin < v.end:
        d.victims[whole] = replace(v, end=begin, text=text[v.start : begin])
    # Whom the list names stands in it once, as a part.
    beside = {i for i, o in enumerate(d.victims) if i != whole and o.part_of is None and begin <= o.start < last}
    kept = [i for i, o in enumerate(d.victims) if i not in beside and o.part_of not in beside]
    moved = {was: now for now, was in enumerate(kept)}
    d.victims = [o if o.part_of is None else replace(o, part_of=moved[o.part_of]) for o in (d.victims[i] for i in kept)]
    for phrase, count in parts:
        part = actor_of(d.parsed, phrase, refs, numbers, text, victim=True)
        # Of the list, the parser takes one for the other's apposition: who is a child only its own noun says.
        child = True if phrase.noun is not None and phrase.noun.age == "child" else None
        d.victims.append(replace(part, count=count, part_of=moved[whole], children=child))
    d.because("victims", "listed one by one")
