from __future__ import annotations

from dataclasses import replace

import pytest
from incident_fixtures import claim, people, report, reports, said

from marsad.errors import MarsadError
from marsad.incidents import link
from marsad.ledger import Question, policies, tally
from marsad.model import Actor, Claim, Incident, Report

SHELF = reports(
    report("r1", "2031-05-04", "Daily Lamp"),
    report("r2", "2031-05-04", "Evening Post"),
    report("r3", "2031-05-05", "Morning Star Gazette"),
    report("r4", "2031-05-06", "Daily Lamp"),
)
MONITOR = said("Qasr Monitoring Group", "monitor")
ARMY = said("the army", "party")


def one(*claims: Claim, shelf: dict[str, Report] | None = None) -> tuple[Incident, dict[str, Claim], dict[str, Report]]:
    shelf = shelf or SHELF
    (incident,) = link(claims, shelf)
    return incident, {c.id: c for c in claims}, shelf


def killed(policy: str, *claims: Claim, group: str = "total", harm: str = "killed") -> tuple[int | None, int | None]:
    incident, by_id, shelf = one(*claims)
    cell = tally([incident], by_id, shelf, policy=policy).figure(incident.id, harm, group)
    assert cell is not None
    return cell.min, cell.max


def three_origins() -> list[Claim]:
    return [
        claim("a", "r1", victims=(people("nine people", 9, 9),), sources=(MONITOR,), means="airstrike"),
        claim(
            "b",
            "r2",
            victims=(people("11 people", 11, None),),
            sources=(said("Hope Hospital", "medic"),),
            means="airstrike",
        ),
        claim("c", "r3", victims=(people("14 people", 14, 14),)),
        claim("d", "r4", victims=(people("3 people", 3, 3),), sources=(ARMY,), means="airstrike"),
    ]


def test_each_policy_s_worked_example() -> None:
    assert killed("range", *three_origins()) == (9, 14)
    assert killed("lowest", *three_origins()[:3]) == (9, 9)
    low, high = killed("ucdp", *three_origins()[:3])
    assert (low, high) == (9, 14)
    assert killed("airwars", *three_origins()) == (9, 14)


def test_ucdp_best_is_what_most_origins_say() -> None:
    claims = [
        claim("a", "r1", victims=(people("nine people", 9, 9),), sources=(MONITOR,)),
        claim("b", "r2", victims=(people("nine people", 9, 9),)),
        claim("c", "r3", victims=(people("14 people", 14, 14),)),
    ]
    incident, by_id, shelf = one(*claims)
    cell = tally([incident], by_id, shelf, policy="ucdp").figure(incident.id, "killed")
    assert cell is not None and (cell.min, cell.best, cell.max) == (9, 9, 14)


def test_parts_are_not_added_to_their_whole() -> None:
    nine = claim(
        "a", "r1", victims=(people("nine people", 9, 9), people("four children", 4, 4, children=True, part_of=0))
    )
    again = claim("b", "r1", same_as=("a",), victims=(people("Samir", name="Samir", children=True),))
    incident, by_id, shelf = one(nine, again)
    ledger = tally([incident], by_id, shelf)
    total, children = ledger.figure(incident.id, "killed"), ledger.figure(incident.id, "killed", "children")
    assert total is not None and (total.min, total.max) == (9, 9)
    assert children is not None and (children.min, children.max) == (4, 4)


def test_people_told_of_apart_in_one_report_add_up() -> None:
    men = claim("a", "r1", victims=(people("three men", 3, 3, sex="male", children=False),))
    children = claim("b", "r1", same_as=("a",), victims=(people("two children", 2, 2, children=True),))
    assert killed("range", men, children) == (5, 5)


def test_a_running_total_is_set_aside_and_said_so() -> None:
    own = claim("a", "r1", victims=(people("nine people", 9, 9),))
    running = claim("b", "r2", victims=(people("40 people", 40, 40, cumulative=True),))
    incident, by_id, shelf = one(own, running)
    ledger = tally([incident], by_id, shelf)
    cell = ledger.figure(incident.id, "killed")
    assert cell is not None and (cell.min, cell.max) == (9, 9)
    assert any("running total" in line for line in ledger.explain(incident.id, "killed"))


