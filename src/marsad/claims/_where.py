"""Where: the places that a claim's words name, and the report's own context where they name none."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from marsad.model import Place, Report

from ._data import word_set
from ._draft import Draft
from ._parsed import Parsed, Phrase, conjuncts
from ._place_names import HEAD, named_places, someones
from ._segment import paragraphs
from ._struck import first_of, held_in, struck
from ._syntax import governing, is_verb

_FACILITY_ACTS = {"school": "attack_on_school", "hospital": "attack_on_hospital"}
_ATTACKS = frozenset({"bombardment", "ground_attack", "explosion", "destruction"})
_TOWNS = frozenset({"point", "populated_place", "second_order_division"})
_OWNED = frozenset({"poss", "compound", "nmod", "amod"})
_BACK = 3
_LONG_PAST = 31
"""Days before the report."""


class Whereabouts:
    """The places of one report: found, resolved together, and handed to the claims that they belong to."""

    def __init__(self, report: Report, flat: str, parsed: list[Parsed]) -> None:
        self._flat = flat
        self._text = report.text
        self._paragraphs = paragraphs(report.text)
        self._places, self._dateline, self._plain = named_places(report, flat, parsed)
        self._aside = {(x.start, x.end) for x in self._places if someones(x, flat) or _afterwards(x, parsed)}
        self._used: list[tuple[Draft, list[Place]]] = []
        self._published = (report.published or "")[:10]

    def fill(self, d: Draft, others: list[Draft]) -> None:
        """Add the places of a draft: named in its clause, its facilities, those named before, the dateline."""
        p = d.parsed
        inside = [x for x in self._places if p.offset <= x.start and x.end <= p.sentence.end]
        named = [x for x in inside if _belongs(x, d, others)]
        labels = [x for x in named if x.start == p.offset and self._flat.startswith(":", x.end)]
        told = [o for o in others if o.parsed is p]
        if labels and any(_belongs(x, o, others) for x in inside if x not in labels for o in told):
            named = [x for x in named if x not in labels]  # 'Idlib Province: ten were killed in Hass'
        if named:
            d.because("places", "named in the clause")
        unresolved = any(not x.id and _proper(x.text) and _site(x, p, d) and not _names_building(x, p) for x in named)
        d.placed = any(x.id for x in named) or unresolved
        context = [x for x in named if x.id] or ([] if unresolved else self._context(d, others))
        buildings = list(_buildings(d))
        for phrase in buildings:
            held = next((x for x in named if phrase.start <= x.start and x.end <= phrase.end), None)
            base = held or next(
                iter(sorted((x for x in context if x.id), key=lambda x: x.precision not in _TOWNS)), None
            )
            words = self._text[phrase.start : phrase.end]
            if base is not None:
                place = replace(base, start=phrase.start, end=phrase.end, text=words, facility=phrase.facility)
            else:
                place = Place(phrase.start, phrase.end, words, facility=phrase.facility)
            if held is not None:
                named.remove(held)
            named.append(place)
            d.because("places", "facility" if held or base is None else "facility in the place named before")
        if not named and context:
            named = context[:1]
            d.because(
                "places", "named before" if context[0].end > 0 and context[0] not in self._dateline else "dateline"
            )
        d.places = [x for x in named if x.id or x.facility or (_proper(x.text) and _site(x, p, d))]
        if d.placed:
            self._used.append((d, [x for x in named if x.id] or [x for x in d.places if not x.facility]))

    def facilities(self, d: Draft) -> Iterator[Draft]:
        """The draft, and beside it the attack on a school or hospital that it is where its target is one."""
        acts = list(dict.fromkeys(_FACILITY_ACTS[p.facility] for p in d.targets if p.facility in _FACILITY_ACTS))
        if d.act not in _ATTACKS or not acts or d.act in {"bombardment", "explosion"}:
            yield d
        for act in acts if d.act in _ATTACKS else ():
            twin = replace(
                d,
                act=act,
                perpetrators=list(d.perpetrators),
                victims=list(d.victims),
                same_as=[],
                apart_from=[],
                why=list(d.why),
                means=[],
                places=[],
                hedges=[],
                attribution=[],
                denied_by=[],
            )
            twin.because("act", f"the target is a {act.rpartition('_')[2]}")
            yield twin

    def _context(self, d: Draft, drafts: list[Draft]) -> list[Place]:
        """Places named before: in this paragraph, by the last claims or lines, in the dateline.

        What stands in a sentence without an act counts where words alone show it: not every such sentence is parsed.
        """
        here = d.parsed.sentence
        told = {o.parsed.sentence for o in drafts}
        towns = [
            x
            for x in self._places
            if x.id
            and x.precision in _TOWNS
            and (x.start, x.end) not in self._aside
            and ((x.start, x.end) in self._plain or any(s.start <= x.start < s.end for s in told))
        ]
        before = [x for x in towns if x.end <= d.start]
        if self._long_past(d) and not _definite_place(d):
            return []  # what a report recalls from long ago did not happen where it is written about
        used = [
            (o.parsed.sentence, [x for x in places if x.precision in _TOWNS or not x.id])
            for o, places in reversed(self._used)
            if not _other_time(d, o) and (d.time is not None or not self._long_past(o))
        ]
        for s, places in used:
            just = s.paragraph == here.paragraph and here.index - s.index <= 1
            if places and s.paragraph == here.paragraph and (places[0].id or just):
                return places
        if before and before[-1].start >= self._paragraphs[here.paragraph][0]:
            return [before[-1]]
        for s, places in used:
            if places and places[0].id and (here.index - s.index <= _BACK or _definite_place(d)):
                return places
        if before and (_definite_place(d) or self._flat.count("\n", before[-1].end, d.start) <= 2):
            return [before[-1]]
        heads = here.paragraph == 0
        opening = [
            x
            for x in towns
            if x.end <= self._paragraphs[: HEAD - 1][-1][1]
            and (heads or x.end <= d.start)
            and not here.start <= x.start < here.end  # it was there, and is not where it was
        ]
        return self._dateline[:1] or ((opening or before)[:1] if len({x.id for x in towns}) == 1 else [])

    def _long_past(self, d: Draft) -> bool:
        """Whether the act's own clause dates it more than a month before the report."""
        if d.time is None or not d.time.latest or not self._published:
            return False
        last, day = (datetime.date.fromisoformat(x[:10]) for x in (d.time.latest, self._published))
        return (day - last).days > _LONG_PAST


