"""`marsad learn`, on a case of fictional claims whose linker people correct all one way."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1] / "incidents"))

from incident_fixtures import claim, people

from marsad.cli import main
from marsad.incidents import Weights, agreement, held_out, judged_pairs, learn
from marsad.model import Incident, Judgement, Report
from marsad.pipeline import Case, create_case

DAYS = [(dt.date(2031, 1, 5) + dt.timedelta(days=20 * n)).isoformat() for n in range(12)]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Twelve occurrences. 'b' tells what 'a' tells with another number and no place, which keeps the two from being
    joined; 'x' tells of another one, by another party, and is joined."""
    made = create_case(tmp_path / "case", person="tester")
    bytes_of = made.vault.deposit(b"fiction", name="f.txt", source="test", method="test").exhibit.sha256
    with made.store.write() as s:
        for n, day in enumerate(DAYS):
            for side, deaths, town, by in (
                ("a", 3, "Qasrabad", "Blue Front"),
                ("b", 40, None, "Blue Front"),
                ("x", 3, "Qasrabad", "Red Front"),
            ):
                text = f"Words {n} {side}."
                r = Report(f"r{n}{side}", bytes_of, f"{n}{side}", published=day, text=text, status="extracted")
                s.reports.add(r, "2031-12-31T00:00:00+00:00")
                told = claim(
                    f"c{n:02}{side}",
                    r.id,
                    day=day,
                    town=town,
                    by=by,
                    at=0,
                    victims=(people(f"{deaths} people", deaths, deaths),),
                    sentence=text,
                )
                s.claims.put(r.id, [told], "test")
    made.link()
    return made


def incident_of(case: Case, claim_id: str) -> Incident:
    with case.store.read() as s:
        return next(i for i in s.incidents.all() if claim_id in i.claims)


def run(*args: object, code: int = 0) -> str:
    result = CliRunner().invoke(main, [str(a) for a in args], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def together(case: Case, n: int, other: str) -> bool:
    return incident_of(case, f"c{n:02}a").id == incident_of(case, f"c{n:02}{other}").id


def test_it_learns_what_people_decide_and_takes_it_back(case: Case) -> None:
    assert not any(together(case, n, "b") for n in range(12)), "as shipped they stand apart"
    assert all(together(case, n, "x") for n in range(12)), "as shipped they stand together"
    for n in range(8):
        home = incident_of(case, f"c{n:02}a")
        case.judge(home.id, "split", others=[f"c{n:02}x"], value=[f"c{n:02}a"])
        case.judge(incident_of(case, f"c{n:02}a").id, "merge", others=[f"c{n:02}b"])
    before = case.incidents()
    out = run("learn", case.folder, "--dry-run")
    assert "Kept" not in out and case.incidents() == before
    out = run("learn", case.folder, "--pull", 2)
    assert "agreement as shipped" in out and "100.0 %" in out
    # Those that nobody judged are linked as people linked the others.
    assert all(together(case, n, "b") for n in range(8, 12))
    assert not any(together(case, n, "x") for n in range(8, 12))
    assert "shipped ones stand again" in run("learn", case.folder, "--undo")
    assert case.incidents() == before
    assert "Nothing was learned" in run("learn", case.folder, "--undo")


def test_too_little_is_refused_in_words(case: Case) -> None:
    case.judge(incident_of(case, "c00a").id, "merge", others=["c00b"])
    assert "too few to learn from" in run("learn", case.folder, code=1)


def test_documented_incidents_teach_both_ways_and_a_judged_pair_goes_first(case: Case) -> None:
    with case.store.read() as s:
        reports, claims = {r.id: r for r in s.reports.all()}, list(s.claims.all())
    documented = [("c00a", "c00b"), ("c01a",)]
    pairs = judged_pairs(claims, reports, [], documented)
    assert sum(same for _, same in pairs) <= 1
    judged = [Judgement(1, "", "p", "claim", "c00a", "split", None, ["c00a"], ("c00b",))]
    assert not any(same for _, same in judged_pairs(claims, reports, judged, documented))


def test_what_is_held_out_is_not_learned_from() -> None:
    shipped = Weights.shipped()
    levels = tuple((f, "unknown") for f in shipped.features if "unknown" in shipped.features[f])
    noise = [(levels, n % 2 == 0) for n in range(40)]
    assert agreement(noise, learn(noise, start=shipped)) == 0.5
    assert held_out(noise, start=shipped) <= 0.6
