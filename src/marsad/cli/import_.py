"""`marsad import`."""

from __future__ import annotations

from pathlib import Path

import click

from ..datasets import kinds
from ._output import CASE, echo, progress_bar

_SHOWN = 20
"""Bad rows that are told one by one."""


@click.command("import")
@CASE
@click.argument("kind", type=click.Choice(kinds()))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def command(ctx: click.Context, case: Path, kind: str, file: Path) -> None:
    """Take FILE, a CSV table of another body, into CASE, beside its reports, and hold the two against each other.

    KIND is ucdp (UCDP GED), acled or airwars, with the columns of their codebooks, or of marsad export. The file is
    preserved, every row becomes a report of the kind 'dataset', and none enters an incident or a figure. Bad rows are
    told by line, and the rest goes on. Run it again after it was cut off: it goes on where it stopped.
    """
    from ..datasets import take_in
    from ..pipeline import open_case
    from .match import summary

    with open_case(case) as opened:
        with progress_bar() as progress:
            taken = take_in(kind, file, opened.vault, opened.store, lambda done, n: progress("importing", done, n))
        echo(f"{taken.added} rows taken in, {taken.already} there already, {len(taken.problems)} bad.")
        for p in taken.problems[:_SHOWN]:
            echo(f"  line {p.line}: {p.why}", err=True, fg="yellow")
        if len(taken.problems) > _SHOWN:
            echo(f"  … and {len(taken.problems) - _SHOWN} more", err=True, fg="yellow")
        summary(opened, kind)
        echo(f"To see them: marsad match {case} {kind}")
    if taken.problems:
        ctx.exit(5)
