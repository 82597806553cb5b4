"""`marsad restore`."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import CaseError
from ._output import echo, progress_bar


@click.command()
@click.argument("source", metavar="SRC")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--snapshot", help="Which snapshot; the newest where not given.")
@click.option("--list", "listed", is_flag=True, help="List the snapshots, oldest first, and restore nothing.")
@click.option("--person", help="Who does it, for the chain of custody. The system's user where not given.")
def command(source: str, folder: Path | None, snapshot: str | None, listed: bool, person: str | None) -> None:
    """Make the case of a backup in SRC again, in the new FOLDER, and verify it.

    It is the case as it was then. Compare it with what others have seen since (marsad verify --against): work that is
    lost must be told to them, and a witness refuses a log that goes on from an older state.
    """
    from ..pipeline import open_case
    from ..vault import RESTORED, depot_at, restore

    depot = depot_at(source)
    snapshots = depot.snapshots()
    if not snapshots:
        raise CaseError(
            f"{source}: no backup of Marsad is here. Give the folder, or the address, that was backed up to."
        )
    if listed:
        for name in snapshots:
            echo(name)
        return
    if folder is None:
        raise click.UsageError("Name the new FOLDER that the case is to be made in.")
    with progress_bar() as progress:
        made = restore(
            depot, folder, snapshot=snapshot, progress=lambda done, total: progress("restoring", done, total)
        )
    if (folder / "RESTORE.txt").exists():
        raise CaseError(f"{folder}: the bytes are there; the database is to be loaded by hand: see RESTORE.txt there.")
    with open_case(folder, person=person) as opened:
        opened.vault.verify(deep=False).require()
        detail = {"snapshot": made["snapshot"], "made_at": made["made_at"], "events": made["events"]}
        opened.vault.record("", RESTORED, method="marsad restore", detail=detail)
    told = f"{len(made['bytes'])} exhibits and {made['events']} custody events"
    echo(f"Restored {told}, as of {made['made_at'][:19]} UTC.")
