"""`marsad match`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..datasets import Match, Pairing, kinds
from ..errors import CaseError
from ._output import AS_JSON, CASE, echo, print_json, shorten

if TYPE_CHECKING:
    from ..pipeline import Case


@click.command()
@CASE
@click.argument("kind", type=click.Choice(kinds()))
@click.option("--csv", "out", type=click.Path(path_type=Path, dir_okay=False), help="Write the pairs as CSV here.")
@AS_JSON
def command(case: Path, kind: str, out: Path | None, as_json: bool) -> None:
    """Hold CASE's incidents against another body's table that marsad import took in.

    Prints what is in theirs and not in ours, in ours and not in theirs, and in both with figures that differ, each
    with why. Ours are counted by the rule nearest to theirs: UCDP's best, ACLED's lowest, Airwars' ranges.
    """
    from ..datasets import match_columns, match_rows
    from ..pipeline import open_case
    from ..text import to_csv

    with open_case(case) as opened:
        found = matched(opened, kind)
        if as_json:
            print_json(found)
            return
        if out is not None:
            try:
                out.write_text(to_csv(match_columns(), match_rows(found)), encoding="utf-8")
            except OSError as error:
                raise CaseError(f"{out}: cannot be written ({error.strerror}).") from error
            echo(f"Wrote {out}. It is not protected: exact places and days stand in it.")
            return
        _print("In both, with figures that differ", found.differing())
        _print("In theirs, not in ours", found.theirs_only)
        _print("In ours, not in theirs", found.ours_only)
        _print("Perhaps the same: for a person to decide", found.perhaps)
        summary(opened, kind, found)


def matched(case: Case, kind: str) -> Match:
    """The case's incidents against the rows of that kind. Raises CaseError where it holds none."""
    from ..datasets import held, match, ours, spec

    with case.store.read() as s:
        theirs = held(s, kind)
    if not theirs:
        raise CaseError(
            f"{case.folder}: no {spec(kind).label} table was taken in. First: marsad import CASE {kind} FILE"
        )
    return match(ours(kind, case.export(spec(kind).export)), theirs)


def summary(case: Case, kind: str, found: Match | None = None) -> None:
    """One line of counts."""
    found = found or matched(case, kind)
    differ = len(found.differing())
    echo(
        f"In both {len(found.both)} ({differ} with figures that differ), in theirs only {len(found.theirs_only)}, "
        f"in ours only {len(found.ours_only)}, perhaps {len(found.perhaps)}."
    )


def _print(heading: str, pairings: tuple[Pairing, ...]) -> None:
    echo(f"{heading}: {len(pairings)}", bold=True)
    for p in pairings:
        for whose, e in (("ours", p.ours), ("theirs", p.theirs)):
            if e is not None:
                days = e.first or "no day" if e.first == e.last else f"{e.first} to {e.last}"
                killed = e.figures.get("killed", (None, None))
                line = f" line {e.line}" if e.line else ""
                told = f"{e.place or e.admin1 or e.country or 'no place'}, killed {_range(*killed)}"
                echo(f"  {whose:<7}{shorten(e.id, 20)}{line}  {days}  {told}")
        for d in p.differences:
            echo(f"         {d.field}: ours {d.ours}, theirs {d.theirs}")
        echo(f"         {p.why}")
    echo()


def _range(low: int | None, high: int | None) -> str:
    from ._output import span

    return span(low, high)
