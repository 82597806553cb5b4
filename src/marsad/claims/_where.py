"""Where: the places that a claim's words name, and the report's own context where they name none."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from typing import Any

from marsad.model import Place, Report
from marsad.places import Gazetteer, Mention
from marsad.text import fold

from ._data import word_set
from ._draft import Draft
from ._lexicon import lexicon
from ._parsed import Parsed, Phrase, conjuncts
from ._segment import Sentence, dateline, paragraphs
from ._syntax import is_verb

_FACILITY_ACTS = {"school": "attack_on_school", "hospital": "attack_on_hospital"}
_ATTACKS = frozenset({"bombardment", "ground_attack", "explosion", "destruction"})
_DATELINE = re.compile(
    r"\s*([A-Z][\w'’.-]*(?:[ ,]+(?:[A-Z][\w'’.-]*|el|al|de|la|of|and))*)[^\n.!?]{0,40}?"
    r"(?:\([^)\n]{2,30}\)\s*)?(?:--|[-–—])\s"
)
_BRACKETED = re.compile(r"\s*([A-Z][A-Z .,'’-]+?),? +\([A-Z][\w .-]{1,25}\)")
_TOWNS = frozenset({"point", "populated_place", "second_order_division"})
_ALIKE = 0.9
_WORD = re.compile(r"\w+")
_BACK = 3
_MAIN = 2
"""Quality of a name in the gazetteer from which it is a place's own, not one of its others."""
_SIZE = 100_000
"""Inhabitants from which a town is known outside its country."""
_HEAD = 4
"""A dateline opens one of so many first paragraphs."""


