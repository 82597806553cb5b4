"""ZIP and gzip archives: members become exhibits of their own; WACZ and Office documents are read as what they are.

A member's name is shown and kept, never used as a path. Sizes are counted as bytes come out, whatever the header says.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from marsad.errors import Unreadable

from .._draft import Draft, Member, Source
from . import _office, warc

_MOST_NAMES = 200_000
_SMALL = 1 << 20


def read(source: Source) -> Iterator[Draft | Member]:
    """Members of an archive, or the drafts of a document that is packed as one."""
    if source.kind == "gzip":
        member = _gzip(source)
        yield member
        yield Draft(kind="document", title=source.name, meta={"members": [member.name]})
        return
    try:
        archive = zipfile.ZipFile(source.file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as problem:
        raise Unreadable(f"a ZIP archive that is broken or cut short ({_words(problem)})") from None
    with archive:
        rows = archive.infolist()
        if len(rows) > _MOST_NAMES:
            raise Unreadable(f"an archive of {len(rows):,} members: unpack it yourself")
        names = {row.filename for row in rows}
        if document := _office.flavour(names):
            yield from _office.read(archive, document, source, open_member)
        elif "datapackage.json" in names and any(name.startswith("archive/") for name in names):
            yield from _wacz(archive, rows, source)
        else:
            yield from _members(archive, rows, source)


def open_member(archive: zipfile.ZipFile, row: zipfile.ZipInfo, source: Source) -> BinaryIO:
    """A member's bytes as a bounded stream; raises Unreadable for one that is encrypted or cannot be unpacked."""
    if row.flag_bits & 1:
        raise Unreadable("locked with a password")
    try:
        return _Bounded(archive.open(row), row.compress_size, source)  # type: ignore[return-value]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as problem:
        raise Unreadable(f"could not be unpacked ({_words(problem)})") from None


def _members(archive: zipfile.ZipFile, rows: list[zipfile.ZipInfo], source: Source) -> Iterator[Draft | Member]:
    taken = 0
    for row in rows:
        if row.is_dir() or _skipped(row.filename):
            continue
        if taken >= source.limits.members:
            raise Unreadable(f"an archive of more than {taken:,} members; the rest was left in it")
        taken += 1
        try:
            yield Member(row.filename, row.filename, open_member(archive, row, source))
        except Unreadable as problem:
            yield Draft(part=row.filename, kind="document", title=row.filename, reason=str(problem))
    if not taken:
        raise Unreadable("an archive without members")
    # Last, so that an archive counts as read only when all of it was taken out.
    yield Draft(kind="document", title=source.name, meta={"members": [row.filename for row in rows[:1000]]})


def _wacz(archive: zipfile.ZipFile, rows: list[zipfile.ZipInfo], source: Source) -> Iterator[Draft | Member]:
    """Web Archive Collection Zipped 1.1.1: the WARCs of its `archive/` folder, read in place."""
    found = False
    for row in rows:
        if not row.filename.startswith("archive/") or not row.filename.endswith((".warc", ".warc.gz")):
            continue
        found = True
        try:
            stream = open_member(archive, row, source)
            if row.file_size <= source.limits.fetch_bytes:
                # In memory it can be searched for the next record after a broken one.
                stream = io.BytesIO(stream.read())
            yield from warc.read_stream(stream, source, prefix=f"{row.filename} ")
        except Unreadable as problem:
            yield Draft(part=row.filename, kind="document", title=row.filename, reason=str(problem))
    if not found:
        raise Unreadable("a WACZ without a WARC in it")


def _gzip(source: Source) -> Member:
    name = source.name[:-3] if source.name.lower().endswith(".gz") else source.name
    return Member(name, name, _Bounded(_Gunzip(source.file), source.size, source))  # type: ignore[arg-type]


def _skipped(name: str) -> bool:
    # What macOS and Windows add for themselves.
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1] in (".DS_Store", "Thumbs.db", "desktop.ini")


class _Bounded(io.RawIOBase):
    """A stream that refuses to give more than `limits.ratio` times the packed size, or more than a member may have."""

    def __init__(self, stream: Any, packed: int, source: Source) -> None:
        self._stream = stream
        self._most = min(max(packed, 1) * source.limits.ratio + _SMALL, source.limits.member_bytes)
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        wanted = self._most - self._given + 1 if size is None or size < 0 else size
        try:
            data: bytes = self._stream.read(wanted)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as problem:
            raise Unreadable(f"could not be unpacked ({_words(problem)})") from None
        self._given += len(data)
        if self._given > self._most:
            raise Unreadable(f"unpacks to more than {self._most:,} bytes, as a bomb would: left in the archive")
        return data


class _Gunzip:
    """gzip members one after the other, a piece at a time (gzip.GzipFile reads what it is told in the trailer)."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._engine = zlib.decompressobj(31)
        self._waiting = b""
        self._ended = False

    def read(self, size: int) -> bytes:
        while not self._ended:
            packed = self._waiting or self._file.read(65536)
            if not packed:
                if self._engine.eof:
                    break
                raise EOFError("cut short")
            data = self._engine.decompress(packed, min(size, 1 << 20))
            self._waiting = self._engine.unconsumed_tail
            if self._engine.eof:
                self._next()
            if data:
                return data
        return b""

    def _next(self) -> None:
        rest = self._engine.unused_data or self._file.read(65536)
        if rest.startswith(b"\x1f\x8b"):
            self._engine, self._waiting = zlib.decompressobj(31), rest
        else:
            self._ended = True


def _words(problem: BaseException) -> str:
    return " ".join(str(problem).split())[:120] or type(problem).__name__
