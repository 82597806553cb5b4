"""One picture as plain pixels: an image upright, or the frame of a video that shows at a time. Nothing else is kept."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
from PIL import Image, ImageOps, UnidentifiedImageError

from marsad.errors import Unreadable

from .._draft import Member, Source

_LONGEST = 4096
"""The longer side is made no longer than this, in pixels."""
_BROKEN = "no picture could be read from it"


def read(source: Source) -> Iterator[Member]:
    """The pixels as a member whose part is 'WIDTHxHEIGHT' and whose bytes are RGB, row by row.

    The time of a video's frame is the source's address, as a media fragment ('#t=12.5', W3C, in seconds).
    """
    seconds = (source.url or "").removeprefix("#t=")
    picture = _frame(source, Fraction(seconds)) if seconds else _image(source)
    picture = ImageOps.exif_transpose(picture).convert("RGB")
    picture.thumbnail((_LONGEST, _LONGEST))
    yield Member(f"{picture.width}x{picture.height}", "pixels", io.BytesIO(picture.tobytes()))


def warm() -> None:
    """Load the decoders."""
    Image.init()


def _image(source: Source) -> Image.Image:
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = source.limits.pixels
    try:
        picture = Image.open(source.file)
        picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable(f"a picture of more than {source.limits.pixels // 1_000_000} million pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise Unreadable(_BROKEN) from None
    return picture


def _frame(source: Source, at: Fraction) -> Image.Image:
    last: Any = None
    try:
        with av.open(source.file, mode="r", metadata_errors="replace", options={"protocol_whitelist": "pipe"}) as file:
            stream = file.streams.video[0]
            if stream.width * stream.height > source.limits.pixels:
                raise Unreadable(f"a video of more than {source.limits.pixels // 1_000_000} million pixels")
            file.seek(int(at * 1_000_000), backward=True)
            for frame in file.decode(stream):
                if last is not None and frame.time is not None and frame.time > at:
                    break
                last = frame
    except (av.FFmpegError, OSError, ValueError, IndexError):
        if last is None:
            raise Unreadable(_BROKEN) from None
    if last is None:
        raise Unreadable(_BROKEN)
    picture: Image.Image = last.to_image()
    return picture
