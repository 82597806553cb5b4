"""What claims of one clause lend each other: the airstrike's owner, place and time hold for those whom it killed."""

from __future__ import annotations

from typing import Any

from ._data import word_set
from ._draft import Draft
from ._syntax import is_verb

_CAUSES = frozenset({"bombardment", "ground_attack", "explosion", "attack_on_school", "attack_on_hospital"})
_EFFECTS = frozenset({"killing", "injury", "destruction", "attack_on_school", "attack_on_hospital", "displacement"})
_VIOLENT = _CAUSES | _EFFECTS | {"abduction", "torture", "sexual_violence"}


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


def _one_deed(shot: Any, killed: Any) -> bool:
    """'shot and killed a boy': one deed, told in two verbs."""
    return bool(killed.dep_ == "conj" and killed.head.i == shot.i and 1 <= killed.i - shot.i <= 3)


def share(drafts: list[Draft]) -> None:
    """Fill missing doers, places, means and times of a draft from those that its own clause is joined to."""
    for d in drafts:
        if d.act not in _VIOLENT:
            continue
        for o in drafts:
            if o is d or o.parsed is not d.parsed or o.act not in _VIOLENT or not joined(d, o):
                continue
            if (
                d.entry.frame != "loses"
                and not d.perpetrators
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


def _aside(clause: Any) -> bool:
    """A clause of something else: 'while …', 'hours after …'."""
    return any(c.lower_ in {"while", "although", "though"} for c in clause.children) or long_after(clause)


def long_after(clause: Any) -> bool:
    """'hours after a rocket killed a soldier', 'two days before …': a clause about another time."""
    marked = any(c.dep_ in {"mark", "prep"} and c.lower_ in {"after", "before"} for c in clause.children)
    return marked and any(c.dep_ == "npadvmod" and c.lower_ in word_set("spans") for c in clause.lefts)


def _held(d: Draft, o: Draft) -> bool:
    """'killed 12 in an attack': the attack is by those who killed."""
    return (
        d.entry.pos == "n"
        and d.token.dep_ == "pobj"
        and d.token.head.lower_ in {"in", "during"}
        and d.token.head.head.i == o.token.i
    )
