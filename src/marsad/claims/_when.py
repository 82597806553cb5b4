"""When: the date expression that belongs to a trigger's clause."""

from __future__ import annotations

import datetime
import re
from collections.abc import Set
from typing import Any

from marsad.model import When
from marsad.text import DateMention, find_numbers

from ._data import word_set
from ._draft import Draft
from ._syntax import is_verb
from ._tolls import dates_of_telling

_NOT_ACTS = word_set("not_acts")


def time_of(d: Draft, dates: list[DateMention], acts: Set[int]) -> When | None:
    """The time of a draft: the date nearest to it by the tree, in its own clause, then in a clause above it.

    `acts` are the tokens of the sentence's other acts. Of two dates about as near, the narrower that the other allows
    is taken ('two weeks earlier, on April 26').
    """
    p = d.parsed
    gap = _SPAN_AFTER.match(p.text)
    if gap is not None:
        ended = p.offset + p.lower.find(", ", d.token.idx)
        later = [x for x in dates if ended < x.start < p.sentence.end and x.earliest and x.earliest == x.latest]
        if ended > p.offset and d.token.idx > gap.end() and later:
            return _before(d, later[0], gap)
    d.days_before = _days_before(d, dates)
    found: list[tuple[int, DateMention]] = []
    for date in dates:
        if date.kind == "duration" or not (p.offset <= date.start < p.sentence.end) or dates_of_telling(d, date.start):
            continue
        tokens = p.tokens(date.start - p.offset, date.end - p.offset)
        cost = _distance(d, tokens, acts, date.earliest == date.latest) if tokens else None
        if date.rule == "since" and tokens and _in_relative_clause(d.token, tokens[0]):
            cost = None  # 'stands at 42 since January, including the 13 who died in the attack'
        if cost is not None:
            found.append((cost, date))
        elif tokens and date.latest and _told_by(d, tokens):
            d.told = date.latest[:10]
    if not found:
        return None
    if d.entry.frame == "body":
        # 'The bodies were found on Thursday': they were killed that day or before.
        _, day = min(found, key=lambda x: x[0])
        d.because("time", "found that day, killed by then")
        return When(None, day.latest and day.latest[:10], day.start, day.end, day.text)
    cost, best = min(found, key=lambda x: x[0])
    near = [x for c, x in found if c <= cost + 4 and _within(x, best)]
    best = min(near, key=_days) if near else best
    d.because("time", "date in the clause")
    return _stretch(best, [x for _, x in found], p.text, p.offset)


_SPAN_AFTER = re.compile(r"(?P<n>an?|\w+) (?P<unit>day|week|month|year)s? after ", re.IGNORECASE)
_DAYS = {"day": 1, "week": 7}


def _before(d: Draft, date: DateMention, gap: re.Match[str]) -> When | None:
    """'Three days after X, Y on Friday': X was three days before Friday."""
    numbers = find_numbers(gap.group("n"))
    count = 1 if gap.group("n").lower() in {"a", "an"} else numbers[0].min if numbers else None
    if count is None or gap.group("unit").lower() not in _DAYS:
        return None
    day = datetime.date.fromisoformat(str(date.earliest)[:10]) - datetime.timedelta(
        count * _DAYS[gap.group("unit").lower()]
    )
    at = d.parsed.offset
    d.because("time", "so long before the date given")
    return When(day.isoformat(), day.isoformat(), at + gap.start(), at + gap.end() - 1, gap.group().rstrip())


def _days_before(d: Draft, dates: list[DateMention]) -> tuple[int, int, int] | None:
    """'The attack came two days after a strike on …': the strike was so long before the attack."""
    p, after = d.parsed, d.token.head
    if is_verb(d.token):  # '… came a day after a bomb killed five'
        mark = next((c for c in d.token.children if c.dep_ == "mark" and c.lower_ == "after"), None)
        if mark is None or d.token.dep_ != "advcl":
            return None
        after, verb = mark, d.token.head
        spans = [c for c in (*verb.children, *d.token.children) if c.dep_ == "npadvmod" and c.i < mark.i]
    else:
        verb = after.head
        spans = [c for c in (*verb.children, *after.children) if c.dep_ == "npadvmod" and c.i < after.i]
        if d.token.dep_ != "pobj" or after.lower_ != "after":
            return None
    if verb.lower_ not in word_set("happens"):
        return None
    span = next(iter(spans), None)
    if span is None or span.lower_.rstrip("s") not in _DAYS:
        return None
    words = p.text[span.left_edge.idx : span.idx]
    numbers = find_numbers(words)
    count = numbers[0].min if numbers else 1 if words.strip().lower() in {"a", "an", "one"} else None
    if count is None:
        return None
    first, last = p.offset + span.left_edge.idx, p.offset + after.idx + len(after.text)
    return count * _DAYS[span.lower_.rstrip("s")], first, last


