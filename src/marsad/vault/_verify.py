"""Checking a vault against itself: chain, rows, bytes and log. It changes nothing, and hashes what it can."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy.exc

from ..errors import CustodyBroken, MarsadError
from ..model import CustodyEvent, Exhibit, canonical
from ..store import Session, Store
from ._age import NotForUs
from ._attested import checkpoints, timestamps
from ._blobs import SEALED, Blobs, digest_of
from ._custody import ERASED, breaks, event_hash
from ._growth import Growth
from ._log import LOG_STARTED, Log, SignedCheckpoint, entry_of
from ._ots import OTS
from ._report import Finding, Report
from ._rotation import ROTATED, check_keys
from ._tiles import WIDTH
from ._timestamps import TIMESTAMPED

_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and what was found."""

    exhibits: int
    events: int
    bytes: int
    """Bytes that were hashed; 0 when the check was not deep."""
    signed: int
    """How many events the last true checkpoint covers."""
    first_break: int | None
    """The number of the first event at which the chain does not hold, or None."""
    problems: tuple[Finding, ...]
    """Faults: each means that something was lost, altered or forged."""
    notes: tuple[Finding, ...]
    """What a crash may leave behind and the next deposit takes up: no fault, but said."""

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.problems

    def require(self) -> None:
        """Raise CustodyBroken, with the first problem and how many there are, unless everything holds."""
        if self.problems:
            more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
            raise CustodyBroken(self.problems[0].message + more)


@dataclass(slots=True)
class _Told:
    """What custody tells of exhibits, small enough to hold for a million of them."""

    first: dict[bytes, bytes] = field(default_factory=dict)
    """Digest → what the first event says of size, media type, name and time, hashed."""
    erased: set[bytes] = field(default_factory=set)
    sealed: dict[bytes, list[str]] = field(default_factory=dict)
    """Digest → what the encrypted bytes hash to, each time they were encrypted."""


def verify(
    store: Store,
    blobs: Blobs,
    log: Log,
    *,
    deep: bool,
    against: Mapping[str, bytes],
    progress: Callable[[int, int], None] | None,
) -> Verification:
    """See `Vault.verify`."""
    report, told = Report(), _Told()
    # The checkpoint is read before the events: whatever it covers was committed by then, also while others deposit.
    latest = _latest(log, report)
    events = hashed = 0
    held: dict[bytes, int] = {}
    try:
        for fault in store.faults():
            report.problem("database", "database", fault)
        with store.read() as s:
            events = _chain(s.custody.all(), log, latest, against, told, report)
            for row in s.exhibits.all():
                _row(row, told, report)
                if digest := _digest(row.sha256):
                    held[digest] = row.size
    except (sqlalchemy.exc.DatabaseError, ValueError, TypeError) as error:
        cause = getattr(error, "orig", None) or error
        report.problem("database", "database", f"the case's database cannot be read: {cause}.")
        return _result(report, latest, exhibits=len(held), events=events, hashed=0)
    for number, (digest, size) in enumerate(held.items(), 1):
        sealed = told.sealed.get(digest)
        hashed += _bytes(blobs, digest.hex(), size, digest in told.erased, sealed, deep, report)
        if progress:
            progress(number, len(held))
    for digest in told.first.keys() - held.keys():
        sha256 = digest.hex()
        report.problem("exhibit_row_missing", sha256, f"exhibit {sha256}: custody tells of it, its row is gone.")
    _strangers(store, blobs, held, told, report)
    if unopened := sum(note.kind == "unopened" for note in report.notes):
        report.notes = [note for note in report.notes if note.kind != "unopened"]
        report.note(
            "unopened",
            "exhibits",
            f"{unopened} encrypted exhibits were compared with what custody says of their encrypted bytes; that they "
            "open was not tried, for want of an identity.",
        )
    return _result(report, latest, exhibits=len(held), events=events, hashed=hashed)


def _latest(log: Log, report: Report) -> SignedCheckpoint | None:
    if not log.started:
        return None
    try:
        latest = log.latest()
    except MarsadError as error:
        report.problem("checkpoint", "log/checkpoint", f"the log's checkpoint: {error}")
        return None
    return latest