def test_the_latest_figure_of_one_origin_stands() -> None:
    first = claim("a", "r1", victims=(people("five people", 5, 5),), sources=(MONITOR,))
    later = claim("b", "r3", victims=(people("nine people", 9, 9),), sources=(MONITOR,))
    assert killed("range", first, later) == (9, 9)


def test_a_later_profile_of_one_victim_is_no_revision() -> None:
    first = claim("a", "r1", victims=(people("nine people", 9, 9),), sources=(MONITOR,))
    later = claim("b", "r3", victims=(people("Samir", name="Samir"),), sources=(MONITOR,))
    assert killed("range", first, later) == (9, 9)


def test_wounded_who_died_later_move_from_injured_to_killed_once() -> None:
    dead = claim("a", "r1", victims=(people("nine people", 9, 9),), sources=(MONITOR,))
    hurt = claim("b", "r1", "injury", same_as=("a",), victims=(people("20 people", 20, 20),), sources=(MONITOR,))
    died = claim(
        "c",
        "r3",
        victims=(people("two people", 2, 2),),
        sources=(MONITOR,),
        sentence="Two people died of their wounds on Monday.",
    )
    told_again = claim(
        "d",
        "r4",
        victims=(people("two people", 2, 2),),
        sources=(MONITOR,),
        sentence="Two of the wounded succumbed, the group said.",
    )
    assert killed("range", dead, hurt, died, told_again) == (11, 11)
    assert killed("range", dead, hurt, died, told_again, harm="injured") == (18, 18)


def test_a_total_that_later_deaths_are_told_to_bring_it_to_holds_them() -> None:
    first = claim("a", "r1", victims=(people("nine people", 9, 9),), sources=(MONITOR,))
    died = claim("b", "r3", victims=(people("two", 2, 2),), sources=(MONITOR,), sentence="Two died of their wounds.")
    total = claim(
        "c",
        "r3",
        same_as=("b",),
        victims=(people("11 people", 11, 11),),
        sources=(MONITOR,),
        sentence="This brings the number of people killed to 11.",
    )
    assert killed("range", first, died, total) == (11, 11)


def test_a_denial_changes_no_figure() -> None:
    plain = claim("a", "r1", victims=(people("nine people", 9, 9),))
    denial = claim("b", "r2", victims=(people("no civilians", 0, 0),), sources=(ARMY,), certainty="denied")
    assert killed("range", plain, denial) == killed("range", plain) == (9, 9)


def test_the_perpetrator_s_own_figure_stands_only_alone() -> None:
    own = claim(
        "a",
        "r1",
        victims=(people("50 soldiers", 50, 50),),
        by="Black Banner",
        sources=(said("Black Banner", "perpetrator"),),
    )
    other = claim("b", "r2", victims=(people("20 men", 20, 20),), by="Black Banner")
    assert killed("range", own) == (50, 50)
    assert killed("range", own, other) == (20, 20)


def test_words_without_a_figure() -> None:
    assert killed("range", claim("a", "r1", victims=(people("a man"),))) == (1, 1)
    assert killed("range", claim("a", "r1", victims=(people("several men"),))) == (2, None)
    assert killed("range", claim("a", "r1", victims=(people("a family"),))) == (1, None)
    assert killed("range", claim("a", "r1")) == (None, None)
    assert killed("lowest", claim("a", "r1", victims=(people("several men"),))) == (3, 3)


def test_airwars_presumes_civilian() -> None:
    a = claim("a", "r1", victims=(people("nine people", 9, 9),))
    b = claim(
        "b", "r2", victims=(people("12 people", 12, 12), people("two fighters", 2, 2, status="combatant", part_of=0))
    )
    assert killed("airwars", a, b, group="civilians") == (9, 10)


