"""Dates that hang on publication or on the date mentioned before: weekdays, 'yesterday', 'two days later'."""

from __future__ import annotations

from datetime import date, timedelta

from . import _calendar as cal
from ._date_context import LAST, NEXT, THIS, WEEKDAYS, Context, Found, data
from ._numerals import numeral
from ._tokens import Phrases

_DAYS = Phrases(data["publication"]["day"])
_WEEKENDS = Phrases(data["weekend"])
_UNITS: dict[str, str] = data["units"]
_AGO = Phrases(dict.fromkeys(data["ago"], True))
_LATER = frozenset(data["later_words"])
_BEFORE = frozenset(data["before_words"])
_SAME = Phrases(dict.fromkeys(data["anchored"]["same"], 0))
_AFTER = Phrases(dict.fromkeys(data["anchored"]["day_after"], 1))
_BEFORE_DAY = Phrases(dict.fromkeys(data["anchored"]["day_before"], -1))
_PERIODS = Phrases(data["anchored_periods"])
_PREVIOUS = Phrases(dict.fromkeys(data["previous_periods"], True))
_BACK: dict[str, int] = data["periods_back"]
_EARLIER = frozenset({"earlier", "early"})
_LATER_PART = frozenset({"later", "late"})
_DAYPARTS = frozenset(data["parts_of_day"])
_DAY = timedelta(days=1)
_MOST_UNITS = {"hour": 2400, "day": 1000, "week": 300, "fortnight": 100, "month": 300, "year": 150, "decade": 15}


def weekday(ctx: Context, i: int) -> Found | None:
    """'Tuesday', 'last Tuesday', 'next Friday', 'Tuesday last week', 'overnight Tuesday', 'the following Sunday'.

    The nearest one by the tense: publication day itself counts unless 'last' or 'next' stands before it.
    """
    t = ctx.t
    last, this, following = t.phrase(i, LAST), t.phrase(i, THIS), t.phrase(i, NEXT)
    lead = last or this or following
    anchored = None
    if t.word(i) == "the" and t.word(i + 1) in ("following", "previous", "preceding", "next"):
        anchored = 1 if t.word(i + 1) in ("following", "next") else -1
        lead = (i + 2, True)
    overnight = t.word(i) == "overnight"
    at = lead[0] if lead else i + 1 if overnight else i
    at += overnight and t.word(at) in ("on", "from")
    number = WEEKDAYS.get(t.word(at))
    if number is None and t.word(at).endswith("s"):
        return None
    if number is None or (ctx.cased and not t.capital(at)) or t.word(at - 1) in data["weekday_not_before"]:
        return None
    end = at + 1
    while t.word(end) in _DAYPARTS or (t.word(end) == "late" and t.word(end + 1) in _DAYPARTS):
        end += 1
    base, direction, strict = ctx.published, 1 if following else -1, bool(last or following)
    if anchored is not None and ctx.anchor:
        base, direction, strict = ctx.anchor[0], anchored, True
    elif not lead and base and ctx.future(i):
        direction = 1
    if t.word(end) in ("last", "this", "next", "of") and not lead and base:
        at_week = end + (t.word(end) == "of")
        if t.word(at_week) in ("last", "this", "next") and t.word(at_week + 1) == "week":
            monday = cal.week(base, {"last": -1, "this": 0, "next": 1}[t.word(at_week)])[0]
            day = monday + number * _DAY
            return Found(at_week + 2, (day, day), "relative", "weekday")
        if t.word(end) == "last" and t.word(end + 1) not in ("month", "year", "night"):
            end, strict = end + 1, True
    if base is None:
        return Found(end, None, "relative", "weekday")
    day = cal.weekday(number, base, direction, strict)
    return Found(end, (day, day + _DAY if overnight else day), "relative", "weekday")


