"""`marsad cover`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ._find import exhibit_of
from ._output import AS_JSON, CASE, echo, print_json, table

if TYPE_CHECKING:
    from ..footage import Box


@click.command()
@CASE
@click.argument("exhibit")
@click.option("--at", type=click.FloatRange(min=0), help="Of a video: the frame so many seconds from the beginning.")
@click.option("--box", "boxes", multiple=True, metavar="X,Y,WIDTH,HEIGHT", help="Paint over this too, in pixels.")
@click.option("--leave", multiple=True, type=click.IntRange(min=1), help="Not the machine's box of this number.")
@click.option("--preview", type=click.Path(path_type=Path, dir_okay=False), help="Write the covered picture here.")
@click.option("--sign", is_flag=True, help="You have looked at it and answer for it: keep the covered copy.")
@click.option("--person", help="Who looks and signs. The system's user where not given.")
@AS_JSON
def command(
    case: Path,
    exhibit: str,
    at: float | None,
    boxes: tuple[str, ...],
    leave: tuple[int, ...],
    preview: Path | None,
    sign: bool,
    person: str | None,
    as_json: bool,
) -> None:
    """Find faces in the picture EXHIBIT of CASE and paint over them for good, in a copy for release.

    The sealed original stays. The copy holds pixels alone: no place, time or camera of the file. A machine misses
    faces: look at the preview, add boxes for those it missed and for whatever else tells who somebody is (a tattoo, a
    name on a wall), then sign. Only then can 'marsad publish --still' show it.

    \b
      marsad cover CASE 3f9a --preview look.png
      marsad cover CASE 3f9a --box 410,220,60,80 --sign
    """
    from ..footage import propose
    from ..pipeline import open_case

    with open_case(case, person=person) as opened:
        proposal = propose(opened.vault, exhibit_of(opened, exhibit), at=at, person=person)
        kept = [box for n, box in enumerate(proposal.boxes, 1) if n not in leave]
        chosen = (*kept, *(_box(text, proposal.image.size) for text in boxes))
        if preview:
            preview.write_bytes(proposal.covered(chosen).png)
        made = opened.cover(proposal, chosen) if sign else None
    if as_json:
        print_json({"boxes": chosen, "width": proposal.image.width, "height": proposal.image.height, "covered": made})
        return
    rows = [(n, f"{b.x},{b.y},{b.width},{b.height}", f"{b.score:.2f}") for n, b in enumerate(proposal.boxes, 1)]
    table(("", "x,y,width,height", "sure"), rows, right=(0, 2))
    if not rows:
        echo("The machine sees no face. It misses some: look for yourself.")
    if preview:
        echo(f"Preview: {preview}")
    if made:
        echo(f"Kept as {made}, signed off by {opened.person}. Show it with: marsad publish … --still {made[:12]}")


def _box(text: str, size: tuple[int, int]) -> Box:
    from ..footage import Box

    parts = text.split(",")
    if len(parts) != 4 or not all(p.strip().isdecimal() for p in parts):
        raise click.BadParameter(f"'{text}' is not X,Y,WIDTH,HEIGHT in whole pixels.", param_hint="--box")
    x, y, width, height = (int(p) for p in parts)
    if x >= size[0] or y >= size[1] or not width or not height:
        raise click.BadParameter(f"'{text}' lies outside the picture of {size[0]}×{size[1]}.", param_hint="--box")
    return Box(x, y, width, height)
