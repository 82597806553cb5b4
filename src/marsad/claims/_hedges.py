"""Hedges, and the field that each bears on: 'alleged regime soldiers' weakens the victims, 'reportedly' the whole."""

from __future__ import annotations

from typing import Any

from marsad.model import Hedge

from ._coref import References
from ._data import word_set
from ._draft import Draft
from ._parsed import Parsed, Phrase
from ._syntax import governing, is_verb

_MODALS = word_set("modals")


def find(parsed: Parsed) -> list[tuple[Hedge, Any, str]]:
    """(hedge with `applies_to` 'claim', its token, its strength) for each hedge word of a sentence."""
    out: list[tuple[Hedge, Any, str]] = []
    for m in parsed.lexicon.hedge_re.finditer(parsed.lower):
        tokens = parsed.tokens(m.start(), m.end())
        if not tokens:
            continue
        token = tokens[0]
        word = m.group()
        if word in _MODALS:
            verb = token.head
            if token.dep_ != "aux" or not any(c.dep_ == "aux" and c.lower_ == "have" for c in verb.children):
                continue
        if word == "may" and token.tag_ in {"NNP", "CD"}:
            continue
        if word in {"suspect", "likely", "suspected", "considered", "accused", "thought", "claimed"} and token.tag_ in {
            "NN",
            "NNS",
        }:
            continue
        strength = parsed.lexicon.hedges.get(" ".join(word.replace("-", " ").split())) or parsed.lexicon.hedges.get(
            word, "hedged"
        )
        start = parsed.offset + m.start()
        out.append((Hedge(start, start + len(word), parsed.text[m.start() : m.end()], "claim"), token, strength))
    return out


def apply(d: Draft, hedges: list[tuple[Hedge, Any, str]], refs: References) -> str | None:
    """Attach the hedges that bear on a draft; returns the strongest that bears on the whole claim."""
    whole: str | None = None
    chain = governing(d.token)
    above = _told_aside(d.token)
    for hedge, token, strength in hedges:
        field = _field(d, token)
        if field is None:
            if token.i in above and is_verb(token):
                continue
            if token.i in chain or (token.head.i in chain and token.dep_ in {"advmod", "aux", "oprd", "acomp", "amod"}):
                field = "claim"
            else:
                continue
        found = Hedge(hedge.start, hedge.end, hedge.text, field)
        if found not in d.hedges:
            d.hedges.append(found)
        if field == "claim":
            whole = "alleged" if "alleged" in {whole, strength} else "hedged"
    return whole


def _told_aside(token: Any) -> set[int]:
    """What stands above a relative clause that tells of the act, or above an act that has one of its own: 'appears to
    be in reprisal for an attack in which five died' makes neither the attack nor the five any less sure."""
    node = token
    aside = token.tag_[:2] == "NN" and any(c.dep_ == "relcl" and c.i > token.i for c in token.children)
    while not aside and node.head.i != node.i:
        aside = node.dep_ == "relcl" and node.head.dep_ == "pobj"
        node = node.head
    return {a.i for a in node.ancestors} if aside else set()


def remember(parsed: Parsed, hedges: list[tuple[Hedge, Any, str]], refs: References) -> None:
    """Keep hedges about what people are ('who appear to be 12') with those people, for claims in other sentences."""
    for hedge, token, _ in hedges:
        head = token
        if (
            is_verb(token)
            and token.dep_ in {"relcl", "acl", "ROOT"}
            and any(c.dep_ in {"xcomp", "oprd", "prep", "acomp"} for c in token.children)
        ):
            if token.dep_ in {"relcl", "acl"}:
                head = token.head
            else:
                head = next((c for c in token.children if c.dep_ in {"nsubj", "nsubjpass"}), token)
                inner = next((c for c in token.children if c.dep_ == "xcomp"), None)
                if inner is not None and inner.lower_ != "be":
                    continue
        elif token.dep_ == "amod":
            head = token.head
        else:
            continue
        phrase = parsed.phrase(head)
        entity = refs.of(parsed, phrase) if phrase.personal else None
        if entity is not None and entity.party() is None:  # a party is accused of acts, not of being what it is
            entity.hedges.append(hedge)


def _field(d: Draft, token: Any) -> str | None:
    for field, phrases in (
        ("perpetrators", d.doers),
        ("victims", d.sufferers),
        ("places", d.targets),
        ("means", d.weapons),
    ):
        for p in phrases:
            if _inside(p, token, d.token):
                return field
    return None


def _inside(p: Phrase, token: Any, trigger: Any) -> bool:
    """The hedge stands in the phrase, or in a participle or relative clause on it that does not hold the trigger."""
    if token.i == trigger.i or any(a.i == token.i for a in trigger.ancestors):
        return False
    if p.head.left_edge.i <= token.i <= p.head.i:
        return True
    node = token
    for _ in range(6):
        if (
            node.head.i in {p.head.i, p.core.i}
            and node.i > p.head.i
            and node.dep_ in {"acl", "relcl", "amod", "appos", "advmod"}
        ):
            return not any(a.i == node.i for a in (trigger, *trigger.ancestors))
        if node.head.i == node.i or node.i == trigger.i:
            return False
        node = node.head
    return False
