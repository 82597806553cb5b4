"""Values as words and figures that a reader sees: counts, dates, codes; and strings of others made safe to look at."""

from __future__ import annotations

import calendar
import functools
import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from importlib import resources
from textwrap import shorten
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from babel.support import NullTranslations
from markupsafe import Markup, escape

from ..ledger import said
from ..model import Age, Count, Place, Report, codes
from ..places import Gazetteer
from ..text import MONTHS, Phrasebook, say_day, visible_controls

LABELS: dict[str, str] = json.loads(resources.files(__package__).joinpath("data/labels.json").read_text("utf-8"))[
    "labels"
]
_RULES = Phrasebook.of(resources.files(__package__).joinpath("data/rules.json").read_text("utf-8"))
_MORE = re.compile(r"(\d+) or more")
_NAMELESS = re.compile(r"report [0-9a-z-]+|unknown")
_UNNAMED = re.compile(r"\breport r[0-9a-f]+\b")
_NAMED = re.compile(r"(a party or a means of war of the conflict )'(.*)' is named", re.DOTALL)


class Words:
    """The formatting functions of one language; every method takes values and gives text for the page."""

    def __init__(
        self, language: str, locale: Locale, catalog: NullTranslations, months: tuple[str, ...] = MONTHS
    ) -> None:
        self.language = language
        self._months = months
        self._locale = locale
        self._ = catalog.gettext
        self._n = catalog.ngettext

    def label(self, code: str | None) -> str:
        """A code of any list, in words."""
        if code is None:
            return "–"
        if code in codes.ACTS:
            return self._(codes.ACTS[code].label)
        known = LABELS.get(code)
        if known is None and ": " in code:
            return ": ".join(self.label(part) for part in code.split(": "))
        return self._(known or code.replace("_", " "))

    def options(self, values: Iterable[str]) -> list[tuple[str, str]]:
        """(code, label) pairs for a choice."""
        return [(code, self.label(code)) for code in values]

    def path(self, field: str) -> str:
        """The path of a corrected field ('victims.0.count') in words."""
        root, *rest = field.split(".")
        return " · ".join([self.label(root), *(str(int(r) + 1) if r.isdigit() else self.label(r) for r in rest)])

    def kind(self, kind: str) -> str:
        """A kind of label (a filter) in words."""
        return self.label(f"kind_{kind}")

    def value(self, kind: str, value: str) -> str:
        """A label's value in words: names as they stand, codes and months spelt out."""
        if kind in ("party", "place"):
            return plain(value)
        if kind == "language":
            return self.tongue(value)
        if kind == "period":
            day = _day(f"{value}-01")
            return self._format(day, "MMMM y") if day else value
        return self.label(value)

    def shown(self, value: str) -> str:
        """A contradiction's value in words: '26 or more' as the language says it, names as they stand."""
        more = _MORE.fullmatch(value)
        return self._("%s or more") % more[1] if more else value

    def told(self, message: str | None) -> str:
        """What the machine said of a report ('It has no text of its own.'), in the language where it is known."""
        return self._(message) if message else ""

    def field(self, name: str) -> str:
        """A field of a contradiction ('killed: children') in words."""
        return " · ".join(self.label(part) for part in name.split(": "))

    def why(self, text: str) -> str:
        """The reason of a grade or of an element, in words; the names in it stay as they stand."""
        if found := _NAMED.match(text):
            return self.label(found.group(1) + "…").replace("…", found.group(2), 1)
        rule, opened, names = text.partition(" (origins: ")
        told = _UNNAMED.sub(self._("a report without a publisher"), names.removesuffix(")"))
        return self.label(rule) + (self._(" (origins: %s)") % told if opened else "")

    def source(self, name: str) -> str:
        """An origin's name; of a report that says neither who speaks nor who published it, that it does not."""
        return self._("a report without a publisher") if _NAMELESS.fullmatch(name) else name

    def counting(self, line: str) -> str:
        """Why the ledger counts a figure as it does, or sets a claim aside, in words."""
        return said(line, self.language)

    def rule(self, code: str) -> str:
        """The rule by which a value was proposed, in words; its code where there are none for it."""
        return _RULES.said(code, self.language)

    def reason(self, text: str) -> str:
        """Why two incidents may be one ('for: place: same, act: same; against: text: little'), in words."""
        sides = []
        for side in text.split("; "):
            name, _, told = side.partition(": ")
            features = self.comma().join(self.label(f) for f in told.split(", "))
            sides.append(
                f"{self.label(f'speaks_{name}')} {features}" if name in ("for", "against") else self.label(side)
            )
        return " · ".join(sides)

    def harm(self, code: str) -> str:
        """A harm of the ledger, in words ('killed')."""
        return self._(LABELS.get(code, code.replace("_", " ")))

    def comma(self) -> str:
        """What stands between the parts of a list."""
        return self._(", ")

    def action(self, code: str) -> str:
        """What a custody event says was done; its 'verified' is about bytes, and never about an incident."""
        return self.label("checked" if code == "verified" else code)

    def group(self, code: str) -> str:
        """A group of victims; 'unknown' is those whose status nobody says."""
        return self._("status not said") if code == "unknown" else self.label(code)

    def heading(self, report: Report) -> str:
        """A report's title; the beginning of its text where it has none."""
        return report.title or shorten(report.text[:200], 80, placeholder=" …") or self._("Untitled report")

    def violation(self, code: str) -> str:
        """A code of the UN's list, in words."""
        row = codes.GRAVE_VIOLATIONS.get(code) or codes.BESIDE_VIOLATIONS.get(code)
        return self._(row["label"]) if row else self.label(code)

    def number(self, n: float) -> str:
        """A figure with the locale's separators and Western digits."""
        return _decimal(n, self._locale)

    def range(self, least: int | None, most: int | None) -> str:
        """[min, max] as '9', '9–14', '26 or more', 'up to 10'; 'number not said' for 0 or more, '–' for no ends."""
        if least is None and most is None:
            return "–"
        if most is None and not least:
            return self._("number not said")
        if most is None:
            return self._("%s or more") % self.number(least or 0)
        if least is None:
            return self._("up to %s") % self.number(most)
        if least == most:
            return self.number(least)
        return f"{self.number(least)}{self._to}{self.number(most)}"

    def change(self, least: int | None, most: int | None, new_least: int | None, new_most: int | None) -> str:
        """How a range differs from another: '+2 to +5'; an end that opens or closes says so."""
        ends = [self._difference(least, new_least), self._difference(most, new_most)]
        return ends[0] if ends[0] == ends[1] else self._("%(least)s to %(most)s") % {"least": ends[0], "most": ends[1]}

    def _difference(self, was: int | None, now: int | None) -> str:
        if was is None or now is None:
            return "±0" if was == now else self._("open") if now is None else self._("no longer open")
        return "±0" if was == now else f"{'+' if now > was else '−'}{self.number(abs(now - was))}"

    def count(self, count: Count | None) -> str:
        """How many; 'no number' where the words give none."""
        if count is None:
            return "–"
        if count.min is None and count.max is None:
            return self._("no number")
        return self.range(count.min, count.max)

    def age(self, age: Age) -> str:
        """Age in years."""
        return self._("aged %s") % self.range(age.min, age.max)

    def part_of(self) -> str:
        """Said of people who are counted within another group."""
        return self._("among those above")

    def place(self, place: Place) -> str:
        """A place's name, in Arabic for those who read it so and where the gazetteer has one; else as it is known, or
        the report's words."""
        if self.language == "ar" and place.precision == "country" and place.country:
            return self.country(place.country)
        return self._in_arabic(place)[0] or place.name or place.text

    def called(self, name: str, places: Iterable[Place]) -> str:
        """A name that stands for one of these places, or for the division that holds it, as `place` would say it."""
        return next(
            (self.division(p) if p.admin1 == name else self.place(p) for p in places if name in (p.admin1, p.name)),
            name,
        )

    def quarter(self, quarter: str) -> str:
        """A quarter of a year ('2031-Q1') in words."""
        year, _, number = quarter.partition("-Q")
        return self._format(date(int(year), 3 * int(number), 1), "QQQ y") if number else quarter

    def division(self, place: Place) -> str:
        """The name of the division that holds a place; empty where it is not known or is the place itself."""
        if not place.admin1 or place.admin1 == place.name:
            return ""
        return self._in_arabic(place)[1] or place.admin1

    def _in_arabic(self, place: Place) -> tuple[str | None, str | None]:
        return _arabic(self._gazetteer, place) if self._gazetteer else (None, None)

    @functools.cached_property
    def _gazetteer(self) -> Gazetteer | None:
        return Gazetteer.at_hand() if self.language == "ar" else None

    def cumulative(self) -> str:
        """Said of a number that is a running total."""
        return self._("running total")

    def unresolved(self) -> str:
        """Said of a place that no gazetteer entry was found for."""
        return self._("not located")

    def interval(self, earliest: str | None, latest: str | None) -> str:
        """[earliest, latest] as one date, a span of days, a month, a year, or an open interval."""
        first, last = _day(earliest), _day(latest)
        if not first and not last:
            return "–"
        if first and not last:
            return self._("%s or later") % self._date(first)
        if last and not first:
            return self._("%s or earlier") % self._date(last)
        assert first and last
        if first == last:
            return self._date(first)
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
            return str(first.year)
        if (first.year, first.month) == (last.year, last.month):
            if first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]:
                return self._format(first, "MMMM y")
            return f"{first.day}{self._to}{self._date(last)}"
        if first.year == last.year:
            return f"{self._format(first, 'd MMM')} – {self._date(last)}"
        return f"{self._date(first)} – {self._date(last)}"

    @property
    def _to(self) -> str:
        # In a line from right to left a dash would turn '9–14' round; a hyphen between Western digits does not.
        return "-" if self._locale.text_direction == "rtl" else "–"

    def tick(self, day: date, pattern: str) -> str:
        """A day on an axis, by a pattern of Unicode's date format."""
        return self._format(day, pattern)

    def moment(self, at: str | None) -> str:
        """A date, or a date and time with its zone, from ISO 8601; what cannot be read is shown as it stands."""
        if not at:
            return "–"
        if len(at) <= 10:
            day = _day(at)
            return self._date(day) if day else visible_controls(at)
        try:
            parsed = datetime.fromisoformat(at.replace("Z", "+00:00"))
        except ValueError:
            return visible_controls(at)
        offset = parsed.strftime("%z")
        zone = "" if not offset else " UTC" if offset == "+0000" else f" {offset[:3]}:{offset[3:5]}"
        return self._format(parsed, "d MMM y, HH:mm") + zone

    def size(self, size: int) -> str:
        """Bytes as kB, MB, GB."""
        amount = float(size)
        for unit in ("B", "kB", "MB", "GB"):
            if amount < 1000 or unit == "GB":
                break
            amount /= 1000
        return f"{self.number(round(amount, 0 if unit == 'B' or amount >= 100 else 1))} {unit}"

    def country(self, code: str | None) -> str:
        """The name of a country by ISO code."""
        return str(self._locale.territories.get(code or "", code or "–"))

    def tongue(self, code: str | None) -> str:
        """The name of a language by ISO code."""
        if not code:
            return self._("language unknown")
        return str(self._locale.languages.get(code, code))

    def _date(self, day: date) -> str:
        return self._format(day, "d MMMM y")

    def _format(self, day: date, pattern: str) -> str:
        return say_day(day, pattern, self.language, self._months)


