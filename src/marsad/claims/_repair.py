"""Known slips of the parser, set right before the rules read the tree."""

from __future__ import annotations

from typing import Any

from ._lexicon import Lexicon


def repair(doc: Any, lexicon: Lexicon) -> None:
    """Hang 'of killing' in 'accuse the police of killing' on the accusing verb rather than on its object.

    And 'suggested that …' in 'he denied that any unit fired and suggested that …' on 'denied' rather than on 'fired'.
    """
    for token in doc:
        if token.dep_ == "conj" and token.head.dep_ == "ccomp" and _second_statement(token, lexicon):
            token.head = token.head.head
            continue
        if token.dep_ != "prep" or token.lower_ not in {"of", "for", "with"} or token.head.dep_ != "dobj":
            continue
        verb = token.head.head
        accuses = "accuse" in lexicon.control.get(verb.lower_, set()) and verb.tag_.startswith("VB")
        if accuses and any(c.dep_ == "pcomp" for c in token.children):
            token.head = verb


def _second_statement(token: Any, lexicon: Lexicon) -> bool:
    """A reporting verb with a clause of its own, joined to a clause about 'any', 'no' or a thing that says nothing."""
    reports = any(c.kind == "verb" for c in lexicon.cues.get(token.lower_, ()))
    outer = any(c.kind == "verb" for c in lexicon.cues.get(token.head.head.lower_, ()))
    if not reports or not outer or not any(c.dep_ == "ccomp" for c in token.children):
        return False
    if any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children):
        return False
    subject = next((c for c in token.head.children if c.dep_ in {"nsubj", "nsubjpass", "expl"}), None)
    return subject is None or (
        subject.lower_ in {"anyone", "nobody", "there", "it", "nothing", "anything"}
        or any(c.lower_ in {"any", "no"} for c in subject.children)
    )
