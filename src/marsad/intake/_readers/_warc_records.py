"""The records of a WARC, one after the other; past a broken one by looking for where the next begins."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

_WANTED = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
_NAMES = {"2": "warcinfo", "4": "response", "8": "resource", "128": "conversion"}
_NEXT_PLAIN = re.compile(rb"(?:\r?\n)(WARC/1\.[01]\r?\n)")
_NEXT_PACKED = re.compile(rb"(\x1f\x8b\x08)")
_CHUNK = 1 << 20
_MOST_BREAKS = 100


@dataclass(frozen=True, slots=True)
class Record:
    """One record; `block` is None where it is longer than the bound."""

    id: str | None
    type: str
    headers: Any
    is_http: bool
    length: int
    block: bytes | None


@dataclass(frozen=True, slots=True)
class Break:
    """Where the file cannot be followed: offset in bytes, and a line for a person."""

    at: int
    why: str
    whole: bool
    """True where nothing after it could be read."""

    @property
    def words(self) -> str:
        """The line."""
        lost = "the rest of the file could not be read" if self.whole else "what comes before the next record is lost"
        return f"the WARC is broken at or after byte {self.at:,} ({self.why}): {lost}"


def records(stream: BinaryIO, most: int) -> Iterator[Record | Break]:
    """Records that may hold something to read, of at most `most` bytes each; a Break for each place that is broken."""
    start, breaks = 0, 0
    pending: Break | None = None
    while True:
        where = start
        try:
            for record in ArchiveIterator(stream, parse_http=False, strict_mode=False):
                where = int(record.stream_pos)
                found = _record(record, most)
                if pending:
                    yield pending
                    pending = None
                if found:
                    yield found
            break
        except (ValueError, EOFError, OSError, RuntimeError, zlib.error) as problem:
            why = " ".join(str(problem).split())[:120] or type(problem).__name__
        breaks += 1
        following = _following(stream, where + 1) if breaks < _MOST_BREAKS else None
        # Several tries may be needed to get past one break: it is told of once.
        at, why = (pending.at, pending.why) if pending else (where, why)
        pending = Break(at, why, whole=following is None)
        if following is None:
            break
        start = following
        stream.seek(start)
    if pending:
        yield Break(pending.at, pending.why, whole=True)


def _record(record: Any, most: int) -> Record | None:
    # FastWARC gives an empty record where the header of the last one breaks off.
    if record.headers.get("Content-Length") is None:
        raise EOFError("a header is cut short")
    block = None
    if record.record_type & _WANTED and record.content_length <= most:
        block = record.reader.read()
        if len(block) < record.content_length:
            raise EOFError("a record is cut short")
    elif not record.record_type & _WANTED:
        return None
    name = _NAMES.get(str(int(record.record_type)), "record")
    return Record(record.record_id, name, record.headers, record.is_http, record.content_length, block)


def _following(stream: BinaryIO, at: int) -> int | None:
    """The offset of the next record at or after `at`, or None; a stream that cannot seek has none."""
    try:
        stream.seek(0)
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(at)
    except (OSError, io.UnsupportedOperation):
        return None
    sign = _NEXT_PACKED if packed else _NEXT_PLAIN
    kept = b""
    while chunk := stream.read(_CHUNK):
        window, base = kept + chunk, stream.tell() - len(chunk) - len(kept)
        for match in sign.finditer(window):
            found = base + match.start(1)
            if not packed or _begins_record(stream, found):
                return found
        kept = window[-32:]
        stream.seek(base + len(window))
    return None


def _begins_record(stream: BinaryIO, at: int) -> bool:
    stream.seek(at)
    try:
        return zlib.decompressobj(31).decompress(stream.read(4096), 16).startswith(b"WARC/")
    except zlib.error:
        return False
