"""The scorers, against counts made by hand."""

import pytest

from training.score import Tally, ceaf_ree, exact, regression


def test_ceaf_ree_matches_each_gold_entity_once() -> None:
    gold = [["fmln", "farabundo marti front"], ["guerrillas"]]
    assert ceaf_ree([["fmln"], ["farabundo marti front"], ["soldiers"]], gold) == Tally(1, 3, 2)


def test_ceaf_ree_wants_every_mention_of_a_prediction_to_be_the_entitys() -> None:
    assert ceaf_ree([["fmln", "guerrillas"]], [["fmln"], ["guerrillas"]]).right == 0


def test_ceaf_ree_finds_the_best_matching_not_the_first() -> None:
    assert ceaf_ree([["a"], ["b"]], [["a", "b"], ["a"]]).right == 2


def test_tallies_add_up_to_micro_f1() -> None:
    whole = sum([exact([(0, 1), (2, 3)], [(0, 1)]), exact([], [(5, 6)])], Tally())
    assert (whole.precision, whole.recall, whole.f1) == (0.5, 0.5, 0.5)


def test_regression_gives_error_and_correlation() -> None:
    mae, r = regression([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    assert (mae, r) == (pytest.approx(1.0), pytest.approx(1.0))
