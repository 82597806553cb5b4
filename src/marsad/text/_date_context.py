"""What the date rules share: the text's tokens, the day of publication, the last date mentioned, the word lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from . import _calendar as cal
from ._tokens import Phrases, Tokens, word_list

data = word_list("dates")
FIRST_YEAR, LAST_YEAR = 1500, 2199


@dataclass(frozen=True, slots=True)
class Found:
    """A date over tokens up to `end`; interval None where it cannot be resolved."""

    end: int
    interval: cal.Interval | None
    kind: str
    rule: str
    redo: tuple[int, int, int] | None = None
    """(month, first day, last day; days 0 for a whole month) where the year was inferred."""
    since: bool = False
    """True where the end is open until publication."""
    start: int | None = None
    """First token, where the rule reached back before the one that it was asked at."""


@dataclass(slots=True)
class Context:
    """One text while it is read from left to right."""

    t: Tokens
    published: date | None
    anchor: cal.Interval | None = None
    year: int | None = None
    """The year of the last date mentioned, however long it was."""
    cased: bool = True

    def future(self, i: int) -> bool:
        """True where a word of the same sentence, at most ten tokens before `i`, speaks of what is to come."""
        for k in range(i - 1, max(-1, i - 11), -1):
            word = self.t.word(k)
            if word in (".", "!", "?", ";"):
                return False
            if word in _FUTURE:
                return True
        return False

    def nearest_month(self, number: int, i: int, direction: int = 0) -> int | None:
        """The year of the nearest such month before publication (direction -1) or after it (1); 0 asks the tense."""
        if self.published is None:
            return None
        ahead = direction > 0 or (direction == 0 and self.future(i))
        this = self.published.month
        if ahead:
            return self.published.year + (number < this)
        return self.published.year - (number > this)


def year_value(t: Tokens, i: int) -> int | None:
    """The four-digit year at token `i`, no part of a longer number."""
    if not t.digits(i) or len(t.word(i)) != 4 or (t.joined(i) and (t.letters(i - 1) or t.word(i - 1) in "$£€#.,:")):
        return None
    if t.joined(i + 1) and (t.letters(i + 1) or (t.word(i + 1) in ",.:" and t.joined(i + 2) and t.digits(i + 2))):
        return None
    value = int(t.word(i))
    return value if FIRST_YEAR <= value <= LAST_YEAR else None


def day_value(t: Tokens, i: int) -> tuple[int, int] | None:
    """(end, day of the month) at token `i`: '5', '05', '5th'; no part of a longer number, time or decimal."""
    if not t.digits(i) or len(t.word(i)) > 2 or not 1 <= int(t.word(i)) <= 31:
        return None
    if t.joined(i) and (t.letters(i - 1) or (t.word(i - 1) in "$£€:.,#/" and t.word(i - 1))):
        return None
    if t.joined(i + 1) and t.word(i + 1) in ("st", "nd", "rd", "th"):
        return i + 2, int(t.word(i))
    if t.joined(i + 1) and (t.letters(i + 1) or (t.word(i + 1) in ":.,/%" and t.joined(i + 2) and t.digits(i + 2))):
        return None
    return i + 1, int(t.word(i))


def whole_day(year: int, month: int, first: int, last: int = 0) -> cal.Interval | None:
    """The days first–last of a month as an interval; None where there are no such days."""
    try:
        return date(year, month, first), date(year, month, last or first)
    except ValueError:
        return None


_FUTURE = frozenset(data["future"])
MONTHS: dict[str, int] = data["months"]
SHORT_MONTHS: dict[str, int] = data["month_abbreviations"]
WEEKDAYS: dict[str, int] = data["weekdays"]
SHORT_WEEKDAYS: dict[str, int] = data["weekday_abbreviations"]
PARTS = Phrases.grouped(data["parts"])
LAST = Phrases(dict.fromkeys(data["last"], True))
THIS = Phrases(dict.fromkeys(data["this"], True))
NEXT = Phrases(dict.fromkeys(data["next"], True))
