"""`marsad refresh`."""

from pathlib import Path

import click

from ._output import CASE, echo, progress_bar


@click.command()
@CASE
@click.option("--again", is_flag=True, help="Extract from every report again (after an update). Judgements stay.")
def command(case: Path, again: bool) -> None:
    """Read what was preserved but not read, extract claims from what is new, and link them into incidents."""
    from ..pipeline import open_case

    with open_case(case) as opened:
        with progress_bar() as progress:
            opened.refresh(progress, again=again)
        with opened.store.read() as s:
            counts = s.reports.counts()
            echo(f"{sum(counts.values())} reports, {s.claims.count()} claims, {s.incidents.count()} incidents.")
            if counts.get("not_yet_extracted"):
                echo(
                    f"{counts['not_yet_extracted']} reports are kept and searchable, but not yet extracted (language)."
                )
