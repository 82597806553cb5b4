"""When: date expressions as intervals of days. The reading of each form is a table in docs/reference/text.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from marsad.model import When

from . import _calendar as cal
from . import _date_absolute as absolute
from . import _date_feasts as feasts
from . import _date_relative as relative
from ._date_context import (
    MONTHS,
    PARTS,
    SHORT_MONTHS,
    SHORT_WEEKDAYS,
    WEEKDAYS,
    Context,
    Found,
    data,
    whole_day,
    year_value,
)
from ._numerals import TENS, UNITS
from ._tokens import Phrases, Tokens


def _named_phrases() -> list[str]:
    """Every phrase of the word lists that is a date by itself."""
    anchored = [phrase for phrases in data["anchored"].values() for phrase in phrases]
    feasts = [*data["hijri_months"], *data["hijri_feasts"], *data["feasts_in_easter_days"], *data["feasts_fixed"]]
    return [*data["publication"]["day"], *data["weekend"], *anchored, *feasts]


_SINCE = Phrases(dict.fromkeys(data["since"], True))
_WEEKS_OF = Phrases(data["weeks_of"])
_RULES: tuple[Callable[[Context, int], Found | None], ...] = (
    absolute.numeric,
    feasts.hijri_day,
    absolute.day_month,
    absolute.month_day,
    absolute.quarter,
    absolute.decade,
    relative.named_day,
    relative.this_or_last,
    relative.weekday,
    relative.counted,
    relative.anchored,
    relative.day_of_month,
    absolute.season,
    absolute.bare_year,
    feasts.feast,
)
_STARTS = (
    relative.STARTS
    | feasts.STARTS
    | frozenset([*PARTS.by_first, *_WEEKS_OF.by_first, *_SINCE.by_first, *data["seasons"], *SHORT_WEEKDAYS])
    | frozenset([*UNITS, *TENS, "a", "an", "between", "from", "q", "some", "half", "overnight", "first", "second"])
)
_TELLING = frozenset(
    [*MONTHS, *SHORT_MONTHS, *WEEKDAYS, *SHORT_WEEKDAYS, *data["units"], *data["seasons"], *data["parts_of_day"]]
    + [p.split()[-1].split("-")[-1].split("'")[-1].split("’")[-1] for p in _named_phrases()]
) - {"before", "after"}
_SIGHT = 7
_JOINTS = frozenset({"to", "until", "till", "through", "and", "into"})
_GAPS = frozenset({"and", "or", "to", "-", "–", "until", "through", "till", ", and"})


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression and its days [earliest, latest] as ISO dates; both None where nothing fixes them.

    `kind` is 'absolute' (fixed by its own words), 'relative' (fixed by publication or by the date before it) or
    'duration' (a length of time, no days). `latest` None with an earliest means that no end is known ('since 2011'
    without publication).
    """

    start: int
    end: int
    text: str
    earliest: str | None
    latest: str | None
    kind: str
    rule: str

    def as_when(self) -> When:
        """The mention as a claim's time."""
        return When(self.earliest, self.latest, self.start, self.end, self.text)


def find_dates(text: str, published: str | None = None) -> list[DateMention]:
    """Every date expression of `text`, in order, not overlapping; offsets in code points, `text[start:end] == .text`.

    `published` is an ISO date (or date and time, of which the date counts, as its own zone gives it). Without it, or
    where it cannot be read, expressions that hang on it stay unresolved. A missing year is that of the nearest such day
    before publication, or after it where words of the same sentence look ahead ('will', 'due'). Never raises.
    """
    tokens = Tokens(text)
    cased = not (text.isupper() or text.islower())
    ctx = Context(tokens, _day(published), cased=cased)
    found: list[tuple[int, Found]] = []
    i = 0
    while i < len(tokens):
        begins = tokens.word(i) in _STARTS or absolute.starts(tokens, i)
        hit = _at(ctx, i) if begins and _in_sight(tokens, i) else None
        if hit is None:
            i += 1
            continue
        start = hit.start if hit.start is not None else i
        _inherit_year(ctx, found, start, hit)
        found.append((start, hit))
        if hit.interval and hit.kind != "duration" and (hit.interval[1] - hit.interval[0]).days <= 31:
            ctx.anchor = hit.interval
        if hit.interval:
            ctx.year = hit.interval[0].year
        i = hit.end
    return [_mention(ctx, start, hit) for start, hit in found]


