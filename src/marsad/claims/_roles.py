"""Roles into records: perpetrators (with the party that children and footage act for), victims and their parts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marsad.model import Actor

from ._coref import References
from ._data import word_set
from ._draft import Draft
from ._numbers import Numbers
from ._parsed import Phrase, conjuncts
from ._people import actor_of, parts

_IN_CUSTODY = frozenset({"killing", "torture", "sexual_violence"})
_EMPTY = frozenset({"it", "who", "whoever"})


def fill_roles(d: Draft, refs: References, numbers: Numbers, text: str) -> None:
    """Turn the phrases of a draft into actors."""
    number = d.parsed.sentence.index
    d.doers = [
        p for p in d.doers if p.core.lower_ not in _EMPTY or (number, p.head.i) in refs.anaphoric or _relative(p)
    ]
    for p in d.doers:
        _add(d.perpetrators, actor_of(d.parsed, p, refs, numbers, text, victim=False))
    _parties(d, refs, numbers, text)
    for p in d.sufferers:
        at = _add(d.victims, actor_of(d.parsed, p, refs, numbers, text, victim=True))
        if d.cumulative and d.victims[at].count is not None:
            count = d.victims[at].count
            d.victims[at] = replace(d.victims[at], count=replace(count, cumulative=True)) if count else d.victims[at]
        for part in parts(d.parsed, p):
            if part.head.i != p.head.i:
                got = actor_of(d.parsed, part, refs, numbers, text, victim=True)
                _add(d.victims, replace(got, part_of=at))


def _relative(p: Phrase) -> bool:
    """A pronoun with an antecedent in its own sentence ('the men who …'), not a question ('unclear who …')."""
    return p.core.lower_ != "it" and any(t.dep_ == "relcl" for t in (p.head.head, *p.head.head.ancestors))


def _parties(d: Draft, refs: References, numbers: Numbers, text: str) -> None:
    """Whoever commands the doers, owns the weapon, or released the footage of their own act."""
    extra: list[tuple[Phrase, str]] = []
    for token in d.token.ancestors:
        if (
            token.lower_
            in {
                "giving",
                "gave",
                "gives",
                "ordered",
                "orders",
                "ordering",
                "commanded",
                "order",
                "commands",
                "forcing",
                "forced",
            }
            and d.doers
        ):
            for c in (token, *token.ancestors):
                subject = next((x for x in c.children if x.dep_ == "nsubj"), None)
                if subject is not None:
                    extra.append((d.parsed.phrase(subject), "whoever gave the command"))
                    break
            break
    children = [p for p in d.doers if refs.of(d.parsed, p).child]
    for a in d.token.ancestors:
        subject = next((x for x in a.children if x.dep_ == "nsubj"), None)
        if subject is not None and any(c.kind == "show" for c in d.parsed.lexicon.cues.get(subject.lower_, ())):
            for x in subject.subtree:
                if x.i < a.i and d.parsed.actor_at(x) and (d.doers or d.sufferers):
                    extra.append((d.parsed.actor_phrase(x), "the party whose footage shows it"))
                    break
    for a in d.token.ancestors:
        if a.lower_ in word_set("own_footage") and any(_footage(d, c) for c in a.children if c.dep_ == "dobj"):
            subject = next((x for x in a.children if x.dep_ == "nsubj"), None)
            if subject is not None and not d.doers:
                extra.append((d.parsed.phrase(subject), "the party that released the footage"))
            break
    if d.act in _IN_CUSTODY and not d.doers:
        held = (o for c in d.token.children if c.dep_ == "prep" for o in c.children if o.dep_ == "pobj")
        inside = [d.parsed.phrase(o) for o in held if o.head.lower_ in word_set("held_in") | {"at"}]
        extra += [
            (p, "whose custody it was in")
            for w in inside
            if w.facility == "prison" or w.core.lower_ in word_set("custody")
            for p in _wielders(d, w)
        ]
    for w in d.weapons:
        extra += [(p, "whose weapon it was") for p in _wielders(d, w)]
    if d.entry.pos == "v":
        for c in d.token.children:
            if c.dep_ == "prep" and c.lower_ in {"in", "during", "from", "after", "when"}:
                for o in c.children:
                    if o.dep_ == "pobj" and not d.doers:
                        w = d.parsed.phrase(o)
                        if w.kind in {"event", "means"} and c.lower_ != "after":
                            extra += [(p, "whose attack it was") for p in _wielders(d, w)]
    if children and not extra:
        entity = refs.of(d.parsed, children[0])
        if entity.parent is not None and entity.parent.actor is not None:
            return
    for p, rule in extra:
        got = actor_of(d.parsed, p, refs, numbers, text, victim=False)
        if got.id or got.kind in {"state_force", "police", "armed_group", "unknown_armed"}:
            d.because("perpetrators", rule)
            _add(d.perpetrators, got)
            for child in children:
                refs.of(d.parsed, child).parent = refs.of(d.parsed, p)


def _footage(d: Draft, noun: Any) -> bool:
    return any(c.kind == "show" for c in d.parsed.lexicon.cues.get(noun.lower_, ()))


def _wielders(d: Draft, w: Phrase) -> list[Phrase]:
    """'a Russian airstrike', 'an attack by rebels', 'a bomb planted by the group', 'their shells'."""
    out: list[Phrase] = []
    p = d.parsed
    for c in w.core.children:
        phrase = p.phrase(c)
        if c.dep_ in {"compound", "amod", "poss", "nmod"}:
            armed = phrase.actor is not None or (
                phrase.noun is not None
                and phrase.noun.kind in {"state_force", "police", "armed_group", "unknown_armed"}
            )
            own = c.dep_ == "poss" and (phrase.kind == "pronoun" or c.lower_ == "its")
            if armed or p.owns(c, w.core) or own:
                out.append(phrase)
        if c.dep_ in {"compound", "nmod"}:
            # 'a Russian Iskander missile': whose it is stands before its make
            out += [p.phrase(x) for x in c.lefts if x.lower_ in p.lexicon.demonyms]
        if c.dep_ in {"acl", "amod"} and c.lower_ in word_set("belonging"):
            inside = (x for x in c.subtree if x.dep_ == "pobj")
            out += [p.phrase(y) for x in inside for y in conjuncts(x) if _armed_phrase(p.phrase(y))]
        elif c.dep_ in {"prep", "agent"} and c.lower_ in {"by", "from", "of"}:
            held = [p.phrase(x) for o in c.children if o.dep_ == "pobj" for x in conjuncts(o)]
            out += [x for x in held if _armed_phrase(x)]
            out += _carriers(d, held) if c.lower_ != "of" else []
        elif c.dep_ in {"acl", "relcl"}:
            for a in c.children:
                if a.dep_ == "agent" or (a.dep_ == "prep" and a.lower_ == "from"):
                    held = [p.phrase(x) for o in a.children if o.dep_ == "pobj" for x in conjuncts(o)]
                    out += held if a.dep_ == "agent" else [x for x in held if _armed_phrase(x)]
                    out += _carriers(d, held)
    return [x for x in out if _armed_phrase(x)] or out


def _carriers(d: Draft, held: list[Phrase]) -> list[Phrase]:
    """'a bomb dropped by a government helicopter': whose the helicopter is."""
    return [x for p in held if p.facility == "vehicle" or p.kind == "means" for x in _wielders(d, p)]


def _armed_phrase(p: Phrase) -> bool:
    return p.actor is not None or (
        p.noun is not None and p.noun.kind in {"state_force", "police", "armed_group", "unknown_armed"}
    )


def _add(actors: list[Actor], found: Actor) -> int:
    for i, a in enumerate(actors):
        if (a.start, a.end) == (found.start, found.end):
            return i
        if a.part_of is None and found.part_of is None:
            if a.start < found.end and found.start < a.end:
                return i
            if a.id is not None and a.id == found.id and 0 <= found.start - a.end <= 1:
                # 'Syrian' and 'regime' before 'helicopters' are one owner.
                status = a.status if a.status != "unknown" else found.status
                actors[i] = replace(a, end=found.end, text="", count=a.count or found.count, status=status)
                return i
    actors.append(found)
    return len(actors) - 1


def heads(phrases: list[Phrase]) -> list[Any]:
    """The head tokens of phrases."""
    return [p.head for p in phrases]
