from __future__ import annotations

from dataclasses import replace

from incident_fixtures import claim, division, people, report, reports

from marsad.incidents import link
from marsad.ledger import Matrix, matrix
from marsad.model import Actor, Claim

SHELF = reports(report("r1", "2031-05-04", "Daily Lamp"), report("r2", "2031-08-04", "Evening Post"))
CHILDREN = (people("nine people", 9, 9), people("four children", 4, 4, children=True, part_of=0))


def drawn(*claims: Claim, conflict: str | None = "the river war", **more: object) -> Matrix:
    return matrix(link(claims, SHELF), claims, SHELF, conflict=conflict, **more)  # type: ignore[arg-type]


def test_victims_are_counted_by_violation_party_division_and_quarter() -> None:
    a = claim("a", "r1", victims=CHILDREN, by="Black Banner", violations=("killing",))
    b = claim("b", "r2", day="2031-08-01", victims=CHILDREN, by="Black Banner", violations=("killing",))
    cells = drawn(a, b).cells
    assert [(c.violation, c.party, c.place, c.quarter, c.min, c.max, c.incidents, c.lacking) for c in cells] == [
        ("killing", "Black Banner", "Sahara", "2031-Q2", 4, 4, ("ia",), ()),
        ("killing", "Black Banner", "Sahara", "2031-Q3", 4, 4, ("ib",), ()),
    ]


def test_what_is_lacking_stands_in_cells_that_say_so() -> None:
    a = claim("a", "r1", victims=CHILDREN, violations=("killing",))
    (cell,) = drawn(a).cells
    assert (cell.party, cell.lacking) == ("unknown", ("conflict_link", "party"))
    named = claim("a", "r1", victims=CHILDREN, violations=("killing",), by="Black Banner")
    (cell,) = drawn(named, conflict=None).cells
    assert cell.lacking == ("conflict_link",)


def test_attacks_on_schools_count_as_attacks_and_need_no_child_victim() -> None:
    a = claim("a", "r1", "attack_on_school", by="Black Banner", violations=("attack_on_schools",))
    (cell,) = drawn(a).cells
    assert (cell.counted_by, cell.min, cell.max, cell.lacking) == ("violations", 1, 1, ())


def test_children_made_to_act_are_the_victims_of_their_use() -> None:
    child = Actor(0, 8, "children", children=True, count=people("x", 3, 3).count)
    fighters = Actor(0, 5, "Black Banner", name="Black Banner", id="black-banner", kind="armed_group")
    a = replace(claim("a", "r1", violations=("recruitment",), victims=(people("soldiers", children=False),)),
                perpetrators=(fighters, child))  # fmt: skip
    (cell,) = drawn(a).cells
    assert (cell.violation, cell.min, cell.max, cell.lacking) == ("recruitment", 3, 3, ())


def test_nothing_is_verified_and_what_people_struck_is_gone() -> None:
    a = claim("a", "r1", victims=CHILDREN, by="Black Banner", violations=("killing",))
    assert {d.status for d in drawn(a).drafts} == {"report_pending_verification"}
    assert not drawn(a, statuses={"ia": "not_mrm"}).cells
    assert "nothing here is verified" in drawn(a).note


def test_situations_recorded_beside_are_not_grave_violations() -> None:
    a = claim("a", "r1", "military_use", violations=("military_use",), by="Black Banner")
    boy = (people("a boy", children=True),)
    b = replace(
        claim("b", "r1", "detention", victims=boy, violations=("deprivation_liberty",)), places=(division("Furat"),)
    )
    drawn_up = drawn(a, b)
    assert not drawn_up.cells
    assert {c.violation for c in drawn_up.beside} == {"military_use", "deprivation_liberty"}


def test_adults_known_as_such_are_not_listed() -> None:
    a = claim(
        "a", "r1", victims=(people("nine soldiers", 9, 9, children=False),), by="Black Banner", violations=("killing",)
    )
    assert not drawn(a).cells and not drawn(a).drafts
