"""Days and moments as a reader's language says them; in Arabic with the names that months have in several countries."""

from __future__ import annotations

import functools
import re
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.localedata import locale_identifiers

MONTHS = ("SY", "EG")
"""Countries whose names of months Arabic has unless others are asked for: those of the Levant and of the Nile."""
_SHORT = re.compile(r"(?<!M)MMM(?!M)")
_WESTERN = {0x0660 + i: str(i) for i in range(10)}
"""CLDR gives some Arabic locales Arabic-Indic digits; tables that mix both scripts read better with one kind."""


@functools.lru_cache(4096)
def say_day(day: date, pattern: str, language: str, months: tuple[str, ...] = MONTHS) -> str:
    """A date, or a date and time, by one of CLDR's patterns; digits are Western.

    `months` are the countries (ISO 3166) whose names of months Arabic uses. Of several, those that differ stand
    together, as the United Nations write them: '14 آذار/مارس 2031'. Raises babel.UnknownLocaleError for a country
    whose Arabic CLDR does not know.
    """
    arabic = language == "ar"
    locales = [Locale.parse(f"ar_{c}") for c in months] if arabic else [Locale.parse("en_GB")]
    # Arabic does not shorten names of months; where CLDR gives short ones, they may be another country's.
    pattern = _SHORT.sub("MMMM", pattern) if arabic else pattern
    say = format_datetime if isinstance(day, datetime) else format_date
    text = str(say(day, pattern, locale=locales[0]))
    name = _month(locales[0], day)
    names = dict.fromkeys(_month(other, day) for other in locales)
    return text.replace(name, "/".join(names)).translate(_WESTERN)


@functools.cache
def month_words() -> frozenset[str]:
    """Every name of a month that `say_day` may give, for any countries."""
    locales = [Locale.parse(i) for i in locale_identifiers() if i == "en_GB" or i.startswith("ar_")]
    return frozenset(name for locale in locales for name in locale.months["format"]["wide"].values())


def _month(locale: Locale, day: date) -> str:
    return str(locale.months["format"]["wide"][day.month])
