"""Slips of the parser about who is the subject of a clause; see `_repair`."""

from __future__ import annotations

from typing import Any

from ._data import word_set
from ._lexicon import Lexicon

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_PLAIN = frozenset(
    ["det", "punct", "amod", "aux", "auxpass", "pobj", "compound", "case", "cc", "poss", "nummod", "advmod", "mark"]
)
"""Labels of words that show no slip: most words, passed over at once."""


def subjects(token: Any, lexicon: Lexicon) -> None:
    """Set right who the subject is, where a word shows one of the slips."""
    if token.dep_ in _PLAIN:
        return
    if token.lower_ in word_set("trying"):
        _trying(token)
    elif token.lower_ == "alias":
        _alias(token)
    elif token.tag_ == "VBZ" and token.dep_ in SUBJECTS:
        _noun_after_all(token, lexicon)
    elif token.tag_ == "VBZ" and lexicon.person(token.lower_):
        _people_after_all(token)
    elif token.dep_ in {"advcl", "acl"} and token.tag_ in {"VBD", "VBN"}:
        _after_whom(token)
    elif token.dep_ == "advcl" and token.tag_ == "VBG":
        _nearer_clause(token)
    elif token.dep_ in {"npadvmod", "dative"} and token.tag_[:2] == "NN":
        _object(token, lexicon)
    elif token.dep_ == "prep" and token.lower_ in _SOME:
        _some_number(token, lexicon)
    elif token.dep_ == "relcl" and token.head.tag_ == "CD" and token.head.head.lower_ in word_set("age_nouns"):
        token.head = token.head.head.head  # 'a boy aged six who lost a leg'
    elif token.dep_ == "relcl":
        _agree(token, lexicon)
    elif token.dep_ in {"nsubj", "nsubjpass"} and token.left_edge.i and token.tag_[:2] == "NN":
        _no_object(token)
    elif token.dep_ in {"conj", "appos"} and token.left_edge.i and token.doc[token.left_edge.i - 1].text in {"-", ":"}:
        _set_off(token)


def _some_number(word: Any, lexicon: Lexicon) -> None:
    """'kidnapped over 90 pupils': so many pupils, and nothing that went on over them."""
    verb, noun = word.head, next((c for c in word.children if c.dep_ == "pobj"), None)
    if noun is None or verb.lower_ not in lexicon.triggers or verb.i != word.i - 1 or word.doc[word.i + 1].tag_ != "CD":
        return
    if any(c.dep_ in {"dobj", "auxpass", "nsubjpass", "prt"} for c in verb.children) or not lexicon.person(noun.lower_):
        return
    number = word.doc[word.i + 1]
    noun.head, noun.dep_ = verb, "dobj"
    word.head, word.dep_ = number, "quantmod"


def _agree(verb: Any, lexicon: Lexicon) -> None:
    """'two employees of an agency who were arrested': the employees were; an agency was."""
    noun = verb.head
    who = any(c.dep_ in SUBJECTS and c.lower_ in {"who", "that"} for c in verb.lefts)
    plural = any(c.lower_ in {"were", "are", "have"} for c in (verb, *verb.lefts))
    if not who or not plural or noun.tag_ not in {"NN", "NNP"} or noun.dep_ != "pobj" or any(noun.conjuncts):
        return
    whole = noun.head.head
    person = lexicon.person(noun.lower_)
    if whole.tag_ == "NNS" and lexicon.person(whole.lower_) and (person is None or person.kind == "organisation"):
        verb.head = whole


def _no_object(noun: Any) -> None:
    """'A man who was with a group was hit': the group is whom he was with, and no second subject."""
    prep, verb = noun.doc[noun.left_edge.i - 1], noun.head
    first = any(c.dep_ in SUBJECTS and c.i < prep.i for c in verb.lefts)
    bare = prep.dep_ == "prep" and not any(c.dep_ in {"pobj", "pcomp", "prep"} for c in prep.children)
    if first and bare and prep.tag_ == "IN":
        noun.head, noun.dep_ = prep, "pobj"


def _set_off(noun: Any) -> None:
    """'Four members of a family - a couple and their two daughters - died': who the four were."""
    first = noun.head
    counted = any(c.dep_ == "nummod" for c in first.lefts) and first.tag_ == "NNS"
    if (
        not counted
        or first.dep_ not in {*SUBJECTS, "dobj"}
        or any(c.dep_ == "cc" and c.i < noun.i for c in first.rights)
    ):
        return
    noun.dep_ = "appos"
    if any(t.text == "-" for t in noun.doc[noun.i : noun.i + 12]):
        for c in [c for c in first.rights if c.i > noun.i and c.dep_ in {"cc", "conj"}]:
            c.head = noun


