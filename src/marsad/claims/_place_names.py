"""Which words of a report name a place: found, resolved together, and believed only where the report bears them out."""

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
from ._lexicon import lexicon
from ._parsed import Parsed
from ._segment import dateline, paragraphs
from ._struck import held_in, struck

_DATELINE = re.compile(
    r"\s*([A-Z][\w'’.-]*(?:(?:[ ,]+|/)(?:[A-Z][\w'’.-]*|el|al|de|la|of|and))*)[^\n.!?]{0,40}?"
    r"(?:\([^)\n]{2,30}\)\s*)?(?:--|[-–—])\s"
)
_BRACKETED = re.compile(r"\s*([A-Z][A-Z .,'’-]+?),? +\([A-Z][\w .-]{1,25}\)")
_NAMING = frozenset({"pobj", "conj", "poss", "nmod", "appos", "compound"})
_ALIKE = 0.9
_NEARER = 0.94
_WORD = re.compile(r"\w+")
_AFTER = re.compile(r"(?:'s)?(?: [A-Za-z-]+){1,4}")
_BYLINE = re.compile(r"\s*(?:By|From) [A-Z][^.!?\n]{2,80}\s*$")
"""'By Amal Idris, Minna': where the writer sits."""
_MEDIA = "|".join(f"[{w[0].upper()}{w[0]}]{w[1:]}" for w in sorted(word_set("media_nouns")))
_OUTLET = re.compile(rf"\b(?:{_MEDIA}),? (?:(?:called|named|of) )?(?P<name>[A-Z][\w'-]+(?: [A-Z][\w'-]+){{0,3}})")
"""A medium with its name, which may begin with a town's: 'the Telegram channel Aleppo Today'."""
_VILLAGE = re.compile(r"\b(?:village|hamlet) of $")
_MAIN = 2
"""Quality of a name in the gazetteer from which it is a place's own, not one of its others."""
_SIZE = 100_000
"""Inhabitants from which a town is known outside its country."""
_HEADING = re.compile(
    r"\s*(?:(?:\d{1,3}|[IVX]{1,5}|[a-zA-Z])[.)] +|[-*•] +)?"
    r"(?P<place>[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,3})(?:[.:]{1,2}| -) +(?=[A-Za-z\d\"])"
)
HEAD = 4
"""A dateline opens one of so many first paragraphs."""


def named_places(
    report: Report, flat: str, parsed: list[Parsed]
) -> tuple[list[Place], list[Place], set[tuple[int, int]]]:
    """The places that a report names, in order; the one that it is filed from; where words alone, unparsed, show one.

    `flat` is its text made plain (`_segment`), `parsed` the sentences that were parsed. A name that the report does not
    bear out as the gazetteer's place keeps its words and nothing else. Offsets are code points into the report.
    """
    found: dict[tuple[int, int], Mention] = {}
    blocks = paragraphs(report.text)
    for start, _ in blocks[:HEAD]:
        for m in _dateline(flat, start):
            found[(m.start, m.end)] = m
        if found:
            break
    head = set(found)
    for m in _headings(flat, blocks):
        if not any(a < m.end and m.start < b for a, b in found):
            found[(m.start, m.end)] = m
    plain = set(found)
    outlets = [m.span("name") for m in _OUTLET.finditer(flat)]
    for p in parsed:
        for start, end in _joined(_mentions(p), flat):
            if not any(a < end and start < b for a, b in (*found, *outlets)):
                found[(start, end)] = Mention(start, end, flat[start:end])
    named = [(p.offset + a, p.offset + b) for p in parsed for a, b, _ in p.actors]
    named += [(start, end) for start, end in blocks[:HEAD] if _BYLINE.match(flat, start, end)]
    named += [span for p in parsed for span in _no_places(p)]
    named += outlets
    surface = _gazetteer().find(flat)
    for m in surface:
        if not any(a < m.end and m.start < b for a, b in (*found, *named)):
            found[(m.start, m.end)] = Mention(m.start, m.end, flat[m.start : m.end])
    mentions = [found[k] for k in sorted(found)]
    heads = [(start, dateline(flat, start, end)) for start, end in blocks[:HEAD]]
    head |= {(m.start, m.end) for m in mentions if any(a <= m.start < b for a, b in heads if b is not None)}
    places = _gazetteer().resolve(mentions, flat, hints=_hints(parsed)) if mentions else []
    countries = _countries_named(flat) | {p.country for p in places if p.precision == "country"}
    worded = [replace(p, text=report.text[p.start : p.end]) for p in places]
    borne_out = countries | {p.country for p in worded if (p.start, p.end) not in head and _big(p)}
    told_of = borne_out | set(_hints(parsed))
    believed = [
        p if (p.start, p.end) in head or not _foreign(p, told_of) else Place(p.start, p.end, p.text)
        for p in (_sure(p, flat, countries, borne_out) for p in worded if p.text.lower() not in _demonyms())
    ]
    datelines = [p for p in believed if p.id and (p.start, p.end) in head]
    filed = [p for p in datelines if (not told_of or p.country in told_of) and flat[max(0, p.start - 1)] != "("]
    plain |= {(m.start, m.end) for m in surface}
    return [p for p in believed if (p.start, p.end) not in head], filed, plain


