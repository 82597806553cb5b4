"""Totals: 'raised the number of people killed to 11', 'put the toll at nine', 'stands at 42', and whose total it is.

The total of the occurrence itself is its number; a total over a period ('since January'), or one to which the
occurrence only adds ('bringing the toll to 40'), is a running total.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from typing import Any

from marsad.model import Count

from ._coref import References
from ._data import word_set
from ._draft import Draft
from ._numbers import Numbers
from ._parsed import Parsed, Phrase
from ._people import actor_of
from ._syntax import is_verb

_TOTALS = word_set("total_nouns")
_ADDS = word_set("total_verbs")
_BEFORE_COUNT = re.compile(
    r"(?:\b(?:to|at|as|is|was|were|are|of|reached|reaches|reaching|exceeds|exceeded|passed|topped|hit)|:)"
    r"(?: (?:at least|more than|over|about|around|nearly|almost|some|as many as|up to|now|the))*\s*$"
)
_PERIOD = re.compile(
    r"\b(?:since|so far|to date|overall|this (?:year|month|week|season|winter|summer|autumn|spring)"
    r"|(?:in|over|during|within) the (?:past|last|war|conflict|course|year)|every (?:year|month|week))\b"
)
_LOST_COUNT = re.compile(r"\b(?:stopped|gave up|lost) (?:counting|count)\b")
_SAME = re.compile(r"\b(?:in|over|during) the same (?:period|time)\b")
_SUM = re.compile(r"(?:since|the (?:last|past)|(?:last|past) [\w-]+ (?:weeks|months|years))\b")
_ALL_ALONG = re.compile(
    r"\bsince \w|\bso far\b|\bthis year\b"
    r"|\b(?:in|during|over|throughout) (?:the|its|this|a) (?:[\w-]+ )*(?:war|conflict|uprising|insurgency|unrest)\b"
)
_HARM = frozenset(
    {"killing", "injury", "abduction", "detention", "enforced_disappearance", "recruitment_and_use", "torture"}
)
_NAMED_STRETCH = re.compile(r"(?:[A-Z][a-z]+(?: (?:19|20)\d\d)?|(?:19|20)\d\d)")
_MONTH = 27
"""Days from the first to the last of the shortest month."""
_LISTED = re.compile(r"[;:]")


def governing_total(d: Draft) -> None:
    """Set the total that a trigger stands under ('the number of people killed'), and the people that it counts."""
    if d.entry.frame == "toll":
        d.total = d.token
        return
    node = d.token
    for _ in range(7):
        if node.dep_ == "pobj" and node.head.lower_ == "of" and node.head.head.lower_ in _TOTALS:
            d.total = node.head.head
            people = d.parsed.phrase(node)
            if people.personal or people.noun is not None:
                d.sufferers = [people]
            return
        if node.head.i == node.i:
            return
        node = node.head


def set_total(d: Draft, numbers: Numbers) -> None:
    """Give the people of a total its number, and say whether it is a running one."""
    if d.entry.frame == "body" and _LOST_COUNT.search(d.parsed.lower):
        d.victims = [replace(v, count=v.count and replace(v.count, max=None)) for v in d.victims]
    if d.act in _HARM and _superseded(d):
        d.victims = [replace(v, count=v.count and replace(v.count, withdrawn=True)) for v in d.victims]
        d.because("victims", "the figure that its source gave at first")
    if _over_several(d):
        d.victims = [replace(v, count=v.count and replace(v.count, cumulative=True)) for v in d.victims]
        d.because("victims", "of several occurrences together")
    if d.total is None:
        return
    p, total = d.parsed, d.total
    count = _count(p, total, numbers)
    running = _period(p, total) or _adds(p, total)
    if count is not None:
        count = replace(count, cumulative=running)
    for i, v in enumerate(d.victims):
        if v.part_of is not None:
            continue
        if d.entry.frame == "toll" or (count is not None and (v.count is None or v.count.start != count.start)):
            own = count or v.count
            d.victims[i] = replace(v, count=own and replace(own, cumulative=running))
        break


def _over_several(d: Draft) -> bool:
    """'Ten dead in two air raids', 'killed 11 people in separate attacks': a sum of several occurrences."""
    events = d.parsed.lexicon.class_forms["event"]
    several = word_set("number_words") | word_set("several")
    holders = [d.token, *(t for p in d.sufferers for t in (p.head, p.core))]
    held = (o for h in holders for c in h.children if c.lower_ in {"in", "by", "during"} for o in c.children)
    return d.act in {"killing", "injury"} and any(
        o.tag_ == "NNS" and o.lower_ in events and any(t.lower_ in several for t in o.lefts) for o in held
    )


def _superseded(d: Draft) -> bool:
    """'It had first reported 23 deaths': the figure that its source gave before the one that it gives now."""
    above = (d.token, *d.token.ancestors)
    telling = (v for v in above if v.lower_ in d.parsed.lexicon.cues and is_verb(v))
    return any(c.dep_ == "advmod" and c.lower_ in word_set("at_first") for v in telling for c in v.children)


def over_a_period(d: Draft) -> bool:
    """Whether a draft is a total over a period ('killed dozens in the last month'), and so about no one occurrence."""
    if d.total is not None:
        return _period(d.parsed, d.total)
    if d.act in {"killing", "injury"} and _SAME.search(d.parsed.lower):
        return True
    if d.act not in _HARM or not any(v.count and v.count.min and v.count.min > 1 for v in d.victims):
        return False
    if d.time is not None and _SUM.match(d.time.text.lower()):
        return True
    if d.act in {"killing", "injury"} and _whole_month(d) and _everywhere(d):
        return True
    aux = {c.lower_ for c in d.token.children if c.dep_ == "aux"}
    perfect = bool(aux & {"has", "have", "'ve"}) or ("had" in aux and d.act in {"killing", "injury"})
    return perfect and _ALL_ALONG.search(_clause(d.parsed, d.token)) is not None


def _whole_month(d: Draft) -> bool:
    """Whether the words name a whole month or year: 'in October'."""
    if d.time is None or not (d.time.earliest and d.time.latest) or not _NAMED_STRETCH.fullmatch(d.time.text):
        return False
    first, last = (datetime.date.fromisoformat(x[:10]) for x in (d.time.earliest, d.time.latest))
    return (last - first).days >= _MONTH


def _everywhere(d: Draft) -> bool:
    """Whether a whole country or division is named as where, and no town: 'across Iraq'."""
    own = [p for p in d.places if d.parsed.sentence.start <= p.start < d.parsed.sentence.end]
    return bool(own) and all(p.precision in {"country", "first_order_division"} and not p.facility for p in own)


def dates_of_telling(d: Draft, start: int) -> bool:
    """Whether a date at `start` says when a total was given, not when the people were harmed."""
    if d.total is None:
        return False
    at = d.parsed.offset
    inside = {t.i for t in d.total.subtree}
    return not any(at + t.idx <= start < at + t.idx + len(t.text) for t in d.parsed.doc if t.i in inside)


def list_parts(d: Draft, refs: References, numbers: Numbers, text: str) -> None:
    """'Three people were killed: two nurses, both mothers, and a woman of 34': those listed are parts of the three."""
    p = d.parsed
    whole = next((i for i, v in enumerate(d.victims) if v.part_of is None), None)
    count = d.victims[whole].count if whole is not None else None
    if count is None or count.min is None or whole is None or any(v.part_of == whole for v in d.victims):
        return
    mark = _LISTED.search(p.lower, max(d.end, count.end) - p.offset)
    if mark is None or p.lower[max(d.end, count.end) - p.offset : mark.start()].count(" ") > 8:
        return
    found: list[tuple[Phrase, Count]] = []
    for token in p.doc:
        if token.idx < mark.end() or is_verb(token):
            if token.idx >= mark.end() and is_verb(token) and token.dep_ not in {"relcl", "acl", "aux"}:
                break
            continue
        phrase = p.phrase(token) if token.tag_ in {"NN", "NNS"} and token.dep_ not in {"compound", "nmod"} else None
        if phrase is None or phrase.noun is None or phrase.head.i != token.i:
            continue
        number = numbers.count_in(phrase.start, phrase.end) or _one(p, token)
        if number is not None:
            found.append((phrase, number))
    if not found or sum(n.min or 0 for _, n in found) > count.min:
        return
    d.victims = [v for v in d.victims if v.part_of is not None or v.start < mark.start() + p.offset]
    for phrase, number in found:
        part = actor_of(p, phrase, refs, numbers, text, victim=True)
        d.victims.append(replace(part, count=part.count or number, part_of=whole))
    d.because("victims", "listed after a colon")


def _one(p: Parsed, token: Any) -> Count | None:
    det = next((c for c in token.lefts if c.dep_ == "det" and c.lower_ in {"a", "an", "one"}), None)
    return Count(1, 1, det.text, *p.at(det)) if det is not None else None


def _count(p: Parsed, total: Any, numbers: Numbers) -> Count | None:
    """The count that the words after the total, or 'to 40' straight before it, give."""
    at = p.offset
    end = total.idx + len(total.text)
    before = [c for c in numbers.counts if c.end - at <= total.idx and total.idx - (c.end - at) <= 6]
    for c in before:
        if re.search(r"\bto $", p.lower[: c.start - at]):
            return c
    after = (c for c in numbers.counts if c.start - at >= end)
    return next((c for c in after if _BEFORE_COUNT.search(p.lower[end : c.start - at])), None)


def _clause(p: Parsed, total: Any) -> str:
    verb = total.head if is_verb(total.head) else total
    words = {t.i for t in (*verb.subtree, *total.subtree)}
    return " ".join(t.lower_ for t in p.doc if t.i in words)


def _period(p: Parsed, total: Any) -> bool:
    return _PERIOD.search(_clause(p, total)) is not None


def _adds(p: Parsed, total: Any) -> bool:
    """'bringing the toll to 40', where the words name no occurrence of which it is the total."""
    verb = total.head
    if not is_verb(verb) or verb.lower_ not in _ADDS:
        return False
    events = p.lexicon.class_forms["event"]
    return not any(
        t.lower_ in events and any(c.dep_ == "det" and c.lower_ in {"the", "this", "that"} for c in t.children)
        for t in total.subtree
        if t.i != total.i
    )
