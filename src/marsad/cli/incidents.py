"""`marsad incidents`."""

from pathlib import Path

import click

from ._output import AS_JSON, CASE, echo, print_json, span, table
from ._words import dates, incident_title


@click.command()
@CASE
@AS_JSON
def command(case: Path, as_json: bool) -> None:
    """List the incidents of CASE, earliest first, each with its range of killed and its origin count."""
    from ..pipeline import open_case

    with open_case(case) as opened:
        ledger = opened.ledger()
        with opened.store.read() as s:
            incidents = list(s.incidents.all())
            review = opened.review(s)
        claims = {r.claim.id: r.claim for r in review.all()}
    if as_json:
        print_json(incidents)
        return
    if not incidents:
        echo(f"No incidents. Add reports (marsad add {case} …), or see them all: marsad reports {case}")
        return
    rows = []
    for i in incidents:
        killed = ledger.figure(i.id, "killed")
        rows.append(
            (
                i.id[:12],
                dates(i.earliest, i.latest),
                incident_title(i, claims),
                span(killed.min, killed.max) if killed else "",
                len(i.claims),
                len(i.origins),
                review.status(i).replace("_", " "),
            )
        )
    table(("id", "when", "what, where", "killed", "claims", "origins", "status"), rows, right=(4, 5))
