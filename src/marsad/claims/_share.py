"""What claims of one clause lend each other: the airstrike's owner, place and time hold for those whom it killed."""

from __future__ import annotations

import re
from typing import Any

from ._data import word_set
from ._draft import Draft
from ._syntax import is_verb

_CAUSES = frozenset({"bombardment", "ground_attack", "explosion", "attack_on_school", "attack_on_hospital"})
_EFFECTS = frozenset({"killing", "injury", "destruction", "attack_on_school", "attack_on_hospital", "displacement"})
_HARM = frozenset({"killing", "injury"})
_DEFINITE = frozenset({"the", "this", "that"})
_SHOTS = frozenset({"fire", "open", "shoot", "police firing", "army firing", "gunfire"})
_CAUSED = frozenset({"of", "from", "by", "after", "before", "in", "during", "when", "while"})
_ELSEWHERE = re.compile(r"\b(?:elsewhere|separate(?:ly)?|meanwhile|another|other|also|earlier|previous(?:ly)?|last)\b")
_REACH = 2
"""Sentences within which 'the shooting' means the one told last."""
_VIOLENT = _CAUSES | _EFFECTS | {"abduction", "torture", "sexual_violence"}
_TAKING = frozenset({"detention"})
"""Acts that lend their doer to the raid that they were done in, and nothing else."""


def absorb(drafts: list[Draft]) -> list[Draft]:
    """Drop what only repeats: the 'airstrike' that 'hit', the 'threatened' of 'threatened to kill'."""
    gone: set[int] = set()
    for d in drafts:
        for o in drafts:
            if o is d or o.parsed is not d.parsed or id(o) in gone:
                continue
            if d.entry.head == "shoot" and d.act == "injury" and o.act == "killing" and _one_deed(d.token, o.token):
                gone.add(id(d))
                continue
            if d.act == o.act and _same_harm(d, o):
                gone.add(id(d))
                continue
            weapon = any(w.core.i == d.token.i or w.head.i == d.token.i for w in o.weapons)
            if weapon and d.act == o.act and d.entry.pos == "n":
                o.targets += [t for t in d.targets if t.head.i not in {x.head.i for x in o.targets}]
                gone.add(id(d))
            if (
                d.act == o.act == "threat"
                and d.entry.frame == "threatens"
                and any(a.i == d.token.i for a in o.token.ancestors)
            ):
                gone.add(id(d))
    return [d for d in drafts if id(d) not in gone]


def _same_harm(d: Draft, o: Draft) -> bool:
    """Whether a noun or an adjective only says the harm of its verb again: 'left "more than 30" dead', 'sustained a
    gunshot injury'."""
    if o.entry.frame == "leaves" and d.entry.frame in {"state", "deadcount"}:
        return bool({x.head.i for x in d.sufferers} & {x.head.i for x in o.sufferers})
    above = {a.i for a in d.token.ancestors if a.dep_ == "conj" or a.i == d.token.head.i}
    return o.entry.frame == "suffers" and d.entry.pos == "n" and bool(o.entry.extra) and o.token.i in above


def _one_deed(shot: Any, killed: Any) -> bool:
    """'shot and killed a boy': one deed, told in two verbs."""
    return bool(killed.dep_ == "conj" and killed.head.i == shot.i and 1 <= killed.i - shot.i <= 3)


def share(drafts: list[Draft]) -> None:
    """Fill missing doers, places, means and times of a draft from those that its own clause is joined to."""
    for d in drafts:
        if d.act not in _VIOLENT:
            continue
        for o in drafts:
            if o is d or o.parsed is not d.parsed or o.act not in _VIOLENT | _TAKING or not joined(d, o):
                continue
            if o.act in _TAKING:
                if not d.perpetrators and o.perpetrators and not o.passive and _held(d, o):
                    d.perpetrators = list(o.perpetrators)
                    d.because("perpetrators", f"whose act it was: {o.token.lower_}")
                continue
            if o.act == "abduction" and d.entry.head == "die" and _told_aside(o.token, d.token):
                continue  # 'the mayor, who was abducted in March, has died'
            if (
                d.entry.frame != "loses"
                and not d.perpetrators
                and not (d.act == "displacement" and any(c.lower_ == "had" for c in d.token.children))
                and o.perpetrators
                and ((o.act in _CAUSES and d.act in _EFFECTS) or _held(d, o) or d.token.i == o.token.i)
            ):
                d.perpetrators = list(o.perpetrators)
                d.because("perpetrators", f"whose act it was: {o.token.lower_}")
            if o.placed and not d.placed:
                d.places = [
                    *o.places,
                    *(p for p in d.places if p.start >= d.parsed.offset and p.id is None and p.facility),
                ]
                d.placed = True
                d.because("places", f"where it was: {o.token.lower_}")
            if d.time is None and o.time is not None:
                d.time = o.time
                d.because("time", f"when it was: {o.token.lower_}")
            if o.act in _CAUSES and d.act in _EFFECTS - {"displacement"}:
                for m in o.means:
                    if not any(x.code == m.code for x in d.means):
                        d.means.append(m)