def test_totals_count_possible_twins_both_ways_and_say_so() -> None:
    a = claim("a", "r1", day=None, by="Black Banner", victims=(people("nine people", 9, 9),), apart_from=("b",))
    b = claim("b", "r1", day="2031-04-20", until="2031-04-30", by="Black Banner", victims=(people("nine men", 9, 9),))
    incidents = link([a, b], SHELF)
    assert len(incidents) == 2
    ledger = tally(incidents, [a, b], SHELF)
    (total,) = [t for t in ledger.totals() if (t.harm, t.group) == ("killed", "total")]
    assert (total.min, total.max, total.incidents) == (9, 18, 2)
    assert any("may be the same" in line for line in ledger.assumptions)


def test_questions_choose_incidents() -> None:
    a = claim("a", "r1", victims=(people("nine people", 9, 9),), by="Black Banner")
    b = claim("b", "r2", town="Deir Nahr", day="2031-04-01", victims=(people("two people", 2, 2),))
    incidents = link([a, b], SHELF)

    def asked(**where: object) -> set[str]:
        return {c.incident for c in tally(incidents, [a, b], SHELF, where=Question(**where)).all_figures()}

    assert asked() == {"ia", "ib"}
    assert asked(place="deir nahr") == asked(place="Furat") == asked(latest="2031-04-02") == {"ib"}
    assert asked(party="black banner") == asked(earliest="2031-05-01") == {"ia"}
    assert asked(grade="weak") == {"ia", "ib"} and asked(grade="fair") == set()
    assert asked(incidents=("ia",)) == {"ia"}
    assert asked(harm="injured") == set()


def test_an_unknown_policy_is_refused_with_the_names_of_those_that_exist() -> None:
    with pytest.raises(MarsadError, match="range, lowest, ucdp, airwars"):
        tally([], {}, {}, policy="guess")
    assert all(p.rule and p.source and p.example for p in policies())


def test_every_figure_leads_to_its_claims_in_words() -> None:
    incident, by_id, shelf = one(*three_origins())
    ledger = tally([incident], by_id, shelf)
    cell = ledger.figure(incident.id, "killed")
    assert cell is not None and set(cell.claims) == {"a", "b", "c"}
    lines = ledger.explain(incident.id, "killed")
    assert any("Qasr Monitoring Group" in line and "counts" in line for line in lines)
    assert any("army" in line and "does not decide" in line for line in lines)


def _back(count: int) -> Actor:
    actor = people("an earlier figure", count, count)
    assert actor.count is not None
    return replace(actor, count=replace(actor.count, withdrawn=True))


def test_a_source_that_takes_a_figure_back_takes_it_out_of_the_range() -> None:
    ward = said("Hope Ward", "medic")
    claims = [
        claim("a", "r1", victims=(people("nine people", 9, 9),), sources=(said("medics", "medic"),)),
        claim("b", "r2", victims=(people("11 people", 11, 11),), sources=(MONITOR,)),
        claim("c", "r4", victims=(people("13 people", 13, 13),), sources=(ward,)),
        claim("d", "r4", same_as=("c",), victims=(_back(9),), sources=(ward,)),
    ]
    incident, by_id, shelf = one(*claims)
    ledger = tally([incident], by_id, shelf)
    cell = ledger.figure(incident.id, "killed")
    assert cell is not None and (cell.min, cell.max) == (11, 13)
    assert any("took the figure back" in line for line in ledger.explain(incident.id, "killed"))


def test_nobody_takes_back_what_another_named_body_counted_nor_what_was_said_after() -> None:
    ward, other = said("Hope Ward", "medic"), said("Lake Clinic", "medic")
    claims = [
        claim("a", "r1", victims=(people("nine people", 9, 9),), sources=(other,)),
        claim("c", "r2", victims=(people("13 people", 13, 13),), sources=(ward,)),
        claim("d", "r2", same_as=("c",), victims=(_back(9),), sources=(ward,)),
        claim("e", "r3", victims=(people("nine people", 9, 9),), sources=(said("nurses", "medic"),)),
    ]
    assert killed("range", *claims[:3]) == (9, 13)
    assert killed("range", *claims[1:]) == (9, 13)