class Whereabouts:
    """The places of one report: found, resolved together, and handed to the claims that they belong to."""

    def __init__(self, report: Report, flat: str, parsed: list[Parsed]) -> None:
        self._flat = flat
        self._text = report.text
        found: dict[tuple[int, int], Mention] = {}
        self._paragraphs = paragraphs(report.text)
        for start, _ in self._paragraphs[:_HEAD]:
            for m in _dateline(flat, start):
                found[(m.start, m.end)] = m
            if found:
                break
        head = set(found)
        for m in _headings(flat, self._paragraphs):
            if not any(a < m.end and m.start < b for a, b in found):
                found[(m.start, m.end)] = m
        for p in parsed:
            for start, end in _joined(_mentions(p), flat):
                if not any(a < end and start < b for a, b in found):
                    found[(start, end)] = Mention(start, end, flat[start:end])
        named = [(p.offset + a, p.offset + b) for p in parsed for a, b, _ in p.actors]
        named += [span for p in parsed for span in _no_places(p)]
        for m in _gazetteer().find(flat):
            if not any(a < m.end and m.start < b for a, b in (*found, *named)):
                found[(m.start, m.end)] = Mention(m.start, m.end, flat[m.start : m.end])
        mentions = [found[k] for k in sorted(found)]
        head |= {(m.start, m.end) for m in mentions if any(a <= m.start < b for a, b in self._heads(flat))}
        places = _gazetteer().resolve(mentions, flat, hints=_hints(parsed)) if mentions else []
        countries = _countries_named(flat) | {p.country for p in places if p.precision == "country"}
        worded = [replace(p, text=self._text[p.start : p.end]) for p in places]
        told_of = (
            countries | set(_hints(parsed)) | {p.country for p in worded if (p.start, p.end) not in head and _big(p)}
        )
        self._places = [
            p if (p.start, p.end) in head or not _foreign(p, told_of) else Place(p.start, p.end, p.text)
            for p in (_sure(p, flat, countries) for p in worded if p.text.lower() not in _demonyms())
        ]
        datelines = [p for p in self._places if p.id and (p.start, p.end) in head]
        self._places = [p for p in self._places if (p.start, p.end) not in head]
        self._dateline = [
            p for p in datelines if (not told_of or p.country in told_of) and flat[max(0, p.start - 1)] != "("
        ]
        self._used: list[tuple[Sentence, list[Place]]] = []

    def _heads(self, flat: str) -> list[tuple[int, int]]:
        """Where the datelines of the report stand."""
        ends = [(start, dateline(flat, start, end)) for start, end in self._paragraphs[:_HEAD]]
        return [(start, end) for start, end in ends if end is not None]

    def fill(self, d: Draft, others: list[Draft]) -> None:
        """Add the places of a draft: named in its clause, its facilities, those named before, the dateline."""
        p = d.parsed
        inside = [x for x in self._places if p.offset <= x.start and x.end <= p.sentence.end]
        named = [x for x in inside if _belongs(x, d, others)]
        if named:
            d.because("places", "named in the clause")
            d.placed = any(x.id for x in named)
        unresolved = any(not x.id and _proper(x.text) and _site(x, p) for x in named)
        context = [x for x in named if x.id] or ([] if unresolved else self._context(d))
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
        d.places = [x for x in named if x.id or x.facility or (_proper(x.text) and _site(x, p))]
        if d.placed:
            self._used.append((p.sentence, [x for x in named if x.id]))

    def facilities(self, d: Draft) -> Iterator[Draft]:
        """The draft, and beside it the attack on a school or hospital that it is where its target is one."""
        kinds = [p.facility for p in d.targets if p.facility in _FACILITY_ACTS]
        if d.act in _ATTACKS and kinds:
            act = _FACILITY_ACTS[str(kinds[0])]
            if d.act in {"bombardment", "explosion"}:
                yield d
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
            twin.because("act", f"the target is a {kinds[0]}")
            yield twin
        else:
            yield d

    def _context(self, d: Draft) -> list[Place]:
        """Places named before: in this paragraph, by the last claims or lines, in the dateline."""
        here = d.parsed.sentence
        towns = [x for x in self._places if x.id and x.precision in _TOWNS]
        before = [x for x in towns if x.end <= d.start]
        used = [(s, [x for x in places if x.precision in _TOWNS]) for s, places in reversed(self._used)]
        for s, places in used:
            if places and s.paragraph == here.paragraph:
                return places
        if before and before[-1].start >= self._paragraphs[here.paragraph][0]:
            return [before[-1]]
        for s, places in used:
            if places and (here.index - s.index <= _BACK or _definite_place(d)):
                return places
        if before and (_definite_place(d) or self._flat.count("\n", before[-1].end, d.start) <= 2):
            return [before[-1]]
        heads = here.paragraph == 0
        opening = [x for x in towns if x.end <= self._paragraphs[: _HEAD - 1][-1][1] and (heads or x.end <= d.start)]
        return self._dateline[:1] or ((opening or before)[:1] if len({x.id for x in towns}) == 1 else [])


def _hints(parsed: list[Parsed]) -> list[str]:
    """Countries of the armed actors that the report names, the most named first."""
    counts = Counter(country for p in parsed for _, _, actor in p.actors for country in actor.countries[:2])
    return [country for country, _ in counts.most_common(3)]


def country_of(name: str) -> str | None:
    """The country of the largest town, or the country, of just this name: whom 'Moscow' stands for as it denies."""
    found = [m.entry for m in _gazetteer().named(name) if m.quality >= 1] if name.istitle() else []
    return max(found, key=lambda e: e.population).country if found else None


@functools.lru_cache(maxsize=64)
def _countries_named(flat: str) -> set[str | None]:
    """Countries whose people or adjective the text names ('Yemeni'); 'us' names none."""
    words = {w.lower() for w in _WORD.findall(flat) if len(w) > len("US") or w.isupper()}
    return {_demonyms()[w] for w in words if w in _demonyms()}


@functools.cache
def _demonyms() -> dict[str, str]:
    return {word: code for word, (code, _) in lexicon().demonyms.items()}


@functools.lru_cache(maxsize=20_000)
def _alike(name: str) -> bool:
    """Whether the gazetteer has the name in a spelling very near to this one ('Hodeidah', 'Al Hudaydah')."""
    return any(m.quality >= _ALIKE for m in _gazetteer().named(name))


@functools.lru_cache(maxsize=20_000)
def _known(name: str) -> bool:
    """Whether the gazetteer has the name itself, not only one that sounds like it."""
    bare = " ".join(w for w in name.split() if w.lower() not in word_set("place_nouns") | {"of", "the"})
    return any(m.quality >= 1 for n in {name, bare} if n for m in _gazetteer().named(n))


