"""Known slips of the parser, set right before the rules read the tree."""

from __future__ import annotations

from typing import Any

from ._lexicon import Lexicon


def repair(doc: Any, lexicon: Lexicon) -> None:
    """Hang 'of killing' in 'accuse the police of killing' on the accusing verb rather than on its object."""
    for token in doc:
        if token.dep_ != "prep" or token.lower_ not in {"of", "for", "with"} or token.head.dep_ != "dobj":
            continue
        verb = token.head.head
        accuses = "accuse" in lexicon.control.get(verb.lower_, set()) and verb.tag_.startswith("VB")
        if accuses and any(c.dep_ == "pcomp" for c in token.children):
            token.head = verb
