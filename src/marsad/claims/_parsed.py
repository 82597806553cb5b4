"""A parsed sentence and its noun phrases: what words a phrase covers, and what kind of thing it stands for."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Any

from ._actor_index import ArmedActor
from ._data import word_set
from ._lexicon import Lexicon, PersonNoun
from ._segment import Sentence

_PRONOUNS = word_set("pronouns")
_PEOPLE_WORDS = word_set("people_words")
_LEFT = frozenset(
    [
        "det",
        "amod",
        "compound",
        "nummod",
        "poss",
        "nmod",
        "quantmod",
        "predet",
        "advmod",
        "npadvmod",
        "punct",
        "case",
        "prep",
    ]
)
ARMED = frozenset({"armed_group", "unknown_armed", "state_force", "police"})
_NOUN_LEFT = frozenset({"compound", "amod", "nmod", "nummod", "poss"})


@dataclass(slots=True)
class Phrase:
    """A noun phrase of one sentence. Offsets are code points into the report."""

    head: Any
    """Grammatical head (spaCy token)."""
    core: Any
    """Head in meaning: 'men' of 'a group of men'."""
    start: int
    end: int
    kind: str
    """person, group, name, facility, place, means, event, thing, abstract, pronoun, people or unknown."""
    noun: PersonNoun | None = None
    facility: str | None = None
    actor: ArmedActor | None = None
    actor_span: tuple[int, int] | None = None

    @property
    def personal(self) -> bool:
        """Whether it surely stands for people."""
        return self.kind in {"person", "group", "pronoun", "people", "human_name"}


@dataclass(slots=True)
class Parsed:
    """A sentence with its parse; `text` is flat (see _segment), `lower` its lower case, of the same length."""

    sentence: Sentence
    doc: Any
    text: str
    lower: str
    lexicon: Lexicon
    actors: list[tuple[int, int, ArmedActor]] = field(default_factory=list)
    """Offsets into `text`."""
    uncased: bool = False
    _phrases: dict[int, Phrase] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)
    """Offsets into `text` at which its tokens begin."""

    @property
    def offset(self) -> int:
        """Where the sentence begins in the report."""
        return self.sentence.start

    def at(self, token: Any) -> tuple[int, int]:
        """Offsets of a token into the report."""
        start = self.sentence.start + token.idx
        return start, start + len(token.text)

    def forget(self) -> None:
        """Let phrases be built anew, after named entities were marked."""
        self._phrases.clear()

    def tokens(self, start: int, end: int) -> list[Any]:
        """Tokens that touch the local offsets [start, end)."""
        if not self._starts:
            self._starts += [t.idx for t in self.doc]
        first, last = max(0, bisect_right(self._starts, start) - 1), bisect_left(self._starts, end)
        return [t for t in map(self.doc.__getitem__, range(first, last)) if t.idx + len(t) > start]

    def phrase(self, token: Any) -> Phrase:
        """The noun phrase headed by `token`."""
        found = self._phrases.get(token.i)
        if found is None:
            found = self._phrases[token.i] = self._build(token)
        return found

    def actor_phrase(self, token: Any) -> Phrase:
        """The phrase of just the actor's name that covers a token."""
        hit = self.actor_at(token)
        if hit is None:
            return self.phrase(token)
        inside = self.tokens(hit[0], hit[1])
        numbers = {t.i for t in inside}
        root = next((t for t in reversed(inside) if t.head.i not in numbers or t.head.i == t.i), inside[-1])
        span = (self.offset + hit[0], self.offset + hit[1])
        return Phrase(root, root, *span, "group", actor=hit[2], actor_span=span)

    def words_before(self, token: Any) -> list[str]:
        """Lower-cased modifiers that stand straight before a noun, and the noun, for look-up by tail."""
        words = [token.lower_]
        i = token.i - 1
        while i >= 0 and token.i - i <= 4:
            t = self.doc[i]
            if t.lower_ != "-" and not (t.dep_ in _NOUN_LEFT or t.tag_ in {"NN", "NNP", "JJ", "VBN", "NNS"}):
                break
            words.insert(0, t.lower_)
            i -= 1
        return words

    def owns(self, adjective: Any, noun: Any) -> bool:
        """Whether a country's adjective before an act or a weapon says whose it is: not where it says of what country
        the people, the building or the land between them are ('a Chinese engineer attack', 'Syrian border attack')."""
        return adjective.lower_ in self.lexicon.demonyms and not any(
            self._bystander(t) for t in self.doc[adjective.i + 1 : noun.i] if t.tag_[:2] == "NN"
        )

    def _bystander(self, noun: Any) -> bool:
        person, low = self.lexicon.person(noun.lower_), noun.lower_
        if person is not None:
            return person.kind not in ARMED and self.actor_at(noun) is None
        meant = low in self.lexicon.class_forms["weapon_subject"] or low in self.lexicon.means
        return not meant and (
            self.lexicon.facility(low) is not None
            or low in self.lexicon.class_forms["geo"]
            or low in {"war", "election"}
        )

    def country(self, p: Phrase) -> tuple[str, str] | None:
        """(code, name) of the country whose adjective or name stands before a noun: 'Syrian troops', 'Mali's army'."""
        words = [t.lower_ for t in p.core.lefts] + [p.core.lower_]
        told = [" ".join(x) for x in itertools.pairwise(words)] + words
        adjective = next((self.lexicon.demonyms[w] for w in told if w in self.lexicon.demonyms), None)
        owners = [t.lower_ for t in p.core.lefts if t.dep_ == "poss"]
        return adjective or next((self.lexicon.countries[w] for w in owners if w in self.lexicon.countries), None)

    def actor_at(self, token: Any) -> tuple[int, int, ArmedActor] | None:
        """The armed actor whose name covers a token."""
        for start, end, actor in self.actors:
            if start <= token.idx < end:
                return start, end, actor
        return None

    def _build(self, head: Any) -> Phrase:
        first, last = self._edges(head)
        core = self._core(head)
        while first < core.i and self.doc[first].is_punct:
            first += 1
        start, _ = self.at(self.doc[first])
        _, end = self.at(self.doc[last])
        phrase = Phrase(head, core, start, end, "unknown")
        self._classify(phrase, first, last)
        return phrase

    def _edges(self, head: Any) -> tuple[int, int]:
        first = head.i
        for child in sorted(head.lefts, key=lambda t: -t.i):
            if child.dep_ not in _LEFT or child.right_edge.i != first - 1:
                if child.dep_ == "punct" and child.i == first - 1:
                    continue
                break
            if (child.dep_ == "punct" and child.text not in {'"', "-", "'"}) or child.tag_ == "WRB":
                break
            if (
                child.dep_ in {"advmod", "prep"}
                and not any(t.tag_ == "CD" for t in child.subtree)
                and child.i != first - 1
            ):
                break
            if child.dep_ == "prep":
                break
            first = child.left_edge.i
        last = head.i
        for child in head.rights:
            if child.i > last + 1 and self.doc[last + 1].i != child.left_edge.i:
                break
            if child.dep_ == "prep" and (child.lower_ == "of" or self._named_tail(head, child)):
                objects = [t for t in child.children if t.dep_ in {"pobj", "pcomp"}]
                if not objects:
                    break
                last = self._edges(objects[0])[1]
            elif child.dep_ in {"nummod", "compound"} and child.i == last + 1:
                last = child.i
            elif child.dep_ == "case":
                continue
            else:
                break
        return first, last

    def _named_tail(self, head: Any, prep: Any) -> bool:
        """'Observatory for Human Rights': a preposition inside a proper name."""
        nxt = self.doc[prep.i + 1] if prep.i + 1 < len(self.doc) else None
        return (
            prep.lower_ in {"for", "on", "in", "against", "to"}
            and head.text[:1].isupper()
            and head.i > 0
            and nxt is not None
            and nxt.text[:1].isupper()
            and prep.lower_ in {"for", "against"}
        )

    def _core(self, head: Any) -> Any:
        """Through 'a group of', 'dozens of', 'the bodies of', 'members of' to the noun that is meant."""
        seen = 0
        while (seen < 4 and head.lower_ in self.lexicon.class_forms["quantifier"]) or head.tag_ == "CD":
            of = next((c for c in head.rights if c.dep_ == "prep" and c.lower_ == "of"), None)
            obj = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
            if obj is None:
                break
            if self.lexicon.person(head.lower_) and not self._human(obj):
                break
            head = obj
            seen += 1
        return head

    def _human(self, token: Any) -> bool:
        return (
            bool(self.lexicon.person(*self.words_before(token)))
            or token.lower_ in _PRONOUNS
            or bool(self.actor_at(token))
        )

    def _classify(self, p: Phrase, first: int, last: int) -> None:
        core, lex = p.core, self.lexicon
        low = core.lower_
        words = self.words_before(core)
        p.noun = lex.person(*words)
        p.facility = self._site(core) or lex.facility(*words)
        hit = self._actor_in(core, first, last)
        if hit is None and p.noun is not None and p.noun.kind in ARMED:
            hit = self._belongs_to(core)
        if hit:
            p.actor, p.actor_span = hit[2], (self.offset + hit[0], self.offset + hit[1])
        covered = hit is not None and hit[0] <= core.idx < hit[1]
        classes = lex.class_forms
        if low in {"state", "county", "province"} and any(
            c.dep_ == "compound" and c.text[:1].isupper() for c in core.lefts
        ):
            p.kind, p.noun = "place", None
        elif low in _PRONOUNS or (core.tag_ == "PRP$" and low != "its"):
            p.kind = "pronoun"
        elif covered:
            p.kind = "group"
        elif p.noun and len(p.noun.word.split()) > 1:
            p.kind = "person"
        elif low in classes["weapon_subject"] or (
            " ".join(words[-2:]) in lex.means and low not in {"guard", "sniper", "snipers"}
        ):
            p.kind = "event" if low in classes["event"] else "means"
        elif p.noun and not (
            p.facility
            and len(words) > 1
            and lex.facility(*words[-2:-1], low)
            and (p.noun.kind == "organisation" or low in classes["site_part"])
        ):
            p.kind = "person"
        elif low in classes["event"]:
            p.kind = "event"
        elif p.facility:
            p.kind = "facility"
        elif low in classes["geo"] or core.ent_type_ in {"GPE", "LOC", "FAC"}:
            p.kind = "place"
        elif low in classes["aid"]:
            p.kind = "aid"
        elif low in classes["abstract"] or low in classes["animal"]:
            p.kind = "abstract"
        elif low in classes["property"]:
            p.kind = "thing"
        elif (
            core.tag_ == "CD"
            or low in {"youngest", "eldest", "oldest"}
            or (low in _PEOPLE_WORDS and core.dep_ not in {"det", "advmod"})
        ):
            p.kind = "people"
        elif core.tag_ == "NNPS" and core.ent_type_ == "NORP":
            p.kind = "person"  # 'Christians', 'Kurds'
        elif core.ent_type_ == "PERSON":
            p.kind = "human_name"
        elif low in classes["quantifier"]:
            p.kind = "people"
        elif core.tag_ in {"NNP", "NNPS"}:
            told = (c for c in core.rights if c.dep_ == "appos" and core.ent_type_ not in {"GPE", "LOC", "NORP"})
            p.kind = "human_name" if any(self._one_person(c) for c in told) else "name"
        if hit is not None and hit[0] > core.idx and p.kind in {"abstract", "unknown"} and core.tag_ in {"NNS", "NNPS"}:
            # 'the lions of the Front'
            p.kind = "group"
        elif low in {"it", "this", "that", "which", "these", "what"}:
            p.kind = "thing"

    def _one_person(self, token: Any) -> bool:
        """'Fan, a citizen': an apposition that makes a name a person's."""
        noun = self.lexicon.person(*self.words_before(token)) if token.tag_ == "NN" else None
        return noun is not None and noun.kind in {"civilian", "unknown"} and noun.word not in word_set("bodies")

    def _site(self, core: Any) -> str | None:
        """'the gate of the school', 'a hospital ward', 'the school's yard': a part of a facility stands for it."""
        if core.lower_ not in self.lexicon.class_forms["site_part"]:
            return None
        of = next((c for c in core.rights if c.dep_ == "prep" and c.lower_ == "of"), None)
        whole = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
        if whole is None and core.lower_ in word_set("built_parts"):
            whole = next((c for c in core.lefts if c.dep_ in {"compound", "nmod", "poss"}), None)
        return self.lexicon.facility(*self.words_before(whole)) if whole is not None else None

    def _belongs_to(self, core: Any) -> tuple[int, int, ArmedActor] | None:
        """'fighters from the Front', 'gunmen loyal to the Front': the actor named after the people."""
        for c in core.rights:
            tied = (c.dep_ == "prep" and c.lower_ in {"from", "with"}) or (
                c.dep_ in {"acl", "amod", "relcl"} and c.lower_ in word_set("belonging")
            )
            for t in c.subtree if tied else ():
                if t.i - core.i < 12 and t.dep_ == "pobj" and self.actor_at(t):
                    return self.actor_at(t)
        return None

    def _actor_in(self, core: Any, first: int, last: int) -> tuple[int, int, ArmedActor] | None:
        """An actor's name in the phrase: the core itself, or what stands before it ('ISIS fighters')."""
        left, right = self.doc[first].idx, self.doc[last].idx + len(self.doc[last].text)
        inside = [a for a in self.actors if left <= a[0] < right]  # its abbreviation may stand in brackets after it
        return next((a for a in inside if a[0] <= core.idx < a[1]), inside[0] if inside else None)


