"""`marsad desk`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ._output import CASE, echo

if TYPE_CHECKING:
    from ..pipeline import Case

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@CASE
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--person", help="Whom the login link signs in. The system's user where not given.")
@click.option("--identity", type=click.Path(dir_okay=False), help="age identity file that opens encrypted exhibits.")
@click.option("--allow-host", "hosts", multiple=True, help="A further host name to answer to, such as a proxy's.")
@click.option("--certificate", type=FILE, help="Speak TLS with this certificate (PEM) …")
@click.option("--key", type=FILE, help="… and its key (PEM).")
def command(
    case: Path,
    host: str,
    port: int,
    person: str | None,
    identity: str | None,
    hosts: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
) -> None:
    """Serve the web desk of CASE on this machine, and print a link that signs in once. Ctrl-C stops it."""
    from ..pipeline import open_case

    if identity:
        os.environ["MARSAD_IDENTITY"] = identity
    with open_case(case, person=person) as opened:
        serve_desk(opened, host, port, hosts, certificate, key)


def serve_desk(
    case: Case,
    host: str,
    port: int,
    hosts: tuple[str, ...] = (),
    certificate: Path | None = None,
    key: Path | None = None,
) -> None:
    """Serve the desk of an open case to the person who opened it, until Ctrl-C."""
    from ..desk import serve

    serve(case, case.person, host=host, port=port, announce=_announce, hosts=hosts, certificate=certificate, key=key)


def _announce(address: str) -> None:
    echo("The desk is at")
    echo(f"  {address}", bold=True)
    echo("The link signs you in once, and soon; for another, start the desk again. Ctrl-C stops it.")
