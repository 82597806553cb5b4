"""How a preserved page looked, made inert by the confined reading process: to be shown beside its text."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

from marsad.errors import Unreadable

from . import _sandbox
from ._draft import Member
from ._limits import Limits
from ._picture import Picture
from ._read import kind_of, with_descriptor

PREVIEWED = ("html", "pdf")
_MOST = 4_000_000
"""Bytes of a page's snapshot, at most."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A web page's inert HTML (a fragment), or one page of a PDF as a picture, and how many pages there are."""

    html: str | None = None
    picture: Picture | None = None
    pages: int = 1


def read_preview(stream: BinaryIO, *, name: str = "", page: int = 1, limits: Limits | None = None) -> Preview:
    """How the exhibit in `stream` looked. Raises Unreadable where it is neither a web page nor a PDF, or has no such
    page."""
    bounds = limits or Limits()
    stream.seek(0)
    with ExitStack() as stack:
        file = stack.enter_context(with_descriptor(stream))
        kind = kind_of(file, name).code
        if kind not in PREVIEWED:
            raise Unreadable("neither a web page nor a PDF")
        file.seek(0, 2)
        job = {"kind": "preview", "name": "", "size": file.tell(), "url": f"#page={page}" if kind == "pdf" else None}
        file.seek(0)
        for item in _sandbox.shared.read(file, job, bounds):
            if not isinstance(item, Member):
                continue
            if item.part == "html":
                return Preview(html=item.stream.read(_MOST).decode("utf-8", "ignore"))
            width, height, pages = (int(n) for n in item.part.split("x"))
            rgb = item.stream.read(width * height * 3 + 1)
            if len(rgb) == width * height * 3:
                return Preview(picture=Picture(width, height, rgb), pages=pages)
    raise Unreadable("it cannot be shown")
