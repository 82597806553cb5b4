from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from incident_fixtures import claim, people, report, reports, said

from marsad.incidents import link
from marsad.incidents._hours import days_ago, part_of_day, parts_agree
from marsad.model import Claim


@pytest.mark.parametrize(
    ("sentence", "part"),
    [
        ("Shells fell on the market on Thursday morning.", "morning"),
        ("On the evening of 9 June a shelter was hit.", "evening"),
        ("The village was attacked overnight.", "night"),
        ("The attackers came at dawn.", "dawn"),
        ("Six people were killed, a doctor said on Thursday evening.", ""),
        ("A woman who had given birth that morning was killed.", ""),
        ("The Evening Post was told of six dead.", ""),
        ("It began in the morning and went on into the evening.", ""),
        ("Nobody said when it was.", ""),
    ],
)
def test_the_part_of_the_day_is_the_act_s_own(sentence: str, part: str) -> None:
    assert part_of_day([sentence]) == part


def test_parts_that_lie_side_by_side_do_not_differ() -> None:
    assert parts_agree("morning", "evening") == parts_agree("evening", "morning") == "different"
    assert (
        parts_agree("noon", "afternoon") == parts_agree("night", "dawn") == parts_agree("night", "morning") == "unknown"
    )
    assert parts_agree("night", "night") == "same"
    assert parts_agree("", "night") == "unknown"


def test_days_are_counted_back_only_for_what_is_told_as_so_long_ago() -> None:
    published = dt.date(2031, 4, 8).toordinal()
    words = "The killings came three weeks after shells hit the landing."
    before, after = (_at(words, w) for w in ("killings", "hit"))
    assert days_ago([before], published) is None
    assert days_ago([after], published) == (published - 28, published - 14)
    assert days_ago([_at("A month ago a mine killed a man.", "killed")], published) == (published - 62, published)
    assert days_ago([after], None) is None


def _at(words: str, trigger: str) -> Claim:
    made = claim("x", "r1", sentence=words, at=0, day=None)
    start = words.index(trigger)
    return _with_trigger(made, start, trigger)


def _with_trigger(made: Claim, start: int, text: str) -> Claim:
    return replace(made, trigger=replace(made.trigger, start=start, end=start + len(text), text=text))


def test_a_morning_and_an_evening_of_one_town_and_day_are_two() -> None:
    shelf = reports(report("r1", publisher="Daily Lamp"), report("r2", publisher="Evening Post"))
    morning = claim("a", "r1", victims=(people("six people", 6, 6),), means="airstrike",
                    sentence="Planes bombed the market on Saturday morning, killing six people.")  # fmt: skip
    evening = claim("b", "r2", victims=(people("four people", 4, 4),), means="airstrike",
                    sentence="Planes bombed a shelter on Saturday evening, killing four people.")  # fmt: skip
    assert len(link([morning, evening], shelf)) == 2
    night = claim("c", "r2", victims=(people("six people", 6, 6),), means="airstrike",
                  sentence="Planes bombed the market of the town, killing six people.")  # fmt: skip
    assert len(link([morning, night], shelf)) == 1


def test_one_voice_that_gives_two_sites_two_numbers_and_two_times_tells_of_two() -> None:
    shelf = reports(report("r1", publisher="Daily Lamp"))
    market = "On 3 May a strike on the market killed seven people."
    shelter = "On the same day a strike on a shelter killed four people."
    a = claim("a", "r1", victims=(people("seven people", 7, 7),), sentence=market, at=0)
    b = claim("b", "r1", victims=(people("four people", 4, 4),), sentence=shelter, at=100)
    a, b = (_timed(c) for c in (a, b))
    assert len(link([a, b], shelf)) == 2
    # Two voices that differ speak of one.
    other = claim("b", "r1", victims=b.victims, sentence=shelter, at=100, sources=(said("a guard", "party"),))
    assert len(link([a, _timed(other)], shelf)) == 1


def _timed(made: Claim) -> Claim:
    assert made.time is not None
    start = made.sentence.start
    return replace(made, time=replace(made.time, start=start, end=start + 8))
