"""Reference inside one report: whom 'the group', 'the jihadists', 'they', 'the men' or 'others' stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marsad.model import Age, Count, Hedge

from ._actor_index import ArmedActor
from ._data import word_set
from ._lexicon import Entry
from ._numbers import Numbers, ages_of
from ._parsed import Parsed, Phrase
from ._struck import held_in, struck

_DEFINITE = word_set("definite")
_ARMED = frozenset({"armed_group", "unknown_armed"})
_STATE = frozenset({"state_force", "police"})
_GROUP_WORDS = word_set("group_words")
_MONITORS = word_set("monitors")
_PLURAL_PRONOUNS = word_set("plural_pronouns")
_SINGULAR = {"he": "m", "him": "m", "himself": "m", "she": "f", "her": "f", "herself": "f", "his": "m"}
_ONE_BODY = word_set("one_body")
_WINDOW = 12
"""How many sentences back a reference may reach."""


@dataclass(slots=True)
class Entity:
    """Someone or some body of people that a report speaks of, gathered from its mentions."""

    actor: ArmedActor | None = None
    kind: str = "unknown"
    child: bool | None = None
    sex: str | None = None
    status: str = "unknown"
    name: str | None = None
    country: tuple[str, str] | None = None
    """(code, name) of the state whose force it is."""
    age: Age | None = None
    count: Count | None = None
    """Of some of those named before ('two of them'), how many."""
    some: bool = False
    plural: bool = True
    beside: bool = False
    """One person, named beside others: 'they' may be all of them, 'she' only this one."""
    hedges: list[Hedge] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    text: str = ""
    """The words of its first mention."""
    first: tuple[int, int] = (0, 0)
    parent: Entity | None = None
    """The body that these people act for ('the ISIS leader', 'children' in a video that ISIS released)."""

    def party(self) -> ArmedActor | None:
        """The armed actor that it is or acts for."""
        return self.actor or (self.parent.actor if self.parent else None)


@dataclass(slots=True)
class _Mention:
    sentence: int
    token: int
    phrase: Phrase
    entity: Entity
    subject: bool


class References:
    """The entities of a report, in order of mention. `of(parsed, phrase)` gives the entity of a phrase."""

    def __init__(self) -> None:
        self._mentions: list[_Mention] = []
        self._triggers: Mapping[str, Sequence[Entry]] = {}
        self._by_phrase: dict[tuple[int, int], Entity] = {}
        self._actors: dict[str, Entity] = {}
        self.anaphoric: set[tuple[int, int]] = set()
        """(sentence, token) of phrases that were taken to refer back."""
        self.linked: dict[tuple[int, int], str] = {}
        """For those, the rule."""

    def read(self, parsed: Parsed, numbers: Numbers) -> None:
        """Take in the mentions of the next sentence."""
        number = parsed.sentence.index
        self._triggers = parsed.lexicon.triggers
        for token in parsed.doc:
            if token.dep_ in {"compound", "amod", "nummod", "det", "punct", "nmod"} and not parsed.actor_at(token):
                continue
            if token.dep_ == "compound" and parsed.actor_at(token) and token.head.dep_ != "compound":
                self._note_actor(parsed, token, number)
                continue
            if token.tag_[:2] not in {"NN", "PR", "CD", "WP", "DT", "JJ"} or token.tag_ == "WP$":
                continue
            phrase = parsed.phrase(token)
            if phrase.kind == "human_name" and (held_in(phrase.core) or struck(phrase.core)):
                continue  # a town's, which no 'she' stands for
            if token.lower_ in {"it", "its"}:
                self._it(parsed, token, phrase, number)
                continue
            if self._names(parsed, token, phrase, number, numbers):
                continue
            if not (phrase.personal or phrase.actor) or (
                phrase.kind == "people" and token.dep_ in {"quantmod", "pobj"} and not phrase.noun
            ):
                continue
            if (number, token.i) in self._by_phrase or token.i != phrase.head.i:
                continue
            entity = self._predicated(parsed, token, number) or self._resolve(parsed, phrase, number)
            if entity.some and entity.count is None:
                entity.count = numbers.count_in(phrase.start, phrase.end)
            self._absorb(entity, parsed, phrase)
            ages = ages_of(parsed, phrase, numbers)
            if ages and entity.actor is None:
                entity.age = entity.age or ages[0]
            self._by_phrase[(number, token.i)] = entity
            if phrase.core.i != token.i:
                self._by_phrase[(number, phrase.core.i)] = entity
            self._mentions.append(_Mention(number, token.i, phrase, entity, token.dep_.startswith("nsubj")))

    def of(self, parsed: Parsed, phrase: Phrase) -> Entity:
        """The entity of a phrase; a new, unlinked one where the phrase was never taken in."""
        found = self._by_phrase.get((parsed.sentence.index, phrase.head.i))
        if found is None:
            found = Entity(actor=phrase.actor)
            self._absorb(found, parsed, phrase)
            self._by_phrase[(parsed.sentence.index, phrase.head.i)] = found
        return found

    def _it(self, parsed: Parsed, token: Any, phrase: Phrase, number: int) -> None:
        """'The army said it had killed …', 'its shells': the body that speaks, or the last that was a subject."""
        own = {token.head.i, *(a.i for a in token.head.ancestors)}
        bodies = [
            m
            for m in self._mentions
            if m.sentence >= number - 2
            and (m.sentence, m.token) < (number, token.i)
            and (m.entity.actor is not None or (m.phrase.noun is not None and m.phrase.noun.word in _ONE_BODY))
        ]
        says = [m for m in bodies if m.sentence == number and m.subject and m.phrase.head.head.i in own]
        subjects = [m for m in bodies if m.subject]
        found = (says or subjects[-1:] or bodies[-1:])[:1]
        if found and found[0].phrase.head.head.i != token.head.i:
            self._by_phrase[(number, token.i)] = found[0].entity
            self.anaphoric.add((number, token.i))
            self.linked[(number, token.i)] = "'it' refers back"

    def _predicated(self, parsed: Parsed, token: Any, number: int) -> Entity | None:
        """'people described as soldiers', 'X, a farmer': the predicate is of the same people."""
        head = token.head
        if token.dep_ == "appos":
            before = {t.lower_ for t in token.doc[max(0, token.left_edge.i - 2) : token.i]}
            counted = any(c.dep_ == "nummod" for c in token.children) and head.lower_ in word_set("total_nouns")
            if token.ent_type_ == "PERSON" and _body(parsed.phrase(head)):
                return None
            partial = bool(before & {"them", "whom"}) or any(t.lower_ in {"them", "whom"} for t in token.subtree)
            return None if partial or counted else self._by_phrase.get((number, head.i))
        described = head.lower_ == "as" and head.head.dep_ in {"acl", "relcl"}
        if token.dep_ == "pobj" and described and head.head.lower_ in word_set("described_as"):
            return self._by_phrase.get((number, head.head.head.i))
        if token.dep_ == "attr" and token.tag_[:2] == "NN":
            subject = next((c for c in head.children if c.dep_ == "nsubj"), None)
            partial = subject is not None and any(t.lower_ in {"whom", "them"} for t in subject.subtree)
            if (
                subject is not None
                and subject.tag_[:2] in {"NN", "PR", "WP"}
                and not (partial and subject.lower_ not in {"them"})
            ):
                return self._by_phrase.get((number, subject.i))
        return None

    def _names(self, parsed: Parsed, token: Any, phrase: Phrase, number: int, numbers: Numbers) -> bool:
        """'His name was given as X, 23', 'she was identified as X': X is the name of the one spoken of before."""
        verb = token.head.head
        if token.dep_ != "pobj" or token.head.lower_ != "as" or verb.lower_ not in word_set("named_as"):
            return False
        subject = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
        if subject is not None and subject.lower_ == "name":
            subject = next((c for c in subject.children if c.dep_ == "poss"), None)
        if subject is None or token.tag_ != "NNP":
            return False
        entity = self._by_phrase.get((number, subject.i))
        if entity is None or entity.plural or entity.actor is not None:
            return False
        entity.name = entity.name or " ".join(t.text for t in (*token.lefts, token) if t.tag_ == "NNP")
        entity.age = entity.age or next(iter(ages_of(parsed, phrase, numbers)), None)
        self._by_phrase[(number, token.i)] = entity
        return True

    def _note_actor(self, parsed: Parsed, token: Any, number: int) -> None:
        hit = parsed.actor_at(token)
        if hit is None:
            return
        entity = self._actor_entity(hit[2], number, token.i)
        phrase = parsed.actor_phrase(token)
        self._by_phrase[(number, token.i)] = entity
        self._mentions.append(_Mention(number, token.i, phrase, entity, False))

    def _actor_entity(self, actor: ArmedActor, number: int, at: int) -> Entity:
        if actor.id not in self._actors:
            self._actors[actor.id] = Entity(actor, actor.kind, name=actor.name, first=(number, at))
        return self._actors[actor.id]

    def _resolve(self, parsed: Parsed, p: Phrase, number: int) -> Entity:
        low = p.core.lower_
        if p.actor and (p.actor_span and p.actor_span[0] <= parsed.at(p.core)[0] < p.actor_span[1]):
            return self._actor_entity(p.actor, number, p.head.i)
        new = Entity(first=(number, p.head.i))
        if p.actor:
            new.parent = self._actor_entity(p.actor, number, p.head.i)
            if _DEFINITE & {c.lower_ for c in p.head.children}:
                again = self._last(number, p, lambda e: e.parent is new.parent and bool(e.words & _noun_words(p)))
                return again or new
            return new
        found: Entity | None = None
        if p.head.tag_ == "CD" and p.core.i != p.head.i and low in {"them", "whom"}:
            near = [m for m in self._mentions if number - m.sentence <= 3 and m.entity.plural and not m.entity.some]
            counted = [m for m in near if any(t.tag_ == "CD" for t in (m.phrase.head, *m.phrase.head.lefts))]
            whole = counted[-1].entity if counted else self._pronoun(p, number, "them")
            if whole is not None:
                new.child, new.sex, new.kind, new.status = whole.child, whole.sex, whole.kind, whole.status
                new.words, new.some = set(whole.words), True
                self.linked[(number, p.head.i)] = "some of those before"
            return new
        if p.kind == "pronoun":
            found = self._pronoun(p, number, low)
        elif low in {"others", "another"}:
            parts = {id(m.entity) for m in self._mentions if _is_part(m.phrase)}
            did = self._harms(p.head.head) or (p.head.head.dep_ == "prep" and self._harms(p.head.head.head))
            hurt = p.head.dep_ in {"nsubjpass", "dobj", "pobj"}

            def alike(e: Entity) -> bool:
                armed = hurt and e.kind in _ARMED | _STATE and (did or bool(e.words & _ONE_BODY) or e.actor is not None)
                return id(e) not in parts and not armed and (e.child is not None or bool(e.words))

            source = self._last(number, p, alike, True, 2)
            mention = next((m for m in reversed(self._mentions) if m.entity is source), None)
            mixed = mention is not None and (
                mention.phrase.head.dep_ == "conj" or any(c.dep_ == "conj" for c in mention.phrase.head.children)
            )
            if source and source.plural and mixed:
                new.kind = source.kind
            elif source and source.plural:
                new.child, new.sex, new.kind, new.words = source.child, source.sex, source.kind, set(source.words)
                self.linked[(number, p.head.i)] = "others like those before"
            return new
        elif {c.lower_ for c in p.head.children if c.dep_ in {"det", "poss"}} & _DEFINITE:
            found = self._definite(p, number)
        if found:
            self.anaphoric.add((number, p.head.i))
            self.linked[(number, p.head.i)] = f"'{low}' refers back"
            return found
        return new

    def _pronoun(self, p: Phrase, number: int, low: str) -> Entity | None:
        if p.head.tag_ in {"WP", "WDT"}:
            clause = p.head.head
            while clause.dep_ in {"conj", "xcomp", "ccomp"} and clause.head.i != clause.i:
                clause = clause.head
            return self._by_phrase.get((number, clause.head.i)) if clause.dep_ == "relcl" else None
        if low in _SINGULAR:
            sex = _SINGULAR[low]

            def one(e: Entity) -> bool:
                return (
                    (not e.plural or e.beside)
                    and e.sex in {None, sex}
                    and e.actor is None
                    and bool(e.name or e.words)
                    and not e.words & _ONE_BODY
                )

            return self._last(number, p, one, True, 8)
        if low in _PLURAL_PRONOUNS and low not in {"we", "us"}:
            subject = p.head.dep_.startswith("nsubj")
            verb = p.head.head
            above = {verb.i, verb.head.i} if verb.dep_ == "xcomp" else {verb.i}
            own = {
                m.entity.first
                for m in self._mentions
                if m.sentence == number and m.subject and m.phrase.head.head.i in above
            }
            same = [m for m in self._mentions if m.sentence == number and m.entity.plural and m.entity.first not in own]
            goes_on = [verb, *(c for c in verb.rights if c.dep_ == "conj")]
            if subject and any(self._harms(v) for v in goes_on):
                armed = self._last(number, p, lambda e: e.plural and e.kind in _ARMED | _STATE, True, 3)
                return armed or self._last(number, p, lambda e: e.plural, True, 3)
            if subject:
                tellers = [m for m in self._mentions if m.sentence == number and m.entity.some and m.subject]
                above = {a.i for a in verb.ancestors}
                told = [m.entity for m in tellers if m.phrase.head.head.i in above]
                return told[-1] if told else self._last(number, p, lambda e: e.plural, True, 3)
            if same:
                return same[-1].entity
            return self._last(number, p, lambda e: e.plural and e.first not in own, False, 3)
        return None

    def _harms(self, verb: Any) -> bool:
        """An active verb of an act: those who did it are sooner the armed than those who tell of it."""
        entries = self._triggers.get(verb.lower_, ())
        return any(e.frame == "does" for e in entries) and not any(c.dep_ == "auxpass" for c in verb.children)

    def _definite(self, p: Phrase, number: int) -> Entity | None:
        words = _noun_words(p)
        low = p.core.lower_
        mods = {c.lower_ for c in p.core.lefts}
        if low in _GROUP_WORDS and p.core.i == p.head.i and not (mods & _MONITORS):
            state = low in {"army", "military", "regime", "forces", "force", "troops", "coalition"}
            kinds = _STATE if state else _ARMED
            if not any(
                c.dep_ in {"amod", "compound", "poss"}
                and c.lower_ not in {"armed", "militant", "terrorist", "extremist", "rebel", "jihadist", "islamist"}
                for c in p.core.lefts
            ):
                named = self._last(number, p, lambda e: e.actor is not None and e.kind in kinds)
                return named or self._last(number, p, lambda e: e.kind in kinds and e.child is not True)
            return None
        if p.noun is None:
            return None
        noun = p.noun
        if (
            any(c.dep_ == "prep" and c.lower_ in {"of", "from", "in"} for c in p.core.rights)
            and noun.kind not in _ARMED
        ):
            return None
        number_word = any(c.dep_ == "nummod" for c in p.head.lefts)
        if noun.age == "child":
            kin = word_set("kin_children")  # 'My two daughters … the girls'

            def alike(e: Entity) -> bool:
                related = e.actor is None and e.child is None and bool(e.words & kin)
                return (e.child is True or related) and (noun.sex is None or e.sex in {None, noun.sex})

            like = self._last(number, p, alike)
            told = any(
                c.dep_ in {"acl", "relcl"} for c in p.core.rights
            )  # 'the 276 girls abducted in …': not those before
            return None if number_word and told else like
        if noun.kind in _ARMED:
            if noun.kind == "armed_group":
                named = self._last(
                    number, p, lambda e: (e.actor is not None and e.kind == "armed_group") or bool(e.words & words)
                )
                return named or self._last(number, p, lambda e: e.kind == "armed_group" and e.child is not True)
            return self._last(number, p, lambda e: bool(e.words & words)) or self._last(
                number, p, lambda e: e.kind in _ARMED and e.child is not True
            )
        if noun.kind in _STATE:
            return self._last(number, p, lambda e: bool(e.words & words) and e.actor is None) or self._last(
                number, p, lambda e: e.kind in _STATE
            )
        if number_word and not any(m.entity.words & words for m in self._mentions):
            return None
        if noun.word in {"man", "woman"}:
            sex = "m" if noun.word == "man" else "f"
            return self._last(
                number, p, lambda e: bool(e.words & words) or (e.sex == sex and not e.child and e.actor is None)
            )
        return self._last(number, p, lambda e: bool(e.words & words))

    def _last(
        self, number: int, p: Phrase, fits: Any, subject_first: bool = False, window: int = _WINDOW
    ) -> Entity | None:
        near = [
            m
            for m in self._mentions
            if m.sentence >= number - window and (m.sentence, m.token) < (number, p.head.i) and fits(m.entity)
        ]
        if not near:
            return None
        if subject_first:
            last = near[-1].sentence
            subjects = [m for m in near if m.sentence == last and m.subject]
            if subjects:
                return subjects[0].entity
        return near[-1].entity

    def _belief(self, e: Entity, parsed: Parsed, p: Phrase) -> None:
        """'the attackers, believed to be members of the Front': of that party, by words that do not say it for sure."""
        verbs = [c for c in p.head.children if c.dep_ in {"acl", "relcl"}]
        verbs += [p.head.head] if p.head.dep_ in {"nsubj", "nsubjpass"} else []
        for verb in (v for v in verbs if v.lower_ in word_set("believed")):
            inside = [t for c in verb.children if c.dep_ in {"xcomp", "oprd", "prep"} for t in c.subtree]
            hit = next((h for t in inside if not _by(t) and (h := parsed.actor_at(t))), None)
            if hit is not None:
                e.parent = self._actor_entity(hit[2], parsed.sentence.index, p.head.i)
                e.hedges.append(Hedge(*parsed.at(verb), verb.text))
                return

    def _absorb(self, e: Entity, parsed: Parsed, p: Phrase) -> None:
        if p.actor and e.actor is None and e.parent is None:
            e.parent = self._actor_entity(p.actor, parsed.sentence.index, p.head.i)
        if e.actor is None and e.parent is None and p.personal:
            self._belief(e, parsed, p)
        noun = p.noun
        if p.kind != "pronoun" and not e.text:
            e.text = parsed.text[p.start - parsed.offset : p.end - parsed.offset]
        if p.kind == "human_name" and e.name is None:
            named = next((x.text for x in parsed.doc.ents if x.start <= p.core.i < x.end), None)
            e.name = named.removesuffix("'s") if named else None
        if noun is not None:
            e.words |= _noun_words(p)
            e.sex = e.sex or noun.sex
            if noun.age == "child":
                e.child = True
            elif noun.age == "adult" and e.child is None:
                e.child = False
            if noun.kind in _STATE and e.actor is None:
                e.country = e.country or parsed.country(p)
            if noun.kind != "civilian" or e.kind == "unknown":
                e.kind = noun.kind if e.actor is None else e.kind
            if noun.status != "unknown" and e.status in {"unknown", "civilian"}:
                e.status = noun.status
        if p.kind != "pronoun" and e.actor is None:
            e.plural = (
                p.core.tag_ in {"NNS", "NNPS", "CD"} or p.kind in {"group", "people"} or len(list(p.head.conjuncts)) > 0
            )
            e.beside = p.core.tag_ in {"NN", "NNP"} and len(list(p.head.conjuncts)) > 0
            if p.kind in {"human_name"} or p.head.lower_ == "one":
                e.plural = False
            if (
                noun is not None
                and noun.kind in {"state_force", "police", "armed_group"}
                and noun.word not in {"soldier", "officer"}
            ):
                e.plural = True


def _by(token: Any) -> bool:
    """Whether a word stands under 'by': 'believed to be held by the group'."""
    return any(a.dep_ == "agent" for a in token.ancestors)


def _body(p: Phrase) -> bool:
    """A force or a group, which no one person is."""
    return p.noun is not None and p.noun.word in _ONE_BODY


def _is_part(p: Phrase) -> bool:
    """'four children' of 'nine people, including four children'."""
    first = p.head
    while first.dep_ == "conj" and first.head.i != first.i:
        first = first.head
    return first.dep_ == "pobj" and first.head.lower_ in {"including", "among"}


def _noun_words(p: Phrase) -> set[str]:
    return {p.noun.word, p.noun.word.split()[-1]} if p.noun else set()
