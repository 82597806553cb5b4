"""Preserved bytes to reports. Plain text is read here; every other format by the confined reading process."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from marsad.errors import Unreadable
from marsad.model import Exhibit, Report

from . import _sandbox
from ._draft import Draft, Member, Source
from ._finish import apply_sidecar, finish, unreadable
from ._kind import HEAD, Kind, detect
from ._limits import Limits
from ._readers import MODULES

_WHY_NOT = {
    "empty": "an empty file",
    "xml": "XML that is neither a feed nor a page; not read",
    "svg": "an SVG drawing; not read, because it may carry scripts",
    "script": "a script; not read",
}


def read_exhibit(
    exhibit: Exhibit,
    stream_or_path: BinaryIO | str | os.PathLike[str],
    *,
    sidecar: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
) -> list[Report]:
    """The reports of an exhibit's bytes: at least one, 'unreadable' with the reason where there is nothing else.

    Pure: the same bytes give the same reports, whenever they are read. `sidecar` (title, published, publisher, author,
    language, url) goes before what the bytes say, where they hold a single report. An archive's members are exhibits of
    their own (see `receive`) and are not read here; an archive of nothing but members gives an empty list.
    """
    with ExitStack() as stack:
        if isinstance(stream_or_path, (str, os.PathLike)):
            stream: BinaryIO = stack.enter_context(Path(stream_or_path).open("rb"))
        else:
            stream = stream_or_path
        file = stack.enter_context(with_descriptor(stream))
        found = list(read_items(exhibit.sha256, file, exhibit.name, limits or Limits(), sidecar=sidecar))
    return [item for item in found if isinstance(item, Report)]


def kind_of(file: BinaryIO, name: str) -> Kind:
    """The kind of a seekable file; leaves it at its start."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    return detect(head, name)


def read_items(
    sha256: str,
    file: BinaryIO,
    name: str,
    limits: Limits,
    *,
    sidecar: Mapping[str, Any] | None = None,
    url: str | None = None,
) -> Iterator[Report | Member]:
    """Reports and members as they are found; Unreadable becomes a report. `file` must have a descriptor."""
    kind = kind_of(file, name)
    parts: dict[str, int] = {}
    reports = 0
    title = sidecar.get("title") if sidecar else None
    try:
        items = _items(kind, file, name, limits, url)
        if sidecar:
            items = _with_sidecar(items, sidecar)
        for item in items:
            if isinstance(item, Member):
                yield item
                continue
            if reports >= limits.parts:
                raise Unreadable(f"holds more than {limits.parts:,} reports; the rest was not read")
            reports += 1
            item.part = _unique(item.part, parts)
            if kind.note:
                item.note(kind.note)
            yield finish(item, sha256, limits, exact=kind.code == "text")
    except Unreadable as problem:
        reason = str(problem) if not reports else f"{problem} (after {reports} reports had been read)"
        yield unreadable(sha256, reason, title=title if isinstance(title, str) else None, note=kind.note)


def _items(kind: Kind, file: BinaryIO, name: str, limits: Limits, url: str | None) -> Iterator[Draft | Member]:
    if kind.code not in MODULES:
        raise Unreadable(_WHY_NOT.get(kind.code, f"{kind.label}: not a format that is read; kept as it is"))
    size = os.fstat(file.fileno()).st_size
    if kind.code == "text":
        from ._readers import text

        yield from text.read(Source(file, kind.code, name, size, limits))
        return
    job = {"kind": kind.code, "name": name[:1000], "size": size, "url": url}
    yield from _sandbox.shared.read(file, job, limits)


def _with_sidecar(items: Iterator[Draft | Member], sidecar: Mapping[str, Any]) -> Iterator[Draft | Member]:
    """Applied to the draft of an exhibit that holds only one: a sidecar does not speak of each page of a crawl."""
    held: Draft | None = None
    many = False
    for item in items:
        if isinstance(item, Member) or many:
            yield item
        elif held is None:
            held = item
        else:
            many = True
            yield held
            yield item
    if held is not None and not many:
        apply_sidecar(held, sidecar)
        yield held


def _unique(part: str, seen: dict[str, int]) -> str:
    part = part[:480]
    seen[part] = seen.get(part, 0) + 1
    return part if seen[part] == 1 else f"{part}#{seen[part]}"


def with_descriptor(stream: BinaryIO) -> BinaryIO:
    """`stream` itself where it is a whole file on disk, else its bytes in a temporary one."""
    try:
        stream.fileno()
        stream.seek(0)
    except (OSError, AttributeError, io.UnsupportedOperation):
        spool: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - entered by the caller
        shutil.copyfileobj(stream, spool, 1 << 20)
        spool.flush()
        spool.seek(0)
        return spool
    return _Kept(stream)  # type: ignore[return-value]


class _Kept:
    """Lends a stream to a `with` block without closing it: it is the caller's."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def __enter__(self) -> BinaryIO:
        return self._stream

    def __exit__(self, *_: object) -> None:
        return None
