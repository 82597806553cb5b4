from __future__ import annotations

from incident_fixtures import claim, people, report, reports, said

from marsad.incidents import link, origins
from marsad.model import Claim, Incident, Origin, Report

NINE = (people("nine people", 9, 9),)
STORY = (
    "A strike hit the grain market of Qasrabad shortly after noon on Thursday, when farmers had come in from the "
    "villages to sell the first of the barley. Stalls burned until the evening, and people dug through the rubble with "
    "their hands. The town has changed hands twice since the winter, and its only bridge has been closed for a month."
)
OTHER = (
    "Nine bodies lay in the hall of the school by evening. A teacher who had helped to carry them said that the planes "
    "had come from the north, two of them, and that the second dropped what it carried on people already running."
)


def only(claims: list[Claim], shelf: dict[str, Report]) -> Incident:
    (incident,) = link(claims, shelf)
    return incident


def by_source(incident: Incident) -> dict[str, Origin]:
    return {o.source: o for o in incident.origins}


def test_two_publishers_in_their_own_voice_are_two_origins() -> None:
    shelf = reports(
        report("r1", publisher="Daily Lamp", text=STORY), report("r2", publisher="Evening Post", text=OTHER)
    )
    incident = only([claim("a", "r1", victims=NINE), claim("b", "r2", victims=NINE)], shelf)
    assert set(by_source(incident)) == {"Daily Lamp", "Evening Post"}
    assert {o.kind for o in incident.origins} == {"media"}


def test_a_copy_folds_into_the_earliest_report_of_its_text() -> None:
    shelf = reports(
        report("r1", "2031-05-04T10:00:00+00:00", "Daily Lamp", STORY),
        report("r2", "2031-05-04T12:00:00+00:00", "Evening Post", "LONG READ\n\n" + STORY + "\n\nMore news on page 2."),
        report("r3", "2031-05-05", "Morning Gazette", STORY[:260]),
    )
    incident = only([claim(i, r, victims=NINE) for i, r in (("a", "r1"), ("b", "r2"), ("c", "r3"))], shelf)
    (origin,) = incident.origins
    assert origin.source == "Daily Lamp"
    assert origin.folded == (("r2", "r1", "copy"), ("r3", "r1", "copy"))


def test_reports_that_name_one_source_are_one_origin_whatever_they_call_it() -> None:
    shelf = reports(
        *(report(f"r{n}", f"2031-05-0{3 + n}", f"Paper {n}", text) for n, text in enumerate((STORY, OTHER, "", ""), 1))
    )
    told = [
        claim("a", "r1", victims=NINE, sources=(said("Qasr Monitoring Group", "monitor"),)),
        claim("b", "r2", victims=NINE, sources=(said("Paper 1", "media"), said("the Monitoring Group", "monitor"))),
        claim("c", "r3", victims=NINE, sources=(said("QMG", "monitor"),)),
        claim("d", "r4", victims=NINE, sources=(said("Paper 1", "media"),)),
    ]
    (origin,) = only(told, shelf).origins
    assert (origin.source, origin.kind) == ("Qasr Monitoring Group", "monitor")
    assert {(r, why) for r, _, why in origin.folded} == {("r2", "quote"), ("r3", "quote"), ("r4", "quote")}


def test_a_report_s_own_voice_goes_back_to_the_source_that_it_names_unless_the_numbers_differ() -> None:
    shelf = reports(report("r1", publisher="Daily Lamp", text=STORY))
    sourced = claim("a", "r1", victims=NINE, sources=(said("Qasr Monitoring Group", "monitor"),))
    assert len(only([sourced, claim("b", "r1", victims=NINE, same_as=("a",))], shelf).origins) == 1
    other = claim("b", "r1", victims=(people("14 people", 14, 14),), same_as=("a",))
    assert set(by_source(only([sourced, other], shelf))) == {"Qasr Monitoring Group", "Daily Lamp"}


def test_unnamed_witnesses_of_two_reports_may_be_different_people_but_not_in_copies() -> None:
    witnesses = (said("witnesses", "witness"),)
    two = reports(report("r1", publisher="Daily Lamp", text=STORY), report("r2", publisher="Evening Post", text=OTHER))
    told = [claim(i, r, victims=NINE, sources=witnesses) for i, r in (("a", "r1"), ("b", "r2"))]
    assert len(only(told, two).origins) == 2
    same = reports(report("r1", publisher="Daily Lamp", text=STORY), report("r2", publisher="Evening Post", text=STORY))
    assert len(only(told, same).origins) == 1
    police = [
        claim(i, r, victims=NINE, sources=(said(who, "official"),))
        for i, r, who in (("a", "r1", "police"), ("b", "r2", "a police spokesman"))
    ]
    assert len(only(police, two).origins) == 1