def someones(place: Place, flat: str) -> bool:
    """Whether a place only says whose people or body are spoken of: 'Gaza's media office', 'the Donetsk governor'."""
    after = _AFTER.match(flat, place.end)
    for word in after.group().lower().split() if after else ():
        if lexicon().facility(word) is not None:
            return False
        if word in word_set("organisation_words") or lexicon().person(word) is not None:
            return True
        if word in word_set("place_prepositions") or word in word_set("clause_openers"):
            return False
    return False


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
def _alike(name: str, of: str | None = None) -> float:
    """How near the gazetteer's spelling of a name is to this one ('Hodeidah', 'Al Hudaydah'), in [0, 1] and above for
    the name itself; `of` an entry's id, or of any entry."""
    return max((m.quality for m in _gazetteer().named(name) if of in (None, m.entry.id)), default=0.0)


@functools.lru_cache(maxsize=20_000)
def known_place(name: str) -> bool:
    """Whether the gazetteer has the name itself, not only one that sounds like it."""
    bare = " ".join(w for w in name.split() if w.lower() not in word_set("place_nouns") | {"of", "the"})
    return any(m.quality >= 1 for n in {name, bare} if n for m in _gazetteer().named(n))


def _sure(place: Place, flat: str, named: Set[str | None], borne_out: Set[str | None]) -> Place:
    """The place, if its words are the entry's own; else its words and nothing else.

    Another spelling, and the name of a facility ('al-Thawra hospital'), need their country named in the report, or for
    a spelling still nearer, borne out by a large town or a division of it.
    """
    if place.id is None:
        return place
    if _VILLAGE.search(flat, max(0, place.start - 14), place.start) and not _small(place):
        return Place(place.start, place.end, place.text)  # a village of the same name that no gazetteer has
    following = _WORD.match(flat, place.end + 1)
    facility = following is not None and lexicon().facility(following.group().lower()) is not None
    own = known_place(place.text) and not facility
    if place.text.strip().lower() not in word_set("not_places") and (
        own
        or (place.country in named and _alike(place.text, place.id) >= _ALIKE)
        or (place.country in borne_out and _alike(place.text, place.id) >= _NEARER)
    ):
        return place
    return Place(place.start, place.end, place.text)


def _entry(place: Place) -> Any | None:
    return next((m for m in _gazetteer().named(place.text) if m.entry.id == place.id), None) if place.id else None


def _small(place: Place) -> bool:
    found = _entry(place)
    return found is None or found.entry.population < _SIZE // 2


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
        if ent.label_ == "PERSON" and acts and not _taken(ent.root):
            yield p.offset + ent.start_char, p.offset + ent.end_char
    for t in p.doc:
        if t.tag_ not in {"NNP", "NNPS"}:
            continue
        if t.dep_ in {"appos", "conj"} and _names_people(p, t):
            yield p.at(t)
        speaks = t.dep_ == "nsubj" and any(c.kind == "verb" for c in p.lexicon.cues.get(t.head.lower_, ()))
        after = p.text[t.idx + len(t.text) : t.idx + len(t.text) + 14].lower()
        if speaks or (after[:1] == "-" and after[1:].startswith(tuple(word_set("tied_to")))):
            yield p.at(t)


def _names_people(p: Parsed, name: Any) -> bool:
    """'two brothers, Salem, 7, and Anwar': names of people, though there are towns so called."""
    first = name
    while first.dep_ in {"conj", "appos"} and first.head.i < first.i and first.tag_ == "NNP":
        first = first.head
    noun = p.lexicon.person(first.lower_) if first.tag_ in {"NN", "NNS"} else None
    return noun is not None and noun.kind == "civilian" and noun.word not in word_set("bodies")


@functools.cache
def _gazetteer() -> Gazetteer:
    return Gazetteer.default()


def _dateline(flat: str, at: int) -> list[Mention]:
    """The place that a report is filed from: 'ADEN (Agency) -', 'Aleppo, Syria -', 'SAN SALVADOR, 6 JAN 89 --'."""
    m = _BRACKETED.match(flat, at, at + 120) or _DATELINE.match(flat, at, at + 120)
    if not m:
        return []
    out = []
    for part in re.finditer(r"[^,/]+", m.group(1)):
        words = part.group().strip()
        if len(words) > 2 and len(words.split()) <= 4:
            start = m.start(1) + part.start() + (len(part.group()) - len(part.group().lstrip()))
            out.append(Mention(start, start + len(words), words))
    return out


