"""The simulator's worlds, and what linking and counting give where the truth is known."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import ledger as benchmark
import simulator

from marsad.incidents import Weights, labelled_pairs, learn

SMALL = simulator.Settings(incidents=60, days=40, towns=30)


def test_a_seed_gives_one_world_and_half_its_reports_only_carry_another_on() -> None:
    one, two = simulator.simulate(7, SMALL), simulator.simulate(7, SMALL)
    assert one.claims == two.claims and one.reports == two.reports
    for claim in one.claims.values():
        assert claim.id in one.about and claim.report in one.reports
        assert all(o in one.claims for o in (*claim.same_as, *claim.apart_from))


def test_linking_origins_and_ranges_meet_their_marks() -> None:
    scores = benchmark.measure(simulator.simulate(101, SMALL))
    assert scores.f1 >= 0.95
    assert 0.9 <= scores.origins <= 1.1
    assert scores.covered >= 0.95
    assert scores.width <= 1.5
    assert scores.naive > 3, "a sum over reports counts the dead many times"


def test_weights_learned_from_labelled_pairs_tell_them_apart_and_keep_what_no_pair_shows() -> None:
    world = simulator.simulate(8, SMALL)
    pairs = labelled_pairs(list(world.claims.values()), world.reports, world.about)
    learned = learn(pairs)
    shipped = Weights.shipped()
    assert learned.features["place"]["same words"] == shipped.features["place"]["same words"]
    assert learned.veto == shipped.veto
    assert learned.features["time"]["same day"] > learned.features["time"]["days apart"]

    def wrong(weights: Weights) -> int:
        return sum((weights.prior + sum(weights.features[f][v] for f, v in found) > 0) != same for found, same in pairs)

    assert wrong(learned) <= wrong(shipped)
