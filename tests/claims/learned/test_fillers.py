"""Role proposals to entities; the texts are fictional."""

from __future__ import annotations

from marsad.claims.learned import Proposal, Proposals, fillers

TEXT = "Members of the Ember Front (EFR) shot at a bus. The EFR, or Front, had said so of a car bomb."


def _found(*words: str, channel: str = "perp_org") -> list[str]:
    spots = [(TEXT.index(w), w) for w in words]
    return [f.text for f in fillers(TEXT, Proposals(tuple(Proposal(channel, a, a + len(w), 0.9) for a, w in spots)))]


def test_a_name_and_its_abbreviation_in_brackets_are_one() -> None:
    assert _found("Ember Front", "EFR") == ["ember front"]


def test_a_name_and_its_end_are_one() -> None:
    assert _found("Ember Front", "Front, had") == ["ember front", "front, had"]
    assert _found("Ember Front", "Front") == ["ember front"]


def test_articles_and_prepositions_at_the_edges_go() -> None:
    assert _found("of a car bomb", channel="weapon") == ["car bomb"]
    assert _found("so of", channel="weapon") == ["so"]
    assert _found("at a", channel="weapon") == []
