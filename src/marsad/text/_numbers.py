"""How many: number expressions with their bounds. The reading of each form is a table in docs/reference/text.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.model import Count

from ._number_kinds import kind_of
from ._numerals import TENS, UNITS, Numeral, numeral
from ._tokens import Phrases, Tokens, word_list

_data = word_list("numbers")
_MODIFIERS = Phrases.grouped(_data["modifiers"])
_SOFT = frozenset(_data["modifiers_that_are_not_approximate"])
_BETWEEN = Phrases(dict.fromkeys(_data["between"], True))
_FILLERS = Phrases(dict.fromkeys(_data["fillers"], True))
_AFTER = Phrases.grouped(_data["after"])
_THEN = Phrases(dict.fromkeys(_data["then_up_to"], True))
_CHANGE = frozenset(_data["change_verbs"])
_GROUPS = frozenset(_data["groups"])
_PARENTS = frozenset(_data["parents"])
_NO_NOUN = frozenset(_data["no_noun"])
_STARTS = frozenset(
    [*UNITS, *TENS, *_MODIFIERS.by_first, *_BETWEEN.by_first, *_data["plural_scales"], "a", "an", "half", "scores"]
    + [p.split()[0] for p in [*_data["fixed"], *_data["vague"], *_data["vague_before_scale"]]]
)
_LONGEST_MODIFIERS = 3


@dataclass(frozen=True, slots=True)
class Number:
    """A number expression: [min, max] as the words give it, None where they give no bound on that side."""

    start: int
    end: int
    text: str
    min: int | None
    max: int | None
    kind: str = "count"
    """'count', 'percent', 'money', 'measure', 'age', 'date', 'time', 'ordinal', 'fraction', 'designation' (part of a
    name) or 'address'."""
    approximate: bool = False
    """True where the words say that the figure is not exact ('about', 'nearly', 'some')."""
    rule: str = "exact"
    """The reading that gave the bounds: 'exact', 'more_than', 'at_least', 'up_to', 'range', 'plural', …"""

    def as_count(self, cumulative: bool = False) -> Count:
        """The number as a claim's count."""
        return Count(self.min, self.max, self.text, self.start, self.end, cumulative)


def find_numbers(text: str, taken: Sequence[tuple[int, int, str]] | None = None) -> list[Number]:
    """Every number expression of `text`, in order, not overlapping; offsets in code points, `text[start:end] == .text`.

    `taken` are (start, end, kind) of dates and ages already found; where it is None they are looked for here. Take
    those of kind 'count' for how many; the other kinds say what a figure is that is not a count of people or things.
    """
    tokens = Tokens(text)
    if taken is None:
        taken = _taken(text)
    numbers: list[Number] = []
    i = 0
    while i < len(tokens):
        if tokens.word(i) not in _STARTS and not tokens.digits(i):
            i += 1
            continue
        found = _expression(tokens, i)
        if found is None:
            i += 1
            continue
        within = next((e for s, e, _ in taken if s <= tokens.starts[found.at] < e < tokens.ends[found.end - 1]), None)
        if within is not None:
            # 'since October 7 to 33,970': the day ends before what was taken for a range does.
            i = next(k for k in range(found.at, found.end) if tokens.ends[k] > within)
            continue
        numbers.append(_number(tokens, found, taken))
        i = found.end
    return numbers


@dataclass(slots=True)
class _Found:
    """An expression over tokens [start, end); the numeral itself begins at `at`."""

    start: int
    at: int
    end: int
    min: int | None
    max: int | None
    rule: str
    approximate: bool
    literal: str


def _taken(text: str) -> list[tuple[int, int, str]]:
    from ._ages import find_ages
    from ._dates import find_dates

    return [
        *((a.start, a.end, "age") for a in find_ages(text)),
        *((d.start, d.end, "measure" if d.kind == "duration" else "date") for d in find_dates(text)),
    ]


def _number(t: Tokens, found: _Found, taken: Sequence[tuple[int, int, str]]) -> Number:
    start, end = t.starts[found.at], t.ends[found.end - 1]
    kind = next((k for s, e, k in taken if s < end and start < e), None)
    if kind is None:
        kind = kind_of(t, found.at, found.end, found.literal, found.start != found.at)
    first = _with_group(t, found) if kind == "count" else found.start
    start, end, words = t.slice(first, found.end)
    return Number(start, end, words, found.min, found.max, kind, found.approximate, found.rule)


