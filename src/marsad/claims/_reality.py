"""Whether an act is told as done, denied, threatened, planned or never done; and whether once (event) or as a habit."""

from __future__ import annotations

from typing import Any

from ._coref import References
from ._data import word_set
from ._draft import Draft
from ._inflect import past_like_base
from ._syntax import is_passive, is_verb

DROPPED = frozenset({"plan", "negated", "prevented"})
"""Kinds of reality that make no claim."""
_MODAL_PLAN = word_set("modal_plan")
_MODAL_PERFECT = word_set("modal_perfect")
_UNREAL_MARKS = frozenset(["if", "unless", "lest", "whether"])
_NEGATIONS = word_set("negations")
_HABIT = word_set("habit")
_GENERIC_DETS = word_set("generic_dets")
_NARRATIVE = word_set("narrative")


def reality(d: Draft) -> str:
    """'real', 'plan', 'negated', 'prevented', 'threat', 'ordered', 'accused', 'convicted' or 'denied'."""
    token, lex = d.token, d.parsed.lexicon
    if (d.entry.frame != "unseen" and _negated(token)) or any(_no_determiner(p.head) for p in d.sufferers):
        return "negated"
    if any(_asked(p.head) for p in d.sufferers):
        return "negated"  # 'did not say how many had died'
    vague = any(c.lower_ == "any" and c.dep_ == "det" for p in d.sufferers for c in p.head.children)
    if vague and any(_negated(a) for a in token.ancestors):
        return "negated"
    if token.tag_ == "NNS" and token.dep_ == "nsubj" and _law(token.head):
        return "plan"
    if d.entry.pos != "v":
        words = {c.lower_ for c in token.children if c.dep_ in {"amod", "compound", "det"}}
        if words & lex.class_forms["unreal"]:
            return "plan"
    node, result, steps = token, "real", 0
    while steps < 12:
        steps += 1
        own = _own_modality(node) if not _unverified(node) else None
        if node.head.i == node.i and node.tag_ == "VB" and any(c.tag_ == "TO" for c in node.children):
            return "plan"
        if own:
            return own
        own_act = node.i == token.i
        while node.dep_ == "conj" and node.tag_[:2] == "NN" and node.head.tag_[:2] == "NN":
            node = node.head
        head = node.head
        if head.i == node.i or node.dep_ == "relcl":
            break  # 'a ban after the death of one who was tortured': what a relative clause tells is done
        if node.dep_ in {"acl", "relcl", "ccomp"} and _told_false(head):
            d.refuted = True
            return "denied"
        effect = _effect(node, head, d, own_act)
        if effect:
            if effect != "real":
                return effect
            if own_act and node.tag_ == "VB":
                result = "real"
        node = head
    return result


def _asked(noun: Any) -> bool:
    """'how many', 'how many people': a number that is asked for, not given."""
    return any(t.lower_ == "how" for t in noun.lefts) or any(
        t.lower_ in {"many", "much"} and any(c.lower_ == "how" for c in t.lefts) for t in (noun, *noun.lefts)
    )


def _law(verb: Any) -> bool:
    """'attacks on hospitals are war crimes': what the law says of acts, not that one was done."""
    return any(c.dep_ in {"attr", "acomp"} and c.lower_ in word_set("law_words") for c in verb.children)


