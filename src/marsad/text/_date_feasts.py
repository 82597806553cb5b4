"""Feasts and the Islamic calendar: 'last Ramadan', 'Eid al-Adha 2014', '12 Ramadan 1436', 'Easter Sunday'."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from . import _calendar as cal
from ._date_context import LAST, NEXT, THIS, Context, Found, data, day_value, whole_day, year_value
from ._tokens import Phrases

_MONTHS = Phrases(data["hijri_months"])
_FEASTS = Phrases(data["hijri_feasts"])
_EASTER = Phrases(data["feasts_in_easter_days"])
_FIXED = Phrases({name: when for name, when in data["feasts_fixed"].items() if when})
_ORTHODOX = frozenset(data["orthodox"])
STARTS = frozenset(
    [*_MONTHS.by_first, *_FEASTS.by_first, *_EASTER.by_first, *_FIXED.by_first, *_ORTHODOX, *data["hijri_any_feast"]]
)
_Occurrence = Callable[[int], cal.Interval | None]


def feast(ctx: Context, i: int) -> Found | None:
    """A feast or Islamic month, with 'last', 'this' or 'next' before it or a year after it."""
    t = ctx.t
    lead = 0
    at = i
    for value, phrases in ((-1, LAST), (1, NEXT), (0, THIS)):
        if hit := t.phrase(i, phrases):
            lead, at = value, hit[0]
    named = _named(ctx, at)
    if named is None:
        return None
    end, islamic, occurrence = named
    year_at = end + 1 if t.word(end) in (",", "of", "in") else end
    if year := year_value(t, year_at):
        return Found(year_at + 1, _of_year(year, islamic, occurrence), "absolute", "feast")
    if islamic and t.digits(year_at) and t.word(year_at)[:2] in ("13", "14") and len(t.word(year_at)) == 4:
        stop = year_at + 2 if t.word(year_at + 1) in ("ah", "h") else year_at + 1
        return Found(stop, occurrence(int(t.word(year_at))), "absolute", "hijri")
    if ctx.published is None:
        return Found(end, None, "relative", "feast")
    direction = lead or (1 if ctx.future(i) else 0)
    return Found(end, _nearest(ctx.published, islamic, occurrence, direction), "relative", "feast")


def hijri_day(ctx: Context, i: int) -> Found | None:
    """'12 Ramadan 1436', '3rd of Shawwal 1435 AH', '12 Ramadan' of the year nearest before publication."""
    t = ctx.t
    day = day_value(t, i)
    if day is None:
        return None
    at = day[0] + (t.word(day[0]) == "of")
    hit = t.phrase(at, _MONTHS)
    if hit is None:
        return None
    year_at = hit[0] + (t.word(hit[0]) == ",")
    if t.digits(year_at) and len(t.word(year_at)) == 4 and 1343 <= int(t.word(year_at)) <= 1500:
        stop = year_at + 2 if t.word(year_at + 1) in ("ah", "h") else year_at + 1
        return Found(stop, cal.hijri(int(t.word(year_at)), hit[1], day[1]), "absolute", "hijri")
    if ctx.published is None:
        return Found(hit[0], None, "relative", "hijri")

    def occurrence(year: int) -> cal.Interval | None:
        return cal.hijri(year, hit[1], day[1])

    return Found(hit[0], _nearest(ctx.published, True, occurrence, 0), "relative", "hijri")


def _named(ctx: Context, i: int) -> tuple[int, bool, _Occurrence] | None:
    """(end, by the Islamic calendar?, the feast of a year of its calendar) for the feast named at token `i`."""
    t = ctx.t
    orthodox = t.word(i) in _ORTHODOX
    at = i + 1 if orthodox else i
    if hit := t.phrase(at, _FEASTS):
        month, day, days = hit[1]
        return hit[0], True, lambda year: cal.hijri(year, month, day, days)
    if hit := t.phrase(at, _MONTHS):
        number = hit[1]
        return (hit[0], True, lambda year: cal.hijri(year, number)) if not ctx.cased or t.capital(at) else None
    if hit := t.phrase(at, _EASTER):
        low, high = hit[1]
        if ctx.cased and not t.capital(at):
            return None

        def easter(year: int) -> cal.Interval:
            sunday = cal.easter(year, orthodox)
            return sunday + timedelta(days=low), sunday + timedelta(days=high)

        return hit[0], False, easter
    if hit := t.phrase(at, _FIXED):
        first_month, first, _, last = hit[1]
        if orthodox:
            first_month, first, last = (1, 7, 7) if t.word(at) == "christmas" else (first_month, first, last)
        return hit[0], False, lambda year: whole_day(year, first_month, first, last)
    return None


def _of_year(year: int, islamic: bool, occurrence: _Occurrence) -> cal.Interval | None:
    """The occurrence that begins in a Gregorian year (the first of two)."""
    if not islamic:
        return occurrence(year)
    if not 1925 <= year <= 2076:
        return None
    start = cal.hijri_year(date(year, 1, 1)) or 0
    found = (occurrence(start + k) for k in (0, 1))
    return next((f for f in found if f and (f[0] + timedelta(days=1)).year == year), None)


def _nearest(published: date, islamic: bool, occurrence: _Occurrence, direction: int) -> cal.Interval | None:
    """The one under way or last begun; with -1 the last that was over, with 1 the next to begin."""
    base = cal.hijri_year(published) if islamic else published.year
    if base is None:
        return None
    found = [f for f in (occurrence(base + k) for k in (-2, -1, 0, 1)) if f]
    if direction > 0:
        return next((f for f in found if f[0] > published), None)
    if direction < 0:
        return next((f for f in reversed(found) if f[1] < published), None)
    return next((f for f in reversed(found) if f[0] <= published), None)
