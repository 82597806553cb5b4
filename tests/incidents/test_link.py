from __future__ import annotations

import random
from dataclasses import replace

from incident_fixtures import claim, division, parts, people, place, report, reports, said

from marsad.incidents import link
from marsad.incidents._tellings import spots_of
from marsad.model import Claim, Judgement


def merge(seq: int, target: str, *others: str, **more: object) -> Judgement:
    return Judgement(seq, "2031-06-01T00:00:00Z", "amal", "incident", target, "merge", others=others, **more)  # type: ignore[arg-type]


def split(seq: int, target: str, *others: str, **more: object) -> Judgement:
    return Judgement(seq, "2031-06-01T00:00:00Z", "amal", "incident", target, "split", others=others, **more)  # type: ignore[arg-type]


TWO = reports(report("r1", publisher="Daily Lamp"), report("r2", "2031-05-05", "Evening Post"))


def test_two_reports_of_one_place_day_and_act_are_one_incident() -> None:
    a = claim("a", "r1", victims=(people("nine people", 9, 9),))
    b = claim("b", "r2", victims=(people("nine people", 9, 9),))
    (incident,) = link([b, a], TWO)
    assert incident.claims == ("a", "b")
    assert incident.id == "ia"
    assert incident.earliest == incident.latest == "2031-05-03"
    (why,) = incident.links
    assert (why.claim, why.to) == ("b", "a")
    assert ("place: same", 3.0) in why.features
    assert ("time: same day", 4.0) in why.features


def test_another_town_another_week_and_another_act_stay_apart() -> None:
    base = claim("a", "r1", victims=(people("nine people", 9, 9),))
    for other in (
        claim("b", "r2", town="Deir Nahr", victims=(people("nine people", 9, 9),)),
        claim("b", "r2", day="2031-05-09", victims=(people("nine people", 9, 9),)),
        claim("b", "r2", "abduction", victims=(people("nine people", 9, 9),)),
    ):
        assert parts(link([base, other], TWO)) == {frozenset("a"), frozenset("b")}


def test_a_report_published_before_the_day_cannot_tell_of_it() -> None:
    early = claim("b", "r0", day=None, victims=(people("nine people", 9, 9),))
    late = claim("a", "r1", day="2031-05-03", victims=(people("nine people", 9, 9),))
    shelf = TWO | reports(report("r0", "2031-04-20"))
    assert len(link([early, late], shelf)) == 2


def test_patterns_enter_no_incident() -> None:
    assert link([claim("a", "r1", kind="pattern")], TWO) == ()


def test_an_airstrike_its_dead_and_its_wounded_in_one_sentence_are_one_incident() -> None:
    sentence = "An airstrike on the town hospital killed nine people and wounded twenty."
    told = [
        claim(i, "r1", act, at=at, sentence=sentence, town=town)
        for i, act, at, town in (
            ("a", "attack_on_hospital", 3, "Qasrabad"),
            ("b", "killing", 3, None),
            ("c", "injury", 3, None),
        )
    ]
    # One sentence span for all; the trigger moves.
    (incident,) = link(told, TWO)
    assert set(incident.claims) == {"a", "b", "c"}
    assert incident.act == "killing"


def test_what_the_report_tells_apart_stays_apart_and_is_tied_as_possibly_the_same() -> None:
    a = claim("a", "r1", day=None, by="Black Banner", victims=(people("25 soldiers", 26, None),), apart_from=("b",))
    b = claim("b", "r1", day="2031-04-20", until="2031-04-30", by="Black Banner", victims=(people("a group of men"),))
    first, second = link([a, b], TWO)
    assert {first.id, second.id} == {"ia", "ib"}
    ((other, score, reason),) = first.possibly_same
    assert other == second.id and score >= 1.0
    assert "one report tells them as two" in reason
    assert second.possibly_same[0][0] == first.id


def test_a_report_s_own_words_tie_claims_that_share_nothing_else() -> None:
    a = claim("a", "r1", victims=(people("nine people", 9, 9),))
    b = claim("b", "r1", town=None, day=None, same_as=("a",))
    assert parts(link([a, b], TWO)) == {frozenset("ab")}


