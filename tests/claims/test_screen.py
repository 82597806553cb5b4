"""The screen by words: what it must let through, what it should set aside, and what it takes in round a candidate.

All sentences are fictional.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from marsad.claims import Engine
from marsad.claims._lexicon import lexicon
from marsad.claims._screen import around, candidates
from marsad.claims._segment import flatten, lowered, sentences
from marsad.model import Report

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from _texts import load
from screen import values


def chosen(text: str) -> set[int]:
    flat = flatten(text)
    return candidates(flat, lowered(flat), sentences(text), lexicon())


@pytest.mark.parametrize(
    "text",
    [
        "He was shot.",
        "Six of the thirty were held for ten days.",
        "In June Orin Vassk was sentenced to ten years.",
        "They took me at the bridge.",
        "Many were taken away in trucks.",
        "Halverton man shot twice in robbery.",
        "Shells hit the clinic.",
        "The girl whom the rebels seized is twelve.",
        "ARMY KILLS TWELVE.",
        "Soldiers club protesters.",
        "Troops now fire at crowds.",
        "Rebels beat prisoners.",
        "He threatened to kill the guards.",
        "They managed to kill two guards.",
        "He could have killed the guards.",
        "Vassk was held on Monday.",
        "The writers held behind bars are three.",
    ],
)
def test_what_may_tell_of_an_act_is_let_through(text: str) -> None:
    assert chosen(text) == {0}


@pytest.mark.parametrize(
    "text",
    [
        "The club has new members.",
        "The minister, Loretta Lynch, opened a bridge.",
        "It took a long time.",
        "They took part in the fair.",
        "A level of calm returned.",
        "The fund used a new method.",
        "She beat the odds.",
        "The water level rose.",
        "The mayor came under fire.",
        "He would kill the guards.",
        "He plans to kill the guards.",
        "The guards could be killed.",
        "The army held joint rallies in the city for its men.",
    ],
)
def test_weak_words_alone_are_set_aside(text: str) -> None:
    assert chosen(text) == set()


def test_context_is_taken_for_what_a_candidate_asks_for() -> None:
    text = (
        "Orin Vassk kept a shop. The day was hot. The road was empty. Prices rose. Rain came. "
        "He was killed at noon. Bread was dear. The mayor said that the rebels were responsible for it."
    )
    flat = flatten(text)
    cut = sentences(text)
    hits = candidates(flat, lowered(flat), cut, lexicon())
    assert hits == {5}
    assert around(flat, lowered(flat), cut, {5: {"one"}}, lexicon()) == {0, 5, 7}
    assert around(flat, lowered(flat), cut, {5: set()}, lexicon()) == {5, 7}
    plain = "The shop was open. Rebels killed Amal Idris. Rain came."
    flat = flatten(plain)
    assert around(flat, lowered(flat), sentences(plain), {1: set()}, lexicon()) == {1}


@pytest.mark.shared
@pytest.mark.parametrize("corpus", ["polnear/dev", "hrdsattack/dev.json", "muc4/role_fillers/dev.json"])
def test_the_screen_loses_little(shared: Path, corpus: str) -> None:
    """Twelve reports of each; `benchmarks/screen.py` prints the whole."""
    screened, every = Engine(learned=False), Engine(learned=False, screened=False)
    wanted = kept = 0
    for text in random.Random(5).sample(load(shared / "corpora" / corpus), 12):
        report = Report("r", "x", text=text, published="2020-01-01")
        ours = {(c.act, c.trigger): set(values(c)) for c in screened.extract(report)}
        for claim in every.extract(report):
            mine = set(values(claim))
            wanted += len(mine)
            kept += len(mine & ours.get((claim.act, claim.trigger), set()))
    # A place is settled by what else the report names, of which the screened engine looks at less.
    assert kept >= 0.93 * wanted
