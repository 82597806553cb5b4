"""Judgements: appended, applied, undone; never lost. All names are fictional."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.errors import JudgementRefused
from marsad.model import Actor, Claim, Count, Exhibit, Incident, Judgement, Person, Report, Span
from marsad.review import Review, decide, standing
from marsad.store import Session, Store

AT = "2031-03-02T10:00:00+00:00"
TEXT = "Shelling killed nine people in Sarmin. A girl was hurt."
CLAIM = Claim(
    "c1",
    "killing",
    "event",
    Span(9, 15, "killed"),
    Span(0, 38, TEXT[:38]),
    victims=(Actor(16, 27, "nine people", count=Count(9, 9, "nine", 16, 20)),),
    report="r1",
)


@pytest.fixture
def s(tmp_path: Path) -> Iterator[Session]:
    store = Store.open(f"sqlite:///{tmp_path / 'case.sqlite'}")
    with store.write() as session:
        session.exhibits.add(Exhibit("a" * 64, 12, "text/plain", "one.txt", AT))
        session.reports.add(Report("r1", "a" * 64, text=TEXT), AT)
        for name, role in (("rami", "reader"), ("layla", "analyst"), ("noor", "analyst"), ("editor", "editor")):
            session.people.put(Person(name, name, role))
        session.claims.put("r1", [replace(CLAIM, id=f"c{i}") for i in range(1, 5)], "test")
        session.incidents.replace([Incident("ic1", ("c1", "c2", "c3")), Incident("ic4", ("c4",))])
        yield session


def judge(s: Session, decision: str, target: str = "c1", person: str = "layla", **rest: object) -> Judgement:
    kind = "incident" if target.startswith("i") else "claim"
    return decide(s, Judgement(0, "", person, kind, target, decision, **rest))  # type: ignore[arg-type]


def reviewed(s: Session) -> Review:
    return Review.of(s.claims.all(), s.judgements.all())


def test_a_verdict_stands_until_undone_and_both_are_kept(s: Session) -> None:
    rejected = judge(s, "reject")
    assert [c.id for c in reviewed(s).claims()] == ["c2", "c3", "c4"]
    undo = judge(s, "undo", undoes=rejected.seq)
    assert [c.id for c in reviewed(s).claims()] == ["c1", "c2", "c3", "c4"]
    judge(s, "undo", undoes=undo.seq)
    assert "c1" not in [c.id for c in reviewed(s).claims()]
    claim = reviewed(s).claim("c1")
    assert claim is not None and claim.verdict == "reject" and claim.machine == CLAIM


def test_a_correction_keeps_the_machines_value_beside_it(s: Session) -> None:
    judge(s, "correct", field="victims.0.count", value={"min": 9, "max": 11, "text": "nine", "start": 16, "end": 20})
    claim = reviewed(s).claim("c1")
    assert claim is not None
    assert claim.claim.victims[0].count == Count(9, 11, "nine", 16, 20)
    assert claim.machine.victims[0].count == Count(9, 9, "nine", 16, 20)
    assert claim.corrected == ("victims.0.count",)


def test_a_judgement_outlives_a_new_run(s: Session) -> None:
    judge(s, "correct", field="certainty", value="alleged")
    judge(s, "correct", field="victims.0.sex", value="female")
    s.claims.put("r1", [replace(CLAIM, victims=())], "test 2")
    claim = reviewed(s).claim("c1")
    assert claim is not None
    assert claim.claim.certainty == "alleged"
    assert len(claim.faults) == 1 and "victims.0.sex" in claim.faults[0]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("id", "x", "not a field"),
        ("certainty", "sure", "not a known code"),
        ("act", "picnic", "not a known code"),
        ("victims.7.sex", "male", "cannot hold"),
        ("victims.0.nothing", 1, "cannot hold"),
        ("victims.0.count", {"min": 9, "max": 3, "text": "nine", "start": 16, "end": 20}, "least is more"),
        ("victims.0.count", {"min": "many", "max": 3, "text": "nine", "start": 16, "end": 20}, "whole"),
        ("victims.0.count", {"min": 9, "max": 9, "text": "ten", "start": 16, "end": 20}, "the report has «nine»"),
        ("victims.0.count", {"min": 9, "max": 9, "text": "ten", "start": 16, "end": 999}, "does not have"),
        ("victims", "many", "cannot hold"),
        (None, "x", "names the field"),
    ],
)
def test_corrections_that_do_not_fit_are_refused_in_words(s: Session, field: str, value: object, says: str) -> None:
    with pytest.raises(JudgementRefused, match=says):
        judge(s, "correct", field=field, value=value)
    assert s.judgements.all() == []


def test_a_correction_may_rest_on_no_words(s: Session) -> None:
    count = {"min": 10, "max": 10, "text": "", "start": 0, "end": 0}
    judge(s, "correct", field="victims.0.count", value=count, reason="told by the family")
    claim = reviewed(s).claim("c1")
    assert claim is not None and claim.claim.victims[0].count == Count(10, 10, "", 0, 0)


@pytest.mark.parametrize(
    ("person", "decision", "target", "rest"),
    [
        ("rami", "accept", "c1", {}),
        ("layla", "set_status", "ic1", {"value": "documented"}),
        ("nobody", "accept", "c1", {}),
        ("layla", "accept", "c9", {}),
        ("layla", "accept", "ic1", {}),
        ("layla", "merge", "c1", {"others": ("c4",)}),
        ("layla", "merge", "ic1", {"others": ("c2",)}),
        ("layla", "merge", "ic1", {"others": ("c9",)}),
        ("layla", "split", "ic1", {"others": ("c1", "c2", "c3")}),
        ("layla", "split", "ic1", {"others": ("c4",)}),
        ("layla", "split", "ic1", {"others": ()}),
        ("layla", "explode", "c1", {}),
        ("layla", "undo", "c1", {"undoes": 99}),
        ("editor", "set_status", "ic1", {"value": "verified"}),
    ],
)
def test_what_may_not_be_judged(s: Session, person: str, decision: str, target: str, rest: dict[str, object]) -> None:
    with pytest.raises(JudgementRefused):
        judge(s, decision, target, person, **rest)
    assert s.judgements.all() == []


def test_only_the_author_or_an_editor_undoes(s: Session) -> None:
    first = judge(s, "accept")
    with pytest.raises(JudgementRefused, match="another person's"):
        judge(s, "undo", person="noor", undoes=first.seq)
    judge(s, "undo", person="editor", undoes=first.seq)
    with pytest.raises(JudgementRefused, match="undone already"):
        judge(s, "undo", undoes=first.seq)


def test_merge_and_split_keep_the_members_of_the_time(s: Session) -> None:
    merged = judge(s, "merge", "ic1", others=("ic4",))
    assert merged.others == ("c4",)
    assert merged.value == ["c1", "c2", "c3"]
    split = judge(s, "split", "ic1", others=("c2",))
    assert split.value == ["c1", "c3"]


def test_a_status_follows_the_anchor_claim(s: Session) -> None:
    judge(s, "set_status", "ic1", "editor", value="documented")
    assert reviewed(s).status(Incident("ic1", ("c1", "c2"))) == "documented"
    assert reviewed(s).status(Incident("ic0", ("c0", "c1"))) == "documented"
    assert reviewed(s).status(Incident("ic4", ("c4",))) == "unreviewed"


@given(st.lists(st.integers(min_value=0, max_value=40), max_size=40))
def test_undo_is_an_involution_over_any_history(undone: list[int]) -> None:
    """An undo of the newest judgement changes only whether that one stands."""
    history = [
        Judgement(i + 1, AT, "p", "claim", "c1", "undo" if 0 < n <= i else "accept", undoes=n if 0 < n <= i else None)
        for i, n in enumerate(undone)
    ]
    before = standing(history)
    if history:
        once = [*history, Judgement(len(history) + 1, AT, "p", "claim", "c1", "undo", undoes=len(history))]
        twice = [*once, Judgement(len(once) + 1, AT, "p", "claim", "c1", "undo", undoes=len(once))]
        assert standing(twice) == before
        assert history[-1] not in standing(once)
