"""Phrases into actors: the name, kind, number, age, sex and status that the words give, and 'including' parts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from marsad.model import Actor, Age, Count

from ._coref import Entity, References
from ._data import word_set
from ._numbers import Numbers, ages_of
from ._parsed import Parsed, Phrase, conjuncts

_AMONG = re.compile(
    r"(?:among (?:them|whom)(?: (?:were|are|was))?"
    r"|(?:at least |about |nearly )?(?P<n>[\w-]+) of (?:them|whom)(?: (?:were|are|was))?"
    r"|of (?:them|whom),? (?:at least |about |nearly )?(?P<m>[\w-]+) (?:were|are|was)"
    r"|(?:most|many|mostly|all) of (?:them|whom)(?: (?:were|are))?)",
    re.IGNORECASE,
)
_MODIFIED_STATUS = word_set("modified_status")
_TITLE = re.compile(r"^(?:(?:mr|mrs|ms|dr|gen|col|lt|maj|capt|sgt|cpl|prof|rev|fr|sen|rep|gov)\.? )+", re.IGNORECASE)

_SEX = {"m": "male", "f": "female"}
"""people.tsv's letters to the record's words."""


def actor_of(parsed: Parsed, p: Phrase, refs: References, numbers: Numbers, text: str, victim: bool) -> Actor:
    """The record of one phrase. What the phrase does not say comes from what it refers back to, save numbers."""
    e = refs.of(parsed, p)
    start, end = numbers.after_date(p.start, p.end), p.end
    key = (parsed.sentence.index, p.head.i)
    count = _count(parsed, p, numbers, text, anaphoric=key in refs.anaphoric) or (e.count if victim else None)
    if count and count.start < start <= count.end + 1:
        start = count.start
    ages = ages_of(parsed, p, numbers)
    age = ages[0] if ages else e.age
    if ages and e.age is None:
        e.age = ages[0]
    child = _child(e, age, p)
    name, identity, kind = _name(parsed, p, e, text, victim)
    if kind in {"civilian", "unknown"}:
        kind = _kind_by_modifier(parsed, p) or kind
    if not victim and kind == "civilian" and p.noun is not None and p.noun.word in word_set("generic_people"):
        kind = "unknown"
    return Actor(
        start,
        end,
        text[start:end],
        name,
        identity,
        kind,
        count,
        age,
        _SEX.get(e.sex or ""),
        child,
        _status(parsed, p, e, victim),
    )


def worded(a: Actor, text: str) -> Actor:
    """The actor with words, number and age as the report has them, which may be cased otherwise than what was read."""
    count = a.count and replace(a.count, text=text[a.count.start : a.count.end])
    age = a.age and replace(a.age, text=text[a.age.start : a.age.end])
    return replace(a, text=text[a.start : a.end], count=count, age=age)


def parts(parsed: Parsed, p: Phrase) -> list[Phrase]:
    """'nine people, including four children': the phrases that are part of this one."""
    out: list[Phrase] = []
    for c in p.head.subtree:
        if (
            c.dep_ == "prep"
            and c.lower_ in {"including", "among", "notably"}
            and (c.head.i in {p.head.i, p.core.i} or c.lower_ == "including")
        ):
            out += [
                parsed.phrase(x)
                for o in c.children
                if o.dep_ == "pobj"
                for x in conjuncts(o)
                if x.lower_ not in {"them", "others"}
            ]
    if not out and p.head.dep_ == "nsubj" and p.head.head.lower_ in word_set("includes") - {"were", "are", "was"}:
        out = [parsed.phrase(x) for c in p.head.head.children if c.dep_ == "dobj" for x in conjuncts(c)]
    if not out:
        verb = p.head.head
        for c in verb.children:
            if c.dep_ == "prep" and c.lower_ == "including" and c.i > p.head.i:
                out += [parsed.phrase(x) for o in c.children if o.dep_ == "pobj" for x in conjuncts(o)]
    if not out:
        tail = parsed.lower.find(",", p.core.idx)
        m = _AMONG.search(parsed.lower, p.core.idx)
        said = m is not None and '"' in parsed.lower[p.core.idx : m.start()]
        if m and tail != -1 and not said and m.start() - p.core.idx < 120 and not _others_between(parsed, p, m.start()):
            following = [t for t in parsed.tokens(m.end(), m.end() + 40) if t.tag_[:2] == "NN"]
            first = _top(following[0]) if following else None
            number = "n" if m.group("n") else "m"
            n = parsed.tokens(*m.span(number)) if m.group(number) else []
            if first is None and n and n[0].tag_ == "CD":
                out = [parsed.phrase(n[0])]  # 'four of them critically'
            elif first is not None and not n:
                out = [parsed.phrase(x) for x in conjuncts(first) if x.i < p.head.i or x.i >= following[0].i]
            elif first is not None:
                out = [parsed.phrase(first)]
                if n and n[0].tag_ == "CD":
                    out[0].start = parsed.offset + n[0].idx
    if not out:
        out = [parsed.phrase(x) for x in _set_off(p.head)]
    out = [x for x in out if x.personal or x.kind in {"name", "human_name", "unknown"}]
    return [x for x in out if x.core.lower_ not in {"age", "ages", "aged", "condition", "hospital"}]


def _set_off(noun: Any) -> list[Any]:
    """'Four members of a family - a couple and their two daughters - died': those who are listed behind the dash."""
    told = (c for c in noun.rights if c.dep_ == "appos" and noun.doc[c.left_edge.i - 1].text in {"-", ":"})
    listed = next((conjuncts(c) for c in told), [])
    return listed if len(listed) > 1 else []


def _top(noun: Any) -> Any:
    """The noun that a word stands before: 'officers' of 'police officers', 'girl' of 'two-year-old girl'."""
    if noun.dep_ == "npadvmod" and noun.head.dep_ == "amod" and noun.head.head.i > noun.i:
        return noun.head.head
    while noun.dep_ in {"compound", "nmod", "amod"} and noun.head.i > noun.i and noun.head.tag_[:2] == "NN":
        noun = noun.head
    return noun


def _others_between(parsed: Parsed, p: Phrase, end: int) -> bool:
    """Whether other people are counted between a phrase and 'five of them', and so are the ones meant."""
    own = p.head.tag_ == "CD" or any(t.tag_ == "CD" for t in p.head.lefts)
    return any(
        p.core.idx < t.idx < end
        and (
            (t.tag_ in {"NNS", "NN"} and any(c.dep_ == "nummod" for c in t.children) and parsed.phrase(t).personal)
            or (own and t.tag_ == "CD" and t.dep_ == "pobj" and t.head.lower_ in {"to", "at"})
        )
        for t in parsed.doc
    )


def _count(parsed: Parsed, p: Phrase, numbers: Numbers, text: str, anaphoric: bool) -> Count | None:
    found = numbers.count_in(p.start, p.end)
    if found:
        return found
    if anaphoric or p.kind == "pronoun" or p.core.lower_ in {"others"}:
        return None
    if (p.core.i != p.head.i and p.head.tag_ != "NNS") or p.head.dep_ in {"compound", "amod", "nmod", "npadvmod"}:
        return None
    det = next((c for c in p.head.lefts if c.dep_ == "det"), None)
    if (det is not None and det.lower_ in {"any", "no"}) or p.core.lower_ in {"anyone", "anybody", "someone"}:
        return None
    singular = p.core.tag_ == "NN" and p.noun is not None and p.noun.word not in _BODIES and p.core.lower_ not in _MASS
    if singular and (p.actor is None or p.core.idx + parsed.offset >= (p.actor_span or (0, 0))[1]):
        words = det if det is not None else p.head
        if (
            p.noun is not None
            and p.noun.kind in {"state_force", "armed_group", "police", "organisation"}
            and p.noun.word not in _ONES
        ):
            return None
        start, end = parsed.at(words)
        return Count(1, 1, text[start:end], start, end)
    if p.kind == "human_name":
        start, end = parsed.at(p.head)
        return Count(1, 1, text[start:end], start, end)
    return None


_MASS = word_set("mass")
_BODIES = word_set("bodies")
_ONES = word_set("ones")


def _child(e: Entity, age: Age | None, p: Phrase) -> bool | None:
    if age is not None and age.max is not None and age.max < 18:
        return True
    if age is not None and age.min is not None and age.min >= 18:
        return False
    if any(t.lower_ in {"child", "underage", "teenage", "minor"} for t in p.core.lefts):
        return True
    return e.child


def _kind_by_modifier(parsed: Parsed, p: Phrase) -> str | None:
    """'police operatives', 'army chief': the body named before a person."""
    for t in p.core.lefts:
        noun = parsed.lexicon.people.get(t.lower_)
        if (
            t.dep_ in {"compound", "nmod"}
            and noun is not None
            and noun.kind in {"police", "state_force", "armed_group"}
        ):
            return noun.kind
    return None


def _status(parsed: Parsed, p: Phrase, e: Entity, victim: bool) -> str:
    if any(c.lower_ in _MODIFIED_STATUS for c in p.core.lefts):
        return "hors_de_combat" if e.status in {"combatant", "unknown"} or e.kind != "civilian" else e.status
    return e.status if victim or e.status != "civilian" else "unknown"


def _name(parsed: Parsed, p: Phrase, e: Entity, text: str, victim: bool) -> tuple[str | None, str | None, str]:
    party = p.actor or e.party()
    if party is not None:
        return party.name, party.id, party.kind
    kind = e.kind
    if not victim and p.core.lower_ in parsed.lexicon.countries:
        code, name = parsed.lexicon.countries[p.core.lower_]
        return f"{name} armed forces", f"state:{code}:forces", "state_force"
    country = parsed.country(p) or e.country
    if country and kind in {"state_force", "police"}:
        code, name = country
        label = "police" if kind == "police" else "armed forces"
        return f"{name} {label}", f"state:{code}:{'police' if kind == 'police' else 'forces'}", kind
    if country and p.core.lower_ in parsed.lexicon.demonyms:
        return f"{country[1]} armed forces", f"state:{country[0]}:forces", "state_force"
    if p.core.ent_type_ == "PERSON":
        return person_name(parsed, p.core, text), None, kind
    if p.core.tag_ == "NNPS" and p.core.ent_type_ == "NORP":
        return e.name, None, kind
    if p.kind in {"human_name", "name"} or p.core.tag_ in {"NNP", "NNPS"}:
        return proper_name(parsed, p.core, text) or e.name, None, kind if kind != "unknown" else "unknown"
    named = next((c for c in (*p.core.lefts, *p.core.rights) if c.dep_ == "appos" and c.tag_ == "NNP"), None)
    if named is not None and not (p.core.tag_ == "NNS" and kind == "civilian"):
        own = proper_name(parsed, named, text)
        e.name = e.name or own
        return own, None, kind
    return e.name, None, kind


def person_name(parsed: Parsed, token: Any, text: str) -> str:
    """The named entity that covers a token, without a title before it."""
    ent = next(e for e in parsed.doc.ents if e.start <= token.i < e.end)
    words = text[parsed.offset + ent.start_char : parsed.offset + ent.end_char]
    return _TITLE.sub("", words.removesuffix("'s").removesuffix("’s")) or words


def proper_name(parsed: Parsed, token: Any, text: str) -> str | None:
    """The run of proper nouns around a token, without a title before it."""
    doc = parsed.doc
    a = b = token.i
    while a > 0 and doc[a - 1].tag_ in {"NNP", "NNPS"} and doc[a - 1].dep_ in {"compound", "nmod", "amod"}:
        a -= 1
    while b + 1 < len(doc) and doc[b + 1].tag_ in {"NNP", "NNPS"} and (doc[b + 1].head.i in range(a, b + 2)):
        b += 1
    if token.tag_ not in {"NNP", "NNPS"}:
        return None
    start, end = parsed.offset + doc[a].idx, parsed.offset + doc[b].idx + len(doc[b].text)
    return _TITLE.sub("", text[start:end]) or None