def pattern(d: Draft, refs: References, headline: bool, numbered: bool, dated: bool) -> tuple[str, str]:
    """'event' or 'pattern' with the rule. `numbered`: sufferers are counted; `dated`: the clause has a time."""
    token = d.token
    finite = _finite(token)
    words = {c.lower_ for t in (token, finite) for c in t.children if c.dep_ in {"advmod", "npadvmod", "amod"}}
    if words & _HABIT:
        return "pattern", "habitual adverb"
    if words & {"still", "currently", "now"} and (d.placed or d.targets):
        return "event", "a state that lasts"
    if d.entry.pos != "v":
        plural = token.tag_ in {"NNS"} and not numbered and not dated
        generic = plural and not any(
            c.dep_ in {"det", "poss"} and c.lower_ in {"the", "these", "those"} for c in token.children
        )
        if generic and _present(finite) and not headline:
            return "pattern", "bare plural noun under a present tense"
        in_general = d.sufferers and all(_generic(p.head) for p in d.sufferers) and not numbered and not dated
        if in_general and not headline and _present(finite) and not _perfect(finite) and not d.placed:
            return "pattern", "people in general under a present tense"
        return "event", "noun of an act"
    if headline:
        return "event", "headline present"
    if _perfect(finite):
        if not numbered and not dated and d.sufferers and all(_generic(p.head) for p in d.sufferers) and not d.placed:
            return "pattern", "present perfect of people in general"
        return "event", "perfect"
    if _present(finite) and not _progressive(finite):
        if finite.i != token.i and not _same_clause(token, finite):
            if finite.lower_ in _NARRATIVE:
                return "event", "shown in footage"
            if (
                is_passive(finite)
                and token.tag_ in {"VB", "VBN"}
                and not any(c.lower_ in {"have", "having"} for c in token.children)
            ):
                return ("pattern", "present infinitive under a present") if not numbered else ("event", "counted")
            return "event", "narrative present"
        if numbered or dated:
            return "event", "present with a number or a time"
        if all(not _generic(p.head) for p in d.sufferers) and d.sufferers and not d.doers:
            return "event", "present of known people"
        return "pattern", "simple present"
    going_on = _present(finite) and finite.i == token.i and not (numbered or dated or d.placed)
    if going_on and d.sufferers and all(_general(p.head) for p in d.sufferers):
        return "pattern", "present progressive of people in general"
    if any(c.dep_ == "aux" and c.lower_ in {"used"} for c in token.children) or (
        token.dep_ == "xcomp" and token.head.lower_ == "used" and token.tag_ == "VB"
    ):
        return "pattern", "used to"
    return "event", "past"


def _effect(node: Any, head: Any, d: Draft, own_act: bool) -> str | None:
    """What a governing word does to the act in its complement."""
    lex = d.parsed.lexicon
    dep = node.dep_
    if head.tag_ in {"JJ", "JJR"} and dep in {"xcomp", "advcl", "ccomp"} and node.tag_ == "VB":
        return None if lex.control.get(head.lower_, set()) - {"plan", "prevent"} else "plan"
    effects = lex.control.get(head.lower_, set())
    if dep in {"xcomp", "ccomp", "acl", "pcomp", "advcl", "prep"} or (
        dep in {"dobj", "pobj", "nsubjpass", "conj"} and own_act
    ):
        infinitive = any(c.tag_ == "TO" for c in node.children)
        if head.lower_ in word_set("going_to") and infinitive:
            return "plan"
        if dep == "ccomp" and effects & {"order", "plan"} and any(c.lower_ == "be" for c in node.children):
            return "plan"
        if dep == "conj":
            return None
        if "deny" in effects and dep in {"xcomp", "ccomp", "dobj", "pcomp", "nsubjpass"}:
            return "negated" if _negated(head) else "denied"
        if dep == "ccomp" and not infinitive and node.tag_ != "VBG":
            return "real" if not effects & {"plan", "threat"} or node.tag_ not in {"VB"} else "plan"
        if "prevent" in effects and (
            dep in {"dobj", "xcomp", "nsubjpass"} or (dep == "prep" and node.lower_ == "from")
        ):
            return "prevented"
        if "threat" in effects and (infinitive or (dep == "prep" and node.lower_ in {"with", "of"}) or dep == "dobj"):
            return "threat"
        if infinitive or dep == "acl":
            if "order" in effects and infinitive:
                return "ordered"
            if "plan" in effects and infinitive:
                return "plan"
            if dep == "acl" and infinitive:
                return "ordered" if head.lower_.rstrip("s") in {"command", "order", "instruction"} else "plan"
            purpose = d.parsed.doc[node.left_edge.i].lower_ in {"to", "in", "so"}
            if dep == "advcl" and infinitive and "real" not in effects and purpose:
                return "ordered" if _commanding(head) else "plan"
        known = any(c.dep_ == "det" and c.lower_ in {"the", "this", "these"} for c in node.children)
        named = known and dep == "dobj" and head.lower_ in {"call", "calls", "called"}  # 'called the killing a crime'
        if dep in {"prep", "dobj", "pobj"} and "plan" in effects and d.entry.pos == "n" and not named:
            return "plan"
    return None


