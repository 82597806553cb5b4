"""What an incident's page shows without a manual: who copies whom, where origins differ, what the ledger counts."""

from __future__ import annotations

import pytest
from desk_fiction import Client

from marsad.desk._i18n import catalog, locale_of
from marsad.desk._incidentview import by_report, columns, glance, lines
from marsad.desk._toll import Told, _labelled, tolls
from marsad.desk._words import Words
from marsad.incidents import contradictions
from marsad.pipeline import Case


@pytest.fixture
def told(case: Case):  # type: ignore[no-untyped-def]
    with case.look() as s:
        incident = max(s.incidents.all(), key=lambda i: len(i.claims))
        claims = {c.id: c for c in s.claims.many(incident.claims)}
        reports = {r.id: r for r in s.reports.many(c.report for c in claims.values())}
    words = Words("en", locale_of("en"), catalog("en"))
    differing = contradictions(incident, claims, reports)
    sides = columns(incident, claims, reports)
    return incident, claims, reports, sides, lines(incident, claims, reports, differing, words), differing


def test_figures_that_cannot_both_be_true_are_never_said_to_agree(told) -> None:  # type: ignore[no-untyped-def]
    _, _, _, _, table, _ = told
    for line in (x for x in table if x.state == "agree" and x.group):
        cells = [c for held in line.cells for c in held if c.whole and not c.denied]
        assert all(a.least <= (b.most if b.most is not None else a.least) for a in cells for b in cells), line


def test_at_a_glance_it_says_what_differs_and_who_denies(told) -> None:  # type: ignore[no-untyped-def]
    _, _, _, sides, table, differing = told
    seen = glance(sides, table, [d for d in differing if d.kind == "denial"])
    assert ("killed", "total") in seen.differ
    assert seen.denied_by


def test_of_one_report_the_chart_keeps_the_whole_and_not_its_parts(told) -> None:  # type: ignore[no-untyped-def]
    incident, claims, reports, _, _, _ = told
    killed = next(t for t in tolls(incident, claims, reports) if t.harm == "killed")
    assert len({(m.origin, m.report) for m in killed.told}) == len(killed.told)
    assert min(m.least or 0 for m in killed.told) >= 9


def test_claims_stand_under_their_reports_and_copies_come_last(told) -> None:  # type: ignore[no-untyped-def]
    class Card:
        def __init__(self, claim):  # type: ignore[no-untyped-def]
            self.claim = claim

    _, claims, reports, sides, _, _ = told
    shown = by_report([Card(c) for c in claims.values()], reports, sides)
    assert sorted(c.claim.id for t in shown for c in t.cards) == sorted(claims)
    repeats = [t.repeats for t in shown]
    assert repeats == sorted(repeats)


def test_the_page_and_the_list_give_the_ledgers_range(case: Case, client: Client) -> None:
    with case.look() as s:
        incident = max(s.incidents.all(), key=lambda i: len(i.claims))
    counted = case.ledger().figure(incident.id, "killed")
    assert counted is not None
    shown = f"{counted.min}–{counted.max}"
    analyst = client("amal")
    assert f'<b class="figure">{shown}</b>' in analyst.get(f"/incidents/{incident.id}").text
    assert f"<b>{shown}</b>" in analyst.get("/incidents").text


def mark(at: float, bottom: float, least: int) -> Told:
    return Told(at, bottom, bottom, least, least, "o", "r", "2031-03-14", "c")


def test_a_figure_covers_no_dot_and_no_other_figure() -> None:
    alone, twin, close, far = mark(6, 10, 14), mark(8, 10, 14), mark(30, 50, 9), mark(34, 52, 8)
    labels = [m.label for m in _labelled([alone, twin, close, far])]
    assert labels == ["no", "after", "before", "after"]
