"""How many and how old. Every sentence here is made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.text import find_ages, find_numbers

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=200)
VOCABULARY = """
more than at least between and to or up nearly a dozen dozens of hundreds thousand million half two twenty - six 
9 14 1,000 2.5 , . % $ aged 12 year old s years in his 40 early mid late under over ages 3 people no fewer as many 
family five from rose couple several few hundred one
ones 0 00 ٢٦ + odd so 1,50,000 000 several-odd
"""
WORDS = st.lists(
    st.sampled_from(VOCABULARY.split()),
    max_size=14,
).map(" ".join)


@pytest.mark.parametrize(
    ("text", "words", "low", "high"),
    [
        ("More than 25 men were shot", "More than 25", 26, None),
        ("over 200 people fled", "over 200", 201, None),
        ("at least 500 people", "at least 500", 500, None),
        ("no fewer than twenty-six guards", "no fewer than twenty-six", 26, None),
        ("up to 40 were hurt", "up to 40", None, 40),
        ("as many as 12 died", "as many as 12", None, 12),
        ("fewer than 30 remain", "fewer than 30", None, 29),
        ("between 9 and 14 soldiers", "between 9 and 14", 9, 14),
        ("9 to 14 dead", "9 to 14", 9, 14),
        ("30-40 rebels", "30-40", 30, 40),
        ("30–40 rebels", "30–40", 30, 40),
        ("two or three houses", "two or three", 2, 3),
        ("at least 9 and as many as 14 died", "at least 9 and as many as 14", 9, 14),
        ("2 to 3 million people", "2 to 3 million", 2_000_000, 3_000_000),
        ("between 200 and 300 thousand people", "between 200 and 300 thousand", 200_000, 300_000),
        ("twenty-six villagers", "twenty-six", 26, 26),
        ("two hundred and six villagers", "two hundred and six", 206, 206),
        ("a dozen men", "a dozen", 12, 12),
        ("two dozen men", "two dozen", 24, 24),
        ("half a dozen men", "half a dozen", 6, 6),
        ("half a million people", "half a million", 500_000, 500_000),
        ("two and a half million people", "two and a half million", 2_500_000, 2_500_000),
        ("1.5 million people", "1.5 million", 1_500_000, 1_500_000),
        ("12,000 people", "12,000", 12_000, 12_000),
        ("1,50,000 people", "1,50,000", 150_000, 150_000),
        ("dozens of men", "dozens", 24, None),
        ("scores of men", "scores", 40, None),
        ("hundreds fled", "hundreds", 200, None),
        ("tens of thousands fled", "tens of thousands", 20_000, None),
        ("hundreds of thousands fled", "hundreds of thousands", 200_000, None),
        ("several people", "several", 3, None),
        ("a few hundred people", "a few hundred", 200, None),
        ("several dozen men", "several dozen", 36, None),
        ("a number of houses", "a number of", 2, None),
        ("a couple of guards", "a couple of", 2, 2),
        ("a family of five was killed", "a family of five", 5, 5),
        ("25 or more died", "25 or more", 25, None),
        ("40+ dead", "40+", 40, None),
        ("a toll of 15", "15", 15, 15),
        ("2017 people fled", "2017", 2017, 2017),
        ("more than 2000 fled", "more than 2000", 2001, None),
        ("well over a dozen", "well over a dozen", 13, None),
        ("at least another five", "at least another five", 5, None),
        ("قتل ٢٦ شخصا", "٢٦", 26, 26),
    ],
)
def test_counts(text: str, words: str, low: int | None, high: int | None) -> None:
    numbers = [n for n in find_numbers(text) if n.kind == "count"]
    assert [(n.text, n.min, n.max) for n in numbers] == [(words, low, high)]


@pytest.mark.parametrize(
    "words", ["about 30", "around 30", "some 30", "an estimated 30", "nearly 30", "almost 30", "30 or so"]
)
def test_approximate_figures_keep_the_figure_and_say_so(words: str) -> None:
    (number,) = find_numbers(f"They saw {words} men")
    assert (number.text, number.min, number.max, number.approximate) == (words, 30, 30, True)


def test_a_day_before_a_figure_is_no_part_of_it() -> None:
    counts = [n for n in find_numbers("bringing the toll since 7 October to 33,970") if n.kind == "count"]
    assert [(n.min, n.max) for n in counts] == [(33970, 33970)]


def test_a_change_is_two_figures_not_a_range() -> None:
    assert [(n.min, n.max) for n in find_numbers("The toll rose from 9 to 14.")] == [(9, 9), (14, 14)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a 12-year-old boy", "age"),
        ("on 12 May 2015", "date"),
        ("in 2014", "date"),
        ("under the 2017 law", "date"),
        ("at 10:30", "time"),
        ("at 5pm", "time"),
        ("$5 million in aid", "money"),
        ("5,000 dollars", "money"),
        ("12 percent of them", "percent"),
        ("12% of them", "percent"),
        ("20 km away", "measure"),
        ("for three years", "measure"),
        ("an AK-47 rifle", "designation"),
        ("the F-16 jets", "designation"),
        ("a 122mm rocket", "measure"),
        ("Resolution 2139", "designation"),
        ("Room 12 burned", "designation"),
        ("No. 5 on the list", "designation"),
        ("the 4th Division", "ordinal"),
        ("two-thirds of them", "fraction"),
        ("6016 Dublin Road", "address"),
        ("the father of three", "designation"),
    ],
)
def test_what_is_no_count_says_so(text: str, kind: str) -> None:
    kinds = {n.kind for n in find_numbers(text)}
    assert kinds == {kind}


@pytest.mark.parametrize("text", ["no one came", "they saw one another", "the one that fell", "so many believe"])
def test_pronouns_count_nothing(text: str) -> None:
    assert find_numbers(text) == []


@pytest.mark.parametrize(
    ("text", "words", "low", "high"),
    [
        ("boys aged 12 were taken", "aged 12", 12, 12),
        ("a 12-year-old boy", "12-year-old", 12, 12),
        ("a twelve-year-old boy", "twelve-year-old", 12, 12),
        ("he is 12 years old", "12 years old", 12, 12),
        ("boys aged 12 and 13", "aged 12 and 13", 12, 13),
        ("between the ages of 12 and 13", "between the ages of 12 and 13", 12, 13),
        ("children aged between 6 and 9", "aged between 6 and 9", 6, 9),
        ("children ages 6 to 9", "ages 6 to 9", 6, 9),
        ("children aged 6-9", "aged 6-9", 6, 9),
        ("12- and 13-year-olds", "12- and 13-year-olds", 12, 13),
        ("children under 18 were freed", "", 0, 17),
        ("children under 18", "under 18", 0, 17),
        ("boys under the age of 15", "under the age of 15", 0, 14),
        ("recruits as young as nine", "as young as nine", 9, None),
        ("men over 60", "over 60", 61, None),
        ("a man in his 40s", "in his 40s", 40, 49),
        ("a man in his late 40s", "in his late 40s", 47, 49),
        ("women in their early twenties", "in their early twenties", 20, 23),
        ("a teenage girl", "teenage", 13, 19),
        ("an infant died", "infant", 0, 1),
        ("a six-month-old girl", "six-month-old", 0, 0),
        ("an 18-month-old girl", "18-month-old", 1, 1),
        ("Selma Rahimi, 43, was shot", "43", 43, 43),
    ],
)
def test_ages(text: str, words: str, low: int, high: int | None) -> None:
    found = [(a.text, a.min, a.max) for a in find_ages(text)]
    assert found == [(words or found[0][0], low, high)]


@pytest.mark.parametrize(
    "text", ["there were over 40 dead", "under 30 minutes", "Route 66, 12 km on", "in the 40s", "age-old"]
)
def test_no_ages(text: str) -> None:
    assert find_ages(text) == []


@given(st.one_of(ANY_TEXT, WORDS))
def test_numbers_hold_their_words_in_order(text: str) -> None:
    at = 0
    for number in find_numbers(text):
        assert at <= number.start < number.end <= len(text)
        assert text[number.start : number.end] == number.text
        assert number.min is None or number.max is None or number.min <= number.max
        at = number.end


@given(st.one_of(ANY_TEXT, WORDS))
def test_ages_hold_their_words_in_order(text: str) -> None:
    at = 0
    for age in find_ages(text):
        assert at <= age.start < age.end <= len(text)
        assert text[age.start : age.end] == age.text
        assert age.min is None or age.max is None or age.min <= age.max
        at = age.end


@given(st.integers(min_value=0, max_value=10**9))
def test_grouped_digits_are_read_as_written(n: int) -> None:
    (number,) = [x for x in find_numbers(f"there were {n:,} people", taken=[])]
    assert (number.min, number.max) == (n, n)
