"""`marsad desk`."""

from __future__ import annotations

from pathlib import Path

import click

from ._output import CASE


@click.command()
@CASE
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--person", help="Whom the login link signs in. The system's user where not given.")
def command(case: Path, host: str, port: int, person: str | None) -> None:
    """Serve the web desk of CASE on this machine, and print a link that signs in once. Ctrl-C stops it."""
    from ..desk import serve
    from ..pipeline import open_case

    with open_case(case, person=person) as opened:
        serve(opened, host=host, port=port)
