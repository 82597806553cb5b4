"""When. Every sentence here is made up; publication is Monday, 6 July 2015 unless said otherwise."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.text import find_dates

MONDAY = "2015-07-06"
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=200)
VOCABULARY = """
late early mid May - march Tuesday last next the previous week weeks two days later earlier ago since from to 
between and 2014 2013 / 5 21 31 st . , ( ) 1990s summer of Ramadan Eid al-Fitr Easter Sunday weekend 05/06/2015 
2015-05-21 9999 0001 this month year past three hundred first quarter half on will overnight yesterday Q1 30 Feb. 
12 JAN 90 until that day following a for 999 years 1436 AH in Nowruz christmas orthodox
"""
WORDS = st.lists(
    st.sampled_from(VOCABULARY.split()),
    max_size=14,
).map(" ".join)
DAYS = st.dates(min_value=date(1930, 1, 1), max_value=date(2070, 1, 1)).map(date.isoformat)


@pytest.mark.parametrize(
    ("text", "words", "earliest", "latest"),
    [
        # fixed by their own words
        ("on 21 May 2015", "21 May 2015", "2015-05-21", "2015-05-21"),
        ("on 21st of May, 2015", "21st of May, 2015", "2015-05-21", "2015-05-21"),
        ("on May 21, 2015 they", "May 21, 2015", "2015-05-21", "2015-05-21"),
        ("Sept. 3, 2014", "Sept. 3, 2014", "2014-09-03", "2014-09-03"),
        ("on 2015-05-21T10:00Z", "2015-05-21", "2015-05-21", "2015-05-21"),
        ("on 21/05/2015", "21/05/2015", "2015-05-21", "2015-05-21"),
        ("on 21.05.2015", "21.05.2015", "2015-05-21", "2015-05-21"),
        ("on 5/21/2015", "5/21/2015", "2015-05-21", "2015-05-21"),
        ("Friday, 15 May 2015", "Friday, 15 May 2015", "2015-05-15", "2015-05-15"),
        ("in May 2014", "May 2014", "2014-05-01", "2014-05-31"),
        ("in February 2016", "February 2016", "2016-02-01", "2016-02-29"),
        ("in late May 2014", "late May 2014", "2014-05-21", "2014-05-31"),
        ("in 2014", "2014", "2014-01-01", "2014-12-31"),
        ("in early 2014", "early 2014", "2014-01-01", "2014-04-30"),
        ("the summer of 2013", "the summer of 2013", "2013-06-01", "2013-08-31"),
        ("in winter 2013", "winter 2013", "2013-12-01", "2014-02-28"),
        ("in the first quarter of 2015", "the first quarter of 2015", "2015-01-01", "2015-03-31"),
        ("between May and August 2013", "between May and August 2013", "2013-05-01", "2013-08-31"),
        ("from 28 May to 3 June 2013", "from 28 May to 3 June 2013", "2013-05-28", "2013-06-03"),
        ("5-7 June 2013", "5-7 June 2013", "2013-06-05", "2013-06-07"),
        ("June 2014-March 2015", "June 2014-March 2015", "2014-06-01", "2015-03-31"),
        ("the 2012-14 siege", "2012-14", "2012-01-01", "2014-12-31"),
        ("in the 1990s", "1990s", "1990-01-01", "1999-12-31"),
        ("BOGOTA, 12 JAN 90 (X)", "12 JAN 90", "1990-01-12", "1990-01-12"),
        ("12 Ramadan 1436", "12 Ramadan 1436", "2015-06-28", "2015-06-30"),
        ("Eid al-Adha 2014", "Eid al-Adha 2014", "2014-10-03", "2014-10-08"),
        ("Easter Sunday 2014", "Easter Sunday 2014", "2014-04-20", "2014-04-20"),
        # fixed by publication
        ("in late May", "late May", "2015-05-21", "2015-05-31"),
        ("in mid-June", "mid-June", "2015-06-11", "2015-06-20"),
        ("in early June", "early June", "2015-06-01", "2015-06-10"),
        ("at the end of May", "the end of May", "2015-05-21", "2015-05-31"),
        ("in the first week of May", "the first week of May", "2015-05-01", "2015-05-07"),
        ("in May", "May", "2015-05-01", "2015-05-31"),
        ("in June last year", "June last year", "2014-06-01", "2014-06-30"),
        ("on 3 February this year", "3 February this year", "2015-02-03", "2015-02-03"),
        ("in September", "September", "2014-09-01", "2014-09-30"),
        ("elections will be held in September", "September", "2015-09-01", "2015-09-30"),
        ("on 3 August", "3 August", "2014-08-03", "2014-08-03"),
        ("on Tuesday", "Tuesday", "2015-06-30", "2015-06-30"),
        ("on Monday", "Monday", "2015-07-06", "2015-07-06"),
        ("last Monday", "last Monday", "2015-06-29", "2015-06-29"),
        ("next Friday", "next Friday", "2015-07-10", "2015-07-10"),
        ("at dawn on Friday", "Friday", "2015-07-03", "2015-07-03"),
        ("on Friday night", "Friday night", "2015-07-03", "2015-07-03"),
        ("on Friday of last week", "Friday of last week", "2015-07-03", "2015-07-03"),
        ("overnight Friday", "overnight Friday", "2015-07-03", "2015-07-04"),
        ("yesterday", "yesterday", "2015-07-05", "2015-07-05"),
        ("the day before yesterday", "the day before yesterday", "2015-07-04", "2015-07-04"),
        ("last night", "last night", "2015-07-05", "2015-07-06"),
        ("over the weekend", "the weekend", "2015-07-04", "2015-07-05"),
        ("this week", "this week", "2015-07-06", "2015-07-06"),
        ("last week", "last week", "2015-06-29", "2015-07-05"),
        ("last month", "last month", "2015-06-01", "2015-06-30"),
        ("last year", "last year", "2014-01-01", "2014-12-31"),
        ("late last year", "late last year", "2014-09-01", "2014-12-31"),
        ("earlier this year", "earlier this year", "2015-01-01", "2015-07-06"),
        ("two days ago", "two days ago", "2015-07-04", "2015-07-04"),
        ("three months ago", "three months ago", "2015-04-01", "2015-04-30"),
        ("in the past three days", "the past three days", "2015-07-03", "2015-07-06"),
        ("in the past 24 hours", "the past 24 hours", "2015-07-05", "2015-07-06"),
        ("since March", "since March", "2015-03-01", "2015-07-06"),
        ("since 2011", "since 2011", "2011-01-01", "2015-07-06"),
        ("since the beginning of the year", "since the beginning of the year", "2015-01-01", "2015-07-06"),
        ("since the start of the month", "since the start of the month", "2015-07-01", "2015-07-06"),
        ("since the March 2013 coup", "since the March 2013", "2013-03-01", "2015-07-06"),
        ("in the previous weeks", "in the previous weeks", "2015-06-08", "2015-07-06"),
        ("on the 27th", "the 27th", "2015-06-27", "2015-06-27"),
        ("last summer", "last summer", "2014-06-01", "2014-08-31"),
        ("last Ramadan", "last Ramadan", "2014-06-27", "2014-07-28"),
        ("on Good Friday", "Good Friday", "2015-04-03", "2015-04-03"),
        ("on Christmas Eve", "Christmas Eve", "2014-12-24", "2014-12-24"),
    ],
)
def test_readings(text: str, words: str, earliest: str, latest: str) -> None:
    assert [(d.text, d.earliest, d.latest) for d in find_dates(text, MONDAY)] == [(words, earliest, latest)]


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("On 20 May the town fell. Two days later", [("20 May", "2015-05-20"), ("Two days later", "2015-05-22")]),
        ("On 20 May the town fell. The next day", [("20 May", "2015-05-20"), ("The next day", "2015-05-21")]),
        ("On 20 May the town fell; a day earlier", [("20 May", "2015-05-20"), ("a day earlier", "2015-05-19")]),
        ("On 20 May the town fell. Later that day", [("20 May", "2015-05-20"), ("Later that day", "2015-05-20")]),
        ("It began in 2012. In October of that year", [("2012", "2012-01-01"), ("October of that year", "2012-10-01")]),
        ("On 3 May and 5 June 2013 shells", [("3 May", "2013-05-03"), ("5 June 2013", "2013-06-05")]),
    ],
)
def test_dates_that_hang_on_the_one_before(text: str, readings: list[tuple[str, str]]) -> None:
    assert [(d.text, d.earliest) for d in find_dates(text, MONDAY)] == readings


@pytest.mark.parametrize(
    "text",
    [
        "They may march on the city",
        "2014 people fled",
        "it may fall",
        "at 10:30",
        "a ratio of 3-1",
        "21.5 percent",
        "May I?",
        "31/31/2015",
        "30 Februaryish",
        "flight 2014",
    ],
)
def test_no_dates(text: str) -> None:
    assert find_dates(text, MONDAY) == []


@pytest.mark.parametrize(
    "text", ["on Tuesday", "yesterday", "in May", "two days later", "last week", "over the weekend"]
)
def test_without_publication_nothing_is_guessed(text: str) -> None:
    (mention,) = find_dates(text)
    assert (mention.earliest, mention.latest, mention.kind) == (None, None, "relative")


def test_an_open_start_without_publication_keeps_its_start() -> None:
    (mention,) = find_dates("since 2011")
    assert (mention.earliest, mention.latest) == ("2011-01-01", None)


def test_two_readings_of_a_numeric_date() -> None:
    assert [(d.earliest, d.latest) for d in find_dates("on 05/06/2015")] == [("2015-05-06", "2015-06-05")]
    assert [(d.earliest, d.latest) for d in find_dates("on 05/06/2015", "2015-05-20")] == [("2015-05-06", "2015-05-06")]


def test_the_weekday_decides_between_years() -> None:
    (mention,) = find_dates("on Friday, 15 May", "2016-01-10")
    assert mention.earliest == "2015-05-15"
    (mention,) = find_dates("on Thursday, May 15", MONDAY)
    assert mention.earliest == "2014-05-15"


def test_a_length_of_time_has_no_days() -> None:
    (mention,) = find_dates("They were held for three days", MONDAY)
    assert (mention.text, mention.kind, mention.earliest) == ("for three days", "duration", None)


@pytest.mark.parametrize("published", ["", "not a date", "2015-13-45", None, "6 July 2015"])
def test_unreadable_publication_is_none(published: str | None) -> None:
    assert find_dates("yesterday", published)[0].earliest is None


def test_publication_may_carry_a_time() -> None:
    assert find_dates("yesterday", "2015-07-06T23:30:00+03:00")[0].earliest == "2015-07-05"


@given(st.one_of(ANY_TEXT, WORDS), st.one_of(st.none(), DAYS, st.just("0001-01-01"), st.just("9999-12-31")))
def test_dates_hold_their_words_in_order(text: str, published: str | None) -> None:
    at = 0
    for mention in find_dates(text, published):
        assert at <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        if mention.latest is not None:
            assert mention.earliest is not None
            assert date.fromisoformat(mention.earliest) <= date.fromisoformat(mention.latest)
        at = mention.end


@given(DAYS.map(date.fromisoformat), st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%A, %d %B %Y", "%d.%m.%Y"]))
def test_a_full_date_is_read_back(day: date, form: str) -> None:
    (mention,) = find_dates(f"It was on {day.strftime(form)} that shells fell.", "2071-01-01")
    if form != "%d.%m.%Y" or day.day > 12:
        assert (mention.earliest, mention.latest) == (day.isoformat(), day.isoformat())