def _sure(place: Place, flat: str, named: Set[str | None]) -> Place:
    """The place, if its words are the entry's own; else its words and nothing else.

    Another spelling, and the name of a facility ('al-Thawra hospital'), need their country named in the report.
    """
    if place.id is None:
        return place
    following = _WORD.match(flat, place.end + 1)
    facility = following is not None and lexicon().facility(following.group().lower()) is not None
    own = _known(place.text) and not facility
    if place.text.strip().lower() not in word_set("not_places") and (
        own or (place.country in named and _alike(place.text))
    ):
        return place
    return Place(place.start, place.end, place.text)


def _entry(place: Place) -> Any | None:
    return next((m for m in _gazetteer().named(place.text) if m.entry.id == place.id), None) if place.id else None


def _big(place: Place) -> bool:
    """A division, or a town of some size under its main name: it tells of its country by itself."""
    found = _entry(place)
    if found is None or found.entry.kind in {"C", "1"}:
        return found is not None
    own = found.quality >= _MAIN or fold(place.text) == fold(place.name or "")
    return own and found.entry.population >= _SIZE


def _foreign(place: Place, told_of: Set[str | None]) -> bool:
    """A small town, or a lesser name of a town, in a country that nothing else in the report speaks of."""
    if place.id is None or place.country in told_of:
        return False
    found = _entry(place)
    own = found is not None and (found.quality >= _MAIN or fold(place.text) == fold(place.name or ""))
    alone = sum(m.quality >= 1 for m in _gazetteer().named(place.text)) == 1
    return not _big(place) if told_of else not (own or alone)


def _no_places(p: Parsed) -> Iterator[tuple[int, int]]:
    """Names that stand for a government ('Moscow denied') or for ties ('Russia-backed'); offsets into the report."""
    for ent in p.doc.ents:
        acts = ent.root.dep_ in {"nsubj", "nsubjpass", "dobj", "poss"} or (
            ent.root.dep_ == "pobj" and ent.root.head.dep_ == "agent"
        )
        if ent.label_ == "PERSON" and acts:
            yield p.offset + ent.start_char, p.offset + ent.end_char
    for t in p.doc:
        if t.tag_ not in {"NNP", "NNPS"}:
            continue
        speaks = t.dep_ == "nsubj" and any(c.kind == "verb" for c in p.lexicon.cues.get(t.head.lower_, ()))
        after = p.text[t.idx + len(t.text) : t.idx + len(t.text) + 14].lower()
        if speaks or (after[:1] == "-" and after[1:].startswith(tuple(word_set("tied_to")))):
            yield p.at(t)


@functools.cache
def _gazetteer() -> Gazetteer:
    return Gazetteer.default()


def _dateline(flat: str, at: int) -> list[Mention]:
    """The place that a report is filed from: 'ADEN (Agency) -', 'Aleppo, Syria -', 'SAN SALVADOR, 6 JAN 89 --'."""
    m = _BRACKETED.match(flat, at, at + 120) or _DATELINE.match(flat, at, at + 120)
    if not m:
        return []
    out = []
    for part in re.finditer(r"[^,]+", m.group(1)):
        words = part.group().strip()
        if len(words) > 2 and len(words.split()) <= 4:
            start = m.start(1) + part.start() + (len(part.group()) - len(part.group().lstrip()))
            out.append(Mention(start, start + len(words), words))
    return out


_HEADING = re.compile(
    r"\s*(?:(?:\d{1,3}|[IVX]{1,5}|[a-zA-Z])[.)] +|[-*•] +)?"
    r"(?P<place>[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,3})(?:[.:]| -) +(?=[A-Za-z\"])"
)


def _headings(flat: str, paragraphs: list[tuple[int, int]]) -> Iterator[Mention]:
    """A paragraph's own heading, '2. Maskanah. No deaths …', where the gazetteer has the name."""
    for start, end in paragraphs:
        m = _HEADING.match(flat, start, min(end, start + 80))
        if m and _known(m.group("place")) and m.group("place").lower() not in word_set("not_places"):
            yield Mention(m.start("place"), m.end("place"), m.group("place"))