def _expression(t: Tokens, i: int) -> _Found | None:
    at, modifiers, approximate = _modifiers(t, i)
    if between := t.phrase(at, _BETWEEN):
        ranged = _between(t, i, at, between[0])
        if ranged:
            return ranged
        if at == i:
            return None
    if filler := t.phrase(at, _FILLERS):
        at = filler[0] if modifiers else at
    value = numeral(t, at)
    if value is None or _is_pronoun(t, at, value):
        return None
    rule = next((m for m in modifiers if m not in ("about", "exactly")), "about" if "about" in modifiers else "")
    start = i if modifiers else at
    if not rule or rule in ("about", "nearly"):
        ranged = _range(t, start, at, value, approximate)
        if ranged:
            return ranged
    return _bounded(t, start, at, value, rule, approximate)


def _modifiers(t: Tokens, i: int) -> tuple[int, list[str], bool]:
    at, modifiers, approximate = i, list[str](), False
    for _ in range(_LONGEST_MODIFIERS):
        hit = t.phrase(at, _MODIFIERS)
        if hit is None:
            break
        approximate = approximate or (hit[1] in ("about", "nearly") and t.word(at) not in _SOFT)
        modifiers.append(hit[1])
        at = hit[0]
    return at, modifiers, approximate


def _bounded(t: Tokens, start: int, at: int, value: Numeral, rule: str, approximate: bool) -> _Found:
    end = value.end
    low, high = value.floor, None if value.open else value.ceil
    bounds: tuple[int | None, int | None] = (low, high)
    after = t.phrase(end, _AFTER)
    if after and not (t.word(end) == "+" and not t.joined(end)) and not rule:
        end, rule = after
        approximate = approximate or rule == "about"
    if rule == "more_than":
        bounds = (low if value.open else low + 1, None)
    elif rule == "at_least":
        bounds = (low, None)
        then = t.phrase(end, _THEN)
        top = numeral(t, then[0]) if then else None
        if top and not top.open and top.value > value.value:
            return _Found(start, at, top.end, low, top.ceil, "range", approximate, value.literal)
    elif rule == "fewer_than":
        bounds = (None, (high if high is not None else low) - 1)
    elif rule == "up_to":
        bounds = (None, high)
    return _Found(
        start, at, end, *bounds, rule or ("exact" if not value.open else value.rule), approximate, value.literal
    )


def _between(t: Tokens, start: int, at: int, first: int) -> _Found | None:
    """'between 9 and 14', 'from nine to 14'. After a verb of change 'from 9 to 14' is two figures, not a range."""
    first, _, _ = _modifiers(t, first)
    low = numeral(t, first)
    if low is None or low.open:
        return None
    if t.word(at) == "from" and any(t.word(at - k) in _CHANGE for k in (1, 2, 3)):
        return None
    joint = low.end
    if t.word(joint) in ("and", "to", "or") or t.dash(joint):
        second, _, _ = _modifiers(t, joint + 1)
        high = numeral(t, second)
        if high and not high.open and _shared(low, high) < high.value:
            return _Found(start, first, high.end, int(_shared(low, high)), high.ceil, "range", False, low.literal)
    return None


def _range(t: Tokens, start: int, at: int, low: Numeral, approximate: bool) -> _Found | None:
    """'9 to 14', '30-40', 'two or three', '9 and up to 14'."""
    joint = low.end
    if low.open or (t.word(at - 1) == "from" and any(t.word(at - k) in _CHANGE for k in (2, 3, 4))):
        return None
    then = t.phrase(joint, _THEN)
    if then:
        high, rule = numeral(t, then[0]), "range"
    elif t.word(joint) in ("to", "or") or (t.dash(joint) and (t.digits(joint + 1) or t.word(joint + 1) in UNITS)):
        high, rule = numeral(t, joint + 1), "range"
    else:
        return None
    if high is None or high.open or _shared(low, high) >= high.value:
        return None
    return _Found(start, at, high.end, int(_shared(low, high)), high.ceil, rule, approximate, low.literal)


def _shared(low: Numeral, high: Numeral) -> float:
    """Value of the lower figure; in '2 to 3 million' the scale word stands for both."""
    if high.scale > 100 and low.scale == 1 and low.value < high.value / high.scale:
        return low.value * high.scale
    return low.value


def _is_pronoun(t: Tokens, at: int, value: Numeral) -> bool:
    """'one' that counts nothing: 'no one', 'one another', 'the one that'."""
    if t.word(at) != "one" or value.end != at + 1:
        return False
    return t.word(at - 1) in _data["one_not_after"] or t.word(at + 1) in _data["one_not_before"] or t.hyphen(at)


def _with_group(t: Tokens, found: _Found) -> int:
    """Start token with 'a family of' before a bare number of its members; a parent of five is no number of five."""
    group = t.word(found.start - 2)
    if t.word(found.start - 1) != "of" or group not in _GROUPS or t.word(found.end) not in _NO_NOUN:
        return found.start
    if group in _PARENTS:
        return found.start
    return found.start - 3 if t.word(found.start - 3) in ("a", "an", "the", "one") else found.start - 2
