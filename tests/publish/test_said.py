"""What a release says in each reader's language, and which names are a person's. All people are fictional."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from test_release import ARABIC, FAR, PLACE, material

from marsad.model import Actor, Attribution
from marsad.publish import PROFILES, Material
from marsad.publish._drawing import WIDTH, draw_timeline
from marsad.publish._guarded import guarded_names
from marsad.publish._names import Guard
from marsad.publish._page import facts_in, pages
from marsad.publish._said import Said
from marsad.publish._view import View, _arabic, view_of
from marsad.review import Review

AT = "2031-07-01T12:00:00+00:00"
NAMES = {"Aleppo": "حلب", "Sanaa": "صنعاء", "Maskanah": "مسكنة"}


def arabic(material_: Material, names: dict[str, str] = NAMES) -> View:
    told = replace(material_, in_arabic=lambda p: (names.get(p.name or ""), names.get(p.admin1 or "")))
    return view_of(told, PROFILES["public"])


def test_places_and_quarters_are_said_in_arabic_under_arabic_alone() -> None:
    made = pages(arabic(material()), AT, "1")
    assert "صنعاء" in made["index-ar.html"] and "حلب" in made["index-ar.html"]
    assert "Sanaa" not in made["index-ar.html"] and "مسكنة" not in made["index-ar.html"]
    assert "Sanaa" in made["index.html"] and "صنعاء" not in made["index.html"]
    said = Said("ar", NAMES)
    assert (said.quarter("2031-Q1"), said.quarter("unknown")) == ("الربع الأول 2031", "غير معروف")
    assert Said("en").quarter("2031-Q4") == "Q4 2031" and said.place_name("withheld") == "محجوب"
    assert said.located(replace(FAR, name="Yemen", precision="country")) == "اليمن"


def test_an_arabic_name_that_is_somebodys_is_not_said() -> None:
    view = arabic(material(), {"Sanaa": ARABIC.split()[0]})
    assert view.arabic == {} and "Sanaa" in pages(view, AT, "1")["index-ar.html"]


def test_a_name_of_two_places_with_different_ones_is_left_as_it_is() -> None:
    forms = {"YE": "صنعاء", "IQ": "سناء", "SY": "صنعاء"}
    told = replace(material(), in_arabic=lambda p: (forms[p.country or ""], None))
    shown = view_of(told, PROFILES["internal"]).incidents[-1]
    elsewhere = [replace(shown, place=replace(FAR, country=c)) for c in ("IQ", "SY")]
    assert _arabic(told, Guard.of(()), [shown, elsewhere[0]]) == {}
    assert _arabic(told, Guard.of(()), [shown, elsewhere[1]]) == {"Sanaa": "صنعاء"}


def test_what_is_withheld_is_said_so_in_the_method_statement() -> None:
    view = view_of(replace(material(), conflict=f"the war that {ARABIC} saw"), PROFILES["public"])
    assert view.facts["conflict"] == "withheld"
    assert facts_in(view, Said("ar"))["conflict"] == "محجوب" and facts_in(view, Said("en"))["conflict"] == "withheld"


def test_how_much_people_decided_stands_at_the_top() -> None:
    none = pages(view_of(material(), PROFILES["public"]), AT, "1")
    assert "People have decided on 0 of the 3 claims" in none["index.html"]
    assert "بتّ المراجعون في 0 من 3" in none["index-ar.html"]
    assert Said("en").checked({"claims": 3, "undecided": 0}) == ""


def test_time_runs_from_right_to_left_under_arabic() -> None:
    shown = view_of(material(), PROFILES["internal"]).incidents
    bars, ticks, height = draw_timeline(shown)
    turned, ticks_turned, same = draw_timeline(shown, right_to_left=True)
    assert height == same and len(bars) == len(turned) > 1
    for one, other in zip(bars, turned, strict=True):
        assert other.x == pytest.approx(WIDTH - one.x - one.w, abs=0.11) and other.ends != one.ends
    assert [(round(WIDTH - x, 1), m) for x, m in ticks] == ticks_turned and ticks_turned[0][1] == date(2031, 3, 1)


def review(victim: Actor, source: Attribution) -> Review:
    (claim, *_) = (r.machine for r in material().review.all())
    return Review.of([replace(claim, victims=(victim,), attribution=(source,))], [])


@pytest.mark.parametrize("name", ["Ember Front", "Provisional Guard", "Armée du Nord", "جبهة الرماد", "6th Brigade"])
def test_a_forces_name_is_no_persons_though_its_soldiers_were_harmed(name: str) -> None:
    victim = Actor(0, 5, f"five soldiers of the {name}", name, kind="armed_group")
    assert not guarded_names(review(victim, Attribution("council", "said", 0, 3, "official")), "none").names


@pytest.mark.parametrize(
    "source", ["Medics", "A witness", "One of them", "Two Nurses", "Eastern Wire", "the villagers"]
)
def test_what_nobody_is_called_by_is_no_witnesss_name(source: str) -> None:
    found = guarded_names(review(Actor(0, 5, "five men"), Attribution(source, "said", 0, 3, "witness")), "none")
    assert not found.names


@pytest.mark.parametrize(
    "name", ["Salma Cross", "Nour Front-Haddad", "Hayat", "Liwa Sabbagh", "A neighbour, Huda", "Group", "المعلمة هدى"]
)
def test_a_persons_name_is_guarded_whatever_it_looks_like(name: str) -> None:
    by_name = guarded_names(review(Actor(0, 5, name, name), Attribution("council", "said", 0, 3, "official")), "none")
    told = guarded_names(review(Actor(0, 5, "men"), Attribution(name, "said", 0, 3, "victim")), "none")
    assert name in by_name.names and name in told.names


def test_the_exact_place_of_a_child_has_no_arabic_name_in_the_view() -> None:
    assert PLACE.name not in arabic(material()).arabic