def _mentions(p: Parsed) -> Iterator[tuple[int, int]]:
    """Stretches of a sentence that may name a place; offsets into the report."""
    at = p.offset
    taken: list[tuple[int, int]] = [(a + at, b + at) for a, b, _ in p.actors] + list(_no_places(p))
    for ent in p.doc.ents:
        if ent.label_ in {"GPE", "LOC"}:
            tokens = [t for t in ent if t.lower_ not in {"the", "'s"}]
            if tokens and not _clash(taken, tokens[0], tokens[-1], at):
                yield _note(taken, tokens[0], tokens[-1], at)
        elif ent.label_ in {"PERSON", "NORP", "DATE"} and not _town_after_all(ent):
            taken.append((at + ent.start_char, at + ent.end_char))
    for t in p.doc:
        if t.tag_ not in {"NNP", "NNPS"}:
            continue
        if t.dep_ in {"pobj", "conj", "poss", "nmod", "appos", "compound"} and (_located(t) or _names_its_site(t)):
            first = t
            while first.i and p.doc[first.i - 1].tag_ == "NNP" and p.doc[first.i - 1].head.i >= first.i:
                first = p.doc[first.i - 1]
            if not _clash(taken, first, t, at):
                yield _note(taken, first, t, at)


def _town_after_all(ent: Any) -> bool:
    """'the attack on Dansadau', 'a clinic in Hass': a name that the tagger takes for a person's and that is a town's.

    After 'in' a name stands for a place whether the gazetteer has it or not, unless someone's trust is in it.
    """
    token = ent.root
    if token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.lower_ in word_set("place_nouns"):
        return True
    if ent.label_ == "PERSON" and _held(token):
        return True
    if ent.label_ != "PERSON" or len(ent) != 1 or token.dep_ != "pobj":
        return False
    return token.head.lower_ in word_set("place_prepositions") - {"from", "to", "against", "of"} and _known(token.text)


def _held(token: Any) -> bool:
    return (
        token.dep_ == "pobj"
        and token.tag_ in {"NNP", "NNPS"}
        and token.head.lower_ in word_set("held_in")
        and token.head.head.lower_ not in word_set("trusting")
    )


def town_name(token: Any) -> bool:
    """Whether a word after a preposition of place names a town of the gazetteer, whatever the tagger calls it."""
    return bool(
        token.dep_ == "pobj"
        and token.tag_ in {"NNP", "NNPS"}
        and not any(c.dep_ == "compound" for c in token.children)
        and token.head.lower_ in word_set("place_prepositions") - {"from", "to", "against", "of"}
        and _known(token.text)
    )


