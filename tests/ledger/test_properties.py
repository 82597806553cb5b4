"""Properties that hold for any claims: fictional ones, drawn at random."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from incident_fixtures import claim, people, report, reports, said

from marsad.incidents import headcount, link
from marsad.ledger import matrix, policies, tally
from marsad.ledger._sayings import _book
from marsad.model import Actor, Claim, Judgement, Report


def _text(n: int) -> str:
    rng = random.Random(n)
    return " ".join("".join(rng.choices("abdehklmnrstw", k=5)) for _ in range(40))


SHELF = reports(*(report(f"r{n}", f"2031-05-{4 + n:02d}", f"Paper {n}", text=_text(n)) for n in range(6)))
ACTS = ("killing", "injury", "abduction", "bombardment")
SENTENCES = (
    None,
    "Shells hit the market in the morning.",
    "In the evening a shelter and a school were hit.",
    "The dead were buried two weeks after shells hit the landing.",
    "Some of the wounded have died of their wounds.",
    "I counted the bodies at the landing.",
)
SOURCES = (None, said("Qasr Monitoring Group", "monitor"), said("witnesses", "witness"), said("the army", "party"))


@st.composite
def victims(draw: st.DrawFn) -> tuple[Actor, ...]:
    found = []
    for n in range(draw(st.integers(0, 3))):
        low = draw(st.one_of(st.none(), st.integers(0, 30)))
        high = draw(st.one_of(st.none(), st.integers(0, 30)))
        words = draw(
            st.sampled_from(("people", "a man", "children", "a family", "soldiers", "unknown", "he", "two of the boys"))
        )
        found.append(people(words, low, high, children=draw(st.sampled_from((None, True, False))),
                            sex=draw(st.sampled_from((None, "female", "male"))),
                            status=draw(st.sampled_from(("unknown", "civilian", "combatant"))),
                            part_of=draw(st.sampled_from((None, *range(n)))),
                            cumulative=draw(st.booleans())))  # fmt: skip
    return tuple(found)


@st.composite
def told(draw: st.DrawFn) -> list[Claim]:
    made = []
    for n in range(draw(st.integers(1, 9))):
        source = draw(st.sampled_from(SOURCES))
        more: dict[str, Any] = {"violations": draw(st.sampled_from(((), ("killing",), ("maiming", "abduction"))))}
        made.append(claim(f"c{n}", f"r{draw(st.integers(0, 5))}", draw(st.sampled_from(ACTS)),
                          town=draw(st.sampled_from(("Qasrabad", "Deir Nahr", None))),
                          day=draw(st.sampled_from(("2031-05-01", "2031-05-02", "2031-04-10", None))),
                          victims=draw(victims()), sources=(source,) if source else (),
                          certainty=draw(st.sampled_from(("asserted", "asserted", "hedged", "denied"))),
                          by=draw(st.sampled_from((None, "Black Banner"))), at=n * 100,
                          sentence=draw(st.sampled_from(SENTENCES)), **more))  # fmt: skip
    return made


FAST = settings(max_examples=60, deadline=None)


@FAST
@given(told(), st.randoms(use_true_random=False))
def test_order_of_arrival_changes_neither_incidents_nor_ledger(claims: list[Claim], rng: random.Random) -> None:
    shuffled = claims[:]
    rng.shuffle(shuffled)
    incidents = link(claims, SHELF)
    assert link(shuffled, SHELF) == incidents
    assert tally(link(shuffled, SHELF), shuffled, SHELF) == tally(incidents, claims, SHELF)


@FAST
@given(told())
def test_every_event_stands_in_one_incident_and_in_one_origin_of_it(claims: list[Claim]) -> None:
    incidents = link(claims, SHELF)
    assert sorted(c for i in incidents for c in i.claims) == sorted(c.id for c in claims)
    for i in incidents:
        assert sorted(c for o in i.origins for c in o.claims) == sorted(i.claims)
        assert i.id == "i" + i.claims[0]
        for other, _, _ in i.possibly_same:
            assert i.id in {x for o in incidents if o.id == other for x, _, _ in o.possibly_same}


@FAST
@given(told())
def test_no_policy_yields_a_least_above_the_most_or_below_zero(claims: list[Claim]) -> None:
    incidents = link(claims, SHELF)
    for policy in policies():
        ledger = tally(incidents, claims, SHELF, policy=policy.name)
        for figure in (*ledger.all_figures(), *ledger.totals()):
            assert figure.min is None or figure.min >= 0
            assert figure.max is None or figure.max >= (figure.min or 0)
            if figure.best is not None:
                assert (figure.min or 0) <= figure.best and (figure.max is None or figure.best <= figure.max)
    for cell in matrix(incidents, claims, SHELF, conflict="x").cells:
        assert cell.max is None or cell.max >= (cell.min or 0) >= 0
    assert all((f.max is None or f.min is None or f.min <= f.max) for c in claims for f in headcount(c))


@FAST
@given(told(), st.data())
def test_adding_a_copy_of_a_report_changes_no_figure(claims: list[Claim], data: st.DataObject) -> None:
    original = data.draw(st.sampled_from(sorted({c.report for c in claims})))
    shelf: dict[str, Report] = dict(SHELF)
    before = tally(link(claims, shelf), claims, shelf)
    copy = dataclasses.replace(shelf[original], id="copy", publisher="The Copyist", published="2031-05-20")
    shelf["copy"] = copy
    copied = [dataclasses.replace(c, id="z" + c.id, report="copy") for c in claims if c.report == original]
    assert copied
    after = tally(link(claims + copied, shelf), [*claims, *copied], shelf)
    assert _figures(after) == _figures(before)


@FAST
@given(told(), st.data())
def test_a_merge_then_a_split_returns_to_the_state_before(claims: list[Claim], data: st.DataObject) -> None:
    before = link(claims, SHELF)
    assume(len(before) > 1)
    one, other = data.draw(st.permutations(before))[:2]
    merge = Judgement(1, "", "amal", "incident", one.id, "merge", others=other.claims)
    split = Judgement(2, "", "amal", "incident", one.id, "split", others=other.claims, value=list(one.claims))
    (merged,) = [i for i in link(claims, SHELF, [merge]) if one.claims[0] in i.claims]
    assert set(merged.claims) == {*one.claims, *other.claims}
    assert link(claims, SHELF, [merge, split]) == before


def _figures(ledger: Any) -> Any:
    return (
        sorted((c.incident, c.harm, c.group, c.min, c.max) for c in ledger.all_figures()),
        [(t.harm, t.group, t.min, t.max) for t in ledger.totals()],
    )


@FAST
@given(told())
def test_whatever_the_ledger_says_of_its_figures_it_says_in_arabic_too(claims: list[Claim]) -> None:
    incidents = link(claims, SHELF)
    for policy in policies():
        ledger = tally(incidents, claims, SHELF, policy=policy.name)
        lines = {b.rule for c in ledger.all_figures() for b in c.bases} | set(ledger.assumptions)
        lines |= {a.why for _, rows in ledger.aside for a in rows}
        assert {line for line in lines if not _book().knows(line, "ar")} == set()