def test_reposts_of_one_footage_are_one_origin_and_the_perpetrator_s_own_is_marked() -> None:
    media = {"media": [{"sha256": "f00d"}]}
    shelf = reports(
        report("r1", "2031-05-04", "banner_channel", "Watch.", kind="post", meta=media),
        report("r2", "2031-05-05", "newsfeed", "See this", kind="post", meta=media),
    )
    told = [
        claim("a", "r1", victims=NINE, by="Black Banner", sources=(said("Black Banner", "unnamed"),)),
        claim("b", "r2", victims=NINE, by="Black Banner"),
    ]
    incident = only(told, shelf)
    kinds = {o.kind for o in incident.origins}
    assert "perpetrator" in kinds
    assert all(r == "r2" and why == "repost" for o in incident.origins for r, _, why in o.folded)


def test_a_wire_s_credit_makes_one_origin_of_different_cuts() -> None:
    shelf = reports(
        report("r1", publisher="Daily Lamp", text="QASRABAD (Reuters) - " + STORY),
        report("r2", publisher="Evening Post", text=OTHER + "\n\nReuters"),
    )
    (origin,) = only([claim("a", "r1", victims=NINE), claim("b", "r2", victims=NINE)], shelf).origins
    assert len(origin.reports) == 2


def test_a_publisher_s_revision_is_no_copy() -> None:
    shelf = reports(
        report("r1", "2031-05-04", "Daily Lamp", STORY + " Five people died."),
        report("r2", "2031-05-05", "Daily Lamp", STORY + " Nine people died."),
    )
    told = [claim("a", "r1", victims=(people("five people", 5, 5),)), claim("b", "r2", victims=NINE)]
    (origin,) = only(told, shelf).origins
    assert origin.folded == (("r2", "r1", "same source"),)


def test_a_copied_report_s_claims_follow_their_originals() -> None:
    shelf = reports(
        report("r1", "2031-05-04", "Daily Lamp", STORY), report("r2", "2031-06-20", "Archive Weekly", STORY)
    )
    # The copy's 'Thursday' was read against its own date; the words are the same.
    told = [
        claim("a", "r1", victims=NINE, sentence="A strike hit the market.", at=5),
        claim("b", "r2", victims=NINE, sentence="A strike hit the market.", at=5, day="2031-06-19"),
    ]
    incident = only(told, shelf)
    assert incident.links[0].features == (("copy of its report", 1.0),)


def test_a_party_s_press_bureau_is_the_perpetrator_s_own_voice() -> None:
    shelf = reports(
        report("r1", publisher="Black Banner Press Bureau", text=STORY), report("r2", publisher="Daily Lamp")
    )
    incident = only([claim("a", "r1", victims=NINE, by="Black Banner"), claim("b", "r2", victims=NINE)], shelf)
    assert {o.source: o.kind for o in incident.origins} == {
        "Black Banner Press Bureau": "perpetrator",
        "Daily Lamp": "media",
    }


def test_a_part_told_without_its_source_goes_back_to_the_source_of_the_whole() -> None:
    whole = claim("a", "r1", at=0, victims=(people("four herders", 4, 4),), sources=(said("elders", "witness"),))
    part = claim("b", "r1", at=200, same_as=("a",), victims=(people("two boys", 2, 2, children=True, sex="male"),))
    assert len(origins([whole, part], reports(report("r1", "2031-05-04", "Daily Lamp")))) == 1


def test_papers_that_quote_papers_go_back_to_the_first_one_s_source() -> None:
    shelf = reports(
        report("r1", "2031-05-04", "Nile Wire"), report("r2", "2031-05-05", "Juba Mirror"),
        report("r3", "2031-05-06", "Horn Brief"),
    )  # fmt: skip
    told = [
        claim("a", "r1", victims=(people("six people", 6, 6),), sources=(said("Hope Hospital", "medic"),)),
        claim("b", "r2", victims=(people("six people", 6, 6),), sources=(said("Nile Wire"),)),
        claim("c", "r3", victims=(people("six people", 6, 6),), sources=(said("Juba Mirror"),)),
    ]
    (origin,) = origins(told, shelf)
    assert origin.source == "Hope Hospital" and origin.reports == ("r1", "r2", "r3")
    # Two papers that quote one another end somewhere.
    ring = [told[1], claim("d", "r1", victims=(people("six people", 6, 6),), sources=(said("Juba Mirror"),))]
    assert len(origins(ring, shelf)) == 1
