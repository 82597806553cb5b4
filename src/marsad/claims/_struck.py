"""Names that stand for the town that something is done to, whatever the tagger takes them for: 'shells hit Maarat
al-Numan', 'raids on Kafr Zita', 'dropped bombs on Haritan and Anadan'."""

from __future__ import annotations

from typing import Any

from ._data import word_set
from ._lexicon import lexicon

_FROM_AFAR = frozenset({"airstrike", "missile", "shelling", "barrel_bomb", "cluster_munition", "explosive"})
_ON = frozenset({"on", "at", "against", "of", "over", "into"})


def struck(token: Any) -> bool:
    """Whether a proper noun stands for a place by what is done to it: bombed, shelled, raided, hit by what flies or
    fires from afar, or the goal of an act so named. Titles, ages and what a person is called leave it a person."""
    first = first_of(token)
    goes_on = token.i + 1 < len(token.doc) and token.doc[token.i + 1].text[:1].isupper()
    if token.tag_ != "NNP" or goes_on or not all(_bare(t) for t in {token, first}):
        return False
    above = first.head
    if first.i != token.i and first.ent_type_ in {"GPE", "LOC"} and above.lower_ in word_set("place_prepositions"):
        return True  # 'the attack on Hass and Kogho'
    if first.dep_ == "pobj" and above.lower_ in _ON:
        return _aims(above.head, above.lower_)
    if first.dep_ not in {"dobj", "nsubjpass"}:
        return False
    return _takes(above, "place_takers") or (_takes(above, "weapon_takers") and _by_arms(above))


def first_of(name: Any) -> Any:
    """The first of the names that a name stands beside."""
    while name.dep_ in {"conj", "appos"} and name.head.i < name.i and name.head.tag_ in {"NNP", "NNPS"}:
        name = name.head
    return name


def _bare(name: Any) -> bool:
    """Whether nothing beside a name says that it is a person's: 'Colonel', 'the driver', ', 34,', 'who'."""
    if name.ent_type_ in {"DATE", "TIME", "ORG"}:
        return False
    people = lexicon().people
    for c in name.children:
        before = c.dep_ in {"compound", "amod", "nmod"}
        told = c.dep_ in {"appos", "nmod", "nummod", "npadvmod"} and (c.tag_ == "CD" or c.lower_ in people)
        if told or (before and (c.lower_ in people or c.lower_.rstrip(".") in word_set("titles"))):
            return False
        if c.dep_ == "poss" or (c.dep_ == "relcl" and any(t.lower_ in {"who", "whom"} for t in c.subtree)):
            return False
    return True


def _takes(verb: Any, name: str) -> bool:
    return any(e.pos == "v" and e.head in word_set(name) for e in lexicon().triggers.get(verb.lower_, ()))


def _by_arms(verb: Any) -> bool:
    """Whether what hits is a weapon that hits towns: no bullet or stone, which hit people."""
    hits = [c for c in verb.children if c.dep_ == "nsubj"]
    hits += [o for c in verb.children if c.dep_ == "agent" for o in c.children if o.dep_ == "pobj"]
    return any(_weapon(c) for c in hits)


def _weapon(noun: Any) -> bool:
    return lexicon().means.get(noun.lower_) in _FROM_AFAR


def _aims(head: Any, prep: str) -> bool:
    """'shelling of', 'raids on', 'dropped barrel bombs on', 'rockets were fired at'."""
    if head.tag_[:2] == "NN" or head.tag_ == "VBG":
        acts = (e for e in lexicon().triggers.get(head.lower_, ()) if e.pos == "n")
        return any(e.act == "bombardment" or e.head in word_set("place_acts") for e in acts)
    goals = {e.extra for e in lexicon().triggers.get(head.lower_, ()) if e.act == "bombardment" and e.extra}
    thrown = (c for c in head.children if c.dep_ in {"dobj", "nsubjpass"})
    return prep in goals and any(_weapon(c) for c in thrown)


def held_in(token: Any) -> bool:
    """Whether a name stands for where something is, and no one's trust is in it: 'held in Goma'."""
    return bool(
        token.dep_ == "pobj"
        and token.tag_ in {"NNP", "NNPS"}
        and token.head.lower_ in word_set("held_in")
        and token.head.head.lower_ not in word_set("trusting")
    )
