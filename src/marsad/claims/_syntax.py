"""Who did what to whom in a parse: subjects, objects and agents of a verb, through the ways that English hides them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ._data import word_set
from ._parsed import conjuncts, side_by_side

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_OBJECT_CONTROL = word_set("object_control")
_HOLDERS = word_set("holders")


@dataclass(slots=True)
class Roles:
    """Tokens that head the doers and the sufferers of a verb, and the rules that found them."""

    doers: list[Any] = field(default_factory=list)
    sufferers: list[Any] = field(default_factory=list)
    passive: bool = False
    rules: list[str] = field(default_factory=list)


def is_verb(token: Any) -> bool:
    """Whether the tagger calls it a verb form."""
    return bool(token.tag_.startswith("VB"))


def governing(token: Any) -> set[int]:
    """The words that a trigger stands under, without those of which its relative clause only tells who the subject is:
    what 'the group, which took 12 girls, claimed' says of the girls is not what the group claimed."""
    chain, node, aside = {token.i}, token, False
    while node.head.i != node.i:
        aside = aside or node.dep_ in {"relcl", "appos"}
        if aside and node.dep_ in {"nsubj", "nsubjpass"}:
            break
        node = node.head
        chain.add(node.i)
    return chain


def child(token: Any, *deps: str) -> Any | None:
    """The first child that stands in one of `deps`."""
    return next((c for c in token.children if c.dep_ in deps), None)


def is_passive(verb: Any) -> bool:
    """Whether a verb form is passive: by its auxiliary or subject, or as a participle without a 'have'."""
    deps = {c.dep_ for c in verb.children}
    if deps & {"auxpass", "nsubjpass", "agent"}:
        return True
    if verb.tag_ == "VBN" and verb.dep_ == "acomp":
        return True
    if verb.tag_ not in {"VBN", "VBD"} or any(c.dep_ == "aux" and c.lower_ in _HAVE for c in verb.children):
        return False
    if verb.tag_ == "VBN" and verb.dep_ in {"acl", "amod", "advcl", "oprd", "ccomp", "xcomp"} and "nsubj" not in deps:
        return not (verb.dep_ == "ccomp" and "dobj" in deps)
    if verb.dep_ == "conj" and not deps & _SUBJECTS and verb.tag_ == "VBN" and is_verb(verb.head):
        return is_passive(verb.head)
    if verb.dep_ == "acl" and "dobj" not in deps and "nsubj" not in deps:
        return True
    return any(c.dep_ in {"aux", "auxpass"} and c.lower_ in _GET for c in verb.children)


_HAVE = word_set("have")
_GET = word_set("get")


def roles(verb: Any, transitive: bool = True) -> Roles:
    """The roles of a verb. `transitive`: a past form with a subject and no object is read as a passive."""
    r = Roles(passive=is_passive(verb))
    surface = surface_subjects(verb, r.rules)
    objects = objects_of(verb, r)
    if not r.passive and transitive and _headline_passive(verb, objects):
        r.passive = True
        r.rules.append("passive without its auxiliary")
    if r.passive:
        r.sufferers = surface or [o for o in objects if o.dep_ == "dobj"]
        r.doers = agents(verb)
        if objects and surface and verb.tag_ == "VBN" and not r.sufferers:
            r.sufferers = objects
        if not r.doers and verb.dep_ == "conj" and is_verb(verb.head):
            r.doers = agents(verb.head)
        if not r.doers:
            r.doers = [
                a for c in verb.rights if c.dep_ == "conj" and is_verb(c) and c.i - verb.i <= 4 for a in agents(c)
            ]
    else:
        r.doers, r.sufferers = surface, objects
    return r


def _headline_passive(verb: Any, objects: list[Any]) -> bool:
    """'Two killed in raid', 'and another wounded': a past form of a transitive verb with a subject and no object."""
    if objects or verb.tag_ not in {"VBD", "VBN"} or _gap(verb):
        return False
    if any(c.dep_ == "aux" and c.lower_ in _HAVE for c in verb.children):
        return False
    # 'They were forced onto their knees, then beheaded': of a passive, though tagged as a past.
    if verb.tag_ == "VBD" and child(verb, "prep") is None and _goes_on(verb):
        return False
    beside = verb.dep_ == "conj" and is_verb(verb.head) and is_passive(verb.head)
    return verb.dep_ != "conj" or beside or child(verb, "nsubj") is not None


def _beside(subject: Any) -> bool:
    """Whether a second subject stands beside this one: 'the driver, 41, and five', not 'among them two, and five'."""
    joint = next((c for c in subject.rights if c.dep_ == "cc"), None)
    if joint is None or any(c.dep_ == "prep" for c in subject.lefts):
        return False
    comma = subject.doc[joint.i - 1].text == ","
    return not comma or any(c.dep_ == "appos" for c in subject.rights)


def _goes_on(verb: Any) -> bool:
    """'Fighters abducted, looted and burned houses': of one that goes on with an object, all are active."""
    beside = [c for c in verb.rights if c.dep_ == "conj" and c.tag_ == "VBD"]
    own = {"dobj", "auxpass", *_SUBJECTS}
    return any(
        (child(c, "dobj") is not None and not any(x.dep_ in own - {"dobj"} for x in c.children)) or _goes_on(c)
        for c in beside
    )


def agents(verb: Any) -> list[Any]:
    """The 'by' of a passive, and 'at the hands of'."""
    out: list[Any] = []
    for c in verb.children:
        if c.dep_ == "agent" or (c.dep_ == "prep" and c.lower_ == "by"):
            for o in c.children:
                if o.lower_ in word_set("body_parts"):
                    continue  # 'hung by their wrists'
                manner = o.lower_ in word_set("manners") and not any(x.dep_ == "det" for x in o.lefts)
                held = [o] if o.dep_ == "pobj" and not manner else []
                held += [x for b in o.children if manner and b.lower_ == "by" for x in b.children]
                out += [y for x in held for y in conjuncts(x)]
        if c.dep_ == "prep" and c.lower_ == "at":
            hands = child(c, "pobj")
            if hands is not None and hands.lower_ in {"hands", "hand"}:
                out += [
                    x
                    for of in hands.children
                    if of.lower_ == "of"
                    for o in of.children
                    if o.dep_ == "pobj"
                    for x in conjuncts(o)
                ]
    return out


def objects_of(verb: Any, r: Roles | None = None) -> list[Any]:
    """Direct objects, those shared along a coordination, and the antecedent of an object relative clause."""
    direct = [x for c in verb.children if c.dep_ == "dobj" for x in conjuncts(_antecedent(c)) if x.tag_ != "WDT"]
    direct = [
        x for x in direct if not any(t.lower_ == "times" for t in x.subtree if t.i <= x.i)
    ]  # 'five times as many'
    if direct:
        return direct
    for c in verb.children:
        if c.dep_ == "ccomp" and c.tag_ == "NN" and (named := child(c, "nsubj")) is not None and named.tag_ == "PRP":
            return [named]  # 'declared her a target'
    if is_verb(verb) and not is_passive(verb):
        for c in verb.rights:
            if c.dep_ == "conj" and is_verb(c):
                shared = [x for o in c.children if o.dep_ == "dobj" for x in conjuncts(o)]
                if shared and c.i - verb.i <= 4:
                    if r is not None:
                        r.rules.append("object shared along coordination")
                    return shared
    if _gap(verb):
        if r is not None:
            r.rules.append("antecedent of relative clause")
        return [verb.head]
    return []


def _gap(verb: Any) -> bool:
    """A relative clause with a subject and no object: its object is the noun that it hangs on."""
    if verb.dep_ != "relcl" or child(verb, "dobj") is not None or is_passive(verb):
        return False
    subject = child(verb, "nsubj")
    return subject is not None and subject.tag_ not in {"WDT", "WP"} and subject.lower_ != "that"


def surface_subjects(verb: Any, rules: list[str] | None = None, depth: int = 0) -> list[Any]:
    """Heads of the grammatical subject of a verb, its own or understood, coordinated ones included."""
    subjects = [c for c in verb.children if c.dep_ in _SUBJECTS and c.dep_ != "csubj"]
    own = subjects[-1:]
    # 'A teacher, a driver and a cook were killed': the parser gives the verb two subjects.
    goes_on = bool(own) and any(c.dep_ == "cc" for c in own[0].rights)
    if len(subjects) > 1 and not goes_on and _beside(subjects[-2]):
        own.insert(0, subjects[-2])  # 'The driver, 41, and five passengers were hurt'
    while goes_on and len(own) < len(subjects) and side_by_side(subjects[-len(own) - 1], own[0]):
        own.insert(0, subjects[-len(own) - 1])
    if own:
        return [x for c in own for x in conjuncts(_antecedent(c))]
    clause = child(verb, "csubj")
    if clause is not None and clause.tag_ == "VBG" and child(clause, "dobj") is None:
        return [clause]  # 'shelling by the army killed two'
    if depth > 6:
        return []
    note = rules.append if rules is not None else _ignore
    head, dep = verb.head, verb.dep_
    if dep == "conj" and (is_verb(head) or head.tag_ == "MD"):
        note("subject shared along coordination")
        return surface_subjects(head, rules, depth + 1)
    if dep == "relcl":
        note("antecedent of relative clause")
        return conjuncts_of_antecedent(head)
    if dep == "acl":
        return _of_modifier(verb, rules, depth)
    if dep in {"xcomp", "advcl", "ccomp", "pcomp", "prep"}:
        governor = _governor(verb)
        if governor is None:
            return []
        if is_verb(governor):
            return _controlled(verb, governor, rules, depth)
        return _held_by_noun(governor, rules, depth)
    if dep == "acomp" and is_verb(head):
        return surface_subjects(head, rules, depth + 1)
    if dep == "amod":
        return [head]
    return []


def conjuncts_of_antecedent(head: Any) -> list[Any]:
    """The antecedent of a relative clause, or the number of them that it is told of ('seven of our people who …')."""
    of = head.head
    some = head.dep_ == "pobj" and of.lower_ == "of" and of.head.tag_ == "CD" and of.head.lower_ != "one"
    some = some and of.head.i < of.i and child(head, "nummod") is None
    return [of.head if some else head]


def _controlled(verb: Any, governor: Any, rules: list[str] | None, depth: int) -> list[Any]:
    note = rules.append if rules is not None else _ignore
    lemma = governor.lower_
    controls = any(lemma.startswith(w[: max(3, len(w) - 1)]) and abs(len(lemma) - len(w)) <= 4 for w in _OBJECT_CONTROL)
    dative = _dative(governor)
    if verb.tag_ == "VB" and dative:
        note("the one commanded does it")
        return dative
    if controls and not is_passive(governor) and verb.dep_ in {"xcomp", "ccomp", "pcomp", "prep", "advcl"}:
        target = child(governor, "dobj", "dative")
        if target is not None and target.i < verb.i and (verb.dep_ != "advcl" or verb.tag_ in {"VB", "VBG"}):
            note(f"object control of '{lemma}'")
            return conjuncts(target)
    note(f"subject of '{lemma}'")
    return surface_subjects(governor, rules, depth + 1)


def _dative(governor: Any) -> list[Any]:
    """'giving the command to the child executioners to kill': those whom the command goes to."""
    order = child(governor, "dobj")
    if order is None or order.lower_.rstrip("s") not in {"command", "order", "instruction", "signal", "directive"}:
        return []
    for c in governor.children:
        if c.dep_ == "dative" and c.lower_ in {"to", "for"}:
            return [x for o in c.children if o.dep_ == "pobj" for x in conjuncts(o)]
        if c.dep_ == "dative":
            return conjuncts(c)
        if c.dep_ == "prep" and c.lower_ == "to":
            return [x for o in c.children if o.dep_ == "pobj" for x in conjuncts(o)]
    return []


def _of_modifier(verb: Any, rules: list[str] | None, depth: int) -> list[Any]:
    """The subject of a participle or infinitive on a noun: the noun, or whoever holds the 'plan' or 'order'."""
    head = verb.head
    if verb.tag_ == "VB" or head.lower_.rstrip("s") in _HOLDERS:
        return _held_by_noun(head, rules, depth)
    if rules is not None:
        rules.append("noun of participle")
    first = head
    while verb.tag_ == "VBN" and first.dep_ == "conj" and first.head.tag_[:2] == "NN" and first.head.i < first.i:
        first = first.head  # 'five pupils, their teacher and a guard kidnapped by …'
    return conjuncts(first)


def _held_by_noun(noun: Any, rules: list[str] | None, depth: int) -> list[Any]:
    owner = child(noun, "poss")
    if owner is not None:
        return conjuncts(owner)
    by = [
        x
        for c in noun.children
        if c.dep_ in {"agent", "prep"} and c.lower_ == "by"
        for o in c.children
        for x in conjuncts(o)
    ]
    if by:
        return by
    governor = _governor(noun)
    return surface_subjects(governor, rules, depth + 1) if governor is not None and is_verb(governor) else []


def _governor(token: Any) -> Any | None:
    """The verb or noun that a clause hangs on, through prepositions."""
    head = token.head
    while head.dep_ in {"prep", "agent", "pcomp"} and head.tag_ in {"IN", "TO", "RB", "VBG"} and not is_verb(head):
        head = head.head
    return head if head.i != token.i else None


def _antecedent(token: Any) -> Any:
    """For a relative pronoun, the noun that it stands for."""
    if token.tag_ in {"WDT", "WP"} or (token.lower_ == "that" and token.dep_ in {"nsubj", "nsubjpass", "dobj"}):
        clause = token.head
        while clause.dep_ in {"conj", "xcomp", "ccomp"} and clause.head.i != clause.i:
            clause = clause.head
        if clause.dep_ == "relcl":
            return conjuncts_of_antecedent(clause.head)[0]
    return token


def _ignore(_: str) -> None:
    return None
