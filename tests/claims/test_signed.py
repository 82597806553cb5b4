"""Signed quotations: whose words they are, and spans that lie in the text in their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.claims._signed import signed

PIECES = [
    '"',
    "“",
    "”",
    " - ",
    "—",
    "\n",
    "Amna Idris",
    "a farmer",
    ", 42",
    "(29)",
    ".",
    " ",
    "They took my son. ",
    "ليلى",
]


@pytest.mark.parametrize("line, who, name", [
    ("“They took my son away.” — Amna Idris", "Amna Idris", "Amna Idris"),
    ('"They took my son away." - Amna Idris, farmer.', "Amna Idris, farmer", "Amna Idris"),
    ("“They took my son away.”\n– Woman, 34, from Tell Warda", "Woman, 34, from Tell Warda", "Woman"),
    ("“They took my son away.” ― Salma I. (29), a nurse", "Salma I. (29), a nurse", "Salma I."),
    ("“They took my son away.” -- A teacher of the town", "A teacher of the town", "A teacher of the town"),
    ("“هم أخذوا ابني من الحقل.” — Amna Idris", "Amna Idris", "Amna Idris"),
])  # fmt: skip
def test_who_signs(line: str, who: str, name: str) -> None:
    text = f"Before.\n\n{line}\n\nAfter."
    (one,) = signed(text)
    assert (text[slice(*one.who)], text[slice(*one.name)]) == (who, name)
    assert text[slice(*one.quote)][0] in '"“' and text[slice(*one.quote)][-1] in '"”'


@pytest.mark.parametrize("text", [
    "“They took my son,” she said — Tell Warda is a town of nine thousand.",
    "The “old school of the town” — Tell Warda",
    "“They took my son away.” — and nobody came back",
    "“They took my son away.”\n\nAmna Idris",
    "“Away!” — Amna Idris",
])  # fmt: skip
def test_what_is_no_signature(text: str) -> None:
    assert signed(text) == []


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_spans_lie_in_order(text: str) -> None:
    for one in signed(text):
        assert 0 <= one.quote[0] < one.quote[1] <= one.dash[0] < one.dash[1] <= one.who[0] == one.name[0]
        assert one.name[0] < one.name[1] <= one.who[1] <= len(text)
        assert text[slice(*one.who)] == text[slice(*one.who)].strip()
