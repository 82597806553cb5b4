"""Sentences of the program in a reader's language, with what they name kept as it is."""

import string

from hypothesis import given
from hypothesis import strategies as st

from marsad.text import Phrasebook

BOOK = Phrasebook(
    [
        {"is": "figure", "ar": "رقم"},
        {"is": "{n} died later", "ar": "مات لاحقاً: {n}"},
        {
            "is": "'{words}' was taken back by {who}",
            "ar": "تراجع {who} عن «{words}»",
            "en": "{who} took '{words}' back",
        },
        {"is": "{words} of", "ar": "عام: {words}"},
        {"is": "the word of", "ar": "خاص"},
    ],
    [{"is": "; ", "ar": "؛ "}],
)


def test_a_line_of_several_phrases_is_said_phrase_by_phrase_and_what_is_unknown_stands() -> None:
    assert BOOK.said("figure; 3 died later", "ar") == "رقم؛ مات لاحقاً: 3"
    assert BOOK.said("figure; something new", "ar") == "رقم؛ something new"
    assert not BOOK.knows("figure; something new", "ar") and BOOK.knows("figure; 3 died later", "ar")
    assert BOOK.said("figure", "en") == "figure" and BOOK.said("figure", "fr") == "figure"


def test_an_exact_phrase_goes_before_one_with_holes() -> None:
    assert BOOK.said("the word of", "ar") == "خاص"
    assert BOOK.said("a word of", "ar") == "عام: a word"


@given(st.text(min_size=1), st.text(string.ascii_letters, min_size=1))
def test_what_a_line_names_is_kept_to_the_letter(words: str, who: str) -> None:
    line = f"'{words}' was taken back by {who}"
    if "was taken back by" not in words:
        assert BOOK.said(line, "ar") == f"تراجع {who} عن «{words}»"
        assert BOOK.said(line, "en") == f"{who} took '{words}' back"


@given(st.text())
def test_no_line_fails(line: str) -> None:
    assert isinstance(BOOK.said(line, "ar"), str)
