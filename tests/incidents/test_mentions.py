"""Fictional reports of shootings, in words; and the coreference scorer on the worked example of its paper."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from marsad.incidents import Document, Mention, document_groups, link_mentions

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from conll import average, conll

TEXTS = {
    "a": (
        "Man dies after shooting in Halverton",
        "Deputies in Halverton say Orin Vassk was shot on Tuesday near the cannery .",
        "The shooting happened at noon .",
    ),
    "b": (
        "Vassk was killed by a single gunshot , Halverton deputies said .",
        "The shooting is under investigation at the cannery .",
        "In 2019 a woman was shot on the same street .",
    ),
    "c": (
        "A teacher of Port Ellery , Mira Donn , was shot at the library .",
        "She died in the ambulance .",
    ),
}
DOCUMENTS = [Document(k, tuple(tuple(s.split()) for s in v), "2031-05-03") for k, v in TEXTS.items()]


def mentions() -> list[Mention]:
    wanted = ("dies", "shooting", "shot", "killed", "gunshot", "died")
    return [
        Mention(f"{d.id}{n}-{i}", d.id, n, i, i + 1)
        for d in DOCUMENTS
        for n, s in enumerate(d.sentences)
        for i, w in enumerate(s)
        if w in wanted
    ]


def test_reports_are_grouped_by_the_rare_words_that_they_share() -> None:
    assert document_groups(DOCUMENTS) == {"a": "a", "b": "a", "c": "c"}


def test_deaths_hits_and_the_whole_are_things_of_their_own_across_reports() -> None:
    found = link_mentions(DOCUMENTS, mentions())
    assert found["a0-1"] == found["b0-2"], "dies, killed"
    assert found["a2-1"] == found["b1-1"], "the shooting, the shooting"
    assert found["a1-7"] != found["a0-1"], "shot, dies"
    assert found["a1-7"] != found["c0-10"], "two people shot in two towns"
    assert found["b2-5"] != found["a1-7"], "another year"


def test_order_changes_nothing() -> None:
    found = link_mentions(DOCUMENTS, mentions())
    documents, told = DOCUMENTS[:], mentions()
    random.Random(3).shuffle(documents)
    random.Random(4).shuffle(told)
    assert link_mentions(documents, told) == found


def test_the_scorer_gives_what_its_paper_s_example_gives() -> None:
    # Pradhan et al. 2014: key {a,b,c} {d,e,f,g}, response {a,b} {c,d} {f,g,h,i}.
    gold = dict.fromkeys("abc", "1") | dict.fromkeys("defg", "2")
    found = dict.fromkeys("ab", "1") | dict.fromkeys("cd", "2") | dict.fromkeys("fghi", "3")
    scores = conll(gold, found)
    assert (scores["muc"].precision, scores["muc"].recall) == pytest.approx((0.4, 0.4))
    assert (scores["b3"].precision, scores["b3"].recall) == pytest.approx((0.5, (5 / 3 + 5 / 4) / 7))
    assert (scores["ceafe"].precision, scores["ceafe"].recall) == pytest.approx((1.3 / 3, 1.3 / 2))
    assert average(conll(gold, gold)) == 1.0