def _chain(
    events: Iterable[CustodyEvent],
    log: Log,
    latest: SignedCheckpoint | None,
    against: Mapping[str, bytes],
    told: _Told,
    report: Report,
) -> int:
    """Walk the chain and grow the log beside it; what it tells of exhibits goes into `told`."""
    signed = latest.checkpoint.size if latest else 0
    attested = checkpoints(log, against, report)
    answers: dict[str, str] = {}
    rotations: list[CustodyEvent] = []
    grown, count, root = Growth(), 0, None
    previous_at = ""
    for event, broken in breaks(events):
        count += 1
        if count == 1:
            _began(event, log, report)
        if broken:
            if report.first_break is None:
                report.first_break = broken.seq
            report.problem("chain", broken.seq, f"custody event {broken.seq}: {broken.why}.")
        if digest := _digest(event.exhibit):
            if event.action in ("deposited", "deposited_again") and digest not in told.first:
                said = event.detail
                told.first[digest] = _said(said.get("size"), said.get("media_type"), said.get("name"), event.at)
            elif event.action == ERASED:
                told.erased.add(digest)
            if "sealed" in event.detail:
                told.sealed.setdefault(digest, []).append(str(event.detail["sealed"]))
        if event.action == ROTATED:
            rotations.append(event)
        if event.action == TIMESTAMPED:
            answers[str(event.detail.get("response"))] = str(event.detail.get("certificates"))
        if event.action == OTS:
            answers[str(event.detail.get("response"))] = ""
        if event.at < previous_at:
            report.note("clock", event.seq, f"custody event {event.seq}: the clock stood before the event before it.")
        previous_at = event.at
        if count <= signed:
            for level, index, data in grown.add(entry_of(event.seq, event_hash(event))):
                _tile(log.tiles.expected_path(level, index, WIDTH), data, True, report)
            if count == signed:
                root = grown.root()
            for path, expected in attested.pop(count, ()):
                if grown.root() != expected:
                    report.problem("attested", path, f"{path}: what was attested is not this history.")
    timestamps(log, answers, report)
    if log.started and count:
        try:
            check_keys(log.verifiers(), rotations)
        except MarsadError as error:
            report.problem("log_key", "log/vkeys", f"{log.folder / 'vkeys'}: {error}")
    for size, path in ((size, path) for size, entries in attested.items() for path, _ in entries):
        why = f"it covers {size} events and this case's log {signed}: an older copy of the case was put back"
        report.problem("attested", path, f"{path}: {why if size > signed else 'it is not part of the signed log'}.")
    if latest is None:
        if log.started and count == 1:
            report.note("unsigned", 1, "the log was begun, and has signed nothing yet.")
        elif log.started and count:
            report.problem("checkpoint", "log/checkpoint", "the log has no true checkpoint over the custody events.")
        elif count:
            report.problem("log_missing", "log", "custody has events, but the log that commits to them is gone.")
        return count
    if count < signed:
        report.problem(
            "events_missing",
            "database",
            f"the log signed {signed} custody events and the database has {count}: "
            "the last ones were removed, or an older copy of the database was put back.",
        )
    elif signed and root != latest.checkpoint.root:
        report.problem(
            "log_root", "log/checkpoint", "the custody events are not those that the log signed: history was rewritten."
        )
    else:
        for level, index, width, data in grown.partials():
            _tile(log.tiles.expected_path(level, index, width), data, False, report)
    if count > signed:
        report.note("unsigned", signed + 1, f"{count - signed} custody events wait for the next checkpoint.")
    return count


def _began(event: CustodyEvent, log: Log, report: Report) -> None:
    if not log.started:
        return
    try:
        verifier = str(log.verifiers()[0])
    except MarsadError as error:
        report.problem("log_key", "log/vkeys", str(error))
        return
    if event.action != LOG_STARTED or event.detail.get("verifier") != verifier:
        report.problem("log_key", "log/vkeys", "the log's first key is not the one that custody began with.")


def _tile(path: Path, expected: bytes, full: bool, report: Report) -> None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if full:
            report.problem("tile_missing", path, f"{path}: this part of the log is gone.")
        return
    except OSError as error:
        report.problem("tile_unreadable", path, f"{path}: this part of the log cannot be read ({error.strerror}).")
        return
    if data == expected:
        return
    # Power loss leaves an unsynced file short, or with zeros where bytes were not written.
    if full or not expected.startswith(data.rstrip(b"\x00")):
        report.problem("tile_altered", path, f"{path}: this part of the log was altered.")
    else:
        report.note("tile_short", path, f"{path}: this part of the log was cut off by a crash; it is made again.")


def _row(row: Exhibit, told: _Told, report: Report) -> None:
    digest = _digest(row.sha256)
    said = told.first.get(digest) if digest else None
    if said is None:
        report.problem("no_custody", row.sha256, f"exhibit {row.sha256}: no custody event tells where it came from.")
    elif said != _said(row.size, row.media_type, row.name, row.deposited_at):
        report.problem("row_altered", row.sha256, f"exhibit {row.sha256}: its row is not what custody says of it.")


