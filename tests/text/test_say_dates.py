"""Days in words: the names that months have in several countries, Western digits, and what stays as it is."""

from datetime import UTC, date, datetime

import pytest
from babel import UnknownLocaleError
from hypothesis import given
from hypothesis import strategies as st

from marsad.text import month_words, say_day

DAY = date(2031, 3, 14)


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (("SY", "EG"), "14 آذار/مارس 2031"),
        (("SD",), "14 مارس 2031"),
        (("LB",), "14 آذار 2031"),
        (("EG", "SD"), "14 مارس 2031"),
        (("SY", "EG", "DZ"), "14 آذار/مارس 2031"),
    ],
)
def test_months_have_the_names_of_the_countries_asked(months: tuple[str, ...], said: str) -> None:
    assert say_day(DAY, "d MMMM y", "ar", months) == say_day(DAY, "d MMM y", "ar", months) == said


def test_english_has_one_name_and_a_moment_has_its_time() -> None:
    assert say_day(DAY, "d MMMM y", "en") == "14 March 2031"
    at = datetime(2031, 8, 4, 9, 5, tzinfo=UTC)
    assert say_day(at, "d MMM y, HH:mm", "ar", ("SY", "DZ")) == "4 آب/أوت 2031, 09:05"
    assert say_day(DAY, "y", "ar") == "2031" and say_day(DAY, "QQQ y", "ar") == "الربع الأول 2031"


def test_a_country_without_arabic_is_refused() -> None:
    with pytest.raises(UnknownLocaleError):
        say_day(DAY, "d MMMM y", "ar", ("FR",))


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["en", "ar"]))
def test_every_month_said_is_among_the_words_of_months(day: date, language: str) -> None:
    number, _, rest = say_day(day, "d MMMM y", language).partition(" ")
    names, _, year = rest.rpartition(" ")
    assert (int(number), int(year)) == (day.day, day.year)
    assert number.isascii() and all(n in month_words() for n in names.split("/"))
