"""The batch: each source to preserved bytes, then to reports; a broken one is told in one line and the rest goes on."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from marsad.errors import IntakeRefused, Sealed
from marsad.model import Exhibit, Report
from marsad.text import visible_controls

from ._draft import Member
from ._finish import unreadable
from ._kind import Kind
from ._limits import Limits
from ._read import kind_of, read_items, with_descriptor
from ._sources import Item, expand, open_regular, read_sidecar, shown

_BATCH = 200
_MOST_NOTES = 20
_CHUNK = 1 << 20


class Deposited(Protocol):
    """What a deposit answers (`vault.Deposit`)."""

    @property
    def exhibit(self) -> Exhibit: ...
    @property
    def new(self) -> bool: ...


class Deposit(Protocol):
    """What takes bytes into the vault (`Vault.deposit`): reads the stream to its end and acknowledges it."""

    def __call__(
        self, content: BinaryIO, /, *, name: str, source: str, method: str, detail: Mapping[str, Any]
    ) -> Deposited | Exhibit: ...


Reopen = Callable[[Exhibit], AbstractContextManager[BinaryIO]]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one source, or of one thing found inside it."""

    source: str
    """A path, an address, 'stdin', or 'exhibit:…' and a name for what was inside another; safe to show in a line."""
    exhibit: Exhibit | None = None
    new: bool = True
    """False where the vault held the same bytes already."""
    reports: tuple[Report, ...] = ()
    """At most 200: an exhibit that holds more comes back in several turns."""
    problem: str | None = None
    """One line for a person, to be shown after the source; set where nothing was kept, or not all could be read."""
    notes: tuple[str, ...] = field(default=())
    """Lines that a person may want to see: a fake extension, a hidden file left out."""
    pending: bool = False
    """Whether its reading is still to be done: what was kept is encrypted, and cannot be opened here."""


def receive(
    sources: Iterable[str | os.PathLike[str]],
    deposit: Deposit,
    *,
    reopen: Reopen | None = None,
    allow_private: bool = False,
    limits: Limits | None = None,
    user_agent: str | None = None,
    progress: Progress | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Received]:
    """Take in files, folders, http(s) addresses and '-': preserve each through `deposit`, then read what was preserved.

    `reopen` gives an exhibit's preserved bytes back for reading; without it the open source is read again, and refused
    when it changed meanwhile. `progress` is told (items done, items in all, source). Addresses are fetched only when
    named here; `allow_private` lets them be private or loopback ones. Raises nothing for a bad source: its `problem`
    says what happened. Errors of `deposit` itself (a full disk, a broken vault) are raised.
    """
    room = _Room(deposit, reopen, allow_private, limits or Limits(), user_agent, stdin)
    items = list(expand(sources))
    for done, item in enumerate(items):
        if progress:
            progress(done, len(items), item.source)
        yield from room.take(item)
    if progress:
        progress(len(items), len(items), "")


def resume(
    exhibit: Exhibit,
    deposit: Deposit,
    reopen: Reopen,
    *,
    sidecar: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
) -> Iterator[Received]:
    """Read a preserved exhibit whose reading was cut off, taking out what is inside it; see `receive`."""
    room = _Room(deposit, reopen, False, limits or Limits(), None, None)
    with reopen(exhibit) as stream:
        kept = _Kept(exhibit.name, exhibit.name, kind_of(stream, exhibit.name), exhibit, False)
        yield from room._read(kept, stream, 0, sidecar)


def read_file(
    path: str | os.PathLike[str], published: str | None = None, *, limits: Limits | None = None
) -> list[Report]:
    """The reports of one file, without a case; nothing is preserved. A sidecar beside the file is used (see `receive`).

    `published` (ISO date) goes before any other. Raises IntakeRefused where there is no such file.
    """
    target = Path(path)
    if target.is_dir():
        raise IntakeRefused(f"{shown(target)}: is a folder; name a file in it")
    room = _Room(_hash_only, None, False, limits or Limits(), None, None, {"published": published} if published else {})
    reports: list[Report] = []
    for got in room.take(next(iter(expand([target if target.name != "-" else "-"])))):
        if got.exhibit is None:
            raise IntakeRefused(f"{one_line(shown(target))}: {got.problem or 'not taken'}")
        reports.extend(got.reports)
    return reports


