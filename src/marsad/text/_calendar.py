"""Days, weeks, months, seasons and feasts as intervals of days. Pure arithmetic; nothing here reads text."""

from __future__ import annotations

import calendar
import functools
from datetime import date, timedelta

Interval = tuple[date, date]
_DAY = timedelta(days=1)
_HIJRI_YEARS = range(1343, 1501)
"""The years that hijridate's Umm al-Qura tables hold (1924–2077 CE)."""


def month(year: int, number: int) -> Interval:
    """The month; numbers beyond 12 or below 1 run into the years around."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def year(number: int) -> Interval:
    """1 January to 31 December."""
    return date(number, 1, 1), date(number, 12, 31)


def week(of: date, offset: int = 0) -> Interval:
    """Monday to Sunday of the week that holds `of`, `offset` weeks on."""
    monday = of - timedelta(days=of.weekday()) + timedelta(weeks=offset)
    return monday, monday + 6 * _DAY


def weekend(before: date, offset: int = 0) -> Interval:
    """The latest Saturday and Sunday that had begun by `before`; -1 is the latest that was over, 1 the next to come."""
    saturday = before - timedelta(days=(before.weekday() - 5) % 7)
    if offset < 0 and before.weekday() >= 5:
        saturday -= 7 * _DAY
    if offset > 0:
        saturday += 7 * _DAY
    return saturday, saturday + _DAY


def weekday(number: int, reference: date, direction: int, strict: bool) -> date:
    """The nearest day of that weekday (Monday is 0) at or before (-1), or at or after (1), `reference`."""
    away = (reference.weekday() - number) % 7 if direction < 0 else (number - reference.weekday()) % 7
    if strict and away == 0:
        away = 7
    return reference + direction * timedelta(days=away)


def period(unit: str, of: date, offset: int) -> Interval:
    """The whole week, month, year or decade that holds `of`, `offset` units on."""
    if unit == "week":
        return week(of, offset)
    if unit == "month":
        return month(of.year, of.month + offset)
    if unit == "year":
        return year(of.year + offset)
    if unit == "decade":
        first = (of.year // 10 + offset) * 10
        return date(first, 1, 1), date(first + 9, 12, 31)
    day = of + offset * _DAY
    return day, day


def shifted(unit: str, by: Interval, amount: int) -> Interval:
    """The interval moved by `amount` units. Weeks keep three days of slack, months and years become whole ones, because
    nobody who writes 'two months later' means the day."""
    start, end = by
    if unit == "hour":
        days = amount // 24
        return start + days * _DAY, end + (days + (1 if amount % 24 and amount > 0 else 0)) * _DAY
    if unit in ("week", "fortnight"):
        move = amount * (7 if unit == "week" else 14) * _DAY
        return start + move - 3 * _DAY, end + move + 3 * _DAY
    if unit == "month":
        return month(start.year, start.month + amount)[0], month(end.year, end.month + amount)[1]
    if unit in ("year", "decade"):
        years = amount * (10 if unit == "decade" else 1)
        return year(start.year + years)[0], year(end.year + years)[1]
    return start + amount * _DAY, end + amount * _DAY


def back(unit: str, reference: date, amount: int) -> Interval:
    """From `amount` units before `reference` until it ('the past three weeks')."""
    if unit == "hour":
        return reference - ((amount + 23) // 24) * _DAY, reference
    if unit in ("month", "year", "decade"):
        months = amount * {"month": 1, "year": 12, "decade": 120}[unit]
        first, last = month(reference.year, reference.month - months)
        return first.replace(day=min(reference.day, last.day)), reference
    return reference - amount * {"day": 1, "week": 7, "fortnight": 14}[unit] * _DAY, reference


def part(of: Interval, name: str) -> Interval:
    """'early', 'mid' or 'late' of an interval: of a month days 1–10, 11–20, 21–end; of a year four months each; of any
    other a third each."""
    start, end = of
    length = (end - start).days + 1
    if 28 <= length <= 31 and start.day == 1:
        first, second = start + 9 * _DAY, start + 19 * _DAY
    elif length in (365, 366) and (start.month, start.day) == (1, 1):
        first, second = month(start.year, 4)[1], month(start.year, 8)[1]
    else:
        first, second = start + (length // 3 - 1) * _DAY, start + (2 * length // 3 - 1) * _DAY
    if length < 3:
        return of
    return {"early": (start, first), "mid": (first + _DAY, second), "late": (second + _DAY, end)}[name]


def season(year_: int, months: tuple[int, int]) -> Interval:
    """Northern meteorological season by its first and last month; winter runs into the next year."""
    return month(year_, months[0])[0], month(year_, months[1])[1]


@functools.lru_cache(maxsize=512)
def hijri(year_: int, number: int, day: int | None = None, days: int = 1) -> Interval | None:
    """The Gregorian days of an Islamic month, or of `days` days from `day` on, by the Umm al-Qura calendar.

    Local sightings of the moon differ by a day, so one day is added at each side. None outside the calendar's tables.
    """
    from hijridate import Hijri

    if year_ not in _HIJRI_YEARS or not 1 <= number <= 12:
        return None
    first = Hijri(year_, number, 1)
    if day is None:
        start, length = first.to_gregorian(), first.month_length()
    else:
        if not 1 <= day <= first.month_length():
            return None
        start, length = Hijri(year_, number, day).to_gregorian(), days
    opening = date(start.year, start.month, start.day)
    return opening - _DAY, opening + length * _DAY


def hijri_year(of: date) -> int | None:
    """The Islamic year that holds `of`; None outside the calendar's tables."""
    from hijridate import Gregorian

    if not date(1924, 8, 1) <= of <= date(2077, 11, 16):
        return None
    found: int = Gregorian(of.year, of.month, of.day).to_hijri().year
    return found


def easter(year_: int, orthodox: bool = False) -> date:
    """Easter Sunday, of the western churches or of the Orthodox ones."""
    from dateutil import easter as computus  # type: ignore[import-untyped]

    found: date = computus.easter(year_, computus.EASTER_ORTHODOX if orthodox else computus.EASTER_WESTERN)
    return found
