"""`marsad show`."""

from __future__ import annotations

from pathlib import Path

import click

from ..incidents import doubts
from ..model import Claim, Exhibit, Incident, Report
from ._output import AS_JSON, CASE, echo, print_json, span
from ._words import dates, detail, in_words, incident_title


@click.command()
@CASE
@click.argument("id")
@click.option("--explain", is_flag=True, help="Show the rule behind each value, and why claims were linked.")
@AS_JSON
def command(case: Path, id: str, explain: bool, as_json: bool) -> None:
    """Show the one incident, claim, report or exhibit of CASE whose ID begins so, with everything behind it."""
    from ..pipeline import open_case

    with open_case(case) as opened:
        found = opened.find(id)
        if as_json:
            print_json(found)
            return
        with opened.store.read() as s:
            if isinstance(found, Incident):
                _incident(opened, s, found, explain)
            elif isinstance(found, Claim):
                _claim(opened.review(s).claim(found.id), explain)
            elif isinstance(found, Report):
                _report(s, found)
            else:
                _exhibit(s, found)


def _incident(opened, s, incident: Incident, explain: bool) -> None:  # type: ignore[no-untyped-def]
    review = opened.review(s)
    reviewed = [r for c in incident.claims if (r := review.claim(c)) is not None]
    claims = {r.claim.id: r.claim for r in reviewed}
    echo(f"{incident_title(incident, claims)}", bold=True)
    echo(f"{incident.id} · {dates(incident.earliest, incident.latest) or 'undated'} · {review.status(incident)}")
    for figure in opened.ledger().figures(incident.id):
        echo(f"  {in_words(figure.harm)} ({figure.group}): {span(figure.min, figure.max)}")
    echo()
    echo(f"Origins: {len(incident.origins)}", bold=True)
    for origin in incident.origins:
        echo(f"  {origin.source} ({origin.kind}), carried by {len(origin.reports)}")
        for report, into, why in origin.folded:
            echo(f"    {_title(s, report)}: {why} of {_title(s, into)}")
    echo()
    echo("Claims", bold=True)
    for r in reviewed:
        _claim(r, explain)
        echo(f"    in         {_title(s, r.claim.report)}")
    if explain:
        for link in incident.links:
            why = ", ".join(f"{name} {weight:+.2f}" for name, weight in link.features)
            echo(f"  {link.claim[:12]} was linked to {link.to[:12]} ({link.score:.2f}): {why}")
    for other, _score, why in incident.possibly_same:
        echo(f"Possibly the same as {other}: {why}")
        if (found := s.incidents.get(other)) is not None:
            both = {c.id: c for c in s.claims.many((*incident.claims, *found.claims))}
            for heading, told in zip(("for", "against"), doubts(incident, found, both)):
                for c in told:
                    echo(f"  {heading:<8} «{c.sentence.text}» ({c.id[:12]})")


def _claim(reviewed, explain: bool) -> None:  # type: ignore[no-untyped-def]
    for line in detail(reviewed.claim, explain=explain):
        echo(f"  {line}")
    if reviewed.verdict:
        echo(f"      judged     {reviewed.verdict}")
    for path in reviewed.corrected:
        echo(f"      corrected  {path} (the machine's value is kept)")
    for fault in reviewed.faults:
        echo(f"      note       {fault}")


def _report(s, report: Report) -> None:  # type: ignore[no-untyped-def]
    echo(report.title or "(no title)", bold=True)
    echo(" · ".join(filter(None, (report.publisher, report.author, report.published, report.language, report.status))))
    echo(f"report {report.id} read from exhibit {report.exhibit}" + (f", {report.part}" if report.part else ""))
    if report.reason:
        echo(report.reason)
    echo()
    echo(report.text)
    for claim in s.claims.of(report.id):
        for line in detail(claim):
            echo(f"  {line}")


def _exhibit(s, exhibit: Exhibit) -> None:  # type: ignore[no-untyped-def]
    echo(f"exhibit {exhibit.sha256}", bold=True)
    echo(f"{exhibit.name} · {exhibit.media_type} · {exhibit.size:,} bytes")
    for event in s.custody.of(exhibit.sha256):
        echo(f"  {event.seq:>5}  {event.at}  {event.action} by {event.person} from {event.source} ({event.method})")


def _title(s, report_id: str) -> str:  # type: ignore[no-untyped-def]
    report = s.reports.get(report_id)
    if report is None:
        return report_id
    return " · ".join(filter(None, (report.publisher, report.title or report.id[:12])))
