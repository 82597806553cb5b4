"""Decoding: spans out of logits."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from marsad.claims.learned._decode import Tuning, decode

O, B, I = [5.0, 0.0, 0.0], [0.0, 5.0, 0.0], [0.0, 0.0, 5.0]  # noqa: E741


def _logits(*states: list[float]) -> np.ndarray:
    return np.array(states)[:, None, :]


def test_a_begin_and_its_insides_are_one_span_and_two_begins_two() -> None:
    spans = decode(_logits(O, B, I, B, O), frozenset({0}), (Tuning(),))
    assert [(first, last) for _, first, last, _ in spans] == [(1, 3), (3, 4)]


def test_inside_after_outside_is_taken_up_as_a_span_only_where_a_window_goes_on() -> None:
    assert [s[1:3] for s in decode(_logits(I, I, O), frozenset(), (Tuning(),))] == [(0, 2)]
    opened = decode(_logits(I, O, O), frozenset({0}), (Tuning(),))
    assert opened == [] or opened[0][1:3] == (0, 1)


def test_a_bias_to_outside_drops_unsure_spans() -> None:
    unsure = _logits(O, [0.0, 1.0, 0.0], O)
    assert len(decode(unsure, frozenset({0}), (Tuning(0.0),))) == 1
    assert decode(unsure, frozenset({0}), (Tuning(3.0),)) == []


def test_a_switch_penalty_keeps_a_long_span_whole() -> None:
    holed = _logits(B, I, I, [1.0, 0.0, 0.5], I, I, O)
    assert len(decode(holed, frozenset({0}), (Tuning(),))) >= 1
    assert [s[1:3] for s in decode(holed, frozenset({0}), (Tuning(0.0, 2.0),))] == [(0, 6)]


@given(st.integers(1, 30), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_spans_of_a_channel_are_in_order_apart_and_scored(words: int, channels: int, seed: int) -> None:
    logits = np.random.default_rng(seed).normal(0, 3, (words, channels, 3))
    spans = decode(logits, frozenset({0}), (Tuning(),) * channels)
    for channel in range(channels):
        mine = [s for s in spans if s[0] == channel]
        assert all(a[2] <= b[1] for a, b in pairwise(mine))
        assert all(0 <= first < last <= words and 0 <= score <= 1 for _, first, last, score in mine)
