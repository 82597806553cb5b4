"""Where a report doubts whether two things are one; every sentence is fiction."""

from __future__ import annotations

import pytest
from incident_fixtures import claim, people, report, reports, said

from marsad.incidents import doubts, link
from marsad.incidents._identity import against, speaks_of_identity
from marsad.ledger import tally
from marsad.model import Claim, Incident, Judgement

SHELF = reports(
    report("r1", "2031-05-20", "Lake Monitor"), report("r2", "2031-07-05", "Hill Gazette"), report("r3", "2031-07-04")
)
OFFICE = said("Lake Monitor", "monitor")


@pytest.mark.parametrize(
    ("sentence", "how"),
    [
        ("The group believes that the video was filmed in May, when fighters killed four guards.", "footage"),
        ("The footage probably dates from 3 May, when fighters killed four guards.", "footage"),
        ("It was not clear whether it was the same attack in which four guards were killed.", "same"),
        ("Residents think that this may be the same killing that the council reported.", "same"),
        ("It is unclear whether the reports describe one attack.", "same"),
        ("Four guards were killed and two were believed wounded in the same attack.", None),
        ("The video was filmed on 3 May, when fighters killed four guards.", None),
        ("The video shows fighters shooting four guards.", None),
        ("The video appears to show five guards who were shot in May.", None),
        ("A video appears to show boys shooting captured guards in a yard.", None),
        ("The fighters shot four guards.", None),
    ],
)
def test_what_speaks_of_identity(sentence: str, how: str | None) -> None:
    assert speaks_of_identity(claim("a", "r1", sentence=sentence)) == how


def test_what_speaks_against_it() -> None:
    assert against("It would be at least the second time this year.")
    assert not against("The guards were killed on the same day.")


def _told() -> list[Claim]:
    return [
        claim("a", "r1", victims=(people("four guards", 4, 4),), by="Ember Front"),
        claim(
            "b",
            "r2",
            town=None,
            day=None,
            at=0,
            victims=(people("six guards", 6, 6),),
            by="Ember Front",
            sentence="A video appears to show fighters shooting six guards.",
        ),
        claim(
            "c",
            "r2",
            at=500,
            victims=(people("four guards", 4, 4),),
            by="Ember Front",
            sources=(OFFICE,),
            sentence="The monitor said that the video was filmed on 3 May, when fighters killed four guards.",
        ),
        claim(
            "d",
            "r3",
            town=None,
            day=None,
            victims=(people("six guards", 6, 6),),
            by="Ember Front",
            sentence="Our fighters carried out the sentence upon six guards, as the video shows.",
        ),
    ]


def _of(incidents: tuple[Incident, ...], claim_id: str) -> Incident:
    return next(i for i in incidents if claim_id in i.claims)


def _killed(incidents: tuple[Incident, ...]) -> tuple[int, int | None]:
    claims = _told()
    total = next(
        t
        for t in tally(incidents, {c.id: c for c in claims}, SHELF).totals()
        if (t.harm, t.group) == ("killed", "total")
    )
    return total.min, total.max


def test_a_doubted_identity_stays_two_tied_and_is_counted_both_ways() -> None:
    incidents = link(_told(), SHELF)
    known, shown = _of(incidents, "a"), _of(incidents, "b")
    assert known.id != shown.id and "c" in known.claims
    assert [o for o, _, _ in known.possibly_same] == [shown.id]
    assert "a report says that they may be one" in known.possibly_same[0][2]
    low, high = _killed(tuple(i for i in incidents if i.id in (known.id, shown.id)))
    assert low == 4 and high is not None and high >= 10
    for_it, _ = doubts(known, shown, {c.id: c for c in _told()})
    assert [c.id for c in for_it] == ["c"]


def test_a_judgement_settles_a_doubt_either_way_and_an_undo_brings_it_back() -> None:
    before = link(_told(), SHELF)
    merged = link(_told(), SHELF, [Judgement(1, "", "p", "claim", "a", "merge", others=("b",))])
    assert _of(merged, "a").id == _of(merged, "b").id
    split = link(_told(), SHELF, [Judgement(1, "", "p", "claim", "a", "split", others=("b",))])
    assert _of(split, "a").id != _of(split, "b").id and not _of(split, "a").possibly_same
    undone = [
        Judgement(1, "", "p", "claim", "a", "merge", others=("b",)),
        Judgement(2, "", "p", "claim", "a", "undo", undoes=1),
    ]
    assert link(_told(), SHELF, undone) == before


def test_numbers_that_cannot_both_be_keep_apart_what_a_report_first_ties() -> None:
    told = [
        claim("b", "r2", at=0, victims=(people("six guards", 6, 6),), same_as=("c",),
              sentence="A video appears to show fighters shooting six guards."),
        claim("c", "r2", at=500, victims=(people("four guards", 4, 4),), same_as=("b",), sources=(OFFICE,),
              sentence="The monitor said that the video was filmed on 3 May, when fighters killed four guards."),
    ]  # fmt: skip
    assert len(link(told, SHELF)) == 2


def test_a_denial_is_no_occurrence_of_its_own() -> None:
    told = [
        claim("a", "r2", at=0, victims=(people("four herders", 4, 4),), apart_from=("b",), certainty="denied"),
        claim("b", "r2", at=500, victims=(people("four herders", 4, 4),), apart_from=("a",), by="Red Front"),
    ]
    assert len(link(told, SHELF)) == 1
