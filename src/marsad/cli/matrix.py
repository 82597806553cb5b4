"""`marsad matrix`."""

from pathlib import Path

import click

from ._output import AS_JSON, CASE, echo, print_json, span, table


@click.command()
@CASE
@AS_JSON
def command(case: Path, as_json: bool) -> None:
    """Draft the matrix of grave violations against children in CASE, by violation, party, place and quarter.

    It is a draft: each incident's elements (link to the conflict, victim under 18, party) are met or lacking, and
    nothing is 'verified', which only the UN's own teams can say.
    """
    from ..pipeline import open_case

    with open_case(case) as opened:
        matrix = opened.matrix()
    if as_json:
        print_json(matrix)
        return
    if not matrix.cells:
        echo("No grave violation against children is claimed in this case.")
        return
    rows = [
        (c.violation, c.party, c.place, c.quarter, span(c.min, c.max), len(c.incidents), ", ".join(c.lacking) or "none")
        for c in matrix.cells
    ]
    table(("violation", "party", "place", "quarter", "count", "incidents", "elements lacking"), rows, right=(5,))