def conjuncts(token: Any) -> list[Any]:
    """A noun and what is coordinated with it, left to right; parenthesised or verbal conjuncts are left out."""
    out = [token]
    for child in token.rights:
        if (
            child.dep_ == "conj"
            and child.tag_[:2] in {"NN", "PR", "CD", "JJ", "DT", "VB"}
            and child.tag_ not in {"VBD", "VBZ", "VBP"}
            and not (child.tag_[:2] == "VB" and any(c.dep_ == "dobj" for c in child.children))
        ) or _listed(token, child):
            out += conjuncts(child)
    return out


def _listed(token: Any, child: Any) -> bool:
    """'two nurses' of 'a teacher, two nurses and a driver': in a list of counted people the parser takes the second for
    an apposition. One it is where a single person was meant ('was'), or where the first word holds the others too."""
    if child.dep_ != "appos" or not side_by_side(token, child) or token.lower_ in word_set("anybody"):
        return False
    if not any(c.dep_ in {"cc", "conj"} or (c.dep_ == "appos" and _listed(child, c)) for c in child.rights):
        return False
    one = token.tag_ == child.tag_ == "NN" and token.dep_ in {"nsubj", "nsubjpass"}
    return not one or not any(c.lower_ in _SINGULAR for c in token.head.children if c.dep_ in {"aux", "auxpass"})


_SINGULAR = frozenset({"was", "is", "has"})


def side_by_side(one: Any, other: Any) -> bool:
    """Whether two nouns with a number or an article of their own stand in a list: 'a teacher, two nurses'."""
    nouns = one.tag_ in {"NN", "NNS"} and other.tag_ in {"NN", "NNS"}
    return nouns and one.doc[other.left_edge.i - 1].text == "," and _counted(one) and _counted(other)


def _counted(noun: Any) -> bool:
    return any(c.dep_ == "nummod" or (c.dep_ == "det" and c.lower_ in {"a", "an", "one"}) for c in noun.lefts)
