"""Pages set from data: the same bytes for the same data, nothing of it read as markup."""

from __future__ import annotations

import pytest

from marsad import typeset

TEMPLATE = b"#let d = json(bytes(sys.inputs.data))\n#set text(font: d.fonts)\n#d.words"
AT = "2031-03-02T10:00:00+00:00"


def test_data_is_never_markup_and_the_same_data_gives_the_same_bytes():
    pytest.importorskip("typst", reason="needs the extra 'pdf'")
    import pypdfium2

    words = "#panic() $x$ *b* @cite <label> \\ // صورة"
    made = [typeset.pdf(TEMPLATE, {"fonts": typeset.fonts("en"), "words": words}, AT) for _ in range(2)]
    assert made[0] == made[1]
    assert "#panic() $x$ *b* @cite <label> \\ //" in pypdfium2.PdfDocument(made[0])[0].get_textpage().get_text_range()


def test_a_language_without_a_font_is_not_set(monkeypatch):
    monkeypatch.setattr(typeset, "_there", lambda language: ("Libertinus Serif",) if language == "en" else ())
    typeset.fonts.cache_clear()
    try:
        assert typeset.fonts("ar") == ()
        assert typeset.fonts("en") in (("Libertinus Serif",), ())
    finally:
        typeset.fonts.cache_clear()


def test_what_is_ascii_is_set_apart_in_arabic_only():
    assert typeset.apart("2031-Q1", "ar") == "\u20662031-Q1\u2069"
    assert typeset.apart("2031-Q1", "en") == "2031-Q1"
    assert typeset.apart("صورة", "ar") == "صورة"
