"""Whose an attribution is: the one who does a verb, however far up its tree, and how much of the words is the name.

A source has its appositions, ages and 'including …' behind a comma, with the comma that closes them; a relative clause
behind a comma only where nobody says something in it.
"""

from __future__ import annotations

from typing import Any

from ._saying_words import ends, has_to, lead, led, stands, when, words
from ._spans import Span, trim

SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_NOUNS = ("NN", "PRP", "CD", "DT", "WP", "WDT", "JJ", "RB")
_DASHES = frozenset({",", "—", "–", "--", "-"})
_NOBODY = frozenset({"there", "what"})
_EXAMPLES = frozenset({"including", "like"})
_ADDED = frozenset({"even", "only"})
_INSERTED = frozenset({"appos", "relcl", "prep", "acl", "nummod"})
_STEPS = 6


def doer(verb: Any) -> Any | None:
    """The head of who does a verb, its own subject or one that it shares; None where the sentence names none.

    'she paid a visit and said', 'he went on, adding', 'won by saying', 'issued a statement saying', 'led them to say'.
    """
    for step in range(_STEPS):
        subject = next((c for c in verb.children if c.dep_ in SUBJECTS), None)
        if subject is not None:
            return None if step and subject.lower_ == "it" else _beside(subject)
        head = verb.head
        if verb.dep_ == "acl" and head.tag_[:2] == "NN":
            issued = stands("document", "-", head) and head.dep_ == "dobj" and stands("light", "-", head.head)
            if not issued:
                return head if verb.tag_ == "VBG" else None
            verb = head.head
            continue
        if verb.dep_ == "xcomp" and has_to(verb) and not led(verb):
            asked = next((c for c in head.children if c.dep_ in {"dobj", "dative"} and c.i < verb.i), None)
            if asked is not None:
                return asked
        if led(verb):
            verb = lead(verb)
        elif verb.dep_ == "pcomp" and head.dep_ == "prep" and head.head.tag_[:2] == "VB":
            verb = head.head
        elif head.tag_[:2] == "VB" and head.i != verb.i and _shares(verb):
            verb = head
        else:
            return None
    return None


def _shares(verb: Any) -> bool:
    """Whether a verb without a subject has its head's."""
    if verb.dep_ == "advcl":
        return verb.tag_ == "VBG" or has_to(verb)
    return verb.dep_ in {"conj", "xcomp"}


def _beside(subject: Any) -> Any:
    """The last of the nouns that the parser took for subjects side by side: 'Mayor Idris' in two."""
    after = subject.right_edge.i + 1
    nxt = next((c for c in subject.head.children if c.dep_ == "nsubj" and c.left_edge.i == after), None)
    return subject if nxt is None else nxt


def named(text: str, head: Any) -> Span | None:
    """A source's words; None for 'there' and what is no noun."""
    if head.lower_ in _NOBODY or head.dep_ == "expl" or not head.tag_.startswith(_NOUNS):
        return None
    doc = head.doc
    behind = [c for c in head.children if c.i > head.i]
    dropped = {t.i for c in behind if _loose(c) for t in c.subtree}
    kept = [t for t in head.subtree if t.i not in dropped]
    while kept[0].i != head.i and (kept[0].is_punct or kept[0].lower_ in _ADDED):
        kept = kept[1:]
    last = head
    for t in kept:
        if t.i > head.i and t.i <= last.i + 1:
            last = t
    start, end = trim(text, (kept[0].idx, ends(last)))
    tail = last.i - 1 if last.is_punct else last.i
    for c in (t for t in kept if head.i < t.i <= tail):
        opened = doc[c.left_edge.i - 1].text
        if opened in _DASHES and c.dep_ in _INSERTED and c.right_edge.i >= tail and tail + 1 < len(doc):
            after = doc[tail + 1]
            if after.text == opened:
                return start, ends(after)
    return start, end


def _loose(token: Any) -> bool:
    """A day, or behind a comma, and no apposition, age, example, or clause that tells who it is."""
    before = token.doc[token.left_edge.i - 1]
    if before.text not in _DASHES:
        return token.dep_ == "prep" and token.lower_ == "on" and when(token)
    if token.dep_ == "relcl":
        return token.left_edge.lower_ != "who" or any(stands("verb", frame, token) for frame in words("verb"))
    if token.dep_ == "prep":
        aged = token.lower_ in {"of", "from"} and token.doc[before.i - 1].like_num
        return token.lower_ not in _EXAMPLES and not aged
    return token.dep_ not in {"appos", "conj", "cc", "punct"}
