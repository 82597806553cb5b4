"""What a figure is: a count of people or things, or money, a measure, a time, part of a name …"""

from __future__ import annotations

from ._tokens import Phrases, Tokens, word_list

_data = word_list("numbers")
_MONEY_BEFORE = frozenset(_data["currency_before"])
_MONEY_AFTER = frozenset(_data["currency_after"])
_QUALIFIERS = frozenset(_data["currency_qualifiers"])
_PERCENT = Phrases(dict.fromkeys(_data["percent"], True))
_MEASURES = frozenset(_data["units_of_measure"])
_TIMES = Phrases(dict.fromkeys(_data["time_after"], True))
_DESIGNATORS = frozenset(_data["designators"])
_DESIGNATORS_ANY = Phrases(dict.fromkeys(_data["designators_any_case"], True))
_STREETS = frozenset(_data["street_words"])
_FRACTIONS = frozenset(_data["fractions"])
_PREFIXES = frozenset(_data["hyphen_prefixes"])
_PARENTS = frozenset(_data["parents"])
_COUNTED = frozenset(word_list("dates")["year_not_before"])
_LONG = 8
_ORDINALS = frozenset({"st", "nd", "rd", "th"})


def kind_of(t: Tokens, at: int, end: int, literal: str, bounded: bool) -> str:
    """Kind of the figure whose numeral begins at token `at` and whose expression ends before token `end`.

    `bounded` is True where words such as 'more than' stand before it.
    """
    after = end + 1 if t.hyphen(end) else end
    if t.word(at - 1) in _MONEY_BEFORE or _money_after(t, after):
        return "money"
    if t.phrase(end, _PERCENT):
        return "percent"
    if literal and not bounded and _year(t, at, end, literal):
        return "date"
    if literal and (kind := _digits_kind(t, at, end, literal)):
        return kind
    if t.word(after) in _FRACTIONS or t.word(after) == "half":
        return "fraction"
    if t.word(after) in _MEASURES:
        return "measure"
    if t.phrase(end, _TIMES):
        return "time"
    if t.word(at - 1) == "of" and t.word(at - 2) in _PARENTS:
        return "designation"
    return "count"


def _year(t: Tokens, at: int, end: int, literal: str) -> bool:
    """'the 2017 law', 'the 1919 strike': four digits without a separator, and no word for people or things after it."""
    if len(literal) != 4 or end != at + 1 or literal[:2] not in ("19", "20"):
        return False
    return not t.joined(at) and not t.joined(end) and t.word(end) not in _COUNTED and t.word(end) != ""


def _money_after(t: Tokens, after: int) -> bool:
    return t.word(after) in _MONEY_AFTER or (t.word(after) in _QUALIFIERS and t.word(after + 1) in _MONEY_AFTER)


def _digits_kind(t: Tokens, at: int, end: int, literal: str) -> str | None:
    before, joined = t.word(at - 1), t.joined(at)
    if t.joined(end) and t.letters(end):
        return _suffixed(t.word(end))
    if joined and before == ":" and t.joined(at - 1) and t.digits(at - 2):
        return "time"
    if joined and (t.letters(at - 1) or before in "/:_@#.\\" or _hyphenated(t, at)):
        return "designation"
    if t.joined(end) and t.joined(end + 1) and t.digits(end + 1) and t.word(end) in ":/.-–":
        return "time" if t.word(end) == ":" else "designation"
    if len(literal) >= _LONG and at + 1 == end and literal.strip("0") != "":
        return "designation" if not literal.endswith("0000") else None
    if len(literal) > 1 and literal.startswith("0"):
        return "time" if t.phrase(end, _TIMES) else "designation"
    if before in _DESIGNATORS and t.capital(at - 1) and not joined:
        return "designation"
    if t.phrase_before(at, _DESIGNATORS_ANY):
        return "designation"
    if t.phrase(end, _TIMES):
        return "time"
    if _address(t, end):
        return "address"
    return None


def _suffixed(letters: str) -> str | None:
    if letters in _ORDINALS:
        return "ordinal"
    if letters == "s":
        return "designation"
    if letters in ("am", "pm", "hrs"):
        return "time"
    return "measure" if letters in _MEASURES else "designation"


def _hyphenated(t: Tokens, at: int) -> bool:
    """'AK-47', 'F-16': a hyphen ties the figure to letters that are no prefix of English."""
    return t.hyphen(at - 1) and (t.digits(at - 2) or (t.letters(at - 2) and t.word(at - 2) not in _PREFIXES))


def _address(t: Tokens, end: int) -> bool:
    """'6016 Dublin Road': up to three capitalised words and one for a street."""
    for k in range(4):
        if not t.capital(end + k):
            return False
        if k and t.word(end + k) in _STREETS:
            return True
    return False