def _afterwards(x: Place, parsed: list[Parsed]) -> bool:
    """'is being treated in Urfa': where somebody was brought or went after what was done."""
    p = next((p for p in parsed if p.offset <= x.start and x.end <= p.sentence.end), None)
    tokens = p.tokens(x.start - p.offset, x.end - p.offset) if p is not None else []
    above = (a for a in tokens[0].ancestors if is_verb(a)) if tokens else iter(())
    verb = next(above, None)
    cared = verb is not None and any(t.lower_ in word_set("care_goals") for t in verb.subtree)
    return verb is not None and (
        verb.lower_ in word_set("afterwards") or (cared and verb.lower_ in word_set("brought"))
    )


def _other_time(d: Draft, o: Draft) -> bool:
    """Whether the words date two acts apart."""
    a, b = d.time, o.time
    if a is None or b is None or not (a.earliest and a.latest and b.earliest and b.latest):
        return False
    return a.latest < b.earliest or b.latest < a.earliest


def _heads(tokens: list[Any]) -> tuple[Any, Any]:
    """The head of a name, and the first of the names that it stands beside."""
    inside = {t.i for t in tokens}
    head = next((t for t in tokens if t.head.i not in inside or t.head.i == t.i), tokens[0])
    first = head
    while first.dep_ in {"conj", "appos"} and first.head.i != first.i:
        first = first.head
    return head, first


def _belongs(place: Place, d: Draft, others: list[Draft]) -> bool:
    """Whether a place lies in the clause of this trigger, not in that of another or of a source."""
    tokens = d.parsed.tokens(place.start - d.parsed.offset, place.end - d.parsed.offset)
    if not tokens:
        return False
    head, first = _heads(tokens)
    if first.dep_ in _OWNED and first.head.lower_ not in word_set("place_nouns"):
        owner = d.parsed.phrase(first.head)
        if owner.personal or owner.kind in {"event", "means"}:
            return False
    if any(head.i == p.core.i for p in d.doers):
        return False  # 'blamed the attack on Russia'
    if first.dep_ in {"nsubj", "nsubjpass", "attr", "dative"} and first.i not in {p.head.i for p in d.targets}:
        return False
    if first.dep_ == "dobj" and first.head.lower_.startswith(
        ("includ", "involv", "support", "back", "help", "tell", "told")
    ):
        return False
    if d.act == "bombardment" and _from_there(head, d.token):
        return False
    line = governing(d.token)
    rivals = {o.token.i for o in others if o.parsed is d.parsed and o.token.i != d.token.i} - line
    node = head
    for _ in range(25):
        if node.i in line:
            break
        if node.i in rivals or node.lower_ in {"according"}:
            return False
        if is_verb(node) and node.lower_ in word_set("afterwards"):
            return False  # 'was wounded and is being treated in Urfa'
        if node.dep_ in {"nsubj"} and is_verb(node.head) and node.head.lower_ in word_set("speech_verbs"):
            return False
        if node.head.i == node.i:
            if node.i not in line and _elsewhere_now(d.token, node):
                return False
            break
        node = node.head
    speaks = is_verb(node) and node.lower_ in word_set("speech_verbs") and node.i != d.token.i
    return not (speaks and head.head.head.i == node.i)