def _joined(spans: Iterable[tuple[int, int]], flat: str) -> list[tuple[int, int]]:
    """Names that the tagger cut in two ('Burkina' + 'Faso') as one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and flat[out[-1][1] : start] == " " and flat[start : start + 1].isupper():
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _located(t: Any) -> bool:
    """After a preposition of place, or before a word for a kind of place."""
    if t.dep_ in {"conj", "appos"}:
        return t.head.tag_ in {"NNP", "NNPS"} and t.head.i != t.i and _located(t.head)
    if t.dep_ == "pobj":
        prep = t.head.lower_
        return prep in word_set("place_prepositions") or (
            prep == "of" and t.head.head.lower_ in word_set("place_nouns")
        )
    if t.dep_ in {"compound", "nmod", "poss"}:
        return t.head.lower_ in word_set("place_nouns")
    return False


def _names_its_site(t: Any) -> bool:
    """A name before the site that it names, 'at the Maskanah ferry landing', where the gazetteer has the name."""
    if t.dep_ not in {"compound", "nmod"} or t.head.tag_ not in {"NN", "NNS"}:
        return False
    site = t.head
    while site.dep_ in {"compound", "nmod"} and site.head.i != site.i:
        site = site.head
    at = site.head
    if site.dep_ == "dobj":
        return site.lower_ in word_set("holding_sites") and _known(t.text)
    return site.dep_ == "pobj" and at.lower_ in word_set("place_prepositions") and _known(t.text)


def _clash(taken: list[tuple[int, int]], first: Any, last: Any, at: int) -> bool:
    start, end = at + first.idx, at + last.idx + len(last.text)
    return any(a < end and start < b for a, b in taken)


def _note(taken: list[tuple[int, int]], first: Any, last: Any, at: int) -> tuple[int, int]:
    span = (at + first.idx, at + last.idx + len(last.text))
    taken.append(span)
    return span


def _belongs(place: Place, d: Draft, others: list[Draft]) -> bool:
    """Whether a place lies in the clause of this trigger, not in that of another or of a source."""
    tokens = d.parsed.tokens(place.start - d.parsed.offset, place.end - d.parsed.offset)
    if not tokens:
        return False
    inside = {t.i for t in tokens}
    head = next((t for t in tokens if t.head.i not in inside or t.head.i == t.i), tokens[0])
    first = head
    while first.dep_ in {"conj", "appos"} and first.head.i != first.i:
        first = first.head
    if first.dep_ in {"poss", "compound", "nmod", "amod"} and first.head.lower_ not in word_set("place_nouns"):
        owner = d.parsed.phrase(first.head)
        if owner.personal or owner.kind in {"event", "means"}:
            return False
    if first.dep_ in {"nsubj", "nsubjpass", "attr", "dative"} and first.i not in {p.head.i for p in d.targets}:
        return False
    if first.dep_ == "dobj" and first.head.lower_.startswith(
        ("includ", "involv", "support", "back", "help", "tell", "told")
    ):
        return False
    line = {d.token.i, *(a.i for a in d.token.ancestors)}
    rivals = {o.token.i for o in others if o.parsed is d.parsed and o.token.i != d.token.i} - line
    node = head
    for _ in range(25):
        if node.i in line:
            break
        if node.i in rivals or node.lower_ in {"according"}:
            return False
        if node.dep_ in {"nsubj"} and is_verb(node.head) and node.head.lower_ in word_set("speech_verbs"):
            return False
        if node.head.i == node.i:
            break
        node = node.head
    speaks = is_verb(node) and node.lower_ in word_set("speech_verbs") and node.i != d.token.i
    return not (speaks and head.head.head.i == node.i)


def _buildings(d: Draft) -> Iterator[Phrase]:
    """Phrases of facilities in the clause: targets, and objects of prepositions of place."""
    seen: set[int] = set()
    for p in d.targets:
        if p.facility and p.head.i not in seen:
            seen.add(p.head.i)
            yield p
    line = [d.token, *[a for a in list(d.token.ancestors)[:2] if not d.parsed.lexicon.cues.get(a.lower_)]]
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


def _site(x: Place, p: Parsed) -> bool:
    """Whether unresolved words stand where a place would: not people, nor whom something is done to, from or by."""
    tokens = p.tokens(x.start - p.offset, x.end - p.offset)
    if not tokens or (p.phrase(tokens[-1]).personal and not _held(tokens[-1])):
        return not tokens
    inside = {t.i for t in tokens}
    head = next((t for t in tokens if t.head.i not in inside), tokens[-1])
    while head.dep_ in {"conj", "appos"} and head.head.i != head.i:
        head = head.head
    if head.dep_ == "pobj":
        lent = head.head.lower_ == "of" and head.head.head.lower_ in word_set("place_nouns")
        return lent or head.head.lower_ in word_set("place_prepositions") - {
            "of",
            "from",
            "to",
            "against",
            "over",
            "on",
        }
    return True


def _proper(words: str) -> bool:
    """Whether unresolved words may be a place's name at all."""
    return words[:1].isupper() and words.lower() not in word_set("not_places")


def _definite_place(d: Draft) -> bool:
    """'the city amphitheatre', 'in the town', 'there': words that point to a place already named."""
    words = {t.lower_ for t in d.token.subtree}
    return "there" in words or bool(
        words & {"city", "town", "village", "camp", "neighbourhood", "neighborhood", "district"}
    )
