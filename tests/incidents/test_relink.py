"""Linking what changed gives what linking everything gives, on both engines. All names are fictional."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from incident_fixtures import claim, people, report, said

from marsad.incidents import link, relink
from marsad.model import Claim, Exhibit, Incident, Judgement, Person, Report
from marsad.store import Session, Store

AT = "2031-06-01T00:00:00+00:00"


def wipe(store: Store) -> None:
    with store.write() as s:
        s.incidents.replace(())
        s.linking.clear()
        for r in list(s.reports.all()):
            s.claims.forget(r.id)
        s.linking.clear()


def shelve(store: Store, made: Sequence[Report]) -> None:
    with store.write() as s:
        if s.exhibits.get("e" * 64) is None:
            s.exhibits.add(Exhibit("e" * 64, 1, "text/plain", "x", AT))
            s.people.put(Person("amal", "Amal (fictional)", "editor"))
        for r in made:
            s.reports.add(replace(r, exhibit="e" * 64), AT)


def put(s: Session, report_id: str, claims: Sequence[Claim]) -> None:
    s.claims.put(report_id, claims, "test 1")


def link_what_changed(s: Session, judgements: Sequence[Judgement] = (), most: int = 3) -> None:
    while relink(s, s.claims.of_reports, s.claims.many, judgements, most=most).more:
        pass


def kept(s: Session) -> dict[str, Incident]:
    return {i.id: i for i in s.incidents.all()}


def whole(s: Session, judgements: Sequence[Judgement] = ()) -> dict[str, Incident]:
    return {i.id: i for i in link(list(s.claims.all()), {r.id: r for r in s.reports.all()}, judgements)}


def differing(s: Session, judgements: Sequence[Judgement] = ()) -> list[Any]:
    one, two = kept(s), whole(s, judgements)
    return [(i, one.get(i), two.get(i)) for i in sorted(one.keys() | two.keys()) if one.get(i) != two.get(i)]


def world(seed: int, n: int = 40, shelf: int = 14) -> tuple[list[Report], dict[str, list[Claim]]]:
    """Reports, some copies of others, and their claims; close enough to be taken for one another now and then."""
    rng = random.Random(seed)
    made: list[Report] = []
    told: dict[str, list[Claim]] = {}
    for k in range(shelf):
        rid = f"w{seed}r{k}"
        day = rng.choice((f"2031-05-{4 + k % 9:02d}", f"2031-05-{4 + k % 9:02d}", None))
        original = rng.choice(made) if made and rng.random() < 0.4 else None
        text = original.text if original else " ".join("".join(rng.choices("abdehklmnrst", k=5)) for _ in range(40))
        made.append(report(rid, day, f"Paper {k}", text=text + (" more." if original else "")))
        told[rid] = []
        if original:
            for c in told[original.id]:
                told[rid].append(replace(c, id=f"{rid}-{c.id}", report=rid,
                                         same_as=tuple(f"{rid}-{x}" for x in c.same_as), apart_from=()))  # fmt: skip
    ids = [r.id for r in made]
    for k in range(n):
        rid = rng.choice(ids)
        low = rng.choice((1, 2, 9, 9, 20))
        mine = told[rid]
        ties: dict[str, Any] = {}
        if mine and rng.random() < 0.3:
            ties[rng.choice(("same_as", "apart_from"))] = (rng.choice(mine).id,)
        mine.append(claim(f"w{seed}c{k:02d}", rid, rng.choice(("killing", "injury", "abduction")),
                          town=rng.choice(("Qasrabad", "Deir Nahr", None)),
                          day=rng.choice(("2031-05-01", "2031-05-02", "2031-04-20", None)),
                          victims=(people(f"{low} people", low, rng.choice((low, None))),),
                          by=rng.choice(("Black Banner", None)), at=100 * k,
                          sentence=rng.choice((None, "Nine people were killed in the town.", "The army shot them.")),
                          sources=rng.choice(((), (said("Qasr Monitor", "monitor"),))), **ties))  # fmt: skip
    return made, told


SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SOME
@given(seed=st.integers(0, 10_000), rng=st.randoms(use_true_random=False))
def test_reports_in_any_order_and_any_portions_give_what_linking_everything_gives(
    store: Store, seed: int, rng: random.Random
) -> None:
    wipe(store)
    made, told = world(seed)
    shelve(store, made)
    ids = [r.id for r in made]
    rng.shuffle(ids)
    with store.write() as s:
        while ids:
            for r in [ids.pop() for _ in range(min(len(ids), rng.randrange(1, 5)))]:
                put(s, r, told[r])
            link_what_changed(s, most=rng.randrange(1, 6))
            if rng.random() < 0.4:
                assert not differing(s)
        assert not differing(s)
