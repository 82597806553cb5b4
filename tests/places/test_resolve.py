"""Names to places. Every sentence here is made up."""

from __future__ import annotations

import pytest

from marsad.model import Place
from marsad.places import Gazetteer, Hint, Mention


def places(gazetteer: Gazetteer, text: str, *names: str, hints: tuple[Hint | Place | str, ...] = ()) -> list[Place]:
    mentions = []
    at = 0
    for name in names:
        at = text.index(name, at)
        mentions.append(Mention(at, at + len(name), name))
        at += len(name)
    return gazetteer.resolve(mentions, text, hints=hints)


@pytest.mark.parametrize(
    ("text", "name", "place_id"),
    [
        ("Syrian troops retook Palmyra, activists said.", "Palmyra", "geonames:163808"),
        ("Shells hit Palmyra in Syria.", "Palmyra", "geonames:163808"),
        ("A fire in Palmyra, New Jersey, killed two.", "Palmyra", "geonames:5102378"),
        ("Gunmen abducted nine men in Anbar, Iraqi police said.", "Anbar", "iso:IQ-AN"),
        ("Gunmen abducted nine men in Diyala province.", "Diyala", "iso:IQ-DI"),
        ("Aircraft struck Aleppo overnight.", "Aleppo", "geonames:170063"),
        ("Aircraft struck Aleppo province overnight.", "Aleppo", "iso:SY-HL"),
        ("Aircraft struck the province of Idlib overnight.", "Idlib", "iso:SY-ID"),
        ("Aircraft struck villages in northern Idlib overnight.", "Idlib", "iso:SY-ID"),
        ("Militia burned homes in North Darfur, Sudan.", "North Darfur", "iso:SD-DN"),
        ("Militia burned homes in north Darfur, Sudan.", "Darfur", "iso:SD-DN"),
        ("Insurgents raided a school in Borno state.", "Borno", "iso:NG-BO"),
        ("Drones hit an oil depot in Kharkiv oblast.", "Kharkiv", "iso:UA-63"),
        ("Drones hit a market in Kharkiv, Ukraine.", "Kharkiv", "geonames:706483"),
        ("A raid in Tripoli, Libya, left four dead.", "Tripoli", "geonames:2210247"),
        ("A raid in Tripoli, northern Lebanon, left four dead.", "Tripoli", "geonames:266826"),
        ("Georgian forces shelled the road to Gori.", "Gori", "geonames:614455"),
        ("Shelling near Taiz, Yemen.", "Taiz", "geonames:70225"),
        ("Militants in Mogadishu and Kismayo, Somalia", "Kismayo", "geonames:55671"),
        ("The shelling of Rif Dimashq went on.", "Rif Dimashq", "iso:SY-RD"),
        ("Prisoners were moved to Baghdad.", "Baghdad", "geonames:98182"),
        ("Troops in Jordan were on alert.", "Jordan", "iso:JO"),
        ("قصف على مدينة تدمر في سوريا", "تدمر", "geonames:163808"),
        ("قصف على محافظة إدلب", "إدلب", "iso:SY-ID"),
        ("قصف على الفلوجة في العراق", "الفلوجة", "geonames:99454"),
    ],
)
def test_one_name(gazetteer: Gazetteer, text: str, name: str, place_id: str) -> None:
    (place,) = places(gazetteer, text, name)
    assert place.id == place_id, place
    assert place.text == name


@pytest.mark.parametrize(
    "written",
    ["Deir ez-Zor", "Deir al-Zour", "Deir Ezzor", "Dayr az Zawr", "Deir az-Zur", "دير الزور", "DEIR EZ-ZOR"],
)
def test_romanisations_of_one_town(gazetteer: Gazetteer, written: str) -> None:
    (place,) = places(gazetteer, f"Shells fell on {written} in Syria.", written)
    assert place.id in ("geonames:170794", "iso:SY-DY")
    assert place.country == "SY"


@pytest.mark.parametrize("written", ["Raqqa", "Raqa", "ar-Raqqah", "Al-Raqqa", "Rakka", "الرقة"])
def test_romanisations_of_another(gazetteer: Gazetteer, written: str) -> None:
    (place,) = places(gazetteer, f"Shells fell on the town of {written} in Syria.", written)
    assert place.id == "geonames:172955"


def test_other_places_of_the_report_decide(gazetteer: Gazetteer) -> None:
    text = "Fighters left Tadmur for Homs. A column from Palmyra reached Hama."
    found = places(gazetteer, text, "Tadmur", "Homs", "Palmyra", "Hama")
    assert [p.country for p in found] == ["SY"] * 4
    text = "A driver from Palmyra was hit near Hershey. Police from Lebanon and Harrisburg, Pennsylvania, came."
    found = places(gazetteer, text, "Palmyra", "Hershey", "Lebanon", "Harrisburg", "Pennsylvania")
    assert [p.admin1 for p in found] == ["Pennsylvania"] * 5
    assert found[2].precision == "populated_place"


def test_hints_decide_where_the_report_is_silent(gazetteer: Gazetteer) -> None:
    text = "Shots were fired in Tripoli."
    assert places(gazetteer, text, "Tripoli", hints=("LB",))[0].country == "LB"
    assert places(gazetteer, text, "Tripoli", hints=("LY",))[0].country == "LY"


def test_focus_of_resolved_places_is_a_hint(gazetteer: Gazetteer) -> None:
    before = places(gazetteer, "Lancaster, Hershey and Harrisburg, Pennsylvania", "Lancaster", "Hershey", "Harrisburg")
    hints = gazetteer.focus(before)
    assert hints[0].country == "US"
    assert places(gazetteer, "Two died in Lebanon.", "Lebanon", hints=("US", *hints))[0].country in ("US", "LB")
    assert places(gazetteer, "Two died in Palmyra.", "Palmyra", hints=hints)[0].admin1 == "Pennsylvania"


@pytest.mark.parametrize(
    ("text", "name", "precision"),
    [
        ("a market in Mosul", "Mosul", "populated_place"),
        ("a convoy east of Mosul", "Mosul", "second_order_division"),
        ("a village 20 km from Mosul", "Mosul", "second_order_division"),
        ("a checkpoint near Mosul", "Mosul", "second_order_division"),
        ("the outskirts of Mosul", "Mosul", "second_order_division"),
        ("the Aleppo countryside", "Aleppo", "first_order_division"),
        ("in Anbar province", "Anbar", "first_order_division"),
        ("across Syria", "Syria", "country"),
        ("in northern Syria", "Syria", "country"),
    ],
)
def test_precision_never_claims_more_than_the_words(gazetteer: Gazetteer, text: str, name: str, precision: str) -> None:
    (place,) = places(gazetteer, text, name)
    assert place.precision == precision


@pytest.mark.parametrize("name", ["Qwrtzplk", "Middle East", "the Sahel", "", " ", "12", "…"])
def test_what_is_not_known_keeps_its_words(gazetteer: Gazetteer, name: str) -> None:
    (place,) = gazetteer.resolve([Mention(0, len(name), name)], name)
    assert (place.text, place.id, place.lat, place.country, place.precision) == (name, None, None, None, "unknown")


def test_no_mentions(gazetteer: Gazetteer) -> None:
    assert gazetteer.resolve([], "No places here.") == []


def test_the_division_that_holds_a_place_is_named(gazetteer: Gazetteer) -> None:
    (place,) = places(gazetteer, "in Fallujah, Iraq", "Fallujah")
    assert (place.admin1, place.country) == ("Anbar", "IQ")
    assert place.lat == pytest.approx(33.35, abs=0.1)
    assert place.lon == pytest.approx(43.78, abs=0.1)
