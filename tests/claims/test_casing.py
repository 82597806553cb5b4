"""Capitals for text that has none: the length stays, and cased paragraphs are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.claims import Engine
from marsad.claims._actor_index import ActorIndex
from marsad.claims._casing import recase
from marsad.claims._lexicon import lexicon
from marsad.claims._segment import flatten
from marsad.model import Report

MIXED = "Gunmen killed two traders near Tera on Friday, the council of Tera said."


def written(text: str) -> str:
    return recase(text, flatten(text), lexicon(), ActorIndex())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("POLICE SAID THAT ALVARO JIMENEZ WAS SHOT DEAD IN MEDELLIN.", "Alvaro Jimenez was shot dead in Medellin"),
        ("fighters of the fmln kidnapped hector ruiz in colombia on friday.", "FMLN kidnapped Hector Ruiz in Colombia"),
    ],
)
def test_text_without_case_is_written_as_its_author_would(text: str, wanted: str) -> None:
    assert wanted in written(text)


def test_only_the_paragraphs_without_case_are_written_anew() -> None:
    shouted = "GUNMEN KILL TWO TRADERS NEAR TERA"
    assert written(f"{shouted}\n\n{MIXED}").endswith(MIXED)
    assert written(f"{shouted}\n\n{MIXED}").startswith("Gunmen kill two traders")
    assert written(MIXED) == MIXED


def test_paragraphs_stay_apart() -> None:
    claims = Engine(learned=False).extract(Report("r", "x", text=f"TWO TRADERS KILLED NEAR TERA\n\n{MIXED}"))
    assert [c.sentence.start for c in claims] == [0, 30]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_keeps_its_length(text: str) -> None:
    assert len(written(text.lower())) == len(text.lower())
    assert len(written(text.upper())) == len(text.upper())
