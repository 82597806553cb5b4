"""`marsad publish`."""

from __future__ import annotations

from pathlib import Path

import click

from ._find import exhibit_of
from ._output import AS_JSON, CASE, echo, print_json


@click.command()
@CASE
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--profile",
    type=click.Choice(["internal", "partners", "public"]),
    default="public",
    show_default=True,
    help="Who it is for: what is kept, coarsened and suppressed.",
)
@click.option(
    "--since",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="An earlier release under the same profile: what changed since is listed and checked.",
)
@click.option("--still", "stills", multiple=True, help="A covered picture to show (marsad cover); may be given again.")
@click.option("--person", help="Who releases; must be an editor. The system's user where not given.")
@AS_JSON
def command(
    case: Path,
    folder: Path,
    profile: str,
    since: Path | None,
    stills: tuple[str, ...],
    person: str | None,
    as_json: bool,
) -> None:
    """Write a release of CASE into the new FOLDER: tables, map, timeline, a page, and a manifest of digests.

    Under 'public' no name of a child or of an unreviewed victim, no exact place or day where a child is a victim, no
    media but covered pictures, and no small figure gets out. A leak check reads the finished folder back; if it finds
    anything, nothing is released and the exit code is 4.
    """
    from ..pipeline import open_case

    with open_case(case, person=person) as opened:
        chosen = [exhibit_of(opened, still) for still in stills]
        released = opened.publish(profile, folder, since=since, stills=chosen)
    if as_json:
        print_json(released)
        return
    echo(f"Released {released.incidents} incidents under '{profile}' into {folder}.")
    for note in released.notes:
        echo(f"  {note}")
    echo(f"Open {folder / 'index.html'} (Arabic: index-ar.html); it needs no network.")
