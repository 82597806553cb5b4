"""`marsad verify`."""

from pathlib import Path

import click

from ..errors import CustodyBroken
from ._output import AS_JSON, CASE, echo, print_json, progress_bar


@click.command()
@CASE
@AS_JSON
@click.option(
    "--against",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    help="A checkpoint of CASE that was kept elsewhere: shows an older copy that was put back; may be given again.",
)
def command(case: Path, as_json: bool, against: tuple[Path, ...]) -> None:
    """Re-hash every exhibit of CASE, walk the chain of custody and check the database. Changes nothing.

    Names the first break of the chain and every exhibit that is missing or altered. Exit code 3 if anything is wrong.
    """
    from ..pipeline import open_case

    with open_case(case) as opened, progress_bar() as progress:
        result = opened.vault.verify(
            against={str(path): path.read_bytes() for path in against},
            progress=lambda done, total: progress("verifying", done, total),
        )
        faults = [f"{f.subject}: {f.message}" for f in result.problems]
    if as_json:
        print_json({"exhibits": result.exhibits, "events": result.events, "faults": faults})
    else:
        for note in result.notes:
            echo(f"note: {note.subject}: {note.message}")
        for fault in faults:
            echo(f"FAULT: {fault}", fg="red")
    if faults:
        raise CustodyBroken(f"{case}: {len(faults)} faults. Keep the folder as it is, and compare it with a backup.")
    if not as_json:
        echo(f"All is well: {result.exhibits} exhibits, {result.events} custody events, no fault.")
