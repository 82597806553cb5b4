"""Cells that a spreadsheet may open."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.text import cell, to_csv


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", " =1", "\u00a0=1", "＝1", "\t=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text).startswith("'")


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (True, "yes"), (False, "no"), (3, "3"), (-2, "-2"), ("a", "a")]
)
def test_values(value: object, text: str) -> None:
    assert cell(value) == text


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b"]), st.text()), max_size=4))
def test_what_is_written_is_read_back(rows: list[dict[str, str]]) -> None:
    read = list(csv.DictReader(io.StringIO(to_csv(["a", "b"], rows), newline="")))
    assert read == [{"a": cell(r.get("a")), "b": cell(r.get("b"))} for r in rows]