def _stretch(date: DateMention, others: list[DateMention], text: str, offset: int) -> When:
    """The date, or both where it is one of two: 'in December and January'."""
    beside = next((x for x in others if text[date.end - offset : x.start - offset] == " and "), None)
    if beside is None or not (date.earliest and beside.latest and date.earliest <= beside.latest):
        return date.as_when()
    words = text[date.start - offset : beside.end - offset]
    return When(date.earliest[:10], beside.latest[:10], date.start, beside.end, words)


def _within(x: DateMention, outer: DateMention) -> bool:
    if not (x.earliest and x.latest and outer.earliest and outer.latest):
        return False
    return x.earliest <= outer.latest and outer.earliest <= x.latest


def _days(x: DateMention) -> int:
    a, b = str(x.earliest)[:10], str(x.latest)[:10]
    return (datetime.date.fromisoformat(b) - datetime.date.fromisoformat(a)).days


def _told_by(d: Draft, tokens: list[Any]) -> bool:
    """Whether a date hangs on the verb that tells of the act."""
    above = {a.i for a in d.token.ancestors}
    return any(a.i in above and is_verb(a) and a.lower_ in _NOT_ACTS for a in tokens[0].ancestors)


def _distance(d: Draft, tokens: list[Any], acts: Set[int], day: bool) -> int | None:
    """Steps in the tree from trigger to date; None where a reporting verb or another act holds the date."""
    inside = {t.i for t in tokens}
    head = next((t for t in tokens if t.head.i not in inside or t.head.i == t.i), tokens[0])
    up = {d.token.i: 0}
    for n, a in enumerate(d.token.ancestors, 1):
        up[a.i] = n
    beside = d.entry.pos == "n" and tokens[0].i > d.token.i and d.token.dep_ in {"dobj", "nsubjpass"}
    node, steps, verbs = head, 0, 0
    while node.i not in up:
        if node.i in acts or node.head.i == node.i or steps > 12:
            return None
        if node.dep_ in {"relcl", "acl"} and is_verb(node) and node.lower_ not in word_set("happens"):
            # 'Shells struck people waiting at the jetty on Friday': a day after all that is struck is the striking's.
            if not (day and node.head.i > node.head.head.i and node.i > node.head.i and tokens[-1].i > node.i):
                return None
            verbs += 1
        node = node.head
        steps += 1
        if is_verb(node) and node.i not in up:
            if node.lower_ in _NOT_ACTS:
                return None
            verbs += 1
    beside = beside and d.token.head.i == node.i
    if is_verb(node) and node.i != d.token.i and node.lower_ in _NOT_ACTS and not beside:
        return None
    if node.i in acts and not joined_clause(d.token, node):
        return None
    if node.i not in acts and (_told_after(d.token, node) or _told_beside(d.token, node, head)):
        return None
    return steps + 2 * up[node.i] + 3 * verbs


def _in_relative_clause(token: Any, date: Any) -> bool:
    """Whether a relative clause holds an act and not the date."""
    clause = next((a for a in (token, *token.ancestors) if a.dep_ == "relcl"), None)
    return clause is not None and clause.i not in {a.i for a in date.ancestors}


def _told_after(token: Any, above: Any) -> bool:
    """'were rescued on Thursday after they were kidnapped': the act was before the day of the clause above."""
    node = token
    while node.i != above.i:
        if node.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ in {"after", "before"} for c in node.children):
            return True
        node = node.head
    return False


def _told_beside(token: Any, above: Any, date: Any) -> bool:
    """'They had escaped in May and several had died': the day stands after a clause that only goes before the act's."""
    node = token
    while node.i != above.i:
        apart = node.dep_ == "conj" and node.head.i == above.i and above.i < date.i < node.i
        if apart and is_verb(node) and any(c.dep_ in {"nsubj", "nsubjpass"} for c in node.children):
            return True
        node = node.head
    return False


def joined_clause(token: Any, above: Any) -> bool:
    """Whether no clause with a tense and subject of its own, told beside it, parts a trigger from one above it."""
    node = token
    while node.i != above.i:
        beside = node.dep_ == "advcl" and any(c.lower_ == "while" for c in node.children)
        beside = beside or node.dep_ in {"ccomp", "parataxis"}
        if beside and any(c.dep_ in {"nsubj", "nsubjpass"} for c in node.children):
            return False
        node = node.head
    return True
