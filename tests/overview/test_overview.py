"""The rows of lists, queue and totals: what they say, and that changing some is as good as making all anew."""

import hashlib
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import simulator
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from marsad.errors import JudgementRefused
from marsad.ledger import policies
from marsad.model import Exhibit, Judgement
from marsad.overview import headlines, ledger_totals
from marsad.pipeline import Case, create_case, open_case
from marsad.review import decide

AT = "2031-04-01T00:00:00+00:00"
DERIVED = {
    "headline": "incident, earliest, latest, body, sums",
    "waiting": "claim, incident, pressing, report, position, reasons, unsure",
    "tie": "incident, other",
    "draft": "incident, violation, party, place, quarter, lacking, min, max",
    "total": "policy, harm, grp, incidents, least, most, best, open, said, silent",
}


def rows(case: Case) -> dict[str, list[Any]]:
    """Everything that is derived, without the numbers of things."""
    with case.look() as s:

        def run(sql: str) -> list[Any]:
            return sorted(map(tuple, s._connection.execute(sa.text(sql))), key=repr)

        found = {t: run(f"SELECT {columns} FROM {t}") for t, columns in DERIVED.items()}
        found["total"] = [r for r in found["total"] if r[3]]
        marked = "FROM mark m JOIN label l ON l.key = m.key JOIN thing t ON t.row = m.row"
        found["mark"] = run(f"SELECT t.room, t.ref, l.kind, l.value {marked}")
        found["label"] = run("SELECT room, kind, value, n FROM label WHERE n > 0")
        counted = run(f"SELECT l.room, l.kind, l.value, count(*) {marked} GROUP BY l.key")
        assert found["label"] == counted, "each label counts its things"
        return found


def anew(case: Case) -> dict[str, list[Any]]:
    """The same, made from nothing."""
    with case.store.write() as s:
        for table in ("headline", "waiting", "tie", "draft", "total", "mark", "label"):
            s._connection.execute(sa.text(f"DELETE FROM {table}"))
        s.set_state("overview", -1)
    return rows(case)


def simulated(folder: Path, seed: int, incidents: int) -> Case:
    """A case of a simulated world."""
    world = simulator.simulate(seed, simulator.Settings(incidents=incidents, days=20, towns=6))
    case = create_case(folder, name="A simulated world", person="amal")
    by_report: dict[str, list[Any]] = {}
    for c in world.claims.values():
        by_report.setdefault(c.report, []).append(c)
    with case.store.write() as s:
        for r in world.reports.values():
            sha = hashlib.sha256(r.id.encode()).hexdigest()
            s.exhibits.add(Exhibit(sha, 1, "text/plain", r.id, AT))
            s.reports.add(replace(r, exhibit=sha), AT)
            s.claims.put(r.id, by_report.get(r.id, []), "test 1")
    case.link()
    return case


def test_a_judgement_on_what_has_no_rows_leaves_nothing_to_do(case: Case) -> None:
    before = rows(case)
    case.approve_names(["The Fictional Courier"], person="amal")
    assert rows(case) == before  # looking came back at all: it once waited for ever for the row of a name


def test_the_queue_begins_with_what_presses(case: Case) -> None:
    with case.look() as s:
        everything = s.marks.narrowed("claim", [("", "")])
        assert everything is not None
        ranked = s.overview.waiting(everything, 100)
        assert s.overview.count_waiting(everything) == len(ranked) == s.claims.count()
        contested = s.marks.narrowed("claim", [("reason", "contested"), ("act", "injury")])
        assert contested is not None
        fewer = s.overview.waiting(contested, 100)
    assert [w.score for w in ranked] == sorted((w.score for w in ranked), reverse=True)
    assert {"children", "contested"} <= set(ranked[0].reasons)
    assert "pattern" in ranked[-1].reasons
    assert fewer and all("contested" in w.reasons for w in fewer) and len(fewer) < len(ranked)


def test_headlines_give_what_the_ledger_counts(case: Case) -> None:
    with case.look() as s:
        everything = s.marks.narrowed("incident", [("", "")])
        assert everything is not None
        big = max(headlines(s, everything, None), key=lambda h: h.claims)
        dated = headlines(s, everything, None, span=("2031-03-05", "2031-03-31"))
    assert {t[0]: t[1:] for t in big.tolls} == {"killed": (9, 14), "injured": (20, None)}
    assert big.children and big.denied and big.place is not None and big.place.name == "Tell Warda"
    assert [h.earliest for h in dated] == ["2031-03-09"]


