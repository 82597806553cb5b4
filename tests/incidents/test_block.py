"""Which tellings are compared. All names are fictional."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from incident_fixtures import claim, report

from marsad.incidents._block import NEAREST, NEAREST_IN_WORDS, candidates, keys, number_of, reach
from marsad.incidents._tellings import Telling, telling

STOCK = "A spokesman said on the radio that nine people were killed there."


def told(n: int, day: str | None, town: str | None = "Qasrabad", sentence: str | None = STOCK) -> Telling:
    c = claim(f"c{n}", f"r{n}", town=town, day=day, sentence=sentence, at=0)
    return telling([c], report(f"r{n}", day or "2031-05-04"))


def test_what_shares_but_words_is_compared_with_few_beside_and_what_shares_a_town_and_week_with_more() -> None:
    size = 3 * NEAREST
    far = [told(n, f"{2031 + n // 12}-{1 + n % 12:02d}-01", town=None) for n in range(size)]
    near = [told(n, "2031-05-03", sentence=f"Words of paper {n} alone, which nobody repeats.") for n in range(size)]
    for tellings, beside in ((far, NEAREST_IN_WORDS), (near, NEAREST)):
        met = Counter(i for pair in candidates(tellings) for i in pair)
        assert max(met.values()) == 2 * beside


def test_a_few_that_share_words_are_all_compared_however_far_apart_they_are_told() -> None:
    tellings = [told(n, f"{2031 + 5 * n}-05-03", town=None) for n in range(NEAREST_IN_WORDS)]
    assert len(list(candidates(tellings))) == NEAREST_IN_WORDS * (NEAREST_IN_WORDS - 1) / 2


@given(st.dates(), st.none() | st.sampled_from(("Qasrabad", "Deir Nahr")))
def test_keys_and_numbers_are_of_63_bits_and_those_of_one_week_lie_together(date, town) -> None:  # type: ignore[no-untyped-def]
    one = told(1, date.isoformat(), town)
    for key, _ in keys(one):
        assert 0 <= key < 1 << 63
        assert reach(key) in (NEAREST, NEAREST_IN_WORDS)
    assert 0 <= number_of(one) < 1 << 63
    beside = replace(one, claims=("another",))
    assert number_of(one) != number_of(beside)
    assert number_of(one) >> 55 == number_of(beside) >> 55
    other = replace(one, published=(one.published or 0) + 7)
    assert number_of(one) >> 55 != number_of(other) >> 55
