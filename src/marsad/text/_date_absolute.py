"""Dates that stand on a calendar: numeric forms, days and months, months, years, decades, seasons, quarters."""

from __future__ import annotations

from datetime import date

from . import _calendar as cal
from ._date_context import (
    LAST,
    MONTHS,
    NEXT,
    SHORT_MONTHS,
    THIS,
    Context,
    Found,
    data,
    day_value,
    whole_day,
    year_value,
)
from ._tokens import Phrases, Tokens

_YEARS_NAMED = Phrases(data["years_after_month"])
_WORDS = frozenset(data["months_that_are_words"])
_MONTH_LEADS = frozenset(data["month_leads"])
_YEAR_LEADS = frozenset(data["year_leads"])
_NOT_YEAR = frozenset(data["year_not_before"])
_HALVES = Phrases(data["halves"])
_QUARTERS = Phrases(data["quarters"])
_SEASONS: dict[str, list[int]] = data["seasons"]


def numeric(ctx: Context, i: int) -> Found | None:
    """2015-05-21, 2015/05/21, 21/05/2015, 21.05.2015, 5/21/15. A date that reads both ways (05/06/2015) is taken as
    the reading that is nearer before publication; without publication its bounds are the two readings."""
    t = ctx.t
    if not t.digits(i) or (t.joined(i) and (t.letters(i - 1) or t.word(i - 1) in "/.-:")):
        return None
    sign = t.word(i + 1)
    if sign not in ("-", "/", ".") or t.word(i + 3) != sign or not all(t.joined(i + k) for k in (1, 2, 3, 4)):
        return None
    parts = [t.word(i), t.word(i + 2), t.word(i + 4)]
    if not all(p[:1].isdecimal() for p in parts) or (t.joined(i + 5) and t.word(i + 5) in ("/", "-")):
        return None
    first, second, third = (int(p) if len(p) <= 4 else 0 for p in parts)
    lengths = tuple(map(len, parts))
    if lengths[0] == 4 and max(lengths[1:]) <= 2:
        interval = whole_day(first, second, third) if first and second and third else None
        return Found(i + 5, interval, "absolute", "iso") if interval else None
    if max(lengths[:2]) > 2 or not (lengths[2] == 4 or (lengths[2] == 2 and sign == "/")):
        return None
    year = third if lengths[2] == 4 else _century(ctx, third)
    readings = [r for r in (whole_day(year, second, first), whole_day(year, first, second)) if r]
    if not readings or not year:
        return None
    if len(readings) == 2 and readings[0] != readings[1]:
        return Found(i + 5, _choose(ctx, readings), "absolute", "numeric_ambiguous")
    return Found(i + 5, readings[0], "absolute", "numeric")


def _choose(ctx: Context, readings: list[cal.Interval]) -> cal.Interval:
    if ctx.published is None:
        days = sorted(r[0] for r in readings)
        return days[0], days[1]
    before = [r for r in readings if r[0] <= ctx.published]
    return max(before) if before else min(readings)


def _century(ctx: Context, year: int) -> int:
    pivot = (ctx.published or date(2030, 1, 1)).year % 100 + 1
    century = (ctx.published or date(2030, 1, 1)).year // 100 * 100
    return century + year if year <= pivot else century - 100 + year


def day_month(ctx: Context, i: int) -> Found | None:
    """'21 May 2015', '21st of May', '5-7 May', '5 and 6 May', '12 JAN 90'."""
    first = day_value(ctx.t, i)
    if first is None:
        return None
    t, (end, low) = ctx.t, first
    high = low
    joint = end
    if t.dash(joint) or t.word(joint) in ("and", "to", "or", ","):
        second = day_value(t, joint + 1)
        if second and second[1] > low:
            end, high = second
            if t.word(end) in ("and", "or") and (third := day_value(t, end + 1)) and third[1] > high:
                end, high = third
    end += t.word(end) == "of"
    if t.dash(end) and t.joined(end) and t.letters(end + 1):
        end += 1
    month = _month(ctx, end, sure=True)
    if month is None:
        return None
    return _dated(ctx, i, month[0], month[1], low, high, day_first=True)


