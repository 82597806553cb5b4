"""Fictional sets of reports, held against what an analyst records of them: claims, incidents, ranges, what stays apart.

One report tells an occurrence in several ways and several reports tell it again; each file of `scenarios/` says which
words tell which occurrence.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from marsad.claims import extract
from marsad.incidents import contradictions, doubts, grades, link
from marsad.ledger import tally
from marsad.model import Claim, Incident, Report

_FOLDER = Path(__file__).parent / "scenarios"
NAMES = sorted(p.stem for p in _FOLDER.glob("*.json"))
HARMS = ("killed", "injured", "abducted", "detained")


class Scenario:
    """The reports of one file, read and linked."""

    def __init__(self, name: str) -> None:
        self.told: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        self.reports = {r["id"]: Report(exhibit=r["id"], language="en", **r) for r in self.told["reports"]}
        self.claims = {c.id: c for r in self.reports.values() for c in extract(r)}
        self.incidents = {i.id: i for i in link(tuple(self.claims.values()), self.reports)}
        self.of = {c: i for i in self.incidents.values() for c in i.claims}
        self.ledger = tally(tuple(self.incidents.values()), self.claims, self.reports)

    def at(self, say: dict[str, Any]) -> list[Claim]:
        """Claims whose trigger or victims lie within the words."""
        start = self.reports[say["report"]].text.index(say["words"])
        end = start + len(say["words"])
        return [
            c
            for c in self.claims.values()
            if c.report == say["report"] and any(s.start < end and start < s.end for s in (c.trigger, *c.victims))
        ]

    def of_incident(self, told: dict[str, Any]) -> Iterator[tuple[dict[str, Any], list[Claim]]]:
        """Each telling, with its claims of the incident's acts."""
        for say in told["says"]:
            yield say, [c for c in self.at(say) if c.act in told["acts"] and c.kind == "event"]

    def home(self, told: dict[str, Any]) -> Incident:
        """The incident that holds most of the tellings."""
        held = [self.of[c.id].id for _, claims in self.of_incident(told) for c in claims if c.id in self.of]
        return self.incidents[max(held, key=held.count)]


@functools.cache
def scenario(name: str) -> Scenario:
    return Scenario(name)


@pytest.mark.parametrize("name", NAMES)
def test_each_telling_gives_a_claim_with_its_number(name: str) -> None:
    s = scenario(name)
    for told in s.told["incidents"].values():
        for say, claims in s.of_incident(told):
            assert claims, say
            if "killed" in say:
                got = [(v.count.min, v.count.max) for c in claims for v in c.victims if v.count]
                assert tuple(say["killed"]) in got, (say, got)


@pytest.mark.parametrize("name", NAMES)
def test_the_tellings_of_one_occurrence_stand_in_one_incident(name: str) -> None:
    s = scenario(name)
    for title, told in s.told["incidents"].items():
        homes = {say["report"]: s.of[c.id].id for say, claims in s.of_incident(told) for c in claims}
        assert len(set(homes.values())) == 1, (title, homes)


@pytest.mark.parametrize("name", NAMES)
def test_two_occurrences_of_one_act_stand_apart(name: str) -> None:
    s = scenario(name)
    for one, other in combinations(s.told["incidents"].values(), 2):
        if set(one["acts"]) & set(other["acts"]):
            assert s.home(one).id != s.home(other).id


@pytest.mark.parametrize("name", NAMES)
def test_ranges_days_and_perpetrators_are_the_analysts(name: str) -> None:
    s = scenario(name)
    for title, told in s.told["incidents"].items():
        incident = s.home(told)
        for harm in HARMS:
            if harm in told:
                figure = s.ledger.figure(incident.id, harm)
                assert figure is not None, (title, harm)
                assert [figure.min, figure.max] == told[harm], (title, harm, figure)
        if told["day"]:
            assert incident.earliest is not None and incident.earliest <= told["day"] <= (incident.latest or "")
        named = {a.name or a.text for c in incident.claims for a in s.claims[c].perpetrators}
        for who in told["perpetrators"]:
            assert any(who.casefold() in n.casefold() for n in named), (title, who, named)
        if "origins" in told:
            assert len(incident.origins) == told["origins"], (title, [(o.source, o.reports) for o in incident.origins])
        differ = {c.field for c in contradictions(incident, s.claims, s.reports) if c.kind == "contradiction"}
        assert set(told.get("differ", ())) <= differ, (title, differ)
        if "airwars" in told:
            assert grades(incident, s.claims, s.reports).airwars.code == told["airwars"], title
        if told.get("denied"):
            assert any(s.claims[c].certainty == "denied" for c in incident.claims), title


@pytest.mark.parametrize("name", NAMES)
def test_what_a_report_says_may_be_one_is_tied_and_counted_both_ways(name: str) -> None:
    s = scenario(name)
    for one, other in s.told.get("possibly_same", ()):
        left, right = s.home(s.told["incidents"][one]), s.home(s.told["incidents"][other])
        assert right.id in {o for o, _, _ in left.possibly_same}, (one, left.possibly_same)
        ledger = tally((left, right), s.claims, s.reports)
        (doubt,) = (d for d in ledger.doubts if d.harm == "killed")
        assert doubt.as_one[0] < doubt.apart[0]
        assert all(doubts(left, right, s.claims)[0])


@pytest.mark.parametrize("name", NAMES)
def test_habits_negations_and_totals_over_a_period_are_no_incidents(name: str) -> None:
    s = scenario(name)
    for say in s.told.get("patterns", ()):
        assert all(c.kind == "pattern" for c in s.at(say)), say
    for say in s.told.get("nothing", ()):
        assert not [c for c in s.at(say) if c.kind == "event" and c.certainty != "denied"], say
    for say in s.told.get("totals_aside", ()):
        counts = [v.count for c in s.claims.values() if c.report == say["report"] for v in c.victims if v.count]
        assert all(k.cumulative for k in counts if k.min == say["count"])