def _in_sight(t: Tokens, i: int) -> bool:
    """Whether a word that every date has one of stands among the next few: 'the' alone begins most sentences."""
    return any(word in _TELLING or word[0].isdecimal() for word in t.words[i : i + _SIGHT])


def _at(ctx: Context, i: int) -> Found | None:
    try:
        return _expression(ctx, i)
    except (OverflowError, ValueError):
        return None  # a day outside the years 1 to 9999 is no date of a report


def _expression(ctx: Context, i: int) -> Found | None:
    t = ctx.t
    if t.word(i) in ("between", "from"):
        return _range(ctx, i, i + 1)
    if hit := t.phrase(i, _SINCE):
        return _since(ctx, hit[0])
    first = _point(ctx, i)
    if first and (t.word(first.end) in ("to", "until", "till", "through") or t.dash(first.end)):
        joined = _range(ctx, i, i)
        if joined:
            return joined
    return first


def _since(ctx: Context, at: int) -> Found | None:
    if opened := _opening(ctx, at):
        return opened
    if ctx.t.word(at) == "the" and (named := _point(ctx, at + 1)) and named.interval and named.kind != "duration":
        at += 1  # 'since the February 2021 coup'
    at += ctx.t.word(at) in ("the", "at") and ctx.t.word(at + 1) in ("start", "beginning", "end", "least")
    point = _point(ctx, at)
    if point is None or point.kind == "duration":
        return None
    if point.interval is None:
        return replace(point, rule="since")
    start = point.interval[0]
    end = max(start, ctx.published) if ctx.published else None
    return replace(point, interval=(start, end or start), rule="since", since=end is None, redo=None)


def _opening(ctx: Context, at: int) -> Found | None:
    """'the beginning of the year', after 'since': the year of publication, up to then."""
    at += ctx.t.word(at) == "the"
    words = tuple(ctx.t.word(at + n) for n in range(4))
    if words[0] not in ("start", "beginning") or words[1:3] != ("of", "the") or words[3] not in ("year", "month"):
        return None
    day = ctx.published
    first = day and day.replace(month=1 if words[3] == "year" else day.month, day=1)
    return Found(at + 4, (first, day) if first and day else None, "relative", "since")


def _range(ctx: Context, i: int, at: int) -> Found | None:
    """'between X and Y', 'from X to Y', 'X to Y', 'X–Y'. A year that only Y has is X's too."""
    t = ctx.t
    low = _point(ctx, at, led=True)
    if low is None or low.kind == "duration" or not (t.word(low.end) in _JOINTS or t.dash(low.end)):
        return None
    if t.word(i) != "between" and t.word(low.end) == "and":
        return None
    high = _point(ctx, low.end + 1, led=True)
    if high is None or high.kind == "duration":
        return None
    if low.redo and high.interval and high.redo is None:
        low = _with_year(low, high.interval[0].year) or low
    if low.interval is None or high.interval is None:
        return Found(high.end, None, "relative", "range")
    start, end = low.interval[0], high.interval[1]
    if start > end and low.redo and high.redo and (earlier := _with_year(low, start.year - 1)) and earlier.interval:
        start = earlier.interval[0]
    if start > end:
        return None
    kind = "absolute" if low.kind == high.kind == "absolute" or (low.redo and high.kind == "absolute") else "relative"
    return Found(high.end, (start, end), kind, "range")


def _point(ctx: Context, i: int, led: bool = False) -> Found | None:
    """One date at token `i`: part of a period ('late May'), a dated weekday ('Tuesday, 5 May'), or a plain one."""
    t = ctx.t
    if hit := t.phrase(i, _WEEKS_OF):
        inner = _plain(ctx, hit[0])
        if inner and inner.interval and (inner.interval[1] - inner.interval[0]).days >= 27:
            return replace(inner, interval=_nth_week(inner.interval, hit[1]), rule="week_of", redo=None)
    if (quarter := absolute.quarter(ctx, i)) or (quarter := relative.this_or_last(ctx, i)):
        return quarter
    if hit := t.phrase(i, PARTS):
        part = _part(ctx, hit[0], hit[1])
        if part:
            return part
    dated = _dated_weekday(ctx, i)
    if dated:
        return dated
    if led and (year := year_value(t, i)):
        return absolute.bare_year(ctx, i) or Found(i + 1, cal.year(year), "absolute", "year")
    return _plain(ctx, i)