def month_day(ctx: Context, i: int) -> Found | None:
    """'May 21, 2015', 'May 5-7', 'May 5 and 6', 'May 2015', 'May'."""
    t = ctx.t
    month = _month(ctx, i, sure=True)
    if month is None:
        return None
    end, number = month
    at = end + 1 if t.word(end) == "the" and day_value(t, end + 1) else end
    day = day_value(t, at)
    plain = t.word(day[0]) in _NOT_YEAR and t.word(i - 1) != "on" if day else False  # 'on May 14 killed ten' has a day
    if day and not (plain or (t.word(day[0]) == "," and t.joined(day[0] + 1))):
        end, low = day
        high = low
        if t.dash(end) or t.word(end) in ("and", "to", "or", ",", "through"):
            second = day_value(t, end + 1)
            followed = second and (t.word(second[0]) in _NOT_YEAR or _month(ctx, second[0], sure=True))
            if second and second[1] > low and not followed and (t.word(end) != "," or t.word(second[0]) == "and"):
                end, high = second
                if t.word(end) == "and" and (third := day_value(t, end + 1)) and third[1] > high:
                    end, high = third
        return _dated(ctx, i, end, number, low, high)
    year_at = end + 1 if t.word(end) in (",", "of") else end
    year = year_value(t, year_at)
    if year and t.word(year_at + 1) not in _NOT_YEAR:
        return Found(year_at + 1, cal.month(year, number), "absolute", "month")
    if named := _named_year(ctx, end):
        return Found(named[0], cal.month(named[1], number) if named[1] else None, "relative", "month")
    if _month(ctx, i, sure=False) is None:
        return None
    inferred = ctx.nearest_month(number, i)
    interval = cal.month(inferred, number) if inferred else None
    return Found(end, interval, "relative", "month", redo=(number, 0, 0))


def _dated(ctx: Context, i: int, end: int, month: int, low: int, high: int, day_first: bool = False) -> Found | None:
    """Days low–high of the month before token `end`, with the year that follows or the nearest one."""
    t = ctx.t
    at = end + 1 if t.word(end) == "," else end
    year = year_value(t, at)
    if year is None and day_first and at == end and t.digits(at) and len(t.word(at)) == 2 and not t.letters(at + 1):
        year = _century(ctx, int(t.word(at))) if not t.joined(at) and t.word(at + 1) not in ("%", ":") else None
    rule = "day" if low == high else "days"
    if year and ((day_first and at == end) or t.word(at + 1) not in _NOT_YEAR):
        interval = whole_day(year, month, low, high)
        return Found(at + 1, interval, "absolute", rule) if interval else None
    if whole_day(2024, month, low, high) is None:
        return None
    if named := _named_year(ctx, end):
        interval = whole_day(named[1], month, low, high) if named[1] else None
        return Found(named[0], interval, "relative", rule)
    inferred = ctx.nearest_month(month, i)
    interval = whole_day(inferred, month, low, high) if inferred else None
    if interval and ctx.published and interval[0] > ctx.published and not ctx.future(i):
        interval = whole_day(interval[0].year - 1, month, low, high)
    return Found(end, interval, "relative", rule, redo=(month, low, high))


def _named_year(ctx: Context, at: int) -> tuple[int, int | None] | None:
    """(end, year) of 'last year', 'of that year' after a month; the year None where nothing fixes it."""
    hit = ctx.t.phrase(at + (ctx.t.word(at) in ("of", ",")), _YEARS_NAMED)
    if hit is None:
        return None
    offset, anchored = hit[1]
    base = ctx.year if anchored else ctx.published.year if ctx.published else None
    return hit[0], base + offset if base is not None else None


def _month(ctx: Context, i: int, sure: bool) -> tuple[int, int] | None:
    """(end, number) of the month named at token `i`. Names that are also words need a reason, unless `sure`."""
    t, word = ctx.t, ctx.t.word(i)
    number = MONTHS.get(word) or SHORT_MONTHS.get(word)
    if number is None or (t.joined(i + 1) and t.word(i + 1) in ("'", "’") and word in _WORDS and not sure):
        return None
    end = i + 1
    if word in SHORT_MONTHS:
        if ctx.cased and not t.capital(i):
            return None
        end += t.word(end) == "." and t.joined(end)
    if sure:
        return end, number
    if ctx.cased and not t.capital(i):
        return None
    if word in _WORDS or word in SHORT_MONTHS:
        lead = t.word(i - 2) if t.dash(i - 1) else t.word(i - 1)
        if lead not in _MONTH_LEADS or (not ctx.cased and word in ("may", "march") and lead not in ("in", "since")):
            return None
        if t.capital(end) and t.letters(end) and word in ("april", "june", "august", "jan") and ctx.cased:
            return None
    return end, number