def _told_false(noun: Any) -> bool:
    """'reports that three had died were false': what they say is denied."""
    verb = noun.head
    if noun.dep_ != "nsubj" or noun.tag_[:2] != "NN" or any(c.dep_ == "neg" for c in verb.children):
        return False
    return any(c.dep_ in {"acomp", "attr"} and c.lower_ in word_set("false") for c in verb.children)


def _unverified(verb: Any) -> bool:
    """'could not verify that soldiers killed six': what nobody could verify is told all the same."""
    if verb.lower_ not in word_set("verifying"):
        return False
    return _negated(verb) and any(c.dep_ == "aux" and c.lower_ in {"could", "can", "ca"} for c in verb.children)


def _commanding(head: Any) -> bool:
    order = next((c for c in head.children if c.dep_ == "dobj"), None)
    return order is not None and order.lower_.rstrip("s") in {"command", "order", "instruction", "signal", "directive"}


def _own_modality(node: Any) -> str | None:
    if not is_verb(node) and node.tag_ != "MD":
        return None
    aux = {c.lower_ for c in node.children if c.dep_ in {"aux", "auxpass"}}
    if aux & _MODAL_PLAN:
        perfect = bool(aux & {"have", "'ve"}) and bool(aux & _MODAL_PERFECT)
        if not perfect:
            return "plan"
    if any(c.dep_ in {"mark", "advmod"} and c.lower_ in _UNREAL_MARKS for c in node.children):
        return "plan"
    return None


def _negated(token: Any) -> bool:
    if any(
        c.dep_ == "neg" or (c.lower_ in _NEGATIONS and c.dep_ in {"det", "advmod", "preconj", "nsubj", "nsubjpass"})
        for c in token.children
    ):
        return not any(c.lower_ == "only" for c in token.children)
    return token.dep_ in {"pcomp", "pobj"} and token.head.lower_ == "without"


def _no_determiner(noun: Any) -> bool:
    return (
        noun.lower_ in {"nobody", "none"}
        or any(c.dep_ in {"det", "neg"} and c.lower_ in {"no", "neither"} for c in noun.children)
        or (noun.lower_ == "one" and any(c.lower_ == "no" for c in noun.children))
    )


def _finite(token: Any) -> Any:
    """The verb whose tense a trigger stands under."""
    node = token
    for _ in range(8):
        if is_verb(node) and (
            node.tag_ in {"VBD", "VBZ", "VBP"}
            or any(c.dep_ in {"aux", "auxpass"} and c.tag_ in {"VBD", "VBZ", "VBP", "MD"} for c in node.children)
        ):
            return node
        if node.head.i == node.i:
            return node
        node = node.head
    return node


def _same_clause(token: Any, finite: Any) -> bool:
    while token.i != finite.i:
        if token.dep_ != "conj":
            return False
        token = token.head
    return True


def _present(verb: Any) -> bool:
    aux = [c for c in verb.children if c.dep_ in {"aux", "auxpass"}]
    if any(c.tag_ == "VBD" or c.tag_ == "MD" for c in aux):
        return False
    if any(c.tag_ in {"VBZ", "VBP"} for c in aux):
        return True
    if verb.tag_ == "VBP" and past_like_base(verb.lower_) and any(t.tag_ == "VBD" for t in verb.doc):
        return False  # 'they burst into the school and looted it'
    return verb.tag_ in {"VBZ", "VBP"}


def _perfect(verb: Any) -> bool:
    having = any(c.dep_ == "aux" and c.lower_ in {"has", "have", "'ve"} for c in verb.children)
    return bool(having and verb.tag_ in {"VBN", "VBD"})


def _progressive(verb: Any) -> bool:
    return bool(verb.tag_ == "VBG")


def _general(noun: Any) -> bool:
    """A plural that has neither article nor number, whatever adjective it has: 'rural children'."""
    return noun.tag_ == "NNS" and not any(c.dep_ in {"det", "poss", "nummod"} for c in noun.lefts)


def _generic(noun: Any) -> bool:
    """A plural without article, number or name: 'children', 'some children', 'others'."""
    if noun.tag_ not in {"NNS", "NN"} or noun.ent_type_ == "PERSON":
        return False
    dets = {c.lower_ for c in noun.lefts if c.dep_ in {"det", "poss", "nummod"}}
    return (not dets and noun.tag_ == "NNS") or (bool(dets) and dets <= _GENERIC_DETS)
