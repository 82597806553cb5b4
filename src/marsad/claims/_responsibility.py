"""Who says 'it was us' and who says 'it was not': responsibility claimed or denied, here or in a later sentence."""

from __future__ import annotations

from typing import Any

from marsad.model import Actor, Attribution

from ._actor_index import ArmedActor
from ._behind import behind, is_siege
from ._coref import References
from ._data import word_set
from ._draft import Draft
from ._numbers import Numbers
from ._parsed import Parsed, Phrase, conjuncts
from ._people import actor_of
from ._place_names import country_of
from ._syntax import agents, child, is_passive, is_verb

_DOINGS = tuple(word_set("denied_doings"))
_REACH = 6
"""How many sentences back a bare 'the attack' may reach."""
_BARE = 3
"""The same for a denial of what nobody was named for."""


def statements(parsed: Parsed, refs: References) -> list[tuple[str, Any, Any]]:
    """('claimed' | 'denied', verb, head of who says so) for each statement about an act in a sentence."""
    out: list[tuple[str, Any, Any]] = [("denied", verb, who) for verb, who in _denied_doings(parsed)]
    out += _behind(parsed, refs)
    for noun in parsed.doc:
        if noun.dep_ not in {"dobj", "nsubjpass"} or noun.lower_ not in word_set("responsibility") | word_set(
            "allegations"
        ):
            continue
        verb = noun.head
        word: str = verb.lower_
        kind = "claimed" if word.startswith(("claim", "admit", "accept", "took", "take")) else "denied"
        own_act = kind == "claimed" and word.startswith("claim") and noun.lower_ in word_set("allegations")
        if noun.lower_ not in word_set("responsibility") and kind == "claimed" and not own_act:
            continue
        if own_act and not _armed(parsed, verb, refs):
            continue
        if kind == "denied" and not word.startswith(tuple(word_set("denying"))):
            continue
        if any(c.dep_ == "neg" or (c.dep_ == "det" and c.lower_ == "no") for x in (verb, noun) for c in x.children):
            continue
        who = agents(verb) if is_passive(verb) else [c for c in (child(verb, "nsubj"),) if c is not None]
        if who and not any(c.lower_ == "no" for c in who[0].children) and who[0].lower_ not in {"nobody", "none"}:
            out.append((kind, verb, who[0]))
    return out


def _denied_doings(parsed: Parsed) -> list[tuple[Any, Any]]:
    """(verb, head of who says so) where someone denies doing such a thing at all: 'has denied targeting hospitals'."""
    out = []
    for doing in parsed.doc:
        verb = doing.head
        said: str = verb.lower_
        if doing.tag_ != "VBG" or doing.dep_ not in {"xcomp", "ccomp", "pcomp"} or not doing.lower_.startswith(_DOINGS):
            continue
        who = child(verb, "nsubj")
        if said.startswith(tuple(word_set("denying"))) and who is not None:
            out.append((verb, who))
    return out


def _behind(parsed: Parsed, refs: References) -> list[tuple[str, Any, Any]]:
    """'It was behind the attack', 'denied that its men were responsible': what a party says of itself."""
    out = []
    for told in behind(parsed):
        if told.teller is None:
            continue
        speaker = refs.of(parsed, parsed.phrase(told.teller)).party() or _named_before(parsed, told.teller)
        other = refs.of(parsed, parsed.phrase(told.who)).party() if told.who is not None else speaker
        if told.denied and (told.who is None or other is None or other == speaker):
            out.append(("denied", told.verb, told.teller))
        elif not told.denied and told.who is None and _armed(parsed, told.verb, refs):
            out.append(("claimed", told.verb, told.teller))
    return out


def _named_before(parsed: Parsed, noun: Any) -> ArmedActor | None:
    """The party of 'an RSF adviser'."""
    return next((hit[2] for t in noun.lefts if (hit := parsed.actor_at(t)) is not None), None)


def owners(parsed: Parsed) -> list[tuple[Any, Any]]:
    """(verb, word for the owner) where the words say whose the weapons were: 'the jets were Russian'."""
    out = []
    for word in parsed.doc:
        verb = word.head
        if word.dep_ not in {"acomp", "attr"} or verb.lower_ not in {"were", "was", "are", "is"}:
            continue
        what = child(verb, "nsubj")
        if what is None or (
            parsed.phrase(what).kind not in {"means", "event"} and parsed.phrase(what).facility != "vehicle"
        ):
            continue
        definite = any(c.dep_ == "det" and c.lower_ in {"the", "these", "those"} for c in what.children)
        denied = any(c.dep_ == "neg" for c in verb.children)
        if definite and not denied and word.lower_ in parsed.lexicon.demonyms:
            out.append((verb, word))
    return out


