"""Which sentences are taken in round an act, and that reading many reports together changes nothing. All fictional."""

from __future__ import annotations

import pytest

from marsad.claims import Engine
from marsad.claims._fits import fitter
from marsad.claims._selection import Selection, asks, choose
from marsad.claims._triggers import triggers
from marsad.model import Report


def selection(text: str) -> Selection:
    chosen = Engine(learned=False)._selection(text)
    choose([chosen])
    return chosen


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Rebels killed Amal Idris in Tamrin.", set()),
        ("Rebels killed three farmers on the road.", set()),
        ("They killed three farmers on the road.", {"people"}),
        ("The gunmen killed three farmers.", {"people"}),
        ("Rebels killed others near Tamrin.", {"people"}),
        ("He was killed near Tamrin.", {"one"}),
        ("She said that they had killed her.", {"one", "people"}),
    ],
)
def test_an_act_asks_for_whom_it_refers_back_to(text: str, asked: set[str]) -> None:
    parsed = selection(text).parsed[0]
    assert asks(parsed, triggers(parsed, fitter(parsed))) == asked


def test_only_what_is_asked_for_is_parsed() -> None:
    before = "A farmer kept goats there. The hall was new. "
    assert [p.text for p in selection(before + "Rebels killed three teachers.").parsed] == [
        "Rebels killed three teachers."
    ]
    assert [p.text for p in selection(before + "They killed three teachers.").parsed] == [
        "A farmer kept goats there.",
        "They killed three teachers.",
    ]


def test_reports_read_together_give_what_each_gives_alone() -> None:
    texts = [
        "Rebels killed three farmers near Tamrin. The mayor said that they fled.",
        "",
        "The fair opened in Tamrin.",
        "A bomb exploded in Marrowfield. He was wounded, medics said.",
    ]
    reports = [Report(f"r{n}", "x", text=t, published="2020-01-01") for n, t in enumerate(texts * 3)]
    engine = Engine(learned=False)
    assert list(engine.extract_many(reports)) == [engine.extract(r) for r in reports]
    assert list(engine.extract_many([])) == []