def _alias(word: Any) -> None:
    """'the commander, alias "Sombra", for using children': a name of his; what follows hangs on the verb."""
    noun = next((t for t in reversed(list(word.doc[max(0, word.i - 3) : word.i])) if t.tag_[:2] == "NN"), None)
    if noun is None or word.head.i == noun.i or any(a.i == word.i for a in noun.ancestors):
        return
    for c in [c for c in word.rights if c.dep_ in {"prep", "advcl", "xcomp", "ccomp"}]:
        c.head = noun.head
    word.head, word.dep_, word.tag_ = noun, "appos", "NN"


def _noun_after_all(word: Any, lexicon: Lexicon) -> None:
    """'Drone strikes by the army hit a camp': a verb that is a subject is a noun."""
    if word.head.i < word.i or not any(e.pos == "n" for e in lexicon.triggers.get(word.lower_, ())):
        return
    word.tag_ = "NNS"
    for c in [c for c in word.lefts if c.dep_ in SUBJECTS and c.i == word.i - 1]:
        c.dep_ = "compound"


def _people_after_all(word: Any) -> None:
    """'told the court that guards at the base had beaten him': the guards did."""
    that = word.doc[word.i - 1] if word.i else word
    verb = next((c for c in word.head.rights if c.i > word.i and c.dep_ in {"ccomp", "conj"}), None)
    if that.lower_ != "that" or verb is None or any(c.dep_ in SUBJECTS for c in verb.lefts) or word.head.i > word.i:
        return
    if not any(c.dep_ == "aux" and c.tag_ in {"VBD", "VBP"} for c in verb.children):
        return
    word.tag_, word.head, word.dep_ = "NNS", verb, "nsubj"
    that.head, that.dep_, that.tag_ = verb, "mark", "IN"


def _after_whom(verb: Any) -> None:
    """'It came after soldiers, led by a captain, executed nine men': the soldiers executed them."""
    if any(c.dep_ in {"mark", "aux", "auxpass", "advmod", *SUBJECTS} and c.lower_ in _MARKS for c in verb.lefts):
        return
    if any(c.dep_ in {"aux", "auxpass", *SUBJECTS} for c in verb.lefts) or not any(
        c.dep_ == "dobj" for c in verb.rights
    ):
        return
    before = [c for c in verb.head.children if c.dep_ == "prep" and c.lower_ in _MARKS and c.i < verb.i]
    who = next((o for c in reversed(before) for o in c.children if o.dep_ == "pobj"), None)
    if verb.dep_ == "acl":
        who = verb.head if verb.head.dep_ == "pobj" and verb.head.head.lower_ in _MARKS else None
        aside = any(c.dep_ == "acl" and c.i < verb.i for c in verb.head.rights)
        if who is None or not aside or any(c.dep_ == "agent" for c in verb.children):
            return
    elif who is None or verb.doc[who.right_edge.i + 1].text != ",":
        return
    if who.tag_[:2] != "NN":
        return
    mark = who.head
    if verb.dep_ == "acl":
        verb.head, verb.dep_ = mark.head, "advcl"
    who.head, who.dep_ = verb, "nsubj"
    mark.head, mark.dep_ = verb, "mark"


def _nearer_clause(verb: Any) -> None:
    """'Nine had been killed since the day when gunmen stormed the town, killing six': the gunmen killed the six."""
    above = verb.head
    passive = any(c.dep_ == "auxpass" for c in above.children) and not any(c.dep_ == "agent" for c in above.children)
    if not passive or verb.i < above.i or not any(c.dep_ == "dobj" for c in verb.children):
        return
    between = [t for t in verb.doc[above.i + 1 : verb.i] if t.tag_ == "VBD" and t.dep_ in {"relcl", "advcl"}]
    near = [t for t in between if any(c.dep_ == "nsubj" for c in t.lefts) and verb.left_edge.i - t.right_edge.i <= 2]
    if near and not any(c.dep_ == "auxpass" for c in near[-1].children):
        verb.head = near[-1]


def _object(noun: Any, lexicon: Lexicon) -> None:
    """'hacking to death four people', 'reportedly hit Hass the same day': whom and what the verb before them names."""
    verb = noun.head
    taken = any(c.dep_ in {"dobj", "auxpass", "agent", "nsubjpass", "ccomp"} for c in verb.children)
    if verb.tag_[:2] != "VB" or noun.i < verb.i or taken or verb.lower_ not in lexicon.triggers:
        return
    if (noun.dep_ == "npadvmod" and lexicon.person(noun.lower_)) or (noun.dep_ == "dative" and noun.tag_ == "NNP"):
        noun.dep_ = "dobj"


