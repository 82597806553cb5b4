"""Right-to-left lines of a PDF, from where their characters stand."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.intake._readers._pdf_rtl import Glyph, reading_order


def placed(visual: str) -> list[Glyph]:
    """Characters as they stand on the page, from left to right, each ten points wide."""
    return [Glyph(char, 10.0 * at, 10.0 * at + 10) for at, char in enumerate(visual)]


def stored(visual: str, order: str) -> list[Glyph]:
    """The same, in the order in which a producer may store them."""
    glyphs = placed(visual)
    if order == "from the right":
        return glyphs[::-1]
    if order == "word by word":
        ends = [-1, *(at for at, char in enumerate(visual) if char == " "), len(visual)]
        words = [glyphs[a + 1 : b] for a, b in itertools.pairwise(ends)]
        # Some give a space no width, and the edge of the word after it for a place.
        space = [Glyph(" ", 0, 0)]
        return [glyph for word in reversed(words) for glyph in [*word, *space]]
    return glyphs


ORDERS = ["from the left", "from the right", "word by word"]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    ("visual", "logical"),
    [
        ("قوس ىلع فصق"[::1], "قصف على سوق"),
        ("ءاثالثلا 2021/3/9 موي", "يوم 9/3/2021 الثلاثاء".replace("9/3/2021", "2021/3/9")),
        ("ةحفاكم (يداولا) ةنيدم", "مدينة (الوادي) مكافحة"),
        ("Al Jazeera ةينويزفلت ةانق تلاق", "قالت قناة تلفزيونية Al Jazeera"),
        ("3.5 ةبسن", "نسبة 3.5"),
    ],
)
def test_a_line_is_read_from_the_right(visual: str, logical: str, order: str) -> None:
    assert reading_order(stored(visual, order)) == logical


def test_a_word_in_a_line_of_another_script() -> None:
    assert reading_order(placed("The paper قوسلا wrote of it")) == "The paper السوق wrote of it"


def test_marks_stay_on_their_letters() -> None:
    line = [Glyph("ب", 20, 30), Glyph("\u064e", 22, 26), Glyph("ت", 10, 20), Glyph("\u0650", 8, 12)]
    assert reading_order(line) == "ب\u064eت\u0650"


@given(st.lists(st.builds(Glyph, st.characters(), st.floats(0, 600), st.floats(0, 600)), max_size=40))
def test_no_character_is_lost(line: list[Glyph]) -> None:
    def bare(text: str) -> list[str]:
        return sorted("".join(text.split()).translate(str.maketrans(")]}>»", "([{<«")))

    assert bare(reading_order(line)) == bare("".join(glyph.char for glyph in line))