def named_day(ctx: Context, i: int) -> Found | None:
    """'yesterday', 'last night', 'over the weekend', 'in recent weeks', 'weeks ago'; all from publication."""
    t = ctx.t
    if hit := t.phrase(i, _WEEKENDS):
        end, offset = hit
        if ctx.published is None:
            return Found(end, None, "relative", "weekend")
        offset = 1 if offset == 0 and ctx.future(i) else offset
        start, stop = cal.weekend(ctx.published, offset)
        return Found(end, (start, min(stop, max(start, ctx.published)) if offset < 1 else stop), "relative", "weekend")
    if hit := t.phrase(i, _DAYS):
        if t.word(hit[0] - 1) == "overnight" and t.word(hit[0]) in WEEKDAYS:
            return None
        if ctx.published is None:
            return Found(hit[0], None, "relative", "publication")
        low, high = hit[1]
        return Found(hit[0], (ctx.published + low * _DAY, ctx.published + high * _DAY), "relative", "publication")
    return None


def this_or_last(ctx: Context, i: int) -> Found | None:
    """'this week', 'last month', 'earlier this year', 'late last year', 'next week', 'later this month'."""
    t = ctx.t
    part = t.word(i) if t.word(i) in _EARLIER | _LATER_PART | {"mid"} else ""
    at = i
    if part:
        at += 1
        at += t.word(at) in ("in", "on", "of", "-")
    for offset, phrases in ((-1, LAST), (1, NEXT), (0, THIS)):
        if (hit := t.phrase(at, phrases)) and (unit := _UNITS.get(t.word(hit[0]), "")) in ("week", "month", "year"):
            if t.word(hit[0]).endswith("s"):
                return None
            past = t.text[t.starts[at] : t.ends[hit[0] - 1]].lower()
            if ctx.published is None:
                return Found(hit[0] + 1, None, "relative", unit)
            if past in ("past", "the past", "this past") or (
                past == "the last" and ctx.t.word(at - 1) in ("in", "over")
            ):
                return Found(hit[0] + 1, cal.back(unit, ctx.published, 1), "relative", f"past_{unit}")
            interval = cal.period(unit, ctx.published, offset)
            return Found(hit[0] + 1, _narrowed(interval, part, offset, ctx, i), "relative", unit)
    return None


def _narrowed(interval: cal.Interval, part: str, offset: int, ctx: Context, i: int) -> cal.Interval:
    start, end = interval
    published = ctx.published or end
    if offset == 0 and part == "earlier":
        return start, published
    if offset == 0 and part == "later":
        return published, end
    if part in ("early", "late", "mid"):
        start, end = cal.part(interval, part)
    if offset == 0 and not ctx.future(i) and start <= published:
        end = min(end, published)
    return start, end


def counted(ctx: Context, i: int) -> Found | None:
    """'two days ago', 'three weeks earlier', 'the past 24 hours', 'a month later', 'for three days'."""
    t = ctx.t
    lead = t.phrase(i, LAST)
    at = lead[0] if lead else i
    duration = t.word(i) in data["durations"] and not lead
    at += duration and 1
    if t.word(at) in ("some", "about", "nearly", "around", "almost", "just", "only", "over"):
        at += 1
    amount, end = _amount(ctx, at)
    unit = _UNITS.get(t.word(end), "")
    if amount is None or not unit or amount > _MOST_UNITS[unit]:
        return None
    end += 1
    if lead and not duration:
        interval = cal.back(unit, ctx.published, amount) if ctx.published else None
        return Found(end, interval, "relative", f"past_{unit}")
    if hit := t.phrase(end, _AGO):
        interval = cal.shifted(unit, (ctx.published, ctx.published), -amount) if ctx.published else None
        return Found(hit[0], interval, "relative", "ago")
    if t.word(end) in _LATER and not (t.word(end) == "on" and duration):
        if t.word(end) == "on" and (t.letters(end + 1) or t.digits(end + 1)):
            return Found(end, None, "duration", "duration") if duration else None
        return Found(end + 1, cal.shifted(unit, ctx.anchor, amount) if ctx.anchor else None, "relative", "later")
    if t.word(end) in _BEFORE:
        base = ctx.anchor or ((ctx.published, ctx.published) if ctx.published else None)
        if t.word(end) == "before" and (t.letters(end + 1) and t.word(end + 1) not in ("and", "but")):
            return None
        return Found(end + 1, cal.shifted(unit, base, -amount) if base else None, "relative", "earlier")
    return Found(end, None, "duration", "duration") if duration else None


