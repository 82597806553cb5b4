"""The finder, search, nearness, coarsening and the cache. Every sentence here is made up."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marsad.model import Place, codes
from marsad.places import Gazetteer, Mention, km_between
from marsad.places import _cache as cache
from marsad.places._arabic import COUNTRIES, arabic_name

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=150)
VOCABULARY = """
Paris Aleppo in near , province La. N.Y. Texas of the al-Bab Deir ez-Zor Syria's Syrian east ( ) دمشق في مدينة
بحلب محافظة Mr. Lebanon US U.K. north Darfur State 's - and Washington D.C. Tripoli
Paris-based Chad-Sudan (D-Texas) counties Lebanon, Idlib: Aleppo -- Syrians-Iraqi Sri Lankan US-24
"""
WORDS = st.lists(
    st.sampled_from(VOCABULARY.split()),
    max_size=15,
).map(" ".join)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Shells hit Khan Sheikhoun in Idlib province, Syrian activists said.", ["Khan Sheikhoun", "Idlib"]),
        ("On Friday the Army shelled Homs and Deir al-Zour, in Syria.", ["Homs", "Deir al-Zour", "Syria"]),
        ("Clashes in north Darfur spread to el-Fasher, Sudan.", ["north Darfur", "el-Fasher", "Sudan"]),
        ("He fled to Lancaster, Pa., from New York.", ["Lancaster", "Pa.", "New York"]),
        ("Mr. Washington met Judge Jackson on Monday. Police said so.", []),
        ("Many men in March were Free.", []),
        ("قتل خمسة في مدينة تدمر وبحلب ودير الزور", ["تدمر", "حلب", "دير الزور"]),
        ("The U.S. sent aid to Ta'iz, Yemen.", ["U.S.", "Ta'iz", "Yemen"]),
        ("Across the Middle East people wept.", []),
        ("Syrian and Iraqi men were held.", []),
        ("I stood beside the Maskanah jetty when the shells came.", ["Maskanah"]),
        ("A Maskanah farmer was shot.", ["Maskanah"]),
        ("Maskanah. The Maskanah people wept in Maskanah.", ["Maskanah"] * 3),
        ("Guards met Maskanah there. Hana Maskanah wept.", []),
        ("They asked Lancaster Police and the Lancaster Times.", ["Lancaster"]),
        ("Along Harbin Avenue people wept.", []),
        ("OMAHA -- Two men were shot.", ["OMAHA"]),
        ("We told OMAHA so.", []),
        ("The Harbin-based doctors and a Chad-Sudan pact", ["Harbin", "Chad", "Sudan"]),
        ("He was well-known in the Smith-Jones case.", []),
        ("Raids hit Cass, Douglas and Otoe counties.", ["Cass", "Douglas", "Otoe"]),
        ("A shop in Charleston, W. Va., burned.", ["Charleston", "W. Va."]),
        ("They drove along US-24 for hours.", []),
        ("People used Mobile phones; a mobile rang.", []),
    ],
)
def test_finding(gazetteer: Gazetteer, text: str, names: list[str]) -> None:
    assert [m.text for m in gazetteer.find(text)] == names


def test_peoples_are_found_only_when_asked_for(gazetteer: Gazetteer) -> None:
    text = "Sri Lankan and Syrian men met Syrians in Homs, Syria."
    assert [m.text for m in gazetteer.find(text)] == ["Homs", "Syria"]
    mentions = gazetteer.find(text, peoples=True)
    assert [m.text for m in mentions] == ["Sri Lankan", "Syrian", "Syrians", "Homs", "Syria"]
    assert [p.country for p in gazetteer.resolve(mentions, text)] == ["LK", "SY", "SY", "SY", "SY"]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(ANY_TEXT, WORDS), st.booleans())
def test_what_is_found_holds_its_words_and_resolves(gazetteer: Gazetteer, text: str, peoples: bool) -> None:
    mentions = gazetteer.find(text, peoples=peoples)
    at = 0
    for mention in mentions:
        assert at <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        at = mention.end
    for mention, place in zip(mentions, gazetteer.resolve(mentions, text), strict=True):
        assert (place.start, place.end, place.text) == (mention.start, mention.end, mention.text)
        assert place.precision in codes.PRECISIONS
        assert (place.lat is None) == (place.lon is None)
        assert place.id is not None or (place.lat is None and place.precision == "unknown")


def test_search_takes_beginnings_and_romanisations(gazetteer: Gazetteer) -> None:
    assert gazetteer.search("Tadmur")[0].id == "geonames:163808"
    assert any(p.id == "geonames:170063" for p in gazetteer.search("Alepp"))
    assert "geonames:170794" in [p.id for p in gazetteer.search("Deir Ezzour")]
    assert "iso:IQ-AN" in [p.id for p in gazetteer.search("الأنبار")]
    assert gazetteer.search("") == []
    assert len(gazetteer.search("San", most=5)) == 5


def test_nearest(gazetteer: Gazetteer) -> None:
    (place, km), *_ = gazetteer.nearest(36.2, 37.16, most=3)
    assert place.name == "Aleppo"
    assert km < 5
    assert gazetteer.nearest(0.0, -30.0) == []
    found = gazetteer.nearest(33.5, 36.3, most=5)
    assert [d for _, d in found] == sorted(d for _, d in found)


def test_divisions(gazetteer: Gazetteer) -> None:
    syria = gazetteer.divisions("SY")
    assert len(syria) == 14
    assert {"Aleppo", "Idlib", "Homs"} <= {p.name for p in syria}
    assert all(p.precision == "first_order_division" and p.lat is not None for p in syria)
    assert gazetteer.divisions("QQ") == []


def test_coarsening_leaves_nothing_finer(gazetteer: Gazetteer) -> None:
    (fine,) = gazetteer.resolve([Mention(3, 10, "Palmyra")], "in Palmyra, Syria")
    first = gazetteer.coarsen(fine, "first_order_division")
    assert (first.id, first.precision, first.text, first.start, first.end) == (
        "iso:SY-HI",
        "first_order_division",
        "",
        0,
        0,
    )
    assert gazetteer.coarsen(first, "first_order_division") == first
    country = gazetteer.coarsen(fine, "country")
    assert (country.id, country.precision, country.admin1) == ("iso:SY", "country", None)
    assert gazetteer.coarsen(country, "first_order_division") == country
    nowhere = gazetteer.coarsen(Place(3, 9, "a barn", facility="barn", lat=35.0, lon=36.0), "country")
    assert nowhere == Place(0, 0, "")
    unplaced = gazetteer.coarsen(Place(3, 9, "a barn", country="SY", lat=35.1, lon=36.1), "first_order_division")
    assert unplaced == country
    with pytest.raises(ValueError, match="coarsen to"):
        gazetteer.coarsen(fine, "point")


def test_distance() -> None:
    assert km_between((33.5138, 36.2765), (36.2021, 37.1343)) == pytest.approx(308, abs=5)
    assert km_between((0, 179.5), (0, -179.5)) == pytest.approx(111.2, abs=0.5)
    assert km_between((10, 10), (10, 10)) == 0


def test_opening_again_is_quick_and_small(gazetteer: Gazetteer) -> None:
    began = time.perf_counter()
    again = Gazetteer.default()
    assert again.by_id("iso:SY") is not None
    assert time.perf_counter() - began < 0.5
    assert cache.index_path().stat().st_size < 100_000_000


def _build_slowly(folder: str) -> str:
    os.environ["MARSAD_CACHE"] = folder

    def make(path: Path) -> None:
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE built (by INTEGER)")
        connection.execute("INSERT INTO built VALUES (?)", [os.getpid()])
        connection.commit()
        connection.close()
        time.sleep(0.3)

    made = cache._made(cache.folder() / "thing.sqlite", make)
    connection = sqlite3.connect(made)
    ((by,),) = connection.execute("SELECT by FROM built")
    connection.close()
    return str(by)


def test_several_first_starts_build_one_index(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        builders = pool.map(_build_slowly, [str(tmp_path)] * 3, chunksize=1)
    assert len(set(builders)) == 1
    assert not list(tmp_path.glob("*.tmp"))


def test_what_a_killed_builder_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARSAD_CACHE", str(tmp_path))
    left = tmp_path / "thing.0123.tmp"
    left.write_bytes(b"half")

    def fails(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        cache._made(tmp_path / "thing.sqlite", fails)
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".lock"]
    assert cache._made(tmp_path / "thing.sqlite", Path.touch).exists()


@pytest.mark.parametrize(
    ("id", "arabic", "division"),
    [
        ("geonames:163808", "تدمر", "حمص"),
        ("geonames:168325", "خان شيخون", "ادلب"),
        ("geonames:98182", "بغداد", "بغداد"),
        ("geonames:71137", "صنعاء", None),
        ("iso:SY-HL", "حلب", "حلب"),
        ("geonames:2988507", None, None),
        ("iso:SY", None, None),
    ],
)
def test_a_place_is_named_in_arabic_where_arabic_is_spoken(
    gazetteer: Gazetteer, id: str, arabic: str | None, division: str | None
) -> None:
    entry = gazetteer.by_id(id)
    assert entry is not None
    place = gazetteer.place(entry, Mention(0, 0, ""))
    name, held = gazetteer.in_arabic(place)
    assert name == arabic and (division is None or held == division)
    if arabic and entry.kind == "P":
        assert gazetteer.in_arabic(replace(place, id=None))[0] == arabic, "by its name at its point"
    assert gazetteer.in_arabic(replace(place, name="Nahr al-Safi")) == (None, None), "what a person named is kept"


def test_of_several_names_the_one_is_taken_that_sounds_like_it() -> None:
    assert arabic_name("'Ayn Tamr", "IQ", ["شثاثة", "عين التمر", "عين تمر"]) == "عين التمر"
    assert arabic_name("Karbala", "IQ", ["كةربالا", "كربلاء المقدسة", "كربلاء", "کەربەلا"]) == "كربلاء"
    assert arabic_name("Erbil", "IQ", ["اربيل", "أربيل"]) == "أربيل"
    assert arabic_name("Anbar", "IQ", ["الانبار", "محافظة الأنبار"]) == "الأنبار"
    assert arabic_name("Khartoum", "SD", ["خرطوم", "الخرطوم"]) == "الخرطوم"
    assert arabic_name("Mashhad", "IR", ["مشهد"]) is None
    assert arabic_name("Al Hawijah", "IQ", ["Hawija", "هەولێر"]) is None


@given(st.text(), st.sampled_from(sorted(COUNTRIES)), st.lists(st.text()))
def test_a_name_in_arabic_is_in_arabic_and_is_one_of_those_given(name: str, country: str, given: list[str]) -> None:
    found = arabic_name(name, country, given)
    assert found is None or (
        any(found in c.replace("\u0640", "") or set(found) <= set(c) for c in given)
        and all("\u0621" <= letter <= "\u064a" or letter == " " for letter in found)
    )
