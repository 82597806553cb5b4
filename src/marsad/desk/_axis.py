"""A line of days: where a day stands on it, and the days that are written under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ._words import Words


@dataclass(frozen=True, slots=True)
class Axis:
    """Days from `first` to `last`; places on it are per cent from the beginning, and never outside."""

    first: date
    last: date

    def at(self, day: date, part: float = 0.0) -> float:
        """Where a day begins, or where `part` of it (0 to 1) is over."""
        length = (self.last - self.first).days or 1
        return round(min(100.0, max(0.0, ((day - self.first).days + part) / length * 100)), 2)

    def bar(self, first: date, last: date) -> tuple[float, float]:
        """Where a span of whole days begins, and its length."""
        left = self.at(first)
        return left, round(self.at(last, 1) - left, 2)

    def moment(self, iso: str | None) -> float | None:
        """Where a time stands; one that gives a day alone, in the middle of it. None for none."""
        day = day_of(iso)
        if day is None or iso is None:
            return None
        try:
            at = datetime.fromisoformat(iso.replace("Z", "+00:00"))
        except ValueError:
            return self.at(day, 0.5)
        return self.at(day, 0.5 if len(iso) <= 10 else (at.hour + at.minute / 60) / 24)

    def ticks(self, words: Words) -> list[tuple[float, str]]:
        """Where a day, a month or a year is written, and how."""
        return [(self.at(day), text) for day, text in _ticks(self.first, self.last, words)]


def day_of(iso: str | None) -> date | None:
    """The day of an ISO date or time; None where there is none."""
    try:
        return date.fromisoformat(iso[:10]) if iso else None
    except ValueError:
        return None


def span_of(earliest: str | None, latest: str | None) -> tuple[date, date] | None:
    """The first and the last day of an interval of which one end may not be known; None where neither is."""
    known = [d for d in (day_of(earliest), day_of(latest)) if d]
    return (min(known), max(known)) if known else None


def _ticks(first: date, last: date, words: Words) -> list[tuple[date, str]]:
    span = (last - first).days
    if span <= 75:
        step = 7 if span > 21 else 2
        return [(d, words.tick(d, "d MMM")) for i in range(0, span, step) if (d := first + timedelta(days=i))]
    months = (last.year - first.year) * 12 + last.month - first.month
    step = 1 if months <= 12 else 3 if months <= 36 else 12 if months <= 240 else 60
    found = []
    for n in range(first.year * 12 + first.month, last.year * 12 + last.month):
        if n % step == 0:
            day = date(n // 12, n % 12 + 1, 1)
            found.append((day, words.tick(day, "y" if step >= 12 else "MMM y")))
    return found