def test_apart_from_beats_a_chain_of_same_as() -> None:
    a = claim("a", "r1", day=None, town=None, same_as=("b",))
    b = claim("b", "r1", day=None, town=None, same_as=("c",))
    c = claim("c", "r1", day=None, town=None, apart_from=("a",))
    groups = parts(link([a, b, c], TWO))
    assert not any({"a", "c"} <= g for g in groups)


def test_a_division_holds_the_town_but_is_not_enough_alone() -> None:
    a = claim("a", "r1", victims=(people("nine people", 9, 9),), by="Black Banner")
    told = claim("b", "r2", town=None, by="Black Banner", victims=(people("nine people", 9, 9),))
    assert len(link([a, replace(told, places=(division("Sahara"),))], TWO)) == 1
    assert len(link([a, replace(told, places=(division("Furat"),))], TWO)) == 2
    assert len(link([a, replace(told, places=(division("Sahara"),), perpetrators=(), victims=())], TWO)) == 2


def test_order_of_arrival_changes_nothing() -> None:
    claims = _crowd()
    expected = link(claims, SHELF)
    for seed in range(5):
        shuffled = claims[:]
        random.Random(seed).shuffle(shuffled)
        assert link(shuffled, dict(reversed(SHELF.items()))) == expected


def test_a_merge_joins_what_the_machine_holds_apart_and_says_so() -> None:
    a, b = claim("a", "r1"), claim("b", "r2", town="Deir Nahr")
    (incident,) = link([a, b], TWO, [merge(1, "ia", "b")])
    assert incident.links[0].features == (("judged", 1.0),)


def test_a_split_takes_claims_out_and_they_stay_together() -> None:
    claims = [
        claim(i, r, victims=(people("nine people", 9, 9),))
        for i, r in (("a", "r1"), ("b", "r2"), ("c", "r3"), ("d", "r4"))
    ]
    shelf = TWO | reports(report("r3", "2031-05-06"), report("r4", "2031-05-07"))
    assert parts(link(claims, shelf)) == {frozenset("abcd")}
    after = link(claims, shelf, [split(1, "ia", "c", "d")])
    assert parts(after) == {frozenset("ab"), frozenset("cd")}
    assert all(not i.possibly_same for i in after), "a person settled it"
    assert parts(link(claims, shelf, [split(1, "ia", "a")])) == {frozenset("a"), frozenset("bcd")}


def test_a_split_survives_new_claims_and_an_undo_takes_it_back() -> None:
    claims = [claim(i, r, victims=(people("nine people", 9, 9),)) for i, r in (("a", "r1"), ("b", "r2"), ("c", "r3"))]
    shelf = TWO | reports(report("r3", "2031-05-06"), report("r0", "2031-05-04"))
    cut = split(1, "ia", "c")
    newer = [*claims, claim("z", "r0", victims=(people("nine people", 9, 9),))]
    assert not any({"a", "c"} <= g for g in parts(link(newer, shelf, [cut])))
    undo = Judgement(2, "", "amal", "incident", "ia", "undo", undoes=1)
    assert link(claims, shelf, [cut, undo]) == link(claims, shelf)
    again = Judgement(3, "", "amal", "incident", "ia", "undo", undoes=2)
    assert link(claims, shelf, [cut, undo, again]) == link(claims, shelf, [cut])


def test_a_merge_then_a_split_returns_to_the_state_before() -> None:
    claims = _crowd()
    before = link(claims, SHELF)
    for one in before[:4]:
        for other in before[4:8]:
            judged = [merge(1, one.id, *other.claims), split(2, one.id, *other.claims)]
            assert len(link(claims, SHELF, judged[:1])) < len(before)
            assert link(claims, SHELF, judged) == before


def test_a_judgement_about_claims_that_are_gone_is_left_aside() -> None:
    a = claim("a", "r1")
    assert link([a], TWO, [merge(1, "inowhere", "a"), split(2, "ia", "gone")]) == link([a], TWO)


def test_unknown_reports_and_broken_dates_do_not_stop_it() -> None:
    a = claim("a", "missing", day="not a date")
    b = claim("b", "r1", day=None, sources=(said("residents"),))
    assert sum(len(i.claims) for i in link([a, b], TWO)) == 2


