"""Another number for what was just told: 'The school says fourteen pupils were abducted; parents say sixteen.'"""

from __future__ import annotations

from typing import Any

from marsad.model import Actor, Attribution

from ._data import word_set
from ._draft import Draft
from ._numbers import Numbers
from ._parsed import Parsed
from ._syntax import child, is_verb

_COUNTED = frozenset({"killing", "injury", "abduction", "detention", "enforced_disappearance", "recruitment_and_use"})


def other_figures(parsed: Parsed) -> list[tuple[Any, Any, Any]]:
    """(verb, head of who says so, the number) for each verb of saying whose whole object is a number."""
    out = []
    for number in parsed.doc:
        verb = number.head
        bare = number.tag_ == "CD" and number.dep_ in {"dobj", "ccomp"} and is_verb(verb)
        if not bare or verb.lower_ not in word_set("gives_number"):
            continue
        who = child(verb, "nsubj")
        plain = all(c.dep_ in {"advmod", "quantmod", "amod", "punct"} for c in number.children)
        if who is not None and plain and not any(c.dep_ == "neg" for c in verb.children):
            out.append((verb, who, number))
    return out


def figure(
    parsed: Parsed, drafts: list[Draft], verb: Any, number: Any, numbers: Numbers, link: Attribution, text: str
) -> Draft | None:
    """The claim that such a number makes of the people counted last, in this sentence or the one before."""
    phrase = parsed.phrase(number)
    count = numbers.count_in(phrase.start, phrase.end)
    told = next((d for d in reversed(drafts) if _counts(d, parsed, verb)), None)
    if told is None or count is None:
        return None
    whole = next(v for v in told.victims if v.count is not None)
    people = Actor(
        count.start, count.end, text[count.start : count.end], None, None, whole.kind, count, children=whole.children
    )
    other = told.anew(parsed, number, link, "asserted", {"victims": "another number for them"})
    other.victims = [people]
    return other


def _counts(d: Draft, parsed: Parsed, verb: Any) -> bool:
    behind = parsed.sentence.index - d.parsed.sentence.index
    before = behind == 1 or (behind == 0 and d.token.i < verb.i)
    return before and d.kind == "event" and d.act in _COUNTED and any(v.count is not None for v in d.victims)