def _bytes(
    blobs: Blobs, sha256: str, expected: int, erased: bool, sealed: list[str] | None, deep: bool, report: Report
) -> int:
    """Check the bytes of one exhibit as they stand, encrypted or not; returns how many were hashed."""
    names = [sha256 + SEALED, sha256] if sealed else [sha256]
    sizes = {name: size for name in names if (size := blobs.shelf.size(name)) is not None}
    if not sizes:
        if not erased:
            report.problem("missing", sha256, f"exhibit {sha256}: its bytes are gone.")
        return 0
    if erased:
        report.note("unerased", sha256, f"exhibit {sha256}: its destruction was cut off; the next deposit finishes it.")
    elif len(sizes) > 1:
        how = "its encryption was cut off; 'marsad evidence encrypt' finishes it"
        report.note("unsealed", sha256, f"exhibit {sha256}: {how}.")
    hashed = 0
    for name, size in sizes.items():
        try:
            if name.endswith(SEALED):
                how = _sealed(blobs, name, sealed or [], deep, report)
            else:
                how = _plain(blobs, name, size, expected, deep)
            hashed += size if deep else 0
        except (CustodyBroken, OSError) as error:
            message = f"exhibit {sha256}: its bytes cannot be read ({error})."
            report.problem("unreadable", sha256, str(error) if isinstance(error, CustodyBroken) else message)
            continue
        if how:
            report.problem("altered", sha256, f"exhibit {sha256}: its bytes were {how}.")
    return hashed


def _plain(blobs: Blobs, name: str, size: int, expected: int, deep: bool) -> str:
    if deep or size != expected:
        with blobs.open_as(name) as stream:
            if digest_of(stream) == name:
                return ""
    return f"cut from {expected} to {size} bytes" if size < expected else "altered" if deep or size != expected else ""


def _sealed(blobs: Blobs, name: str, told: list[str], deep: bool, report: Report) -> str:
    """The encrypted bytes must be some that custody tells of, which needs no identity; with one they must open."""
    if not deep:
        return ""
    if blobs.sealed_digest(name) not in told:
        return "altered: they are not the encrypted bytes that custody tells of"
    if not blobs.keys.opens:
        report.note("unopened", name[:64], "")
        return ""
    try:
        with blobs.open_as(name) as stream:
            return "" if digest_of(stream) == name[:64] else "altered before they were encrypted"
    except NotForUs:
        report.note("unopened", name[:64], "")
        return ""


def _digest(sha256: str) -> bytes | None:
    return bytes.fromhex(sha256) if len(sha256) == 64 and set(sha256) <= _HEX else None


def _said(*words: object) -> bytes:
    return hashlib.blake2b(canonical(words), digest_size=16).digest()


def _strangers(store: Store, blobs: Blobs, held: Container[bytes], told: _Told, report: Report) -> None:
    unknown = []
    for name, where in blobs.shelf.walk():
        digest = _digest((name or "").removesuffix(SEALED))
        if name is None or digest not in held or (name.endswith(SEALED) and digest not in told.sealed):
            unknown.append((name, where))
    # Others may have deposited since the rows were read.
    with store.read() as s:
        unknown = [(n, where) for n, where in unknown if n is None or not _entered(s, n)]
    for name, where in unknown:
        sealed = name is not None and name.endswith(SEALED) and _digest(name.removesuffix(SEALED)) not in held
        if sealed or (name is not None and _digest(name) and blobs.intact(name)):
            report.note(
                "orphan",
                name,
                f"{where}: {'encrypted' if sealed else 'intact'} bytes without custody, kept: a deposit was cut off "
                "before it was acknowledged. Deposit the same bytes again to take them up.",
            )
        else:
            report.problem("unknown_file", where, f"{where}: the vault did not put this here.")
    for path in blobs.stale():
        report.note("stale", path, f"{path}: left half-written by a crash; the next deposit sweeps it.")


def _entered(s: Session, name: str) -> bool:
    """Whether custody has come to know of bytes that stand under a name."""
    sha256 = name.removesuffix(SEALED)
    if s.exhibits.get(sha256) is None:
        return False
    return name == sha256 or any("sealed" in event.detail for event in s.custody.of(sha256))


def _result(
    report: Report, latest: SignedCheckpoint | None, *, exhibits: int, events: int, hashed: int
) -> Verification:
    return Verification(
        exhibits=exhibits,
        events=events,
        bytes=hashed,
        signed=latest.checkpoint.size if latest else 0,
        first_break=report.first_break,
        problems=tuple(report.problems),
        notes=tuple(report.notes),
    )
