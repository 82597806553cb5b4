"""The vault: bytes in, exhibit and custody event out, and nothing acknowledged before it would outlive a power cut."""

from __future__ import annotations

import hashlib
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
from ._blobs import HEAD, Blobs, Staged, digest_of, open_source
from ._custody import link, printable, timestamp
from ._durable import SyncFailed, make_folder, refusing, sync_folder
from ._log import LOG_STARTED, Log, SignedCheckpoint
from ._notes import Verifier
from ._package import Scope, write_package
from ._sniff import UNKNOWN, sniff
from ._timestamps import TIMESTAMPED, Ask, stamp
from ._verify import Verification, verify
from ._witness import countersigned, request

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


class Vault:
    """Keeps the bytes of one case under their SHA-256, and the custody of each.

    `folder` is the vault's own; the signing key is kept apart, by default in `keys` beside it. `person` is the id
    written into custody. Nothing is written until the first deposit, so a vault on read-only media can be opened and
    verified. Several processes may deposit at once.
    """

    def __init__(
        self,
        store: Store,
        folder: Path | str,
        *,
        person: str,
        tool: str | None = None,
        keys: Path | str | None = None,
        record_access: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.folder = Path(folder)
        self.person = person
        self.tool = tool or f"marsad {_version()}"
        self._store = store
        self._clock = clock
        self._record_access = record_access
        self._blobs = Blobs(self.folder)
        self.log = Log(self.folder / "log", Path(keys) if keys else self.folder.parent / "keys")
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
        with self._fatal_once():
            return self._acknowledge([(parcel, self._stage(parcel, progress))])[0]

    def deposit_all(
        self, parcels: Iterable[Parcel], *, progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[Parcel, Deposit | IntakeRefused]]:
        """Deposit many, in order, faster: what is yielded has been acknowledged, in groups of at most 64 parcels.

        A parcel whose source cannot be read is yielded with the reason, and the rest go on.
        """
        self._prepare()
        waiting: list[tuple[Parcel, Staged | IntakeRefused]] = []
        began = time.monotonic()
        for parcel in parcels:
            with self._fatal_once():
                try:
                    waiting.append((parcel, self._stage(parcel, progress)))
                except IntakeRefused as refused:
                    waiting.append((parcel, refused))
                except BaseException:
                    self._discard(waiting)
                    raise
            held = sum(staged.size for _, staged in waiting if isinstance(staged, Staged))
            if len(waiting) >= GROUP or held >= GROUP_BYTES or time.monotonic() - began >= GROUP_SECONDS:
                yield from self._settle(waiting)
                waiting = []
                began = time.monotonic()
        yield from self._settle(waiting)

    @contextmanager
    def open(
        self, sha256: str, *, purpose: str, person: str | None = None, record: bool | None = None, check: bool = True
    ) -> Iterator[BinaryIO]:
        """The bytes of an exhibit, for reading only, as a seekable stream.

        Who opened it and for what becomes a custody event, unless `record` (or, where that is None, the vault's
        `record_access`) is False. With `check` the bytes are hashed before they are handed out. Raises CustodyBroken
        if there is no such exhibit, or its bytes are missing or altered.
        """
        with self._store.read() as s:
            exhibit = s.exhibits.get(sha256)
        if exhibit is None:
            raise CustodyBroken(f"there is no exhibit {printable(sha256)[:80]} in this case.")
        with self._blobs.open(sha256) as stream:
            if check:
                if digest_of(stream) != sha256:
                    raise CustodyBroken(f"exhibit {sha256}: its bytes were altered. Run 'marsad verify'.")
                stream.seek(0)
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

    def verify(self, *, deep: bool = True, progress: Callable[[int, int], None] | None = None) -> Verification:
        """Check everything and say what is wrong: the chain, the log, every row and, with `deep`, every byte.

        `progress(done, total)` is called as exhibits are checked. Nothing is changed and nothing is raised for what
        is found: see `Verification`.
        """
        return verify(self._store, self._blobs, self.log, deep=deep, progress=progress)

    def export(
        self,
        target: Path | str,
        *,
        purpose: str,
        exhibits: Iterable[str] | None = None,
        events: tuple[int, int] | None = None,
        person: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Path:
        """Write an evidence package (BagIt; a ZIP file if `target` ends in '.zip') that `marsad-verify` checks offline.

        It holds some `exhibits` with all their custody, or all `events` from one number to another with the exhibits
        that they are about; by default everything. For whom and why becomes a custody event of each exhibit. Raises
        VaultError if `target` exists or an exhibit does not, CustodyBroken rather than package what does not verify.
        """
        with self._store.read() as s:
            last = s.custody.last()
            whole = exhibits is None and events is None
            chosen = tuple(dict.fromkeys(exhibits)) if exhibits is not None else None
            if events is not None:
                chosen = tuple({e.exhibit: 0 for e in s.custody.all(events[0] - 1) if e.seq <= events[1] and e.exhibit})
            elif chosen is None:
                chosen = tuple(exhibit.sha256 for exhibit in s.exhibits.all())
            unknown = [sha256 for sha256 in chosen if s.exhibits.get(sha256) is None]
        if unknown or last is None or (events and not 1 <= events[0] <= events[1] <= last.seq):
            what = f"exhibit {unknown[0]}" if unknown else f"range of events {events}" if events else "exhibit"
            raise VaultError(f"there is no {printable(what)} in this case; the package was not made.")
        self._prepare()
        if os.path.lexists(target):
            raise VaultError(f"{target}: is there already. Name a new file or folder.")
        with self._fatal_once():
            with self._transaction() as s:
                for sha256 in chosen:
                    last = self._append(s, sha256, "exported", "", "package", {"purpose": purpose}, person)
            covering = self.log.cover(last, self._events)
            scope = Scope(chosen, (1, covering.checkpoint.size) if whole else events)
            return write_package(
                Path(target), scope, self._store, self._blobs, self.log, covering,
                now=self._clock(), tool=self.tool, progress=progress,
            )  # fmt: skip

    def timestamp(self, ask: Ask, certificates: bytes, *, authority: str) -> datetime:
        """Have the log as it is now timestamped (RFC 3161); returns the attested time.

        `ask` takes the request to the authority and brings the answer: `authority_at(address)` does so over HTTP. Only
        a hash is sent. `certificates` (PEM) holds the authority's root. Success and failure become custody events.
        Raises VaultError if the authority does not answer, or its answer does not verify.
        """
        about = self._sign_all()
        size = about.checkpoint.size
        try:
            response, chain, at = stamp(about.data, ask, certificates)
        except VaultError as error:
            detail = {"size": size, "authority": authority, "reason": str(error)}
            self.record("", "timestamp_failed", source=authority, method="RFC 3161", detail=detail)
            raise
        digest = hashlib.sha256(response).hexdigest()
        self.log.attest(about, f"{digest[:16]}.pem", chain)
        self.log.attest(about, f"{digest[:16]}.tsr", response)
        proof = hashlib.sha256(chain).hexdigest()
        detail = {"size": size, "attested": timestamp(at), "response": digest, "certificates": proof}
        self.record("", TIMESTAMPED, source=authority, method="RFC 3161", detail=detail)
        return at

    def witness_request(self, witness: str, *, old: int | None = None) -> bytes:
        """What to hand to the witness with that public key: a checkpoint, and proof that it extends the one it signed.

        `old` is how many events it has seen, where an answer of its went astray.
        """
        about = self._sign_all()
        if old is None:
            old = self._last_countersigned(Verifier.parse(witness))
        if not 0 <= old <= about.checkpoint.size:
            raise VaultError(f"the log has {about.checkpoint.size} events; no witness can have seen {old} of them.")
        return request(old, self.log.consistency(old, about.checkpoint.size), about.data)

    def accept_witness(self, asked: bytes, answer: bytes, witness: str) -> int:
        """Keep a witness's answer to a request of ours; returns how many events it covers.

        Raises CustodyBroken if it is not that witness's signature over that checkpoint.
        """
        verifier = Verifier.parse(witness)
        about = self.log.check(asked.partition(b"\n\n")[2])
        data = countersigned(about.data, answer, verifier)
        self.log.attest(about, f"cosigned-{verifier.key_id.hex()}", data)
        detail = {"size": about.checkpoint.size, "witness": str(verifier)}
        self.record("", "countersigned", source=verifier.name, method="C2SP tlog-witness", detail=detail)
        return about.checkpoint.size

    def sweep(self) -> int:
        """Remove the files that a crash left half-written; returns how many. Deposits under way are left alone."""
        return self._blobs.sweep()

    def _sign_all(self) -> SignedCheckpoint:
        self._prepare()
        with self._fatal_once():
            with self._store.read() as s:
                last = s.custody.last()
            assert last is not None, "a prepared vault has its first event"
            return self.log.cover(last, self._events)

    def _last_countersigned(self, witness: Verifier) -> int:
        name = f"cosigned-{witness.key_id.hex()}"
        return max((int(p.parent.name) for p in self.log.attestations() if p.name == name), default=0)

    def _prepare(self) -> None:
        if self._fatal:
            raise VaultError(str(self._fatal)) from self._fatal
        if self._prepared:
            return
        with self._fatal_once():
            with self._store.read() as s:
                begun = next(s.custody.all(), None)
            if begun and not self.log.started:
                raise CustodyBroken(
                    f"{self.log.folder}: custody has events, but the log that commits to them is gone. "
                    "Put it back from a backup; a new one would hide what was lost. Run 'marsad verify'."
                )
            self._blobs.prepare()
            self._blobs.sweep()
            verifier = self.log.start()
            with self._transaction() as s:
                begun = next(s.custody.all(), None)
                if begun is None:
                    begun = self._append(s, "", LOG_STARTED, "", "", {"verifier": str(verifier)}, None)
            if begun.detail.get("verifier") != str(verifier):
                raise CustodyBroken(f"{self.log.folder}: this is not the log that the case began. Run 'marsad verify'.")
            if self.log.latest() is None:
                self.log.cover(begun, self._events)
            self._prepared = True

    def _stage(self, parcel: Parcel, progress: Callable[[int], None] | None) -> Staged:
        if isinstance(parcel.content, bytes | bytearray | memoryview):
            return self._blobs.stage(io.BytesIO(parcel.content), parcel.name, progress)
        if isinstance(parcel.content, str | Path):
            with open_source(Path(parcel.content)) as stream:
                return self._blobs.stage(stream, parcel.name, progress)
        return self._blobs.stage(parcel.content, parcel.name, progress)

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
        placed: list[str] = []
        try:
            for _, one in staged:
                placed.append(self._blobs.place(one))
        except BaseException:
            self._discard(staged[len(placed) :])
            raise
        for shard in {self._blobs.shard(one.sha256) for _, one in staged}:
            sync_folder(shard)
        with self._transaction() as s:
            deposits = [self._enter(s, parcel, one, how) for (parcel, one), how in zip(staged, placed, strict=True)]
        self.log.cover(deposits[-1].event, self._events)
        return deposits

    def _enter(self, s: Session, parcel: Parcel, staged: Staged, placed: str) -> Deposit:
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
        if placed == "repaired":
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
        with self._store.read() as s:
            yield from s.custody.all(after)

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
