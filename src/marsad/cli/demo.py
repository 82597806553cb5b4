"""`marsad demo`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ._output import echo, progress_bar, shorten, span, table
from ._words import dates, in_words, incident_title
from .desk import serve_desk

CONFLICT = "the (fictional) armed conflict of the Provisional Guard and the Ember Front"


@click.command()
@click.argument("case", type=click.Path(path_type=Path, file_okay=False), default="demo-case")
@click.option("--no-desk", is_flag=True, help="Stop after printing the ledger.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
def command(case: Path, no_desk: bool, port: int) -> None:
    """Make CASE from bundled fictional reports, count it, and serve its desk. A second run goes on with it."""
    from .. import demo
    from ..pipeline import create_case, open_case
    from ..settings import FILE

    if (case / FILE).is_file():
        echo(f"Going on with the case in {case}.")
        opened = open_case(case)
    else:
        echo(f"Making a case in {case} from bundled reports. All of them are fictional.")
        with create_case(case, name="Demonstration (fictional)") as made:
            replace(made.settings, conflict=CONFLICT).save(case)
        opened = open_case(case)
    with opened:
        if not _complete(opened):
            with progress_bar() as progress:
                for received in opened.add([demo.reports()], progress=progress):
                    if received.problem:
                        echo(f"{received.source}: {received.problem}", err=True, fg="yellow")
                opened.refresh(progress)
        _summary(opened)
        if no_desk:
            return
        echo()
        serve_desk(opened, "127.0.0.1", port)


def _complete(opened) -> bool:  # type: ignore[no-untyped-def]
    with opened.store.read() as s:
        counts = s.reports.counts()
        return bool(s.incidents.count()) and not counts.get("read")


def _summary(opened) -> None:  # type: ignore[no-untyped-def]
    ledger = opened.ledger()
    with opened.store.read() as s:
        counts, claims = s.reports.counts(), {c.id: c for c in s.claims.all()}
        incidents = list(s.incidents.all())
    echo()
    echo(
        f"{sum(counts.values())} reports ({counts.get('not_yet_extracted', 0)} not yet extracted), "
        f"{len(claims)} claims, {len(incidents)} incidents."
    )
    echo()
    rows = []
    for i in incidents:
        figures = [f"{in_words(f.harm)} {span(f.min, f.max)}" for f in ledger.figures(i.id) if f.group == "total"]
        rows.append(
            (dates(i.earliest, i.latest), shorten(incident_title(i, claims), 52), ", ".join(figures), len(i.origins))
        )
    table(("when", "what, where", "how many", "origins"), rows, right=(3,))
    echo()
    echo(f"In total, under the rule '{ledger.policy}':")
    for f in ledger.totals():
        echo(f"  {in_words(f.harm):<16} {f.group:<10} {span(f.min, f.max)}")
