"""Who is said to have done what was told before: 'the council blamed the Front', 'attributed the crime to the Front'.

Such words are a claim of their own: alleged, with who says so and who is said to have done it, and tied to the act.
"""

from __future__ import annotations

from typing import Any

from marsad.model import Actor, Attribution, codes

from ._behind import acted, behind, is_siege
from ._coref import References
from ._data import word_set
from ._draft import Draft
from ._parsed import ARMED, Parsed, conjuncts
from ._syntax import child, governing, is_passive, is_verb

_IT = frozenset({"it", "this", "that"})
_REACH = 4
"""How many sentences back the act may stand."""
_FAMILIES = frozenset({"lethal", "facility", "captivity", "sexual", "bodily"})


def blames(parsed: Parsed, refs: References) -> list[tuple[Any, Any, Any]]:
    """(verb, head of who lays the blame, head of whom it is laid on) for each such statement of a sentence."""
    out = []
    for verb in parsed.doc:
        if not is_verb(verb) or is_passive(verb) or any(c.dep_ == "neg" for c in verb.children):
            continue
        who, whom = child(_speaks(verb), "nsubj"), child(verb, "dobj")
        if who is None or whom is None or who.lower_ in {"nobody", "none"}:
            continue
        if verb.lower_ in word_set("blaming"):
            of = [x for c in (*verb.children, *whom.children) if c.dep_ == "prep" for x in _objects(c)]
            culprit = _culprit(parsed, refs, whom)
            if culprit is not None and all(acted(x) or x.lower_ in {*_IT, "being"} for x in of):
                out.append((verb, who, culprit))
        if verb.lower_ in word_set("blaming") | word_set("attributing") and (acted(whom) or whom.lower_ in _IT):
            to = [x for c in (*verb.children, *whom.children) if c.lower_ in {"to", "on"} for x in _objects(c)]
            found = (_culprit(parsed, refs, x) for x in to[:1])
            out += [(verb, who, x) for x in found if x is not None]
    for told in behind(parsed):
        named = told.who is not None and told.teller is not None and not told.denied
        culprit = _culprit(parsed, refs, told.who) if named else None
        if culprit is not None:
            out.append((told.word, told.teller, culprit))
    return out


def _speaks(verb: Any) -> Any:
    """The verb whose subject lays the blame: the one that governs 'blaming it on the army'."""
    node = verb
    while node.dep_ in {"advcl", "ccomp", "xcomp"} and child(node, "nsubj") is None and is_verb(node.head):
        node = node.head
    return node.head if node.i != verb.i and node.dep_ == "ccomp" and is_verb(node.head) else node


def lay(parsed: Parsed, drafts: list[Draft], verb: Any, who: Actor, link: Attribution) -> Draft | None:
    """The claim that a statement of blame makes about the act told last before; None where there is none."""
    at = parsed.sentence.index
    own = (d for d in drafts if d.parsed is parsed and not _told_before(d, at, verb))
    if any(verb.i in governing(d.token) and not _aside(d.token, verb) for d in own):
        return None  # the sentence tells of the act itself
    near = [
        d
        for d in drafts
        if d.kind == "event" and codes.ACTS[d.act].family in _FAMILIES and not is_siege(d) and _told_before(d, at, verb)
    ]
    last = [d for d in near if d.parsed is near[-1].parsed]
    told = next((d for d in last if d.act == "killing"), last[0] if last else None)
    if told is None:
        return None
    laid = told.anew(parsed, verb, link, "alleged", {"perpetrators": "blamed for it"})
    laid.perpetrators, laid.targets, laid.weapons = [who], [], []
    laid.cumulative = laid.reference = laid.placed = False
    return laid


def _told_before(d: Draft, at: int, verb: Any) -> bool:
    """In a sentence before, or before a semicolon in this one."""
    behind = at - d.parsed.sentence.index
    parted = behind == 0 and d.token.i < verb.i and any(t.text == ";" for t in verb.doc[d.token.i : verb.i])
    return parted or 0 < behind <= _REACH


def _aside(token: Any, verb: Any) -> bool:
    """Whether a relative clause stands between an act and the verb above it."""
    while token.i != verb.i and token.head.i != token.i:
        if token.dep_ == "relcl":
            return True
        token = token.head
    return False


def _objects(prep: Any) -> list[Any]:
    return [x for o in prep.children if o.dep_ in {"pobj", "pcomp"} for x in conjuncts(o)]


def _culprit(parsed: Parsed, refs: References, noun: Any) -> Any | None:
    """The word for an armed party, or for whose weapon it was ('blamed government tanks'); None for anybody else."""
    p = parsed.phrase(noun)
    if p.kind == "means":
        return next((c for c in p.core.lefts if _armed(parsed, c) or c.lower_ in parsed.lexicon.demonyms), None)
    known = p.actor is not None or p.core.lower_ in parsed.lexicon.countries or refs.of(parsed, p).party() is not None
    return noun if known or _armed(parsed, p.core) else None


def _armed(parsed: Parsed, word: Any) -> bool:
    noun = parsed.lexicon.person(*parsed.words_before(word))
    return noun is not None and noun.kind in ARMED
