"""When one text is a copy of another. All texts are fictional."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from incident_fixtures import report

from marsad.incidents._copies import Print, is_copy, print_of
from marsad.incidents._words import shingles

WORDS = " ".join(f"word{n}" for n in range(60))


def test_a_cut_or_padded_text_is_a_copy_and_another_text_is_none() -> None:
    whole, cut = print_of(report("r1", text=WORDS)), print_of(report("r2", text=WORDS[: len(WORDS) * 3 // 4]))
    padded = print_of(report("r3", text=f"A lead of its own. {WORDS}"))
    other = print_of(report("r4", text=" ".join(f"other{n}" for n in range(60))))
    assert is_copy(whole, cut)
    assert is_copy(whole, padded)
    assert not is_copy(whole, other)


def test_versions_of_one_publisher_are_revisions_unless_nothing_differs() -> None:
    first = print_of(report("r1", publisher="Qasr Lamp", text=WORDS))
    assert is_copy(first, print_of(report("r2", publisher="Qasr Lamp", text=WORDS)))
    assert not is_copy(first, print_of(report("r3", publisher="Qasr Lamp", text=f"{WORDS} more")))
    assert is_copy(first, print_of(report("r4", publisher="Nahr Post", text=f"{WORDS} more")))


def test_a_short_text_is_a_copy_only_within_days() -> None:
    short = "Two people were killed in the old town."
    first, soon, late = (print_of(report(d, d, text=short)) for d in ("2031-05-04", "2031-05-09", "2031-06-09"))
    assert is_copy(first, soon)
    assert not is_copy(first, late)


def test_a_report_without_words_copies_none() -> None:
    empty = print_of(report("r1"))
    assert not is_copy(empty, empty)


@given(st.text(), st.text())
def test_a_print_holds_its_shingles_and_copying_has_no_direction(one: str, two: str) -> None:
    a, b = print_of(report("r1", text=one)), print_of(report("r2", text=two))
    assert isinstance(a, Print)
    assert len(a.shingles) == 4 * len(shingles(one))
    assert is_copy(a, b) == is_copy(b, a)