def _from_there(name: Any, trigger: Any) -> bool:
    """'fired from the direction of Vello': where it came from."""
    for a in name.ancestors:
        if a.i == trigger.i:
            return False
        if a.lower_ == "from" and a.head.i == trigger.i:
            return True
    return False


def _elsewhere_now(trigger: Any, root: Any) -> bool:
    """'Two guards who were wounded in the raid are in hospital in Juba': where those are now of whom it is told."""
    told = next((a for a in (trigger, *trigger.ancestors) if a.dep_ in {"relcl", "acl"}), None)
    if told is None or root.lower_ not in word_set("staying"):
        return False
    subject = told.head
    while subject.dep_ in {"prep", "pobj"} and subject.head.i != subject.i:
        subject = subject.head
    return subject.dep_ in {"nsubj", "nsubjpass"} and bool(subject.head.i == root.i)


def _buildings(d: Draft) -> Iterator[Phrase]:
    """Phrases of facilities in the clause: targets, and objects of prepositions of place."""
    seen: set[int] = set()
    for p in d.targets:
        if p.facility and p.head.i not in seen:
            seen.add(p.head.i)
            yield p
    near = (a for a in list(d.token.ancestors)[:2] if not d.parsed.lexicon.cues.get(a.lower_))
    line = [d.token, *(a for a in near if not _elsewhere_now(d.token, a))]
    takers = [p.head for p in d.doers] if d.act == "abduction" else []  # 'taken by gunmen from their school'
    for holder in [*line, *(p.head for p in d.sufferers), *(w.head for w in d.weapons), *takers]:
        for prep in holder.children:
            if prep.dep_ == "prep" and prep.lower_ in word_set("place_prepositions") - {"of", "to", "into"}:
                for o in prep.children:
                    for x in conjuncts(o) if o.dep_ == "pobj" else ():
                        phrase = d.parsed.phrase(x)
                        brought = phrase.facility == "hospital" and d.entry.frame in {"body", "suffers"}
                        ridden = phrase.facility == "vehicle" and any(t.i == holder.i for t in takers)
                        fits = phrase.facility and not phrase.personal and not brought and not ridden
                        if fits and x.i not in seen:
                            seen.add(x.i)
                            yield phrase


def _site(x: Place, p: Parsed, d: Draft) -> bool:
    """Whether unresolved words stand where a place would: not people, nor whom something is done to, from or by; or are
    what a town is called that the act is done to."""
    tokens = p.tokens(x.start - p.offset, x.end - p.offset)
    if any(struck(t) and first_of(t).i in {q.core.i for q in d.targets} for t in tokens):
        return True
    if not tokens or (p.phrase(tokens[-1]).personal and not held_in(tokens[-1])):
        return not tokens
    inside = {t.i for t in tokens}
    head = next((t for t in tokens if t.head.i not in inside), tokens[-1])
    while head.dep_ in {"conj", "appos"} and head.head.i != head.i:
        head = head.head
    if head.dep_ == "pobj":
        lent = head.head.lower_ == "of" and head.head.head.lower_ in word_set("place_nouns")
        hit = head.head.lower_ == "on" and head.head.head.lower_ in p.lexicon.class_forms["event"]
        if lent or (hit and head.ent_type_ == "GPE"):
            return True  # 'a drone strike on Adi Daero'
        return head.head.lower_ in word_set("place_prepositions") - {
            "of",
            "from",
            "to",
            "against",
            "over",
            "on",
        }
    return True


def _names_building(x: Place, p: Parsed) -> bool:
    """'the al-Nahda hospital': the building is called so; where it stands is not said."""
    tokens = p.tokens(x.start - p.offset, x.end - p.offset)
    _, first = _heads(tokens) if tokens else (None, None)
    return first is not None and first.dep_ in _OWNED and p.phrase(first.head).facility is not None


def _proper(words: str) -> bool:
    """Whether unresolved words may be a place's name at all."""
    name = words.split("-", 1)[-1] if words[:3].lower() in {"al-", "el-", "as-", "ar-", "at-", "an-", "ad-"} else words
    return name[:1].isupper() and words.lower() not in word_set("not_places")


def _definite_place(d: Draft) -> bool:
    """'the city amphitheatre', 'in the town', 'there': words that point to a place already named."""
    words = {t.lower_ for t in d.token.subtree}
    return "there" in words or bool(
        words & {"city", "town", "village", "camp", "neighbourhood", "neighborhood", "district"}
    )
