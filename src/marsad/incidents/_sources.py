"""Who a claim's words go back to, and when two phrases of one report are one source."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence

from marsad.model import Attribution, Claim, Report

from ._words import data, key, tokens, word_set

_WORDS = "words.json"
_SOURCES = "sources.json"


def innermost(claim: Claim) -> Attribution | None:
    """Who the claim's words go back to: the innermost link that names someone in particular, else the innermost."""
    named = [a for a in claim.attribution if not is_generic(a.source)]
    chain = named or list(claim.attribution)
    return chain[-1] if chain else None


def source_key(name: str) -> str:
    """Who a source's phrase names, without the words that only say their post ('a police spokesman' → 'police')."""
    roles = word_set(_WORDS, "role_words")
    return " ".join(w for w in tokens(name) if w not in roles)


def names_someone(source: str) -> bool:
    """Whether a source's words name a body or a person, and not people in general ('medics', 'a resident')."""
    return not is_generic(source)


@functools.lru_cache(maxsize=65536)
def is_generic(name: str) -> bool:
    """Whether a phrase stands for people in general."""
    who = source_key(name)
    return (
        not who
        or who in word_set(_WORDS, "generic_sources")
        or all(w in word_set(_WORDS, "generic_sources") for w in who.split())
    )


def unnamed_key(name: str) -> str:
    """People in general as one paper names them over its reports: 'three residents' are 'the residents'.

    'Another resident' is somebody else. Empty where the words only point back ('one of them').
    """
    words = tokens(name)
    if word_set(_SOURCES, "somebody_else").intersection(words):
        return key(name)
    if all(w in word_set(_SOURCES, "pointing_back") for w in words):
        return ""
    left = [w for w in source_key(name).split() if not w.isdecimal() and w not in word_set(_SOURCES, "numbers")]
    return " ".join(w[:-1] if w.endswith("s") and len(w) > 3 else w for w in left) or key(name)


def is_own_paper(name: str) -> bool:
    """Whether a source is no people but a paper of whoever puts the report out: 'an inquiry', 'a statement'."""
    words = [w for w in tokens(name) if w not in word_set(_SOURCES, "pointing_back") and w not in ("a", "an", "our")]
    return bool(words) and all(w in word_set(_SOURCES, "papers") for w in words)


def spoken_to(claim: Claim, own: Report | None, publishers: Mapping[str, Report]) -> Report | None:
    """The other outlet's report that the claim's source spoke to: 'medics quoted by Eastern Wire', 'told the Herald'.

    `publishers`: folded name → its report.
    """
    said = f" {' '.join(tokens(claim.sentence.text))} "
    for name, report in publishers.items():
        if name in said and (own is None or report.publisher != own.publisher):
            before = said[: said.index(f" {name} ")] if f" {name} " in said else ""
            if any(before.endswith(f" {w}") or before.endswith(f" {w} the") for w in data(_SOURCES)["spoken_to"]):
                return report
    return None


def one_person(names: Iterable[str], texts: Sequence[str]) -> dict[str, str]:
    """Sources that a report names by post and by name at once, the post's phrase → the name's: 'the hospital's
    director' → 'Dr Lamis Orfali', where it says 'The director, Dr Lamis Orfali,'."""
    held = list(dict.fromkeys(names))
    found: dict[str, str] = {}
    for post in held:
        head = _head(post)
        if not head or (post[:1].isupper() and not post.casefold().startswith(("the ", "a "))):
            continue
        for name in held:
            if name != post and _is_personal(name) and any(_in_apposition(head, name, t) for t in texts):
                found[post] = name
    return found


def shows_footage_of(claim: Claim) -> str | None:
    """The party whose footage the sentence describes ('a video released by the Ember Front appears to show …')."""
    text = " ".join(claim.sentence.text.split())
    if not _footage().search(text):
        return None
    for actor in claim.perpetrators:
        name = actor.name or ""
        if name and re.search(_released() + rf"(?:the )?{re.escape(name)}\b", text, re.IGNORECASE):
            return name
    return None


def speaks_for(source: str, party: str) -> bool:
    """The party itself, a voice that bears its name first ('Northern Front Press Bureau'), or its own outlet by the
    word that sets both apart ('Ember Media' of the Ember Front). Both are folded names."""
    if source == party or (source.startswith(party + " ") and len(source.split()) <= len(party.split()) + 3):
        return True
    voice, body = source.split(), party.split()
    outlet = word_set(_SOURCES, "outlets").intersection(voice)
    own = [w for w in voice if w not in word_set(_SOURCES, "outlets")]
    theirs = [w for w in body if w not in word_set(_SOURCES, "bodies")]
    return bool(outlet) and own == theirs and len(own) > 0 and not any(_is_common(w) for w in own)


def _is_common(word: str) -> bool:
    """A word that many bodies of one country or one side bear: 'national', 'Syrian', 'northern'."""
    return word in word_set(_SOURCES, "common") or word.endswith(tuple(data(_SOURCES)["peoples_end_in"]))


def _head(post: str) -> str:
    words = re.split(r"\s+(?:of|for|at|in|from)\s+", post.strip())[0].split()
    return words[-1].strip("'’") if words else ""


def _is_personal(name: str) -> bool:
    words = [w for w in name.replace(".", " ").split() if w[:1].isalpha()]
    return len(words) >= 2 and all(
        w[:1].isupper() or w.casefold() in ("al", "el", "bin", "ibn", "de", "von") for w in words
    )


def _in_apposition(head: str, name: str, text: str) -> bool:
    own, person = re.escape(head), re.escape(name)
    return bool(
        re.search(rf"\b{own},? {person}\b", text)
        or re.search(rf"\b{person}, (?:the |its |their |a |an |who is )[^.;,]{{0,40}}\b{own}\b", text)
    )


@functools.cache
def _footage() -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{w})\b" for w in data("identity.json")["words"]["footage"]), re.IGNORECASE)


@functools.cache
def _released() -> str:
    verbs = "|".join(data(_SOURCES)["released"])
    return rf"\b(?:{verbs})\b[^.;]{{0,40}}?\bby "