def bare_year(ctx: Context, i: int) -> Found | None:
    """'2014' after a word that years follow or in parentheses; '2012-14', '2012 to 2014', '2013/14'."""
    t = ctx.t
    first = year_value(t, i)
    if first is None:
        return None
    end = i + 1
    if (t.dash(end) or t.word(end) in ("/", "to")) and t.digits(end + 1):
        second = year_value(t, end + 1)
        if second is None and len(t.word(end + 1)) == 2 and t.joined(end + 1) and not t.joined(end + 2):
            second = first // 100 * 100 + int(t.word(end + 1))
        if second and 0 < second - first < 100 and t.word(end + 2) not in _NOT_YEAR:
            return Found(end + 2, (cal.year(first)[0], cal.year(second)[1]), "absolute", "years")
    led = t.word(i - 1) in _YEAR_LEADS or (t.word(i - 1) == "-" and t.word(i - 2) in ("mid", "early", "late"))
    closed = t.word(i - 1) == "(" and t.word(end) in (")", ",", ";", ":")
    if not (led or closed) or t.word(end) in _NOT_YEAR or not 1700 <= first <= 2100:
        return None
    if t.dash(end) and t.joined(end) and t.joined(end + 1):
        return None
    return Found(end, cal.year(first), "absolute", "year")


def decade(ctx: Context, i: int) -> Found | None:
    """'the 1990s', '1980s'."""
    t = ctx.t
    if not (t.digits(i) and len(t.word(i)) == 4 and t.word(i)[3] == "0" and t.joined(i + 1)):
        return None
    end = i + 2 if t.word(i + 1) == "s" else i + 3 if t.word(i + 1) in ("'", "’") and t.word(i + 2) == "s" else 0
    first = int(t.word(i))
    if not end or not 1500 <= first <= 2190:
        return None
    return Found(end, (date(first, 1, 1), date(first + 9, 12, 31)), "absolute", "decade")


def season(ctx: Context, i: int) -> Found | None:
    """'summer 2013', 'the summer of 2013', 'last winter', 'this spring'."""
    t = ctx.t
    lead = t.phrase(i, LAST) or t.phrase(i, NEXT) or t.phrase(i, THIS)
    at = lead[0] if lead else i + (t.word(i) == "the")
    months = _SEASONS.get(t.word(at))
    if months is None:
        return None
    first, last = months
    year_at = at + 2 if t.word(at + 1) in ("of", ",") else at + 1
    year = year_value(t, year_at)
    if year and t.word(year_at + 1) not in _NOT_YEAR and lead is None:
        return Found(year_at + 1, cal.season(year, (first, last)), "absolute", "season")
    if lead is None or ctx.published is None:
        return Found(at + 1, None, "relative", "season") if lead else None
    seasons = [cal.season(ctx.published.year + k, (first, last)) for k in (-2, -1, 0, 1)]
    if t.phrase(i, NEXT):
        interval = next((s for s in seasons if s[0] > ctx.published), None)
    elif t.phrase(i, THIS):
        interval = min(seasons, key=lambda s: abs((s[0] - ctx.published).days + 45))  # type: ignore[operator]
    else:
        interval = next((s for s in reversed(seasons) if s[1] < ctx.published), None)
    return Found(at + 1, interval, "relative", "season")


def quarter(ctx: Context, i: int) -> Found | None:
    """'the first quarter of 2015', 'Q1 2015', 'the second half of 2014'."""
    t = ctx.t
    months = 3
    hit = t.phrase(i, _QUARTERS)
    if hit is None and (hit := t.phrase(i, _HALVES)):
        months = 6
    if hit is None and t.word(i) == "q" and t.joined(i + 1) and t.word(i + 1) in ("1", "2", "3", "4"):
        hit = i + 2 + (t.word(i + 2) == "of"), int(t.word(i + 1))
    if hit is None or (year := year_value(t, hit[0])) is None:
        return None
    first = (hit[1] - 1) * months + 1
    return Found(hit[0] + 1, cal.season(year, (first, first + months - 1)), "absolute", "quarter")


def starts(t: Tokens, i: int) -> bool:
    """True where a digit or month could begin an absolute date."""
    return t.digits(i) or t.word(i) in MONTHS or t.word(i) in SHORT_MONTHS