@dataclass(slots=True)
class _Room:
    deposit: Deposit
    reopen: Reopen | None
    allow_private: bool
    limits: Limits
    user_agent: str | None
    stdin: BinaryIO | None
    given: Mapping[str, Any] = field(default_factory=dict)

    def take(self, item: Item) -> Iterator[Received]:
        if item.problem or item.note:
            problem = one_line(item.problem) if item.problem else None
            notes = (one_line(item.note),) if item.note else ()
            yield Received(one_line(item.source), problem=problem, notes=notes)
            return
        try:
            if item.url:
                yield from self._address(item.url)
            elif item.path:
                yield from self._file(item)
            else:
                yield from self._stdin()
        except IntakeRefused as problem:
            yield Received(one_line(item.source), problem=one_line(str(problem)))

    def _file(self, item: Item) -> Iterator[Received]:
        assert item.path is not None
        sidecar = read_sidecar(item.sidecar) if item.sidecar else None
        with open_regular(item.path) as file:
            before = os.fstat(file.fileno())
            detail: dict[str, Any] = {"modified": _utc(before.st_mtime) or "unknown"}
            if item.sidecar and sidecar:
                detail["sidecar"] = {str(key): str(value) for key, value in sidecar.items() if value is not None}
                detail["sidecar_name"] = shown(item.sidecar.name)
            kept = self._keep(file, shown(item.path.name), item.source, "file", detail)
            after = os.fstat(file.fileno())
            if self.reopen is None and (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise IntakeRefused("changed while it was being read; add it again")
            yield from self._read(kept, file, 0, sidecar)

    def _stdin(self) -> Iterator[Received]:
        with tempfile.TemporaryFile() as spool:
            _copy(self.stdin or sys.stdin.buffer, spool, self.limits.member_bytes)
            yield from self._read(self._keep(spool, "stdin", "stdin", "standard input", {}), spool, 0, None)

    def _address(self, url: str) -> Iterator[Received]:
        from ._fetch import fetch

        with fetch(url, allow_private=self.allow_private, limits=self.limits, user_agent=self.user_agent) as capture:
            kept = self._keep(capture.file, capture.name, url, "fetch", capture.detail)
            yield from self._read(kept, capture.file, 0, None)

    def _keep(self, file: BinaryIO, name: str, source: str, method: str, detail: Mapping[str, Any]) -> _Kept:
        kind = kind_of(file, name)
        got = self.deposit(file, name=name, source=source, method=method, detail=detail)
        exhibit, new = (got, True) if isinstance(got, Exhibit) else (got.exhibit, got.new)
        return _Kept(source, name, kind, exhibit, new)

    def _read(self, kept: _Kept, file: BinaryIO, depth: int, sidecar: Mapping[str, Any] | None) -> Iterator[Received]:
        """Reports in batches, and each member, kept and read in its turn."""
        told = {**(sidecar or {}), **self.given} or None
        batch: list[Report] = []
        batches = 0
        with ExitStack() as stack:
            try:
                preserved = stack.enter_context(self.reopen(kept.exhibit)) if self.reopen else file
            except Sealed:
                why = "kept encrypted, and not read here for want of an identity (MARSAD_IDENTITY)"
                yield replace(kept.received([]), problem=why, pending=True)
                return
            preserved = stack.enter_context(with_descriptor(preserved))
            for found in read_items(kept.exhibit.sha256, preserved, kept.name, self.limits, sidecar=told):
                if isinstance(found, Member):
                    yield from self._member(found, kept.exhibit, depth)
                    continue
                batch.append(found)
                if len(batch) == _BATCH:
                    yield kept.received(batch)
                    batches, batch = batches + 1, []
        if batch or not batches:
            yield kept.received(batch)

    def _member(self, member: Member, exhibit: Exhibit, depth: int) -> Iterator[Received]:
        source = f"exhibit:{exhibit.sha256}"
        name = member.name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] or "unnamed"
        with tempfile.TemporaryFile() as spool:
            _copy(member.stream, spool, self.limits.member_bytes)
            inner = self._keep(spool, name, source, "found inside", {"part": member.part, "name": member.name})
            if depth + 1 >= self.limits.depth and inner.kind.code in ("zip", "gzip"):
                reason = f"an archive inside {depth + 1} others: kept, not opened"
                yield inner.received([unreadable(inner.exhibit.sha256, reason, title=name)])
                return
            yield from self._read(inner, spool, depth + 1, None)


@dataclass(frozen=True, slots=True)
class _Kept:
    source: str
    name: str
    kind: Kind
    exhibit: Exhibit
    new: bool

    def received(self, reports: list[Report]) -> Received:
        # An archive's own report is a list of what is in it: no words were read there.
        read = [report for report in reports if report.status != "unreadable" and "members" not in report.meta]
        failed = [f"{report.part}: {report.reason}".removeprefix(": ") for report in reports if report.reason]
        problem = None
        if failed:
            parts = "1 part" if len(failed) == 1 else f"{len(failed)} parts"
            problem = one_line(f"kept, {f'and read but for {parts}' if read else 'but not readable'}: {failed[0]}")
        notes = [self.kind.note] if self.kind.note else []
        notes += failed[1:_MOST_NOTES]
        source = f"{self.source[:20]} {self.name}" if self.source.startswith("exhibit:") else self.source
        lines = tuple(one_line(note) for note in notes)
        return Received(one_line(source), self.exhibit, self.new, tuple(reports), problem, lines)


def one_line(words: str) -> str:
    """`words` in one line, with every control character made visible."""
    return visible_controls(" ".join(words.split()))[:600]


def _copy(stream: BinaryIO, spool: BinaryIO, most: int) -> None:
    total = 0
    while chunk := stream.read(_CHUNK):
        total += len(chunk)
        if total > most:
            raise IntakeRefused(f"longer than {most:,} bytes; save it to a file and add that")
        spool.write(chunk)
    spool.flush()
    spool.seek(0)


def _utc(seconds: float) -> str | None:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return None


def _hash_only(content: BinaryIO, /, *, name: str, source: str, method: str, detail: Mapping[str, Any]) -> Exhibit:
    """A deposit that keeps nothing, for reading without a case."""
    sha256, size = hashlib.sha256(), 0
    while chunk := content.read(_CHUNK):
        sha256.update(chunk)
        size += len(chunk)
    return Exhibit(sha256.hexdigest(), size, "application/octet-stream", name, "")
