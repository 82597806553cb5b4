"""Triggers: the words of a sentence under which an act may stand, with the heads of its roles."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ._draft import Draft
from ._lexicon import Entry
from ._nouns import noun_roles
from ._parsed import Parsed, Phrase
from ._screen import void
from ._syntax import is_passive, is_verb
from ._unseen import unseen_roles
from ._verbs import verb_roles

_SCORE = re.compile(r"(?<![\d-])\d{1,2}-\d{1,2}(?![\d-])")
_CLAUSE_END = re.compile(r"[;:]|, (?:and|but|who|which)\b")
Fits = Callable[[Phrase, str], bool]


def triggers(parsed: Parsed, fits: Fits) -> list[Draft]:
    """Drafts for one sentence. `fits(phrase, object class)` says whether a phrase may fill a role of that class."""
    out = _labelled(parsed)
    if out:
        return out
    taken = -1
    for m in parsed.lexicon.trigger_re.finditer(parsed.lower):
        if m.start() < taken:
            continue
        found = _at(parsed, m, fits)
        if found:
            out += found
            taken = m.end()
    return out


_LABEL = re.compile(r"(?P<label>[A-Za-z][^:.!?]{2,60}): *(?:at least |up to |about |~)?(?P<n>\d[\d,.]*)[^a-z]*$")


def _labelled(parsed: Parsed) -> list[Draft]:
    """'Civilians reported killed: 12-15': a line of a table, its label and its number."""
    line = _LABEL.match(parsed.text)
    for m in parsed.lexicon.trigger_re.finditer(parsed.lower, 0, line.end("label")) if line else ():
        for entry in parsed.lexicon.triggers.get(re.sub(r"[ -]+", " ", m.group()), ()):
            counts = (
                entry.object == "people" and entry.frame in {"does", "deadcount", "of", "death"} and not entry.extra
            )
            number = parsed.tokens(*line.span("n")) if line and counts else []
            if number:
                token = _root(parsed.tokens(m.start(), m.end()))
                d = Draft(entry, entry.act, parsed, token, parsed.offset + m.start(), parsed.offset + m.end())
                people = parsed.phrase(number[0])
                people.end = parsed.offset + len(parsed.text)
                d.sufferers = [people]
                d.because("act", f"label of a number: {entry.pattern}")
                return [d]
    return []


def _at(parsed: Parsed, m: re.Match[str], fits: Fits) -> list[Draft]:
    entries = parsed.lexicon.triggers.get(re.sub(r"[ -]+", " ", m.group()))
    tokens = parsed.tokens(m.start(), m.end())
    if not entries or not tokens or parsed.actor_at(tokens[0]):
        return []
    if _figurative(parsed, m, tokens):
        return []
    head = _root(tokens)
    drafts: list[Draft] = []
    for entry in sorted(entries, key=_specific):
        if entry.extra and not _follows(parsed, head, entry):
            continue
        if not _tagged(entry, head, tokens) or not parsed.lexicon.accompanied(entry, parsed.lower):
            continue
        end = m.end()
        if entry.extra:
            spot = entry.following.search(parsed.lower, m.end())
            end = spot.end() if spot and spot.start() - m.end() < 3 else m.end()
        d = Draft(entry, entry.act, parsed, head, parsed.offset + m.start(), parsed.offset + end)
        if _roles(d, parsed, fits):
            d.because("act", f"{entry.pos}:{entry.pattern}")
            drafts.append(d)
            break
    return drafts


def _roles(d: Draft, parsed: Parsed, fits: Fits) -> bool:
    if d.entry.frame == "unseen":
        return unseen_roles(d, fits)
    return verb_roles(d, parsed, fits) if d.entry.pos == "v" else noun_roles(d, fits)


def _figurative(parsed: Parsed, m: re.Match[str], tokens: list[Any]) -> bool:
    """'general strike', 'heart attack', 'kill the bill', 'death penalty': words beside a trigger that void it."""
    if m.group() in parsed.lexicon.class_forms["sporting"] and _sport(parsed):
        return True
    return void(parsed.lexicon, m.group(), parsed.lower, m)


def _sport(parsed: Parsed) -> bool:
    """Two words of sport, or one and a score, and nobody armed: soldiers seize boys as they come from a match."""
    words = {t.lower_ for t in parsed.doc} & parsed.lexicon.class_forms["sport"]
    if len(words) + bool(_SCORE.search(parsed.text)) < 2:
        return False
    nouns = (parsed.lexicon.people.get(t.lower_) for t in parsed.doc if t.tag_[:2] == "NN")
    return not any(n is not None and n.kind in {"state_force", "armed_group", "unknown_armed"} for n in nouns)


def _specific(entry: Entry) -> tuple[bool, bool, bool, bool]:
    """Patterns with more words first, a bare 'at' last of them ('shot dead a man at his house'), then those that want
    evidence of their object."""
    return (
        not entry.extra,
        entry.extra == "at",
        entry.object in {"people", "target", "property", "thing"},
        entry.object != "child!",
    )


def _root(tokens: list[Any]) -> Any:
    inside = {t.i for t in tokens}
    roots = [t for t in tokens if t.head.i not in inside or t.head.i == t.i]
    return roots[-1] if roots else tokens[-1]


def _tagged(entry: Entry, head: Any, tokens: list[Any]) -> bool:
    if entry.frame == "unseen":
        return True
    if entry.pos == "v":
        return is_verb(head) and (head.dep_ not in {"compound"} or head.tag_ in {"VBD"})
    if entry.pos == "n":
        return (
            head.tag_[:2] == "NN"
            or (head.tag_ == "VBG" and not any(c.dep_ in {"dobj", "aux"} for c in head.children))
            or (entry.frame == "deadcount" and head.tag_ in {"JJ", "VBN", "VBD"})
            or (len(tokens) > 1 and head.tag_[:2] in {"VB", "JJ"})
        )
    return bool(head.tag_.startswith("JJ"))


def _follows(parsed: Parsed, head: Any, entry: Entry) -> bool:
    """Whether the words of a pattern follow its head in the same clause."""
    start = head.idx + len(head.text)
    stretch = parsed.lower[start : start + 90]
    cut = _CLAUSE_END.search(stretch)
    window = stretch[: cut.start()] if cut else stretch
    m = entry.following.search(window)
    if m is None:
        return is_passive(head) and any(c.dep_ == "nsubjpass" and c.lower_ == entry.extra for c in head.children)
    spot = parsed.tokens(start + m.start(), start + m.start() + 1)
    near = len(window[: m.start()].split()) <= 7
    if entry.extra == "at" and spot and spot[0].i - head.i > 1:  # 'was shot by a guard at his house'
        near = not is_passive(head) and not any(c.dep_ == "dobj" for c in head.children)
    return (
        near and bool(spot) and (spot[0].i - head.i <= 2 or any(a.i == head.i for a in (spot[0], *spot[0].ancestors)))
    )