def lend_doers(drafts: list[Draft]) -> None:
    """Whoever did what was just told did the harm of it: 'Police opened fire on a crowd. The firing left three dead',
    'Troops raided Hass on Friday. Nine villagers were killed.'"""
    causes = [o for o in drafts if o.act in _CAUSES and o.perpetrators and o.kind == "event"]
    for d in drafts:
        if d.act not in _HARM or d.perpetrators or d.doers or d.total is not None or d.certainty == "denied":
            continue
        told = [o for o in causes if o.parsed.sentence.index < d.parsed.sentence.index]
        if not told:
            continue
        last = [o for o in told if o.parsed is told[-1].parsed]
        if any(o.perpetrators[0].start != last[0].perpetrators[0].start for o in last):
            continue  # two parties' acts are told there
        o, behind = last[-1], d.parsed.sentence.index - last[-1].parsed.sentence.index
        named = [n for n in _events(d) if any(c.lower_ in _DEFINITE for c in n.lefts)]
        same = behind <= _REACH and any(_stands_for(n.lower_, x) for n in named for x in last)
        bare = behind == 1 and _plain(d) and _next_to(d, o)
        if (same or bare) and not _own_side(d, o) and o.certainty != "denied":
            d.perpetrators = list(o.perpetrators)
            d.because("perpetrators", f"whose act it was: {o.token.lower_}")


def _plain(d: Draft) -> bool:
    """'Nine villagers were killed', with no word for what they died of, in or after."""
    verb = d.token
    told = any(c.dep_ in {"prep", "agent"} and c.lower_ in _CAUSED for c in verb.children)
    return is_verb(verb) and not told and not d.weapons and not any(c.dep_ == "advcl" for c in verb.children)


def _events(d: Draft) -> list[Any]:
    """The nouns for an act in the clause of a harm: what did it, or what it was done in."""
    events = d.parsed.lexicon.class_forms["event"] | d.parsed.lexicon.class_forms["weapon_subject"]
    held = [o for c in d.token.children if c.dep_ in {"prep", "agent"} for o in c.children if o.dep_ == "pobj"]
    return [t for t in (*(w.core for w in d.weapons), *held) if t.lower_ in events]


def _stands_for(noun: str, o: Draft) -> bool:
    """'the firing' for an act with shots, 'the bombing' for one from afar or with a bomb, 'the attack' for any."""
    if noun in word_set("shot_nouns"):
        return o.act == "ground_attack" and (any(m.code == "shooting" for m in o.means) or o.entry.head in _SHOTS)
    if noun in word_set("bomb_nouns"):
        return o.act in {"bombardment", "explosion"}
    return noun in word_set("attack_nouns")


def _next_to(d: Draft, o: Draft) -> bool:
    s, told = d.parsed.sentence, o.parsed.sentence
    alike = o.entry.head not in word_set("fights") and not _ELSEWHERE.search(d.parsed.lower)
    own = any(p.start >= s.start and p.id for p in d.places if p.start < s.end)
    return s.paragraph == told.paragraph and alike and not own and (d.time is None or d.time == o.time)


def _own_side(d: Draft, o: Draft) -> bool:
    """Whether those harmed fight themselves, and may be of the party whose act was told."""
    return not d.victims or any(v.kind not in {"civilian", "unknown"} for v in d.victims)


def joined(a: Draft, b: Draft) -> bool:
    """One of the two triggers stands in the other's clause."""
    if a.token.i == b.token.i:
        return True
    for harm, cause in ((a, b), (b, a)):
        beside = harm.act in _EFFECTS and is_verb(harm.token) and harm.token.dep_ == "conj"
        if beside and cause.token.head.i == harm.token.head.i != cause.token.i:
            # '13 were killed and ten injured when artillery shelled a market'
            return cause.token.dep_ == "advcl" and cause.token.i > harm.token.i and not _aside(cause.token)
    up, down = (a, b) if any(t.i == a.token.i for t in b.token.ancestors) else (b, a)
    node = down.token
    for _ in range(10):
        if node.i == up.token.i:
            return True
        if node.dep_ in {"ccomp", "parataxis"} or (node.dep_ == "advcl" and _aside(node)):
            return False
        if node.head.i == node.i:
            return False
        node = node.head
    return False


def _told_aside(token: Any, main: Any) -> bool:
    """Whether an act is told in a relative clause about somebody of another act's clause."""
    above = [token, *token.ancestors]
    return any(a.dep_ == "relcl" for a in above) and main.i in {a.i for a in above[1:]}


def _aside(clause: Any) -> bool:
    """A clause of something else: 'while …', 'since the war began …', 'hours after …'."""
    return any(c.lower_ in {"while", "although", "though", "since"} for c in clause.children) or long_after(clause)


def long_after(clause: Any) -> bool:
    """'hours after a rocket killed a soldier', 'two days before …': a clause about another time."""
    marked = any(c.dep_ in {"mark", "prep"} and c.lower_ in {"after", "before"} for c in clause.children)
    return marked and any(c.dep_ == "npadvmod" and c.lower_ in word_set("spans") for c in clause.lefts)


def _held(d: Draft, o: Draft) -> bool:
    """'killed 12 in an attack', 'detained a doctor during a raid': the attack is by those who killed."""
    return (
        d.entry.pos == "n"
        and d.token.dep_ == "pobj"
        and d.token.head.lower_ in {"in", "during"}
        and d.token.head.head.i == o.token.i
    )
