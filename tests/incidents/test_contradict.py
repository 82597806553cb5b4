from __future__ import annotations

from incident_fixtures import claim, people, report, reports, said

from marsad.incidents import contradictions, grades, headcount, link
from marsad.model import Claim

SHELF = reports(
    report("r1", "2031-05-04", "Daily Lamp"),
    report("r2", "2031-05-04", "Evening Post"),
    report("r3", "2031-05-05", "Morning Gazette"),
)
MONITOR = said("Qasr Monitoring Group", "monitor")


def found(*claims: Claim) -> dict[tuple[str, str], list[str]]:
    (incident,) = link(claims, SHELF)
    return {(c.field, c.kind): [v.text for v in c.values] for c in contradictions(incident, claims, SHELF)}


def test_two_numbers_that_cannot_both_be_are_side_by_side() -> None:
    told = found(
        claim("a", "r1", victims=(people("nine people", 9, 9),)),
        claim("b", "r2", victims=(people("14 people", 14, 14),)),
    )
    assert told == {("killed", "contradiction"): ["9", "14"]}


def test_at_least_nine_and_fourteen_can_both_be() -> None:
    assert not found(
        claim("a", "r1", victims=(people("nine people", 9, None),)),
        claim("b", "r2", victims=(people("14 people", 14, 14),)),
    )


def test_what_one_source_changes_over_days_is_a_revision() -> None:
    told = found(
        claim("a", "r1", victims=(people("nine people", 9, 9),), sources=(MONITOR,)),
        claim("b", "r3", victims=(people("eleven people", 11, 11),), sources=(MONITOR,)),
    )
    assert told == {("killed", "revision"): ["9", "11"]}


def test_a_denial_is_listed_with_who_denies() -> None:
    told = claim("a", "r1", victims=(people("nine people", 9, 9),), denied_by=(said("the army", "party"),))
    (incident,) = link([told], SHELF)
    (denial,) = contradictions(incident, [told], SHELF)
    assert (denial.kind, denial.values[0].source) == ("denial", "the army")


def test_parties_and_means_that_differ() -> None:
    told = found(
        claim("a", "r1", victims=(people("nine people", 9, 9),), by="Black Banner", means="shelling"),
        claim("b", "r2", victims=(people("nine people", 9, 9),), by="White Falcon", means="airstrike"),
    )
    assert told[("party", "contradiction")] == ["Black Banner", "White Falcon"]
    assert told[("means", "contradiction")] == ["shelling", "airstrike"]


def graded(*claims: Claim) -> tuple[str, str]:
    (incident,) = link(claims, SHELF)
    g = grades(incident, claims, SHELF)
    assert g.airwars.why and g.ibc.why
    return g.airwars.code, g.ibc.code


def test_airwars_and_iraq_body_count() -> None:
    nine = (people("nine people", 9, 9),)
    own = (said("Black Banner", "perpetrator"),)
    a, b = claim("a", "r1", victims=nine, by="Black Banner"), claim("b", "r2", victims=nine, by="Black Banner")
    assert graded(a) == ("weak", "provisional")
    assert graded(a, b) == ("fair", "two_origins")
    assert graded(claim("c", "r3", victims=nine, by="Black Banner", sources=own)) == ("weak", "provisional")
    assert graded(a, claim("c", "r3", victims=nine, by="Black Banner", sources=own)) == ("confirmed", "provisional")
    assert graded(a, claim("c", "r3", victims=nine, by="White Falcon")) == ("contested", "two_origins")
    fighters = (people("nine fighters", 9, 9, status="combatant"),)
    assert graded(claim("c", "r3", victims=fighters)) == ("discounted", "provisional")


def test_mrm_elements_say_what_is_lacking() -> None:
    child = (people("a boy", children=True),)
    full = claim("a", "r1", victims=child, by="Black Banner", violations=("killing",))
    (incident,) = link([full], SHELF)
    met = {e.code: e.met for e in grades(incident, [full], SHELF, conflict="the river war").elements}
    assert met == {"conflict_link": True, "victim_under_18": True, "party": True}
    without = {e.code: e.met for e in grades(incident, [full], SHELF).elements}
    assert without["conflict_link"] is False
    bare = claim("a", "r1", victims=(people("a man"),))
    (incident,) = link([bare], SHELF)
    lacking = [e for e in grades(incident, [bare], SHELF, conflict="the river war").elements if not e.met]
    assert {e.code for e in lacking} == {"conflict_link", "victim_under_18", "party"}
    assert all(e.why.startswith("no claim") for e in lacking)


def test_headcount_reads_only_the_words() -> None:
    def total(text: str, **more: object) -> tuple[int | None, int | None, str]:
        f = headcount(claim("a", "r1", victims=(people(text, **more),)))[0]  # type: ignore[arg-type]
        return f.min, f.max, f.rule

    assert total("a 12-year-old boy") == (1, 1, "singular")
    assert total("his brother") == (1, 1, "singular")
    assert total("men") == (2, None, "plural")
    assert total("the bodies of soldiers") == (1, None, "collective")
    assert total("several") == (2, None, "plural")
    assert total("residents of the town") == (2, None, "plural")
    assert total("Samir Haddad", name="Samir Haddad") == (1, 1, "name")
    assert total("Black Banner", name="Black Banner", id="black-banner", kind="armed_group")[2] == "unnumbered"
    assert total("the victims") == (2, None, "plural")
    assert total("them")[2] == "unnumbered"
    assert headcount(claim("a", "r1", "bombardment")) == ()


def test_a_part_larger_than_its_whole_counts_nowhere() -> None:
    victims = (people("two nurses", 2, 2), people("five of them children", 5, 5, children=True, part_of=0))
    figures = headcount(claim("a", "r1", victims=victims))
    assert [(f.group, f.min, f.max) for f in figures] == [("total", 2, 2), ("unknown", 2, 2)]