def own(parsed: Parsed, drafts: list[Draft], who: Actor, links: list[Attribution]) -> None:
    """Give the last acts told, where they name no perpetrator, the one whose weapons they were, and who says so."""
    for d in _before(parsed, drafts, None, "claimed"):
        if not d.perpetrators and d.means:
            d.perpetrators = [who]
            d.because("perpetrators", "whose the weapons were")
            d.attribution += [a for a in links if all(a.source != b.source for b in d.attribution)]


def _armed(parsed: Parsed, verb: Any, refs: References) -> bool:
    """'the Front claimed the attack': an armed party's claim of an attack is a claim of responsibility."""
    who = child(verb, "nsubj")
    phrase = parsed.phrase(who) if who is not None else None
    return phrase is not None and (
        refs.of(parsed, phrase).party() is not None
        or (phrase.noun is not None and phrase.noun.kind in {"armed_group", "unknown_armed"})
    )


def apply(
    parsed: Parsed,
    drafts: list[Draft],
    refs: References,
    numbers: Numbers,
    text: str,
    link: Attribution,
    kind: str,
    verb: Any,
) -> None:
    """Give the acts that a statement is about their perpetrator, or the denial."""
    who = parsed.phrase(next(t for t in parsed.doc if parsed.at(t)[0] >= link.start))
    own = [d for d in drafts if d.parsed is parsed and _stated(d.token, verb)]
    own += [
        d
        for d in drafts
        if d.parsed is parsed and kind == "claimed" and d not in own and d.token.i > verb.i and not d.perpetrators
    ]
    speaker = actor_of(parsed, _head_of(parsed, link) or who, refs, numbers, text, victim=False)
    acts = own or _before(parsed, drafts, speaker.id, kind)
    if kind == "denied" and own:
        # 'denied carrying out the attack' denies the attack that was told before, too.
        named = {d.act for d in own if not _bare(d)}
        told = [
            d for d in _before(parsed, drafts, speaker.id, kind) if d.perpetrators and (not named or d.act in named)
        ]
        for d, earlier in ((d, told[-1]) for d in own if told and _bare(d)):
            d.same_as.append(earlier.id)
            earlier.same_as.append(d.id)
        acts = own + told
    if kind == "denied" and speaker.id is None and (code := country_of(link.text)):
        theirs = f"state:{code}:"
        acts = [d for d in acts if not d.perpetrators or any((a.id or "").startswith(theirs) for a in d.perpetrators)]
    for d in acts:
        if kind == "claimed" and not d.perpetrators:
            d.perpetrators = [speaker]
            d.because("perpetrators", "claimed responsibility")
        elif kind == "denied" and link not in d.denied_by:
            d.denied_by.append(link)
            d.because("certainty", "denied elsewhere in the report")


def _bare(d: Draft) -> bool:
    """'the attack': words that only point to an act."""
    return (
        d.entry.pos == "n"
        and not (d.sufferers or d.targets)
        and any(c.dep_ == "det" and c.lower_ in {"the", "this", "that"} for c in d.token.children)
    )


def _stated(token: Any, verb: Any) -> bool:
    """Whether an act stands in what a verb states, not in what its sentence goes on to say ('denied it and said …')."""
    node = token
    while node.head.i != node.i:
        if node.head.i == verb.i:
            return node.dep_ not in {"conj", "parataxis"} and not (node.dep_ == "advcl" and is_verb(node))
        node = node.head
    return False


def _before(parsed: Parsed, drafts: list[Draft], party: str | None, kind: str) -> list[Draft]:
    """The last acts told before, for a denial those of the one who denies."""
    at = parsed.sentence.index
    near = [d for d in drafts if d.kind == "event" and 0 < at - d.parsed.sentence.index <= _REACH]
    if kind == "denied":
        near = [d for d in near if not is_siege(d)]
        theirs = [
            d for d in near if any(p.id == party or (party is None and p.kind != "civilian") for p in d.perpetrators)
        ]
        # 'Moscow denied responsibility for that attack': nobody was named, and the act is the one just told.
        return theirs or [d for d in near if d.parsed is near[-1].parsed and not d.perpetrators and _soon(at, d)]
    if not near:
        return []
    last = near[-1].parsed
    return [d for d in near if d.parsed is last or d.id in near[-1].same_as]


def _soon(at: int, d: Draft) -> bool:
    return at - d.parsed.sentence.index <= _BARE


def _head_of(parsed: Parsed, link: Attribution) -> Phrase | None:
    for token in parsed.tokens(link.start - parsed.offset, link.end - parsed.offset):
        if token.dep_.startswith("nsubj") or token.dep_ == "pobj":
            return parsed.phrase(conjuncts(token)[0])
    return None
