"""Covering parts of a picture with an opaque fill. Never a blur or a mosaic: those can be reversed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from ._faces import Box

_FILL = (40, 40, 44)


@dataclass(frozen=True, slots=True)
class Covered:
    """A covered copy: a PNG file of pixels alone, without metadata, and the boxes that were painted over."""

    png: bytes
    width: int
    height: int
    boxes: tuple[Box, ...]

    def says(self) -> str:
        """What was done, as custody keeps it."""
        where = "; ".join(f"{b.width}×{b.height} at {b.x},{b.y}" for b in self.boxes) or "none"
        return f"{len(self.boxes)} parts painted over ({where}), pixels only, of {self.width}×{self.height}"


def cover(image: Image.Image, boxes: Sequence[Box]) -> Covered:
    """`image` with every box filled. Raises ValueError for a box that lies outside the picture altogether."""
    plain = Image.frombytes("RGB", image.size, image.convert("RGB").tobytes())
    draw = ImageDraw.Draw(plain)
    for box in boxes:
        if box.x >= plain.width or box.y >= plain.height or box.x + box.width <= 0 or box.y + box.height <= 0:
            raise ValueError(f"{box.width}×{box.height} at {box.x},{box.y} lies outside the picture of {plain.size}.")
        draw.rectangle((box.x, box.y, box.x + box.width - 1, box.y + box.height - 1), fill=_FILL)
    out = io.BytesIO()
    plain.save(out, "PNG", optimize=True)
    return Covered(out.getvalue(), plain.width, plain.height, tuple(boxes))
