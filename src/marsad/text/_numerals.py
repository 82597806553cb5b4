"""One numeral at one place: digits with separators and scales, words, plural and vague words."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ._tokens import Phrases, Tokens, word_list

_data = word_list("numbers")
UNITS: dict[str, int] = _data["units"]
TENS: dict[str, int] = _data["tens"]
SCALES: dict[str, int] = _data["scales"]
_PLURALS: dict[str, int] = _data["plural_scales"]
_FIXED = Phrases(_data["fixed"])
_VAGUE = Phrases(_data["vague"])
_VAGUE_SCALE = Phrases(_data["vague_before_scale"])
_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Numeral:
    """Value of tokens [i, end). `open` ones ('dozens', 'several') are least values."""

    end: int
    value: float
    rule: str
    open: bool = False
    scale: int = 1
    literal: str = ""
    """The digits as written, where they were digits."""

    @property
    def floor(self) -> int:
        return math.floor(self.value)

    @property
    def ceil(self) -> int:
        return math.ceil(self.value)


def numeral(t: Tokens, i: int) -> Numeral | None:
    """The longest numeral that begins at token `i`, or None."""
    if t.digits(i):
        return _digits(t, i)
    word = t.word(i)
    if word in UNITS or word in TENS:
        return _words(t, i)
    return _special(t, i, word)


def _digits(t: Tokens, i: int) -> Numeral | None:
    literal, end = t.word(i), i + 1
    grouped = False
    while len(literal) <= _MOST_DIGITS and (step := _group(t, i, end, grouped)):
        literal += t.word(end + step - 1)
        end += step
        grouped = True
    if len(literal) > _MOST_DIGITS:
        return None
    value: float = int(literal)
    if t.word(end) == "." and t.joined(end) and t.joined(end + 1) and t.digits(end + 1) and len(t.word(end + 1)) <= 4:
        value = float(f"{value}.{int(t.word(end + 1)):0{len(t.word(end + 1))}d}")
        end += 2
    found = Numeral(end, value, "digits", literal=literal)
    return _scaled(t, found)


def _group(t: Tokens, i: int, end: int, grouped: bool) -> int:
    """How many tokens after `end` continue a number written in groups of digits: 2 (sign, digits), 1 (space), or 0."""
    if len(t.word(i)) > 3:
        return 0
    sign, digits = t.word(end), t.word(end + 1)
    if sign in ",.'’" and sign and t.joined(end) and t.joined(end + 1) and t.digits(end + 1):
        if t.word(i) == "0" or (grouped and t.word(end - 2) != sign):
            return 0
        if len(digits) == 3 or (sign == "," and len(digits) == 2 and _lakh(t, end)):
            return 2
        return 0
    if t.digits(end) and len(sign) == 3 and (t.unbroken(end) or (sign == "000" and not t.joined(end))):
        return 1
    return 0


def _lakh(t: Tokens, end: int) -> bool:
    """Indian grouping (1,50,000): groups of two digits before a last one of three."""
    at = end
    while t.word(at) == "," and t.joined(at) and t.joined(at + 1) and len(t.word(at + 1)) == 2 and t.digits(at + 1):
        at += 2
    return t.word(at) == "," and t.joined(at) and t.joined(at + 1) and t.digits(at + 1) and len(t.word(at + 1)) == 3


def _scaled(t: Tokens, found: Numeral) -> Numeral:
    """`found` times the scale words that follow it ('1.5 million', '40-million', '3 dozen')."""
    at = found.end + 1 if t.hyphen(found.end) else found.end
    word = t.word(at)
    if word not in SCALES or (len(word) < 3 and not t.joined(at)):
        return found
    scaled = replace(found, end=at + 1, value=round(found.value * SCALES[word], 6), scale=SCALES[word])
    return _scaled(t, scaled) if word == "hundred" and t.word(at + 1) == "thousand" else scaled


def _words(t: Tokens, i: int) -> Numeral | None:
    """Number words from token `i` ('two hundred and six thousand', 'twenty-six', 'two and a half million')."""
    total, current, at, scale, ceiling = 0, 0, i, 1, math.inf
    after_scale = False
    while True:
        start = at
        if at > i:
            at += t.hyphen(at) or (t.word(at) == "and" and after_scale)
        word = t.word(at)
        if (word in UNITS and _takes_unit(current, UNITS[word], at == i)) or (word in TENS and current % 100 == 0):
            value = UNITS.get(word, TENS.get(word, 0))
            if at > i and value == 0:
                break
            current += value
            at += 1
            after_scale = False
        elif word == "hundred" and 0 < current < 100:
            current *= 100
            scale, after_scale = 100, True
            at += 1
        elif word in SCALES and len(word) > 2 and current and SCALES[word] < ceiling and word != "hundred":
            total += current * SCALES[word]
            scale = ceiling = SCALES[word]
            current, after_scale = 0, True
            at += 1
            if word == "dozen":
                break
        else:
            at = start
            break
    if at == i:
        return None
    found = Numeral(at, total + current, "words", scale=scale)
    if t.word(at) == "and" and t.word(at + 1) == "a" and t.word(at + 2) == "half":
        return _scaled(t, Numeral(at + 3, found.value + 0.5, "words"))
    return found


def _takes_unit(current: int, unit: int, first: bool) -> bool:
    rest = current % 100
    return (
        first
        or (rest == 0 and current > 0)
        or (rest == 0 and unit > 0)
        or (rest >= 20 and rest % 10 == 0 and unit < 10)
    )


def _special(t: Tokens, i: int, word: str) -> Numeral | None:
    if word in ("a", "an", "half"):
        found = _article(t, i)
        if found:
            return found
    if (hit := t.phrase(i, _VAGUE_SCALE)) and (scale := SCALES.get(t.word(hit[0]), 0)) and len(t.word(hit[0])) > 2:
        end, product = hit[0] + 1, scale
        if scale == 100 and t.word(end) == "thousand":
            end, product = end + 1, 100_000
        return Numeral(end, hit[1] * product, "vague_scale", open=True, scale=product)
    if fixed := t.phrase(i, _FIXED):
        return Numeral(fixed[0], fixed[1], "fixed")
    if word in _PLURALS:
        return _plural(t, i, word)
    if word == "scores" and t.word(i + 1) in _data["scores_followed_by"]:
        return Numeral(i + 1, _data["scores"], "scores", open=True)
    if vague := t.phrase(i, _VAGUE):
        if word == "many" and (t.word(i - 1) in _data["many_not_after"] or t.word(i + 1) in _data["many_not_before"]):
            return None
        return Numeral(vague[0], vague[1], "vague", open=True)
    return None


def _article(t: Tokens, i: int) -> Numeral | None:
    """'a hundred', 'a dozen', 'half a million', 'a million and a half', 'a hundred and twenty'."""
    half = t.word(i) == "half"
    at = i + 2 if half and t.word(i + 1) in ("a", "an") else i + 1
    scale = SCALES.get(t.word(at), 0)
    if not scale or len(t.word(at)) < 3:
        return None
    value = scale / 2 if half else scale
    rest = numeral(t, at + 2) if t.word(at + 1) == "and" and scale > 12 and not half else None
    if rest and rest.rule == "words" and rest.value < scale:
        return Numeral(rest.end, value + rest.value, "words", scale=scale)
    if t.word(at + 1) == "thousand" and scale == 100:
        return Numeral(at + 2, value * 1000, "words", scale=1000)
    return Numeral(at + 1, value, "words", scale=scale)


def _plural(t: Tokens, i: int, word: str) -> Numeral | None:
    """'dozens', 'hundreds of thousands', 'tens of millions': at least two of the first, times the second."""
    value, end = _data["plural_least"] * _PLURALS[word], i + 1
    if t.word(end) == "of" and t.word(end + 1) in _PLURALS and _PLURALS[t.word(end + 1)] > _PLURALS[word]:
        value, end = value * _PLURALS[t.word(end + 1)], end + 2
    elif word == "tens":
        return None
    return Numeral(end, value, "plural", open=True)