def _amount(ctx: Context, at: int) -> tuple[int | None, int]:
    t = ctx.t
    if t.word(at) in ("a", "an", "one"):
        return 1, at + 1
    value = numeral(t, at)
    if value is None or value.open or value.value != int(value.value):
        return None, at
    end = value.end + 1 if t.hyphen(value.end) else value.end
    return int(value.value), end


def anchored(ctx: Context, i: int) -> Found | None:
    """'the same day', 'the next day', 'a day earlier', 'that week', 'the following month', 'in the previous weeks',
    'days later': from the date mentioned before; what looks back takes publication where none was."""
    t = ctx.t
    for phrases in (_SAME, _AFTER, _BEFORE_DAY):
        if hit := t.phrase(i, phrases):
            if hit[1] > 0 and t.word(hit[0]) in ("of", "after", "to") and phrases is _AFTER and t.word(hit[0]) != "of":
                return None
            return Found(hit[0], _moved(ctx, hit[1]), "relative", "anchored_day")
    if hit := t.phrase(i, _PREVIOUS):
        unit = t.word(hit[0])
        base = _UNITS.get(unit, "")
        if unit.endswith("s") and base in _BACK:
            before = ctx.anchor[0] if ctx.anchor else ctx.published
            interval = (before - _BACK[base] * _DAY, before) if before else None
            return Found(hit[0] + 1, interval, "relative", "previous_periods")
    if (hit := t.phrase(i, _PERIODS)) and (base := _UNITS.get(t.word(hit[0]), "")) in ("week", "month", "year"):
        if t.word(hit[0]).endswith("s"):
            return None
        anchor = ctx.anchor or ((ctx.published, ctx.published) if ctx.published and hit[1] < 0 else None)
        interval = cal.period(base, anchor[0], hit[1]) if anchor else None
        return Found(hit[0] + 1, interval, "relative", "anchored_period")
    if t.word(i) in ("days", "weeks", "months", "years") and t.word(i + 1) == "later":
        least = {"days": 2, "weeks": 14, "months": 60, "years": 730}[t.word(i)]
        interval = _until_publication(ctx, least)
        return Found(i + 2, interval, "relative", "vague_later")
    return None


def _moved(ctx: Context, days: int) -> cal.Interval | None:
    if ctx.anchor:
        return ctx.anchor[0] + days * _DAY, ctx.anchor[1] + days * _DAY
    if days < 0 and ctx.published:
        return ctx.published + days * _DAY, ctx.published + days * _DAY
    return None


def _until_publication(ctx: Context, least: int) -> cal.Interval | None:
    if not ctx.anchor or not ctx.published:
        return None
    start = ctx.anchor[0] + least * _DAY
    return (start, ctx.published) if start <= ctx.published else None


def day_of_month(ctx: Context, i: int) -> Found | None:
    """'on the 27th': of the month of publication, or of the month before where that day is still to come."""
    t = ctx.t
    if t.word(i) != "the" or t.word(i - 1) not in ("on", "by", "until", "since", "of"):
        return None
    if not t.digits(i + 1) or len(t.word(i + 1)) > 2 or t.word(i + 2) not in ("st", "nd", "rd", "th"):
        return None
    if not t.joined(i + 2) or (t.letters(i + 3) and t.word(i + 3) not in _CLOSERS) or not 1 <= int(t.word(i + 1)) <= 31:
        return None
    found = None
    if ctx.published:
        for back in range(4):
            first, last = cal.month(ctx.published.year, ctx.published.month - back)
            number = int(t.word(i + 1))
            if number <= last.day and first.replace(day=number) <= ctx.published:
                found = date(first.year, first.month, number)
                break
    return Found(i + 3, (found, found) if found else None, "relative", "day_of_month")


_CLOSERS = frozenset(
    ["and", "when", "in", "at", "by", "but", "after", "before", "as", "near", "with", "while", "of", "the"]
)
_MEMBERS = [_DAYS, _WEEKENDS, _SAME, _AFTER, _BEFORE_DAY, _PERIODS, _PREVIOUS, LAST, THIS, NEXT]
STARTS = frozenset(
    [word for phrases in _MEMBERS for word in phrases.by_first]
    + [*WEEKDAYS, *_EARLIER, *_LATER_PART, *data["durations"], "mid", "the", "days", "weeks", "months", "years"]
)