def test_what_one_person_saw_lowers_no_count() -> None:
    seen = claim("a", "r1", victims=(people("eight bodies", 8, None),), sources=(said("a witness", "witness"),))
    counts = [
        claim("b", "r2", victims=(people("11 people", 11, 11),), sources=(MONITOR,)),
        claim("c", "r3", victims=(people("14 people", 14, 14),)),
    ]
    assert killed("range", seen, *counts) == (11, 14)
    assert killed("airwars", seen, *counts) == (11, 14)
    assert killed("range", seen) == (8, None)
    # More than anybody counts is no mere part of it.
    more = claim("d", "r4", victims=(people("30 bodies", 30, None),), sources=(said("a witness", "witness"),))
    assert killed("range", more, *counts) == (11, None)
    # 'At least', from a body that counts, is its least.
    at_least = claim("e", "r4", victims=(people("8 people", 8, None),), sources=(said("Hope Hospital", "medic"),))
    assert killed("range", at_least, *counts) == (8, 14)


def test_what_may_be_one_is_counted_both_ways() -> None:
    sure = claim("a", "r1", victims=(people("five soldiers", 5, 5),), sources=(MONITOR,))
    shown = claim("b", "r2", town="Deir Nahr", day="2031-05-20", victims=(people("six soldiers", 6, 6),))
    far = claim("c", "r3", town="Tell Zahra", day="2031-08-20", victims=(people("two men", 2, 2),))
    told = {c.id: c for c in (sure, shown, far)}
    first, second, third = link([sure, shown, far], SHELF)
    tied = [
        replace(first, possibly_same=((second.id, 1.2, "for: …"),)),
        replace(second, possibly_same=((first.id, 1.2, "for: …"),)),
        third,
    ]
    ledger = tally(tied, told, SHELF)
    total = next(t for t in ledger.totals() if (t.harm, t.group) == ("killed", "total"))
    assert (total.min, total.max) == (5 + 2, 5 + 6 + 2)
    (doubt,) = ledger.doubts
    assert set(doubt.incidents) == {first.id, second.id}
    assert (doubt.as_one, doubt.apart) == ((5, 6), (11, 11))
    assert not tally([first, second, third], told, SHELF).doubts


@pytest.mark.parametrize(
    ("words", "low"),
    [
        ("An earlier figure of nine, corrected that evening to 12, should no longer be used.", 11),
        ("The ward withdrew its first toll of nine.", 11),
        ("The figure was wrong: it was nine.", 11),
        ("The ward confirmed its earlier figure of nine.", 9),
        ("The ward withdrew its ambulances after nine days.", 9),
    ],
)
def test_the_words_of_a_report_take_a_figure_back(words: str, low: int) -> None:
    ward = said("Hope Ward", "medic")
    text = f"Thirteen people are dead. {words}"
    shelf = SHELF | reports(report("r4", "2031-05-06", "Daily Lamp", text=text))
    claims = [
        claim("a", "r1", victims=(people("nine people", 9, 9),), sources=(said("medics", "medic"),)),
        claim("b", "r2", victims=(people("11 people", 11, 11),), sources=(MONITOR,)),
        claim("c", "r4", at=0, victims=(people("13 people", 13, 13),), sources=(ward,)),
    ]
    incident, by_id, _ = one(*claims, shelf=shelf)
    cell = tally([incident], by_id, shelf).figure(incident.id, "killed")
    assert cell is not None and (cell.min, cell.max) == (low, 13)


