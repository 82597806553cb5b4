"""Names of a report: what it says of one in one sentence holds in the others. All names are made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.claims import extract
from marsad.claims._names import families_told, towns_told
from marsad.model import Report


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("in the town of Orra Deno on Monday", "orra deno"),
        ("the village of Wad al-Senna was hit", "wad al-senna"),
        ("they fled from Vello village at dawn", "vello"),
    ],
)
def test_what_a_report_calls_a_town_is_one(text: str, town: str) -> None:
    assert town in towns_told(text)


def test_a_word_for_a_kind_of_place_names_none() -> None:
    assert not towns_told("the northern district of the city")


def test_the_last_word_of_a_full_name_may_stand_for_its_bearer() -> None:
    assert families_told("Salma Dorran left home; North Vello was calm.") == {"Dorran"}


@given(st.text(max_size=200))
def test_any_text_gives_names_that_it_holds(text: str) -> None:
    assert all(name in text.lower() for name in towns_told(text))
    assert all(name in text for name in families_told(text))


def test_a_strike_on_a_town_that_no_gazetteer_has_names_the_town() -> None:
    text = "The town of Orra Deno was calm. A drone strike on Orra Deno killed two herders."
    claims = extract(Report("r", "x", text=text, published="2023-05-10"))
    assert claims and all("Orra Deno" in [p.text for p in c.places] for c in claims)
