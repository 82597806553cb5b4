"""What every command prints with: tables, JSON, progress. Nothing that came from a report reaches the terminal raw."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from ..model import to_json
from ..text import visible_controls

CASE = click.argument("case", type=click.Path(path_type=Path, file_okay=False))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program instead of text for a person.")


def safe(text: str) -> str:
    """`text` without what could steer a terminal: controls and bidirectional overrides are shown, not obeyed."""
    lines = text.encode("utf-8", "replace").decode("utf-8").split("\n")
    return "\n".join("\t".join(visible_controls(part) for part in line.split("\t")) for line in lines)


def echo(text: str = "", *, err: bool = False, **style: Any) -> None:
    """Print a line, made safe for a terminal."""
    click.secho(safe(text), err=err, **style)


def print_json(value: Any) -> None:
    """Print a record or JSON value; not ASCII-escaped, so that Arabic stays readable."""
    click.echo(json.dumps(to_json(value), ensure_ascii=False, indent=2).encode("utf-8", "replace"))


def table(headers: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[int] = ()) -> None:
    """Print rows in columns as wide as they need; the columns in `right` are set to the right."""
    cells = [[safe("" if v is None else str(v)).replace("\n", " ") for v in row] for row in rows]
    widths = [max([_width(h), *(_width(row[i]) for row in cells)]) for i, h in enumerate(headers)]
    for n, row in enumerate([list(headers), *cells]):
        line = "  ".join(_pad(v, widths[i], i in right) for i, v in enumerate(row)).rstrip()
        click.secho(line, bold=n == 0)


def shorten(text: str, width: int) -> str:
    """`text` on one line, cut with an ellipsis to at most `width` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def span(least: int | None, most: int | None) -> str:
    """A range as people write it: '9', '9–14', '9 or more', 'up to 14', 'unknown' (which '0 or more' is too)."""
    if not least and most is None:
        return "unknown"
    if least == most:
        return str(least)
    if most is None:
        return f"{least} or more"
    return f"up to {most}" if least is None else f"{least}–{most}"


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A function (stage, done, total) that draws one bar a stage on a terminal, and a line a stage elsewhere."""
    shown: dict[str, Any] = {}

    def show(stage: str, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            if done == total:
                click.echo(f"{stage}: {done} of {total}", err=True)
            return
        if stage not in shown:
            _finish(shown)
            shown[stage] = click.progressbar(length=total, label=f"{stage:<12}", file=sys.stderr, show_pos=True)
            shown[stage].__enter__()
        bar = shown[stage]
        bar.length = total
        bar.update(done - bar.pos)

    try:
        yield show
    finally:
        _finish(shown)


def _finish(shown: dict[str, Any]) -> None:
    for bar in shown.values():
        bar.__exit__(None, None, None)
    shown.clear()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def _pad(text: str, width: int, right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if right else text + gap
