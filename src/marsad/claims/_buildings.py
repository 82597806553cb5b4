"""Which building 'the building' or 'the facility' is: the school, the hospital or the house named last before."""

from __future__ import annotations

from typing import Any

from ._data import word_set
from ._parsed import Parsed

_REACH = 6
"""How many sentences back 'the building' may reach."""


def same_building(parsed: list[Parsed]) -> None:
    """Give phrases that point back to a building its kind of facility. Sentences must come in order."""
    last: tuple[int, str] | None = None
    for p in parsed:
        for token in p.doc:
            if token.tag_ not in {"NN", "NNS"} or token.dep_ in {"compound", "nmod", "amod"}:
                continue
            phrase = p.phrase(token)
            if phrase.facility is None or phrase.personal:
                continue
            if token.lower_ not in word_set("any_building"):
                if phrase.facility not in word_set("not_buildings"):
                    last = (p.sentence.index, phrase.facility)
            elif last is not None and p.sentence.index - last[0] <= _REACH and _points_back(token):
                phrase.facility = last[1]


def _points_back(token: Any) -> bool:
    """'the building', with nothing else that says which."""
    marks = [c for c in token.children if c.dep_ not in {"punct", "relcl", "acl", "cc", "conj"}]
    return len(marks) == 1 and marks[0].lower_ in {"the", "this", "that"}
