from __future__ import annotations

import pytest
from incident_fixtures import claim, people, report, reports, said

from marsad.incidents import link
from marsad.incidents._sources import one_person, speaks_for, unnamed_key
from marsad.model import Claim, Incident, Report

NINE = (people("nine people", 9, 9),)


def only(claims: list[Claim], shelf: dict[str, Report]) -> Incident:
    (incident,) = link(claims, shelf)
    return incident


def test_what_unnamed_people_told_another_outlet_goes_back_to_its_source() -> None:
    shelf = reports(report("r1", publisher="Eastern Lamp"), report("r2", "2031-05-05", "Daily Post"))
    own = claim("a", "r1", victims=NINE, sources=(said("medics", "medic"),))
    quoted = claim("b", "r2", victims=NINE, sources=(said("Medics", "medic"),),
                   sentence="Medics quoted by the Eastern Lamp gave the toll as nine.")  # fmt: skip
    assert len(only([own, quoted], shelf).origins) == 1
    unquoted = claim("b", "r2", victims=NINE, sources=(said("Medics", "medic"),), sentence="Medics said nine died.")
    assert len(only([own, unquoted], shelf).origins) == 2


def test_one_paper_s_medics_of_two_days_are_one_origin_and_two_papers_are_two() -> None:
    medics = (said("three medics", "medic"),)
    shelf = reports(*(report(f"r{n}", f"2031-05-0{4 + n}", p) for n, p in enumerate(("Lamp", "Lamp", "Post"))))
    told = [
        claim(f"c{n}", f"r{n}", victims=NINE, sources=medics if n else (said("medics", "medic"),)) for n in range(3)
    ]
    assert [o.reports for o in only(told, shelf).origins] == [("r0", "r1"), ("r2",)]


def test_another_resident_is_somebody_else_and_one_of_them_is_not() -> None:
    shelf = reports(report("r1", publisher="Lamp"))
    first = claim("a", "r1", victims=NINE, sources=(said("a resident", "witness"),), at=0)
    other = claim("b", "r1", victims=(people("seven people", 7, 7),), sources=(said("another resident", "witness"),),
                  at=100, same_as=("a",))  # fmt: skip
    one_of = claim("b", "r1", victims=NINE, sources=(said("one of them", "witness"),), at=100, same_as=("a",))
    assert len(only([first, other], shelf).origins) == 2
    assert len(only([first, one_of], shelf).origins) == 1


def test_a_post_and_the_name_beside_it_are_one_person() -> None:
    text = "The hospital's director said so. The director, Dr Lamis Orfali, said that the roof was marked."
    names = ["hospital's director", "Dr Lamis Orfali"]
    assert one_person(names, [text]) == {"hospital's director": "Dr Lamis Orfali"}
    assert one_person(names, ["The director said so, and Dr Lamis Orfali said more."]) == {}
    assert one_person(["the mayor", "Anna Lind"], ["Anna Lind, the mayor of the town, said so."]) == {
        "the mayor": "Anna Lind"
    }


@pytest.mark.parametrize(
    ("source", "party", "speaks"),
    [
        ("ember front", "ember front", True),
        ("northern front press bureau", "northern front", True),
        ("ember media", "ember front", True),
        ("ember bakers", "ember front", False),
        ("northern media", "northern front", False),
        ("syrian news agency", "syrian army", False),
        ("national radio", "national guard", False),
    ],
)
def test_who_speaks_for_a_party(source: str, party: str, speaks: bool) -> None:
    assert speaks_for(source, party) is speaks


def test_an_inquiry_is_the_word_of_who_publishes_it() -> None:
    shelf = reports(report("r1", publisher="Southern Command"))
    told = claim("a", "r1", victims=NINE, by="Southern Command", by_kind="state_force",
                 sources=(said("An inquiry"),))  # fmt: skip
    (origin,) = only([told], shelf).origins
    assert (origin.source, origin.kind) == ("Southern Command", "perpetrator")


def test_a_video_that_a_party_put_out_goes_back_to_the_party() -> None:
    shelf = reports(report("r1", publisher="Daily Post"))
    words = "A video released by the Ember Front on Friday appears to show men shooting nine people."
    (origin,) = only([claim("a", "r1", victims=NINE, by="Ember Front", sentence=words)], shelf).origins
    assert origin.kind == "perpetrator"
    (own,) = only([claim("a", "r1", victims=NINE, by="Ember Front", sentence="Men shot nine people.")], shelf).origins
    assert own.kind == "media"


def test_unnamed_people_by_their_head_word() -> None:
    assert unnamed_key("three residents") == unnamed_key("the residents") == "resident"
    assert unnamed_key("one of them") == ""
    assert unnamed_key("another resident") != "resident"
