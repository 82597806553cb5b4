"""What a report itself says of its names: 'the town of Adi Daero' makes Adi Daero a town wherever it stands, and
'Bassel Yaziji' makes 'Yaziji' a person, whatever the tagger of names calls them in another sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ._data import word_set
from ._parsed import Parsed

_WORD = r"[A-Z][\w'’]*(?:-[A-Z]?[\w'’]+)*"
_ARTICLE = r"(?:(?:[Aa]l|[Aa]d|[Aa]r|[Aa]s|[Aa]n|[Aa]t|[Aa]sh|[Ee]l)-)?"
_NAME = rf"{_ARTICLE}{_WORD}(?: {_ARTICLE}{_WORD}){{0,2}}"
_KINDS = rf"(?:{'|'.join(sorted(word_set('town_kinds'), key=len, reverse=True))})"
_OF = re.compile(rf"\b{_KINDS}s? of (?P<name>{_NAME})")
_BEFORE = re.compile(rf"(?<=[a-z,:] )(?P<name>{_NAME}) (?:refugee |displacement |IDP |residential )?{_KINDS}\b")
_PAIR = re.compile(r"(?<![\w.'’-])(?P<first>[A-Z][a-z’'-]+) (?P<last>[A-Z][a-z]{2,})(?! [A-Z])\b")
_FULL = 2
"""Words of a name of a person in full."""
_LEAST = 3
"""Letters of a family name that stands for its bearer by itself."""


def towns_told(flat: str) -> frozenset[str]:
    """Names that a report calls a town, a village, a district …, lower case; `flat` as `_segment` makes it."""
    found = {m.group("name") for pattern in (_OF, _BEFORE) for m in pattern.finditer(flat)}
    return frozenset(name.lower() for name in found if not _bare(name.lower().split()))


def _bare(words: list[str]) -> bool:
    return all(w in word_set("not_places") | word_set("place_nouns") | word_set("name_leads") for w in words)


def families_told(flat: str) -> frozenset[str]:
    """Last words of two-word names, which may be family names: 'Yaziji' of 'Bassel Yaziji'."""
    pairs = ((m.group("first").lower(), m.group("last")) for m in _PAIR.finditer(flat))
    return frozenset(last for first, last in pairs if first not in word_set("not_first_names") and not _bare([first]))


def settle(sentences: Iterable[Parsed], towns: frozenset[str], families: frozenset[str]) -> None:
    """Mark the named entities that the tagger missed or took for another kind, by what the report says elsewhere.

    `families` only where the name is one that something is done to, or that does it: in a role, not after 'in'.
    """
    named = list(sentences)
    people = {e[-1].text for p in named for e in p.doc.ents if e.label_ == "PERSON" and len(e) > 1 and _family(e[-1])}
    for p in named:
        spans = [*_spans(p, towns), *((t.i, t.i + 1, "PERSON") for t in p.doc if t.text in people and _alone(t))]
        spans += [(t.i, t.i + 1, "PERSON") for t in p.doc if t.text in families and _unmarked(t)]
        spans += [(e.start, e.end, "PERSON") for e in p.doc.ents if not spans and _harmed(p, e)]
        if spans:
            _mark(p, spans)


def _family(token: Any) -> bool:
    return bool(token.is_alpha and token.text[:1].isupper() and len(token.text) >= _LEAST)


def _unmarked(token: Any) -> bool:
    return _alone(token) and not token.ent_type_ and token.dep_ in {"nsubj", "nsubjpass", "dobj", "poss"}


def _alone(token: Any) -> bool:
    """A name that no entity covers, or one entity of just this word that is called an organisation."""
    beside = token.dep_ in {"compound", "nmod"} or any(c.dep_ == "compound" for c in token.children)
    return token.tag_ == "NNP" and not beside and token.ent_type_ in {"", "ORG", "NORP", "PRODUCT", "WORK_OF_ART"}


def _harmed(p: Parsed, e: Any) -> bool:
    """'shot dead Luz Campo': no place is done such a thing to."""
    if e.label_ != "GPE" or len(e) < _FULL or e.root.dep_ not in {"dobj", "nsubjpass"}:
        return False
    entries = p.lexicon.triggers.get(e.root.head.lower_, ())
    return bool(entries) and all(x.pos == "v" and x.object in {"people", "person!"} for x in entries)


def _spans(p: Parsed, towns: frozenset[str]) -> Iterable[tuple[int, int, str]]:
    for name in towns:
        for m in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", p.lower):
            tokens = p.tokens(m.start(), m.end())
            labels = {t.ent_type_ for t in tokens}
            whole = all(t.text[:1].isupper() or not t.is_alpha for t in tokens[:1]) and not p.actor_at(tokens[0])
            if whole and not labels & {"GPE", "LOC", "FAC"} and _covers(p, tokens):
                yield tokens[0].i, tokens[-1].i + 1, "GPE"


def _covers(p: Parsed, tokens: list[Any]) -> bool:
    """Whether no entity reaches beyond the words: 'Hass' of 'Amal Hass' names a person."""
    first, last = tokens[0].i, tokens[-1].i
    return all(first <= e.start and e.end - 1 <= last for e in p.doc.ents if e.start <= last and first < e.end)


def _mark(p: Parsed, spans: list[tuple[int, int, str]]) -> None:
    from spacy.tokens import Span

    taken = {i for a, b, _ in spans for i in range(a, b)}
    kept = [e for e in p.doc.ents if not taken & set(range(e.start, e.end))]
    new: list[Any] = []
    for a, b, label in sorted(spans, key=lambda s: s[0] - s[1]):
        if not any(a < x.end and x.start < b for x in new):
            new.append(Span(p.doc, a, b, label=label))
    p.doc.ents = [*kept, *new]
    p.forget()