def _plain(ctx: Context, i: int) -> Found | None:
    for rule in _RULES:
        if found := rule(ctx, i):
            return found
    return None


def _part(ctx: Context, at: int, part: str) -> Found | None:
    t = ctx.t
    at += t.dash(at) or t.word(at) in ("in", "on", "of")
    at += t.word(at) == "the" and t.word(at + 1) in data["seasons"]
    inner = _plain(ctx, at)
    if inner is None or inner.kind == "duration":
        return None
    if inner.interval is None or (inner.interval[1] - inner.interval[0]).days < 6:
        return inner
    return replace(inner, interval=cal.part(inner.interval, part), rule=f"{part}_{inner.rule}", redo=None)


def _nth_week(of: cal.Interval, number: int) -> cal.Interval:
    start, end = of
    if number < 0:
        return date.fromordinal(end.toordinal() - 6), end
    first = start.toordinal() + 7 * (number - 1)
    return date.fromordinal(first), date.fromordinal(min(first + 6, end.toordinal()))


def _dated_weekday(ctx: Context, i: int) -> Found | None:
    """'Tuesday, May 5', 'Tue 5 May 2015', 'Friday (15 May)': the date decides, the weekday is part of its words."""
    t = ctx.t
    word = t.word(i)
    if word not in WEEKDAYS and word not in SHORT_WEEKDAYS:
        return None
    at = i + 1
    at += word in SHORT_WEEKDAYS and t.word(at) == "."
    while t.word(at) in data["parts_of_day"]:
        at += 1
    at += t.word(at) in (",", "(")
    at += t.word(at) == "the"
    for rule in (absolute.day_month, absolute.month_day, absolute.numeric):
        found = rule(ctx, at)
        if found and found.rule in ("day", "numeric", "iso", "numeric_ambiguous"):
            number = WEEKDAYS.get(word, SHORT_WEEKDAYS.get(word, 0))
            return _agreeing(found, number) if found.redo else found
    return None


def _agreeing(found: Found, weekday: int) -> Found:
    """Of the years around the inferred one, that in which the day falls on its weekday."""
    if found.interval is None or found.redo is None:
        return found
    month, low, high = found.redo
    for year in (found.interval[0].year, found.interval[0].year - 1, found.interval[0].year + 1):
        interval = whole_day(year, month, low, high)
        if interval and interval[0].weekday() == weekday:
            return replace(found, interval=interval)
    return found


def _inherit_year(ctx: Context, found: list[tuple[int, Found]], start: int, hit: Found) -> None:
    """In '3 May and 5 June 2013' the year is that of both: give it to the dates just before that only inferred one."""
    if hit.redo or hit.kind != "absolute" or hit.interval is None:
        return
    for k in range(len(found) - 1, -1, -1):
        before = found[k][1]
        gap = ctx.t.words[before.end : start]
        if before.redo is None or not gap or " ".join(gap) not in _GAPS:
            return
        dated = _with_year(before, hit.interval[0].year)
        if dated is None or dated.interval is None or dated.interval[0] > hit.interval[1]:
            return
        found[k] = (found[k][0], dated)
        start = found[k][0]


def _with_year(found: Found, year: int) -> Found | None:
    if found.redo is None:
        return None
    month, low, high = found.redo
    interval = whole_day(year, month, low, high) if low else cal.month(year, month)
    return replace(found, interval=interval, kind="absolute") if interval else None


def _mention(ctx: Context, start: int, hit: Found) -> DateMention:
    begin, end, words = ctx.t.slice(start, hit.end)
    earliest = hit.interval[0].isoformat() if hit.interval else None
    latest = hit.interval[1].isoformat() if hit.interval and not hit.since else None
    return DateMention(begin, end, words, earliest, latest, hit.kind, hit.rule)


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None
