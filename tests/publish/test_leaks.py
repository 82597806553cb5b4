"""Generated cases with planted names let none out, by the benchmark's own search: a sample of benchmarks/leaks.py."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import leaks as benchmark

from marsad.publish import _view
from marsad.publish._names import Guard


@pytest.mark.parametrize("profile", ["public", "partners"])
def test_no_planted_name_gets_out_and_most_is_kept(profile: str) -> None:
    outcome = benchmark.run(range(7000, 7040), profile)
    assert outcome.leaks == [] and outcome.refused == []
    assert (outcome.share("free incidents") or 0) > 0.85
    assert (outcome.share("figures") or 0) > 0.6
    assert (outcome.share("publishers") or 0) > 0.9


def test_the_search_finds_what_an_unguarded_release_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_view, "guarded_names", lambda *_: Guard.of(()))
    monkeypatch.setattr(_view, "child", lambda _: False)
    outcome = benchmark.run(range(7000, 7010), "internal")
    assert len({line.split()[1] for line in outcome.leaks}) == 10


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Salma Haddad", "@salmahaddad9"),
        ("Salma Haddad", "haddad_salma_2031.jpg"),
        ("Salma Haddad", "SelmahHadad"),
        ("Salma Haddad", "Selmah's house"),
        ("Salma Haddad", "وسلمى"),
        ("Salma Haddad", "Sal\u200bma"),
        ("Salma Haddad", "Salma Habdad"),
        ("Salma Haddad", "Сальма"),
        ("Oksana Shevchuk", "ŠEVČUK"),
        ("Abdulrahman Ziadeh", "عبد الرحمن"),
        ("Dina O'Rafiq", "رفيق"),
        ("Ali", "Aly's cart"),
        ("Bo Li", "Bo Lee's cart"),
        ("Bo Li", "@BohLee9"),
        ("Abdulrahman", "al-Rahman, Abd"),
        ("Abdulrahman Li", "Abd al-Rahman Lee's"),
        ("Abdulrahman Qasim", "@Qassemعبدالرحمن9"),
        ("Said Omari", "the boy, Said, ran"),
        ("Said Omari", "said omari"),
    ],
)
def test_a_name_is_found_as_it_may_be_written(name: str, text: str) -> None:
    assert Guard.of([name]).found(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Said Omari", "he said that nobody came"),
        ("Hope", "they hope for rain"),
        ("Salma Haddad", "a salami and islam and Salam"),
        ("Samir Haddad", "last summer"),
        ("Ali", "all of Al-Bab, ill"),
        ("Ali", "إلى"),
    ],
)
def test_other_words_are_left_alone(name: str, text: str) -> None:
    assert Guard.of([name]).found(text) == []