def next_subject(noun: Any) -> None:
    """'Three died in the shooting and dozens were injured': the dozens were hurt; they are no place to die in."""
    after = noun.right_edge.i + 1
    aux = noun.doc[after] if after < len(noun.doc) else noun
    verb = aux.head
    beside = any(c.dep_ == "cc" and c.i < noun.i for c in noun.head.rights)
    if aux.dep_ not in {"aux", "auxpass"} or not beside or any(c.dep_ in SUBJECTS for c in verb.lefts):
        return
    if verb.dep_ not in {"advcl", "conj", "ccomp", "dep"} or verb.head.i > noun.i or verb.left_edge.i < aux.i:
        return
    passive = any(c.dep_ == "auxpass" for c in verb.children)
    noun.head, noun.dep_, verb.dep_ = verb, "nsubjpass" if passive else "nsubj", "conj"


def subject(verb: Any) -> None:
    """A finite verb without a subject, straight after a noun hung on another by a comma: 'on Monday, medics said', 'by
    the grace of God, the soldiers attacked'. The noun is its subject."""
    if verb.dep_ not in {"ROOT", "parataxis", "ccomp"} or verb.i == 0:
        return
    if any(c.dep_ in SUBJECTS or c.dep_ in {"auxpass", "mark"} for c in verb.lefts):
        return
    noun = verb.doc[verb.i - 1]
    while noun.tag_[:2] in {"NN", "PR", "CD"} or noun.dep_ in {"pobj", "prep"}:
        comma = noun.left_edge.i - 1
        if noun.dep_ in {"appos", "conj"} and comma > 0 and verb.doc[comma].text == ",":
            noun.dep_, noun.head = "nsubj", verb
            return
        if noun.dep_ not in {"pobj", "prep", "conj", "compound"} or noun.head.i >= noun.i:
            return
        noun = noun.head


def _trying(word: Any) -> None:
    """'Workers trying to mend a line were arrested': it is the workers who were, not the line, nor their trying."""
    doc = word.doc
    who = word.i - 1
    if who > 0 and doc[who].lower_ in {"who", "that"}:
        who -= 1
    noun = doc[who] if who >= 0 else word
    inner = next((t for t in doc[word.i + 1 : word.i + 4] if t.tag_ == "VB" or t.lower_ == "to"), None)
    if inner is None or inner.lower_ != "to" or noun.tag_[:2] != "NN":
        return
    aux = next((t for t in doc[word.i + 2 : word.i + 16] if t.lower_ in _WERE or t.text in {",", ";", ":"}), None)
    if aux is None or aux.lower_ not in _WERE or any(t.lower_ in _OPENS for t in doc[word.i : aux.i]):
        return
    verb = aux.head if aux.dep_ in {"aux", "auxpass"} else None
    if verb is None or verb.i < aux.i or any(c.i == noun.i and c.dep_ in SUBJECTS for c in verb.lefts):
        _take_in(verb, noun, word)
        return
    under = any(a.i in {word.i, noun.i} for a in verb.ancestors)
    top = word if noun.head.i == word.i else noun
    above, dep = top.head, top.dep_
    rooted = above.i == top.i
    if under:
        verb.head, verb.dep_ = (verb, "ROOT") if rooted else (above, dep)
    elif top.head.i != verb.i:
        return
    noun.head, noun.dep_ = verb, "nsubjpass" if any(c.dep_ == "auxpass" for c in verb.children) else "nsubj"
    word.head, word.dep_ = noun, "relcl" if word.i - noun.i > 1 else "acl"
    for c in [c for c in (*noun.rights, *word.rights) if c.i > verb.i]:
        c.head = verb
    _take_in(verb, noun, word)


def _take_in(verb: Any, noun: Any, word: Any) -> None:
    """Give what stands between as a second subject to what they tried: 'trying to film the protest were detained'."""
    for c in [c for c in verb.lefts if c.dep_ in SUBJECTS and word.i < c.i] if verb is not None else ():
        done = next((t for t in reversed(list(word.doc[word.i : c.i])) if t.tag_ == "VB"), word)
        c.head, c.dep_ = done, "dobj"


_WERE = frozenset({"was", "were", "are", "is", "have", "had", "has"})
_MARKS = frozenset({"after", "before", "since", "when", "while", "as", "until"})
_SOME = frozenset({"over", "under", "about", "around"})
_OPENS = frozenset({"who", "which", "that", "when", "after", "because", "if", "and", "but"})