SHELF = reports(*(report(f"r{n}", f"2031-05-{4 + n % 20:02d}", f"Paper {n}") for n in range(12)))


def _crowd() -> list[Claim]:
    towns = ("Qasrabad", "Deir Nahr", "Tell Zahra")
    rng = random.Random(7)
    made = []
    for n in range(60):
        town = rng.choice((*towns, None))
        day = rng.choice(("2031-05-01", "2031-05-02", "2031-04-20", None))
        low = rng.choice((1, 2, 9, 9, 20))
        made.append(claim(f"c{n:02d}", f"r{n % 12}", rng.choice(("killing", "injury", "abduction")), town=town, day=day,
                          victims=(people(f"{low} people", low, rng.choice((low, None))),),
                          by=rng.choice(("Black Banner", None))))  # fmt: skip
    return made


def test_he_is_the_one_person_whom_the_report_names() -> None:
    named = (people("Sami Rahal", 1, 1, name="Sami Rahal"),)
    he = (people("he"),)
    shelf = reports(report("r1", "2031-03-04"), report("r2", "2031-05-20"))
    taken = claim("a", "r1", "abduction", day="2031-03-03", victims=named)
    dead = claim("b", "r2", "killing", day="2031-05-18", victims=named, at=0)
    was_taken = claim("c", "r2", "abduction", day="2031-03-01", until="2031-03-31", victims=he, at=100)
    assert parts(link([taken, dead, was_taken], shelf)) == {frozenset("ac"), frozenset("b")}
    # Of two who are named it could be either.
    second = claim("d", "r2", "killing", day="2031-05-18", at=200, victims=(people("Ola Nur", 1, 1, name="Ola Nur"),))
    assert frozenset("ac") not in parts(link([taken, dead, was_taken, second], shelf))


def test_a_name_beside_a_victim_ties_and_fighters_of_a_party_are_the_party() -> None:
    driver = "Men of the Red Column shot dead a driver, Sami Rahal, near the town."
    start = driver.index("a driver")
    shelf = reports(report("r1", "2031-05-04"), report("r2", "2031-05-14"))
    with_place = claim(
        "a", "r1", at=0, sentence=driver, victims=(replace(people("a driver"), start=start, end=start + 8),)
    )
    by = replace(people("fighters of the Red Column"), name="fighters of the Red Column", kind="armed_group")
    later = "Sami Rahal, the driver who was shot dead by fighters of the Red Column, was buried."
    start = later.index("the driver")
    undated = claim("b", "r2", at=0, day=None, sentence=later,
                    victims=(replace(people("the driver"), start=start, end=start + 10),))  # fmt: skip
    both = [replace(with_place, perpetrators=(replace(by, name="Red Column"),)), replace(undated, perpetrators=(by,))]
    assert len(link(both, shelf)) == 1
    assert (
        len(
            link(
                [
                    both[0],
                    replace(
                        both[1],
                        sentence=replace(undated.sentence, text="A man was shot dead."),
                        victims=(people("a man"),),
                    ),
                ],
                shelf,
            )
        )
        == 2
    )


def test_what_only_points_to_something_tells_of_no_other() -> None:
    shelf = reports(report("r1"))
    told = claim("a", "r1", "abduction", victims=(people("17 boys", 17, 17),), at=0)
    heading = claim("b", "r1", "abduction", town="Tell Zahra", day=None, victims=(people("they"),), at=500,
                    sentence="How they are taken", apart_from=("a",))  # fmt: skip
    assert parts(link([told, heading], shelf)) == {frozenset("ab")}
    fuller = replace(heading, victims=(people("two men", 2, 2),))
    assert parts(link([told, fuller], shelf)) == {frozenset("a"), frozenset("b")}


def test_a_district_does_not_hide_behind_a_town_that_lies_elsewhere() -> None:
    district = replace(division("Shamal"), admin1="Shamal")
    a = replace(claim("a", "r1"), places=(district,))
    b = replace(claim("b", "r1", town="Deir Nahr"), places=(district, place("Deir Nahr")))
    assert {s.words for s in spots_of(b.places)} == {"deir nahr", "shamal"}
    assert {s.words for s in spots_of((*a.places, place("Tell Zahra")))} == {"tell zahra"}