def _headings(flat: str, paragraphs: list[tuple[int, int]]) -> Iterator[Mention]:
    """A paragraph's own heading, '2. Maskanah. No deaths …', where the gazetteer has the name."""
    for start, end in paragraphs:
        m = _HEADING.match(flat, start, min(end, start + 80))
        if m and known_place(m.group("place")) and m.group("place").lower() not in word_set("not_places"):
            yield Mention(m.start("place"), m.end("place"), m.group("place"))


def _mentions(p: Parsed) -> Iterator[tuple[int, int]]:
    """Stretches of a sentence that may name a place; offsets into the report."""
    at = p.offset
    taken: list[tuple[int, int]] = [(a + at, b + at) for a, b, _ in p.actors] + list(_no_places(p))
    for ent in p.doc.ents:
        if ent.label_ in {"GPE", "LOC"}:
            for tokens in _parted(t for t in ent if t.lower_ not in {"the", "'s"}):
                if not _clash(taken, tokens[0], tokens[-1], at):
                    yield _note(taken, tokens[0], tokens[-1], at)
        elif ent.label_ in {"PERSON", "NORP", "DATE"} and not _town_after_all(ent):
            taken.append((at + ent.start_char, at + ent.end_char))
        elif ent.label_ == "PERSON" and struck(ent.root) and not _clash(taken, ent[0], ent[-1], at):
            yield _note(taken, ent[0], ent[-1], at)
    for t in p.doc:
        if t.tag_ not in {"NNP", "NNPS"}:
            continue
        if _taken(t) or (t.dep_ in _NAMING and (_located(t) or _names_its_site(t))):
            first = t
            while (before := _before(first)) is not None and before.tag_ == "NNP" and before.head.i >= first.i:
                first = before
            if not _clash(taken, first, t, at):
                yield _note(taken, first, t, at)


def _parted(tokens: Iterable[Any]) -> list[list[Any]]:
    """'Shinkafi, Zamfara State' as two names, though the tagger marks them as one."""
    parts: list[list[Any]] = [[]]
    for t in tokens:
        if t.text == ",":
            parts.append([])
        else:
            parts[-1].append(t)
    return [part for part in parts if part]


def _before(token: Any) -> Any | None:
    """The word before one, over a hyphen that joins them: 'al' of 'al-Numan'."""
    if token.i == 0:
        return None
    last = token.doc[token.i - 1]
    joins = last.text == "-" and not last.whitespace_ and last.i and not token.doc[last.i - 1].whitespace_
    return token.doc[last.i - 1] if joins else last


def _town_after_all(ent: Any) -> bool:
    """'the attack on Dansadau', 'a clinic in Hass': a name that the tagger takes for a person's and that is a town's.

    After 'in' a name stands for a place whether the gazetteer has it or not, unless someone's trust is in it.
    """
    token = ent.root
    if _taken(token):
        return True
    if token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.lower_ in word_set("place_nouns"):
        return True
    day = any(t.lower_ in word_set("always_capital") | {"may", "march"} or not t.is_alpha for t in ent)
    if (ent.label_ == "PERSON" or (ent.label_ == "DATE" and not day)) and held_in(token):
        return True
    if ent.label_ != "PERSON" or len(ent) != 1 or token.dep_ != "pobj":
        return False
    return token.head.lower_ in word_set("place_prepositions") - {"from", "to", "against", "of"} and known_place(
        token.text
    )


def _taken(token: Any) -> bool:
    """'raided Hass', 'Hass was shelled': a name that stands for the place that this is done to; of several words, one
    that the gazetteer has."""
    verbs = (e.head for e in lexicon().triggers.get(token.head.lower_, ()) if e.pos == "v" and not e.extra)
    first = min((c.i for c in token.children if c.dep_ == "compound" and c.tag_ == "NNP"), default=token.i)
    alone = token.tag_ == "NNP" and (first == token.i or _alike(token.doc[first : token.i + 1].text) >= _ALIKE)
    return struck(token) or (alone and token.dep_ == "dobj" and any(v in word_set("place_takers") for v in verbs))


def town_name(token: Any) -> bool:
    """Whether a word after a preposition of place names a town of the gazetteer, whatever the tagger calls it."""
    return bool(
        token.dep_ == "pobj"
        and token.tag_ in {"NNP", "NNPS"}
        and not any(c.dep_ == "compound" for c in token.children)
        and token.head.lower_ in word_set("place_prepositions") - {"from", "to", "against", "of"}
        and known_place(token.text)
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
        return site.lower_ in word_set("holding_sites") and known_place(t.text)
    return site.dep_ == "pobj" and at.lower_ in word_set("place_prepositions") and known_place(t.text)


def _clash(taken: list[tuple[int, int]], first: Any, last: Any, at: int) -> bool:
    start, end = at + first.idx, at + last.idx + len(last.text)
    return any(a < end and start < b for a, b in taken)


def _note(taken: list[tuple[int, int]], first: Any, last: Any, at: int) -> tuple[int, int]:
    span = (at + first.idx, at + last.idx + len(last.text))
    taken.append(span)
    return span
