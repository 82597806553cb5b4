"""Bytes in, exhibit and custody event out, and nothing acknowledged before it would outlive a power cut."""

from __future__ import annotations

import io
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy.exc

from ..errors import CustodyBroken, IntakeRefused, VaultError
from ..model import CustodyEvent, Exhibit
from ..store import Session, Store
from ._blobs import HEAD, Blobs, Placed, Staged, open_source
from ._custody import ERASED, link, printable, timestamp
from ._durable import SyncFailed, locked, make_folder, refusing
from ._hold import forbidding
from ._keyring import ENCRYPTED_TO, Keyring
from ._log import LOG_STARTED, Log, SignedCheckpoint
from ._rotation import ROTATED, drop, finish, pending
from ._shelf import Shelf
from ._sniff import UNKNOWN, sniff
from ._verify import Verification, verify

GROUP, GROUP_BYTES, GROUP_SECONDS = 64, 256 << 20, 0.5
"""`deposit_all` acknowledges after so many parcels, bytes or seconds, whichever comes first."""

Content = bytes | bytearray | memoryview | Path | str | BinaryIO


@dataclass(frozen=True, slots=True)
class Parcel:
    """Something to deposit, with where it came from. The fields are those of `Vault.deposit`."""

    content: Content
    name: str
    source: str
    method: str
    media_type: str | None = None
    at: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deposit:
    """What was acknowledged. `new` is False where the vault held the same bytes already."""

    exhibit: Exhibit
    event: CustodyEvent
    new: bool


