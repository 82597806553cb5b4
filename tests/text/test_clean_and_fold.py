"""Cleaning and folding: what reports hold, and what a search takes for the same word."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.text import clean, detect_language, fold, fold_with_map, visible_controls

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=200)
ARABIC_AND_LATIN = st.text(alphabet="اأإآبتةثحخدرزسشعفقكلمنهويىءئؤًَُّـ الوabcéîşA'’-. 12٢", max_size=60)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\x00b", "ab"),
        ("one\r\ntwo\rthree\x0bfour\x85five\u2028six", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("\ufeffbomb", "bomb"),
        ("co\xadoperate", "cooperate"),
        ("tab\tstays", "tab\tstays"),
        ("\ud83d\ude00", "😀"),
        ("lone \ud83d surrogate", "lone \ufffd surrogate"),
        ("cafe\u0301", "café"),
        ("می\u200cشود", "می\u200cشود"),
        ("a\u202eb", "a\u202eb"),
    ],
)
def test_cleaning(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@given(ANY_TEXT)
def test_clean_text_can_be_stored_and_is_stable(s: str) -> None:
    cleaned = clean(s)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in cleaned)


def test_controls_are_shown_by_name() -> None:
    assert visible_controls("report\u202egnp.exe\n") == "report⟦RLO⟧gnp.exe␊"


@given(ANY_TEXT)
def test_shown_text_holds_no_control(s: str) -> None:
    shown = visible_controls(s)
    assert not any(unicodedata.category(c) == "Cc" or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067" for c in shown)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("إدلب", "ادلب"),
        ("أطفال", "اطفال"),
        ("مدرسة", "مدرسه"),
        ("مستشفى", "مستشفي"),
        ("حَلَبُ", "حلب"),
        ("حلـــب", "حلب"),
        ("والمدنيين", "مدنيين"),
        ("المدنيين", "مدنيين"),
        ("الألماني", "ألماني"),
        ("ودير", "دير"),
        ("کابل", "كابل"),
        ("٢٠١٥", "2015"),
        ("۱۲", "12"),
        ("Kafr Zaïta", "kafr zaita"),
        ("STRASSE", "straße"),
        ("Ta'izz", "Taizz"),
        ("Ta’izz", "Taizz"),
        ("Łódź", "lodz"),
        ("ﬁre", "fire"),
        ("İzmir", "izmir"),
    ],
)
def test_writings_of_one_word_fold_alike(written: str, searched: str) -> None:
    assert fold(written) == fold(searched)


@pytest.mark.parametrize(("one", "other"), [("والد", "ولد"), ("حلب", "حمص"), ("کتاب", "كتب"), ("kill", "kiln")])
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_short_words_keep_their_letters() -> None:
    assert fold("ولد") == "ولد"
    assert fold("الحي") == "حي"


def test_possessive_stands_apart() -> None:
    assert fold("Syria's").split()[0] == "syria"


@given(st.one_of(ANY_TEXT, ARABIC_AND_LATIN))
def test_folding_is_stable_and_its_map_leads_back(s: str) -> None:
    folded = fold_with_map(s)
    assert folded.text == fold(s)
    assert len(folded.starts) == len(folded.text)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= at < len(s) for at in folded.starts)


@given(ARABIC_AND_LATIN)
def test_folding_twice_changes_nothing(s: str) -> None:
    assert fold(fold(s)) == fold(s)


def test_a_hit_is_marked_in_the_original() -> None:
    text = "قُتِلَ خمسةٌ في المدينةِ القديمة"
    folded = fold_with_map(text)
    at = folded.text.index(fold("مدينة"))
    start, end = folded.original(at, at + len(fold("مدينة")))
    assert text[start:end] == "مدينةِ"
    assert folded.original(0, 0) == (0, 0)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Gunmen opened fire on a minibus near the crossing, killing four people.", "en"),
        ("قتل خمسة أشخاص في قصف على المدينة", "ar"),
        ("پنج نفر در این حمله کشته شدند", "fa"),
        ("Загинуло п'ятеро людей унаслідок обстрілу", "uk"),
        ("Пять человек погибли в результате обстрела", "ru"),
        ("Cinq personnes ont été tuées dans le bombardement", "fr"),
        ("حملے میں پانچ افراد ہلاک ہو گئے", "ur"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    "text", ["", "12 34", "https://example.org/a-page-in-english", "ok", "😀😀😀", "@someone #tag"]
)
def test_no_language_where_there_are_no_words(text: str) -> None:
    assert detect_language(text) is None
