"""A picture of an exhibit as plain pixels, decoded by the confined reading process."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

from marsad.errors import Unreadable

from . import _sandbox
from ._draft import Member
from ._limits import Limits
from ._read import kind_of, with_descriptor

_BYTES = 3


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels, upright: RGB, row by row, one byte a colour. No metadata of the file is in it."""

    width: int
    height: int
    rgb: bytes


def read_picture(stream: BinaryIO, *, at: float | None = None, limits: Limits | None = None) -> Picture:
    """The picture in `stream`, its longer side at most 4096 pixels; with `at`, the frame of a video that shows `at`
    seconds from its beginning. Raises Unreadable where there is none."""
    bounds = limits or Limits()
    stream.seek(0)
    with ExitStack() as stack:
        file = stack.enter_context(with_descriptor(stream))
        kind = kind_of(file, "").code
        if kind not in ("image", "av"):
            raise Unreadable("neither a picture nor a video")
        url = f"#t={float(at or 0.0):.3f}" if kind == "av" else None
        file.seek(0, 2)
        job = {"kind": "still", "name": "", "size": file.tell(), "url": url}
        file.seek(0)
        for item in _sandbox.shared.read(file, job, bounds):
            if isinstance(item, Member):
                width, height = (int(side) for side in item.part.split("x"))
                rgb = item.stream.read(width * height * _BYTES + 1)
                if not rgb or len(rgb) != width * height * _BYTES:
                    break
                return Picture(width, height, rgb)
    raise Unreadable("no picture could be read from it")