class Keeper:
    """Takes bytes in, hands them out, and answers for them; `Vault` adds what proves it to others."""

    def __init__(
        self,
        store: Store,
        folder: Path | str,
        *,
        person: str,
        tool: str | None = None,
        keys: Path | str | None = None,
        identity: Path | str | None = None,
        shelf: Shelf | None = None,
        record_access: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.folder = Path(folder)
        self.person = person
        self.tool = tool or f"marsad {_version()}"
        self._store = store
        self._clock = clock
        self._record_access = record_access
        self._blobs = Blobs(self.folder, Keyring(identity), shelf)
        self.keys = Path(keys) if keys else self.folder.parent / "keys"
        self.log = Log(self.folder / "log", self.keys)
        self._prepared = False
        self._fatal: VaultError | None = None

    def deposit(
        self,
        content: Content,
        *,
        name: str,
        source: str,
        method: str,
        media_type: str | None = None,
        at: datetime | None = None,
        detail: Mapping[str, Any] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Deposit:
        """Preserve `content` (bytes, a path, or a binary stream that is read to its end) and acknowledge it.

        On return the bytes, their name, the custody event and a signed checkpoint over it are on the disk. `name` is
        shown and never used as a path; `source` says where from (a path, an address, 'stdin', 'exhibit:<sha256>') and
        `method` how. The media type is told by the bytes; `media_type` is what the sender said it was, kept in the
        event. `at` is when the bytes were collected, if that was earlier than now. `detail` (what JSON can say)
        joins the event. `progress` is called with the number of bytes of each piece read.

        Raises IntakeRefused if the source cannot be read to its end, VaultError if the disk refuses; then nothing is
        acknowledged, and what was half done is swept or taken up by the next deposit of the same bytes.
        """
        parcel = Parcel(content, name, source, method, media_type, at, detail or {})
        self._prepare()
        self._take_recipients()
        with self._fatal_once():
            return self._acknowledge([(parcel, self._stage(parcel, progress))])[0]

    def deposit_all(
        self, parcels: Iterable[Parcel], *, progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[Parcel, Deposit | IntakeRefused]]:
        """Deposit many, in order, faster: what is yielded has been acknowledged, in groups of at most 64 parcels.

        A parcel whose source cannot be read is yielded with the reason, and the rest go on.
        """
        self._prepare()
        self._take_recipients()
        waiting: list[tuple[Parcel, Staged | IntakeRefused]] = []
        held, began = 0, time.monotonic()
        try:
            for parcel in parcels:
                with self._fatal_once():
                    try:
                        staged = self._stage(parcel, progress)
                        held += staged.size
                        waiting.append((parcel, staged))
                    except IntakeRefused as refused:
                        waiting.append((parcel, refused))
                if len(waiting) >= GROUP or held >= GROUP_BYTES or time.monotonic() - began >= GROUP_SECONDS:
                    group, waiting, held = waiting, [], 0
                    yield from self._settle(group)
                    self._take_recipients()
                    began = time.monotonic()
        except BaseException:
            # Also when `parcels` itself fails, or whoever reads from here stops.
            self._discard(waiting)
            raise
        yield from self._settle(waiting)

    @contextmanager
    def open(
        self, sha256: str, *, purpose: str, person: str | None = None, record: bool | None = None, check: bool = True
    ) -> Iterator[BinaryIO]:
        """The bytes of an exhibit, for reading only, as a seekable stream.

        Who opened it and for what becomes a custody event, unless `record` (or, where that is None, the vault's
        `record_access`) is False. With `check` the bytes are hashed before they are handed out. Raises CustodyBroken
        if there is no such exhibit, or its bytes are missing or altered; VaultError if they are encrypted and the
        identity is missing or another's.
        """
        self._require(sha256)
        with self._blobs.open_checked(sha256) if check else self._blobs.open(sha256) as stream:
            if self._record_access if record is None else record:
                self.record(sha256, "opened", detail={"purpose": purpose}, person=person)
            yield stream

    def working_copy(self, sha256: str, *, purpose: str = "work", person: str | None = None) -> Path:
        """A writable copy of an exhibit's bytes in `work/`, apart from the evidentiary copy. Returns its path."""
        make_folder(self.folder / "work")
        path = self.folder / "work" / sha256
        with self.open(sha256, purpose=purpose, person=person) as stream:
            aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
            with refusing(path, "make a working copy"):
                with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as copy:
                    shutil.copyfileobj(stream, copy, 1 << 20)
                aside.replace(path)
        return path

    def erase(self, sha256: str, *, reason: str, person: str | None = None) -> CustodyEvent:
        """Destroy the bytes of an exhibit, where the law asks for it. There is no way back.

        What stays is the exhibit's row, its custody, and a signed event that says who destroyed it and why; the same
        bytes are not taken in again. Text that was read from them is in the database and is not the vault's to erase.
        Raises CustodyBroken if there is no such exhibit, VaultError if no reason is given or a legal hold stands.
        """
        if not reason.strip():
            raise VaultError("an exhibit is only destroyed for a reason that is set down.")
        self._prepare()
        self._require(sha256)
        if kept := self._blobs.immovable(sha256):
            raise VaultError(kept)
        with self._fatal_once():
            self._blobs.announce_erasure(sha256)
            with self._transaction() as s:
                if held := forbidding(s, sha256):
                    self._blobs.withdraw(sha256)
                    raise VaultError(held)
                event = self._append(s, sha256, ERASED, "", "", {"reason": reason}, person)
            # The tombstone is signed before the bytes go.
            self.log.cover(event, self._events)
            self._blobs.erase(sha256)
        return event

    def record(
        self,
        sha256: str,
        action: str,
        *,
        source: str = "",
        method: str = "",
        detail: Mapping[str, Any] | None = None,
        person: str | None = None,
    ) -> CustodyEvent:
        """Append a custody event that is no deposit (`sha256` is '' where it is about the whole case).

        It is committed on return; the next deposit or `checkpoint()` signs it.
        """
        self._prepare()
        with self._fatal_once(), self._transaction() as s:
            return self._append(s, sha256, action, source, method, detail or {}, person)

    def checkpoint(self) -> int:
        """Sign all that custody holds by now; returns how many events the signed checkpoint covers."""
        return self._sign_all().checkpoint.size

    def verify(
        self,
        *,
        deep: bool = True,
        against: Mapping[str, bytes] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Verification:
        """Check everything and say what is wrong: the chain, the log, every row and, with `deep`, every byte.

        `against` holds checkpoints of this case that were kept elsewhere, by what to call them: the case must be what
        they say, or have grown from it, which shows an older copy of the whole case that was put back.

        `progress(done, total)` is called as exhibits are checked. Nothing is changed and nothing is raised for what
        is found: see `Verification`.
        """
        return verify(self._store, self._blobs, self.log, deep=deep, against=against or {}, progress=progress)

    def sweep(self) -> int:
        """Remove the files that a crash left half-written; returns how many. Deposits under way are left alone."""
        return self._blobs.sweep()

    def _sign_all(self) -> SignedCheckpoint:
        self._prepare()
        with self._fatal_once():
            with self._reading() as s:
                last = s.custody.last()
            assert last is not None, "a prepared vault has its first event"
            return self.log.cover(last, self._events)

    def _prepare(self) -> None:
        if self._fatal:
            raise VaultError(str(self._fatal)) from self._fatal
        if self._prepared:
            return
        with self._fatal_once():
            with self._reading() as s:
                begun = next(s.custody.all(), None)
            if begun and not self.log.started:
                raise CustodyBroken(
                    f"{self.log.folder}: custody has events, but the log that commits to them is gone. "
                    "Put it back from a backup; a new one would hide what was lost. Run 'marsad verify'."
                )
            self._blobs.prepare()
            self._blobs.sweep()
            self._finish_erasures()
            verifier = self.log.start()
            with self._transaction() as s:
                begun = next(s.custody.all(), None)
                if begun is None:
                    begun = self._append(s, "", LOG_STARTED, "", "", {"verifier": str(verifier)}, None)
            if begun.detail.get("verifier") != str(verifier):
                raise CustodyBroken(f"{self.log.folder}: this is not the log that the case began. Run 'marsad verify'.")
            if self.log.latest() is None:
                self.log.cover(begun, self._events)
            if pending(self.keys):
                with locked(self.keys / "rotation.lock"):
                    self._finish_rotation()
            self._prepared = True

    def _stage(self, parcel: Parcel, progress: Callable[[int], None] | None) -> Staged:
        content = parcel.content
        if isinstance(content, bytes | bytearray | memoryview):
            staged = self._blobs.stage(io.BytesIO(content), parcel.name, progress)
        elif isinstance(content, str | Path):
            with open_source(Path(content)) as stream:
                staged = self._blobs.stage(stream, parcel.name, progress)
        else:
            staged = self._blobs.stage(content, parcel.name, progress)
        try:
            self._refuse_erased(staged.sha256)
        except BaseException:
            self._blobs.discard(staged)
            raise
        return staged

    def _settle(
        self, waiting: list[tuple[Parcel, Staged | IntakeRefused]]
    ) -> Iterator[tuple[Parcel, Deposit | IntakeRefused]]:
        with self._fatal_once():
            done = iter(self._acknowledge([(p, staged) for p, staged in waiting if isinstance(staged, Staged)]))
        for parcel, staged in waiting:
            yield parcel, next(done) if isinstance(staged, Staged) else staged

    def _acknowledge(self, staged: list[tuple[Parcel, Staged]]) -> list[Deposit]:
        """Names on the disk, then custody in the database, then a checkpoint: each relies on the one before."""
        if not staged:
            return []
        placed = self._blobs.place_all([one for _, one in staged], self._sealed)
        self._blobs.shelf.settle(one.name for one in placed)
        with self._transaction() as s:
            deposits = [self._enter(s, parcel, one, how) for (parcel, one), how in zip(staged, placed, strict=True)]
        self.log.cover(deposits[-1].event, self._events)
        return deposits

    def _require(self, sha256: str) -> None:
        with self._reading() as s:
            if s.exhibits.get(sha256) is None:
                raise CustodyBroken(f"there is no exhibit {printable(sha256)[:80]} in this case.")

    def _refuse_erased(self, sha256: str) -> None:
        with self._reading() as s:
            if s.exhibits.get(sha256) and any(e.action == ERASED for e in s.custody.of(sha256)):
                raise IntakeRefused(f"exhibit {sha256} was destroyed in this case; its bytes are not taken in again.")

    def _take_recipients(self) -> None:
        with self._reading() as s:
            event = s.custody.latest(ENCRYPTED_TO)
        self._blobs.keys.seal_for(event.detail["recipients"] if event else ())

    def _sealed(self, sha256: str) -> list[str]:
        """What custody says of the encrypted bytes of an exhibit."""
        with self._reading() as s:
            return [str(e.detail["sealed"]) for e in s.custody.of(sha256) if "sealed" in e.detail]

    def _finish_rotation(self) -> None:
        successor = pending(self.keys)
        if successor is None:
            return
        with self._reading() as s:
            told = (e for e in s.custody.of("") if e.detail.get("verifier") == str(successor.verifier))
            event = next((e for e in told if e.action == ROTATED), None)
        if event is None:
            drop(self.keys)
        else:
            if str(self.log.verifiers()[-1]) != str(successor.verifier):
                self.log.cover(event, self._events)
            finish(self.log, self.keys, successor)

    def _finish_erasures(self) -> None:
        for sha256 in self._blobs.announced():
            with self._reading() as s:
                told = any(e.action == ERASED for e in s.custody.of(sha256))
            if told:
                self._blobs.erase(sha256)
            else:
                self._blobs.withdraw(sha256)

    def _enter(self, s: Session, parcel: Parcel, staged: Staged, placed: Placed) -> Deposit:
        exhibit = s.exhibits.get(staged.sha256)
        new = exhibit is None
        name = printable(parcel.name)
        found = sniff(staged.head, whole=staged.size <= HEAD)
        media_type = found if found != UNKNOWN or not parcel.media_type else printable(parcel.media_type)
        detail: dict[str, Any] = {**parcel.detail, "name": name, "size": staged.size, "media_type": media_type}
        if parcel.media_type:
            detail["declared_media_type"] = parcel.media_type
        if parcel.at:
            detail["collected_at"] = timestamp(parcel.at)
        if placed.sealed:
            detail["sealed"] = placed.sealed
        if placed.how == "repaired":
            detail["repaired"] = True
        action = "deposited" if new else "deposited_again"
        # The event comes first: the exhibit's date is the event's, so that the chain vouches for the row.
        event = self._append(s, staged.sha256, action, parcel.source, parcel.method, detail, None)
        if exhibit is None:
            exhibit = Exhibit(staged.sha256, staged.size, media_type, name, event.at)
            s.exhibits.add(exhibit)
        return Deposit(exhibit, event, new)

    def _append(
        self,
        s: Session,
        exhibit: str,
        action: str,
        source: str,
        method: str,
        detail: Mapping[str, Any],
        person: str | None,
    ) -> CustodyEvent:
        event = link(
            s.custody.last(),
            exhibit=exhibit,
            action=action,
            now=self._clock(),
            person=person or self.person,
            source=source,
            method=method,
            tool=self.tool,
            detail=detail,
        )
        s.custody.add(event)
        return event

    def _events(self, after: int) -> Iterator[CustodyEvent]:
        with self._reading() as s:
            yield from s.custody.all(after)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        try:
            with self._store.read() as s:
                yield s
        except sqlalchemy.exc.DBAPIError as error:
            raise VaultError(
                f"the case's database cannot be read ({error.orig}). See whether its disk is full, failing or mounted "
                "read-only, then run 'marsad verify'."
            ) from error

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        latest = self.log.latest() if self.log.started else None
        try:
            with self._store.write() as s:
                self.log.refuse_older(s.custody.last(), latest)
                yield s
        except sqlalchemy.exc.DBAPIError as error:
            raise VaultError(
                f"the case's database refused the custody event ({error.orig}); nothing is acknowledged. "
                "Check that its disk has space and can be written, and run it again."
            ) from error

    @contextmanager
    def _fatal_once(self) -> Iterator[None]:
        try:
            yield
        except SyncFailed as error:
            self._fatal = error
            raise

    def _discard(self, waiting: Iterable[tuple[Parcel, Staged | IntakeRefused]]) -> None:
        for _, staged in waiting:
            if isinstance(staged, Staged):
                self._blobs.discard(staged)


def _version() -> str:
    try:
        return metadata.version("marsad")
    except metadata.PackageNotFoundError:
        return "unknown"
