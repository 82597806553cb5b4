"""`marsad add`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ._output import AS_JSON, CASE, echo, print_json, progress_bar, shorten


@click.command()
@CASE
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--allow-private", is_flag=True, help="Allow web addresses of this machine and of private networks.")
@click.option("--no-refresh", is_flag=True, help="Only preserve and read; extract and link later (marsad refresh).")
@click.option("--person", help="Who adds them, for the chain of custody. The system's user where not given.")
@AS_JSON
def command(
    case: Path, sources: tuple[str, ...], allow_private: bool, no_refresh: bool, person: str | None, as_json: bool
) -> None:
    """Preserve each SOURCE in CASE, read it, extract its claims and link them.

    A SOURCE is a file, a folder, a web address, or - for standard input. Taken: web pages, text, PDF, RSS and Atom,
    WARC and WACZ, exports of Telegram, yt-dlp and gallery-dl, pictures, video, zip archives. What cannot be read is
    kept all the same, marked unreadable with the reason, and the rest goes on. Adding the same bytes again is one
    exhibit with two custody events. Stopped half-way, run it again: it goes on.
    """
    from ..pipeline import open_case

    kept = read = 0
    problems: list[tuple[str, str]] = []
    rows = []
    with open_case(case, person=person) as opened:
        for received in opened.add(sources, allow_private=allow_private or None):
            kept += received.exhibit is not None
            read += sum(r.status != "unreadable" for r in received.reports)
            if received.problem:
                problems.append((str(received.source), received.problem))
            if as_json:
                rows.append(_row(received))
            else:
                _say(received)
        if not no_refresh:
            with progress_bar() as progress:
                opened.refresh(progress)
    if as_json:
        print_json({"exhibits": kept, "reports": read, "received": rows})
    else:
        echo(f"{kept} exhibits kept, {read} reports read, {len(problems)} with a problem.")
    if problems:
        sys.exit(5)


def _say(received) -> None:  # type: ignore[no-untyped-def]
    for note in received.notes:
        echo(f"{received.source}: note: {note}", err=True)
    if received.problem:
        echo(f"{received.source}: {received.problem}", err=True, fg="yellow")
    if received.exhibit is None or all(r.status == "unreadable" for r in received.reports):
        return
    title = next((r.title for r in received.reports if r.title), None)
    more = f" (and {len(received.reports) - 1} more)" if len(received.reports) > 1 else ""
    echo(f"kept {received.exhibit.sha256[:12]}  {received.source}" + (f"  {shorten(title, 60)}{more}" if title else ""))


def _row(received) -> dict[str, object]:  # type: ignore[no-untyped-def]
    return {
        "source": str(received.source),
        "exhibit": received.exhibit.sha256 if received.exhibit else None,
        "reports": [r.id for r in received.reports],
        "problem": received.problem,
    }