def test_totals_are_the_ledgers(tmp_path: Path) -> None:
    with simulated(tmp_path / "case", 4, 40) as case:
        for policy in policies():
            counted = {(t.harm, t.group): t for t in case.ledger(policy.name).totals()}
            with case.look() as s:
                summed = {(t.harm, t.group): t for t in ledger_totals(s, policy.name)}
                assert s.overview.count_ties() > 0, "the world has what may be the same"
            assert summed.keys() == counted.keys()
            for key, t in counted.items():
                shown = summed[key]
                assert (shown.min, shown.max, shown.best) == (t.min, t.max, t.best), (policy.name, key)
                assert (shown.incidents, shown.open, shown.most_said) == (t.incidents, t.open, t.most_said)


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.integers(0, 10**6))
def test_after_any_judgements_the_rows_are_as_if_made_anew(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    rng = random.Random(seed)
    with simulated(tmp_path_factory.mktemp("world") / "case", seed, 14) as case:
        made: list[Judgement] = []
        for _ in range(6):
            incident = rng.choice(case.incidents())
            claim = rng.choice(incident.claims)
            other = rng.choice(case.incidents())
            what = rng.choice(["accept", "reject", "unsure", "set_status", "merge", "split", "correct", "undo"])
            try:
                if what == "undo":
                    last = rng.choice(made) if made else None
                    made += [case.judge(last.target, "undo", undoes=last.seq)] if last else []
                elif what in ("merge", "split"):
                    others = (other.id,) if what == "merge" else (claim,)
                    made.append(case.judge(incident.id, what, others=others))
                elif what == "set_status":
                    made.append(case.judge(incident.id, what, value=rng.choice(["documented", "discarded"])))
                elif what == "correct":
                    made.append(case.judge(claim, what, field="certainty", value=rng.choice(["denied", "hedged"])))
                else:
                    made.append(case.judge(claim, what))
            except JudgementRefused:
                continue
        kept = rows(case)
        assert kept == anew(case)


@pytest.mark.parametrize("seed", [3, 8])
def test_what_follows_behind_the_answer_comes_out_as_what_is_waited_for(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    with simulated(tmp_path / "one", seed, 14) as one, simulated(tmp_path / "two", seed, 14) as two:
        claims = [c for i in one.incidents() for c in i.claims]
        for _ in range(3):
            some = rng.sample(claims, 5)
            asked = [
                Judgement(0, AT, "amal", "", c, rng.choice(["accept", "reject", "reject", "unsure"])) for c in some
            ]
            one.judge_all(asked)
            two.judge_all(asked, soon=True)
            # Out of the queue at once, and not only when the incidents follow.
            with two.look() as s:
                queued = s.marks.narrowed("claim", [("", "")])
                left = {w.claim for w in s.overview.waiting(queued, 10**6)} if queued else set()
            assert left.isdisjoint(j.target for j in asked if j.decision == "reject")
            two.followed("amal")
            assert one.incidents() == two.incidents() and rows(one) == rows(two)
        assert rows(two) == anew(two)


def test_what_a_killed_desk_left_is_linked_by_the_next(tmp_path: Path) -> None:
    with simulated(tmp_path / "case", 3, 14) as case:
        victim = max(case.incidents(), key=lambda i: len(i.claims))
        with case.store.write() as s:
            # As far as a desk comes that is killed between its answer and what follows.
            decide(s, Judgement(0, AT, "amal", "claim", victim.claims[0], "reject"))
        case.follow()
    with open_case(tmp_path / "case", person="amal") as again, again.store.read() as s:
        assert s.linking.todo(1) == [] and s.incidents.of_claim(victim.claims[0]) is None


def test_what_is_foreseen_is_what_happens_and_nothing_is_kept(case: Case) -> None:
    big = max(case.incidents(), key=lambda i: len(i.claims))
    before = rows(case)
    split = Judgement(0, "", "amal", "", big.id, "split", others=big.claims[:1])
    foreseen = case.foresee([split])
    assert rows(case) == before and len(foreseen.after.incidents) == 2
    assert [h.id for h in foreseen.before.incidents] == [big.id]
    case.judge_all([split])
    with case.look() as s:
        assert foreseen.after.totals == tuple(ledger_totals(s, "range"))
    assert {h.id for h in foreseen.after.incidents} <= {i.id for i in case.incidents()}


def test_judging_many_is_all_or_nothing(case: Case) -> None:
    claims = case.incidents()[0].claims
    with pytest.raises(JudgementRefused):
        case.judge_all([Judgement(0, "", "amal", "", c, "accept") for c in (*claims, "no-such-claim")])
    with case.store.read() as s:
        assert s.judgements.count() == 0
    kept = case.judge_all([Judgement(0, "", "amal", "", c, "accept") for c in claims])
    with case.look() as s:
        assert [j.seq for j in kept] == list(range(1, len(claims) + 1))
        assert s.marks.count("claim", "verdict", "accept") == len(claims)
