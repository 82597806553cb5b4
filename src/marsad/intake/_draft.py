"""What a reader hands over: a draft of a report, or a member (bytes found inside) that becomes its own exhibit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

from ._limits import Limits


@dataclass(slots=True)
class Draft:
    """A report before its text is cleaned and its id derived. `reason` set means unreadable."""

    part: str = ""
    kind: str = "article"
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None
    text: str = ""
    url: str | None = None
    reason: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)

    def note(self, words: str) -> None:
        """Add a line that a person should see beside the report."""
        self.meta.setdefault("notes", []).append(words)


@dataclass(slots=True)
class Member:
    """Bytes found inside an exhibit: an archive's member, a picture in a WARC, an attachment."""

    part: str
    name: str
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader is given: preserved bytes in a seekable file, their kind, and the bounds."""

    file: BinaryIO
    kind: str
    name: str
    size: int
    limits: Limits
    url: str | None = None
    charset: str | None = None
    """As the carrier declared it (an HTTP or MIME header), where there was one."""

    def whole(self, times: int = 1) -> bytes:
        """All bytes, up to `limits.text_bytes` (or that many times it); raises Unreadable when there are more."""
        from marsad.errors import Unreadable

        most = times * self.limits.text_bytes
        data = self.file.read(most + 1)
        if len(data) > most:
            mib = most // (1024 * 1024)
            raise Unreadable(f"larger than the {mib} MiB that are parsed as one document; split it")
        return data


class Reader(Protocol):
    """A module of `_readers`: `read(source)` yields drafts and members, or raises Unreadable.

    It may have `warm()`, which is called once before the fork to do what every child would otherwise do again.
    """

    def read(self, source: Source) -> Iterator[Draft | Member]: ...