def bdi(s: Any) -> Markup:
    """A string of someone else's for one line: escaped, its direction isolated, hidden controls made visible."""
    return Markup("<bdi>%s</bdi>") % visible_controls(str(s))


def plain(s: Any) -> str:
    """The same for an attribute or an <option>, where no element may stand."""
    return visible_controls(str(s))


def marked(s: str, spans: list[tuple[int, int]]) -> Markup:
    """`s` escaped, with <mark> around the [start, end) code-point spans, which must not overlap.

    Controls that would reorder the words are shown instead of obeyed.
    """
    out, at = [], 0
    for start, end in spans:
        out += [escape(_still(s[at:start])), Markup("<mark>"), escape(_still(s[start:end])), Markup("</mark>")]
        at = end
    return Markup("").join([*out, escape(_still(s[at:]))])


def _still(s: str) -> str:
    return "\n".join(visible_controls(line) for line in s.split("\n"))


@functools.lru_cache(4096)
def _arabic(gazetteer: Gazetteer, place: Place) -> tuple[str | None, str | None]:
    return gazetteer.in_arabic(place)


@functools.lru_cache(4096)
def _decimal(n: float, locale: Locale) -> str:
    return str(format_decimal(n, locale=locale, numbering_system="latn"))


def _day(iso: str | None) -> date | None:
    try:
        return date.fromisoformat(iso[:10]) if iso else None
    except ValueError:
        return None
