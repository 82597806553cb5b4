"""`marsad init`."""

from pathlib import Path

import click

from ._output import CASE, echo


@click.command()
@CASE
@click.option("--name", help="The case's name, shown on pages and releases. The folder's name where not given.")
@click.option("--conflict", default="", help="The conflict that the case documents ('armed conflict in X').")
@click.option("--person", help="Who makes the case, and becomes its editor. The system's user where not given.")
@click.option(
    "--encrypt-to",
    "recipients",
    multiple=True,
    help="Encrypt all bytes for this age recipient (age1…); may be given again.",
)
def command(case: Path, name: str | None, conflict: str, person: str | None, recipients: tuple[str, ...]) -> None:
    """Make a new case in the folder CASE.

    A case is a folder: a database, a vault that keeps the bytes as they came, and settings.toml.
    """
    from dataclasses import replace

    from ..pipeline import create_case

    with create_case(case, name=name, person=person) as made:
        if conflict:
            replace(made.settings, conflict=conflict).save(case)
        if recipients:
            made.vault.encrypt_to(recipients)
        echo(f"Made the case '{made.settings.name}' in {case}.")
        echo(f"Next: marsad add {case} FILES, FOLDERS OR WEB ADDRESSES")
