"""`marsad backup`."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import CaseError, CustodyBroken
from ._output import CASE, echo, progress_bar


@click.command()
@CASE
@click.argument("target", metavar="DEST")
@click.option("--check", is_flag=True, help="Make no backup: read the one in DEST again and say what is wrong with it.")
@click.option("--erase", is_flag=True, help="Destroy in DEST what the case has erased, with every older snapshot.")
@click.option("--without-keys", is_flag=True, help="Leave the signing key out; keep a copy of it elsewhere.")
@click.option("--person", help="Who does it, for the chain of custody. The system's user where not given.")
def command(case: Path, target: str, check: bool, erase: bool, without_keys: bool, person: str | None) -> None:
    """Back CASE up into DEST, a folder: each exhibit's bytes once, and a snapshot of everything else.

    Every byte is checked as it is copied. It may run while others work in the case; cut off, run it again. The snapshot
    is encrypted if the case has recipients, and else holds the database and the signing key in clear.
    """
    from ..pipeline import open_case
    from ..vault import check_backup, depot_at

    depot = depot_at(target)
    with progress_bar() as progress:
        if check:
            name, found = check_backup(depot, progress=lambda done, total: progress("checking", done, total))
        else:
            with open_case(case, person=person) as opened:
                done = opened.vault.backup(
                    depot,
                    erase=erase,
                    keys=not without_keys,
                    progress=lambda done, total: progress("copying", done, total),
                )
            name, found = done.snapshot, done.problems
    for fault in found:
        echo(f"FAULT: {fault.message}", fg="red")
    if found:
        raise CustodyBroken(f"{target}: {len(found)} faults in snapshot {name}.")
    if check:
        echo(f"All is well: snapshot {name} and every byte of it.")
        return
    echo(f"Snapshot {name}: {done.copied} exhibits copied, {done.held} there already.")
    if done.erased:
        raise CaseError(
            f"{target}: this backup still holds {done.erased} exhibits that the case has erased, and older snapshots "
            "hold their text. To destroy them: marsad backup --erase"
        )