def test_some_of_those_taken_are_not_how_many_were() -> None:
    words = "Three of the boys who were taken have come home."
    some = claim("b", "r2", "abduction", sentence=words, at=0, victims=(people("Three of the boys", 3, 3),))
    some = replace(some, trigger=replace(some.trigger, start=words.index("taken"), end=words.index("taken") + 5))
    whole = claim("a", "r1", "abduction", victims=(people("17 boys", 17, 17),))
    assert killed("range", whole, some, harm="abducted") == (17, 17)
    assert killed("range", some, harm="abducted") == (3, None)
    # 'Nine of the passengers were killed' says how many were.
    words = "Nine of the passengers were killed."
    nine = claim("c", "r2", sentence=words, at=0, victims=(people("Nine of the passengers", 9, 9),))
    nine = replace(nine, trigger=replace(nine.trigger, start=words.index("killed"), end=words.index("killed") + 6))
    assert killed("range", nine) == (9, 9)


def test_the_wounded_of_whom_a_report_says_that_they_died_are_no_figure_of_the_wounded() -> None:
    hurt = claim("b", "r1", "injury", victims=(people("12 people", 12, 12),), same_as=("a",))
    first = claim("a", "r1", victims=(people("five people", 5, 5),))
    died = claim(
        "d", "r3", victims=(people("two people", 2, 2),), sentence="Two people wounded there died of their wounds."
    )
    were = claim("c", "r3", "injury", victims=(people("two people", 2, 2),), same_as=("d",),
                 sentence="Two people wounded there died of their wounds.")  # fmt: skip
    assert killed("range", first, hurt, died, were, harm="injured") == (10, 12)
    assert killed("range", first, hurt, died, were) == (5, 7)


def test_a_child_who_died_later_joins_the_children_killed() -> None:
    first = claim(
        "a", "r1", victims=(people("five people", 5, 5), people("two children", 2, 2, children=True, part_of=0))
    )
    died = claim("d", "r4", victims=(people("a girl", 1, 1, children=True),), sentence="A girl has died of her wounds.")
    assert killed("range", first, died) == (6, 6)
    assert killed("range", first, died, group="children") == (3, 3)


def test_a_group_is_no_larger_than_everybody() -> None:
    a = claim("a", "r1", victims=(people("at least 11 mourners", 11, None, status="civilian"),))
    b = claim("b", "r2", victims=(people("12 people", 12, 12),))
    assert killed("range", a, b) == (11, 12)
    assert killed("range", a, b, group="civilians") == (11, 12)


def test_a_group_that_only_a_party_speaks_of_has_no_figure_where_others_give_the_toll() -> None:
    told = claim("a", "r1", victims=(people("three people", 3, 3),))
    boast = claim("b", "r2", victims=(people("four commanders", 4, 4, status="combatant"),), sources=(ARMY,))
    incident, by_id, shelf = one(told, boast)
    assert tally([incident], by_id, shelf).figure(incident.id, "killed", "combatants") is None
    alone, by_id, shelf = one(boast)
    cell = tally([alone], by_id, shelf).figure(alone.id, "killed", "combatants")
    assert cell is not None
    assert (cell.min, cell.max) == (4, 4)


def test_every_figure_s_range_holds_its_parts_over_two_reports() -> None:
    """'Nine, including four children' of one paper and 'five children' of another are never fourteen."""
    nine = claim(
        "a", "r1", victims=(people("nine people", 9, 9), people("four children", 4, 4, children=True, part_of=0))
    )
    five = claim("b", "r2", victims=(people("five children", 5, 5, children=True),))
    low, high = killed("range", nine, five)
    assert (low, high) == (9, 9)
    assert killed("range", nine, five, group="children") == (4, 5)


def test_a_running_total_and_a_denial_change_no_figure_under_any_policy() -> None:
    for policy in policies():
        said_once = claim("a", "r1", victims=(people("nine people", 9, 9),))
        running = claim("b", "r2", victims=(people("40 people", 40, 40, cumulative=True),))
        denied = claim("c", "r3", victims=(people("anyone", 0, 0),), certainty="denied", sources=(ARMY,))
        assert killed(policy.name, said_once, running, denied) == killed(policy.name, said_once)
