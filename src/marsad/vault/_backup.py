"""Backups: each exhibit's bytes once, and snapshots of all else of a case; checked as they are made, and later.

A snapshot is `<time>-<sha256>.tar.gz` (with `.age`, encrypted for the case's recipients): the settings, the database
as it was at one moment, the log, the keys, and a manifest that names the bytes that belong to it. Bytes are put first
and the snapshot last, so that a run that was cut off has merely put some bytes, and the next goes on from there.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from ..errors import CaseError, CustodyBroken
from ..model import canonical
from ..store import Store
from ._age import Opened, Sealer
from ._blobs import SEALED, Blobs, digest_of
from ._custody import ERASED, timestamp
from ._depot import Depot
from ._durable import locked
from ._keyring import Keyring
from ._log import Log
from ._report import Finding, Report

FORMAT = "marsad backup 1"
MANIFEST, DATABASE, DUMP = "manifest.json", "case.sqlite", "case.pgdump"
BACKED_UP = "backed_up"
"""Action of the custody event that tells of a backup."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a run put where."""

    snapshot: str
    copied: int
    held: int
    """Exhibits whose bytes were there from an earlier run."""
    problems: tuple[Finding, ...]
    """Exhibits whose bytes are missing or altered in the case; they are not in the backup."""
    erased: int
    """Erased exhibits that the backup still holds, where it was not asked to erase them too."""


def make(
    case: Path,
    store: Store,
    blobs: Blobs,
    log: Log,
    depot: Depot,
    *,
    now: datetime,
    keys: Path | None,
    erase: bool,
    progress: Callable[[int, int], None] | None,
) -> Backup:
    """See `Vault.backup`."""
    depot.prepare()
    with _workshop(case) as work:
        _copy_log(log, work, keys)
        if store.snapshot(work / DATABASE) != "sqlite":
            (work / DATABASE).rename(work / DUMP)
        shutil.copy(case / "settings.toml", work / "settings.toml")
        # Read after the snapshot: whatever it tells of is among these.
        with store.read() as s:
            exhibits = [e.sha256 for e in s.exhibits.all()]
            events = s.custody.last()
            gone = {e.exhibit for e in s.custody.all() if e.action == ERASED}
        report = Report()
        copied = 0
        named: list[list[str]] = []
        for number, sha256 in enumerate(exhibits, 1):
            if sha256 not in gone:
                copied += _copy(store, blobs, depot, sha256, named, report)
            if progress:
                progress(number, len(exhibits))
        depot.shelf.settle(name for name, _ in named)
        left = [n for sha256 in gone for n in (sha256, sha256 + SEALED) if depot.shelf.size(n) is not None]
        older = depot.snapshots()
        about = {"format": FORMAT, "made_at": timestamp(now), "events": events.seq if events else 0, "bytes": named}
        (work / MANIFEST).write_bytes(canonical(about))
        packed = _pack(work, blobs.keys)
        stamp = now.strftime("%Y%m%dT%H%M%S%fZ")
        name = f"{stamp}-{packed.name}"
        depot.save(packed, name)
        if erase:
            for one in left:
                depot.shelf.remove(one)
            for one in older:
                depot.forget(one)
    return Backup(name, copied, len(named) - copied, tuple(report.problems), 0 if erase else len(left))


def check_backup(
    depot: Depot, *, identity: Path | str | None = None, progress: Callable[[int, int], None] | None = None
) -> tuple[str, tuple[Finding, ...]]:
    """Read the newest snapshot and every byte that belongs to it again; returns its name and what is wrong.

    Raises CaseError if there is no backup, CustodyBroken if the snapshot was altered, VaultError if it is encrypted
    and the identity is missing.
    """
    report, keys = Report(), Keyring(identity)
    name = newest(depot)
    with opened(depot, name, keys) as archive:
        manifest = json.loads(_member(archive, MANIFEST, name).read())
    for number, (blob, digest) in enumerate(manifest["bytes"], 1):
        try:
            with depot.shelf.open(blob) as stream:
                if digest_of(stream) != digest:
                    report.problem("altered", blob[:64], f"exhibit {blob[:64]}: its bytes in the backup were altered.")
        except (CustodyBroken, OSError) as error:
            report.problem("missing", blob[:64], f"exhibit {blob[:64]}: its bytes are not in the backup ({error}).")
        if progress:
            progress(number, len(manifest["bytes"]))
    for other in depot.snapshots():
        if other != name and not _true(depot, other):
            report.problem("snapshot", other, f"{other}: this older snapshot was altered or cut short.")
    return name, tuple(report.problems)


def newest(depot: Depot) -> str:
    """The newest snapshot. Raises CaseError if there is none."""
    names = depot.snapshots()
    if not names:
        raise CaseError("there is no backup of Marsad here: no snapshot was found.")
    return names[-1]


@contextmanager
def opened(depot: Depot, name: str, keys: Keyring) -> Iterator[tarfile.TarFile]:
    """A snapshot's archive, once its digest is seen to be that in its name. Its members come in order."""
    if not _true(depot, name):
        raise CustodyBroken(f"{name}: this snapshot was altered or cut short. Name an older one.")
    with depot.fetch(name) as raw:
        plain: BinaryIO = Opened(raw, keys.identities(name), name) if name.endswith(SEALED) else raw  # type: ignore[assignment]
        with tarfile.open(fileobj=plain, mode="r|gz") as archive:
            yield archive


def _member(archive: tarfile.TarFile, wanted: str, name: str) -> IO[bytes]:
    first = archive.next()
    file = archive.extractfile(first) if first and first.name == wanted else None
    if file is None:
        raise CustodyBroken(f"{name}: this is no snapshot of Marsad.")
    return file


def _true(depot: Depot, name: str) -> bool:
    told = name.partition("-")[2][:64]
    with depot.fetch(name) as raw:
        return digest_of(raw) == told


def _copy(store: Store, blobs: Blobs, depot: Depot, sha256: str, named: list[list[str]], report: Report) -> bool:
    """Put the bytes of one exhibit where they are not yet; whether they were put."""
    name = blobs.held(sha256)
    size = blobs.shelf.size(name) if name else None
    if name is None or size is None:
        report.problem("missing", sha256, f"exhibit {sha256}: its bytes are gone; they are not in the backup.")
        return False
    digest = sha256
    if name.endswith(SEALED):
        with store.read() as s:
            told = [str(e.detail["sealed"]) for e in s.custody.of(sha256) if "sealed" in e.detail]
        digest = blobs.sealed_digest(name)
        if digest not in told:
            report.problem("altered", sha256, f"exhibit {sha256}: its bytes were altered; they are not in the backup.")
            return False
    if depot.shelf.size(name) == size and (name == sha256 or _holds(depot, name, digest)):
        named.append([name, digest])
        return False
    with blobs.shelf.open(name) as stream:
        if not depot.keep(stream, name, digest):
            report.problem("altered", sha256, f"exhibit {sha256}: its bytes were altered; they are not in the backup.")
            return False
    named.append([name, digest])
    return True


def _holds(depot: Depot, name: str, digest: str) -> bool:
    """Encrypted anew, the same exhibit has other bytes under the same name, and as many."""
    with depot.shelf.open(name) as stream:
        return digest_of(stream) == digest


def _copy_log(log: Log, work: Path, keys: Path | None) -> None:
    """The log's public files and keys as they are at one moment, which is before that of the database."""
    if not log.started:
        return
    with locked(log.folder / "lock"):
        target = work / "vault" / "log"
        target.mkdir(parents=True)
        for name in ("vkeys", "checkpoint"):
            if (log.folder / name).exists():
                shutil.copy(log.folder / name, target / name)
        if keys and keys.is_dir():
            (work / "keys").mkdir(mode=0o700)
            for path in keys.glob("*.key*"):
                shutil.copy(path, work / "keys" / path.name)
    for name in ("attested", "tile"):
        if (log.folder / name).is_dir():
            # Tiles that are not full are made again from the database.
            shutil.copytree(log.folder / name, target / name, ignore=shutil.ignore_patterns("*.p", ".*.tmp"))


@contextmanager
def _workshop(case: Path) -> Iterator[Path]:
    """A folder of the case's own for one backup at a time; what a run cut off left there is removed."""
    with locked(case / ".backup.lock"):
        for left in case.glob(".backup-*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=case) as work:
            yield Path(work)


def _pack(work: Path, keys: Keyring) -> Path:
    """The archive of all that lies in `work`, under its SHA-256, encrypted where the case has recipients."""
    members = [work / MANIFEST, *sorted(p for p in work.rglob("*") if p.is_file() and p.name != MANIFEST)]
    aside = work / "packed"
    with aside.open("wb") as out:
        writer = _Writer(out, Sealer(keys.recipients) if keys.recipients else None)
        with gzip.GzipFile("", "wb", 1, writer) as squeezed:
            with tarfile.open(fileobj=squeezed, mode="w|") as archive:
                for path in members:
                    archive.add(path, str(path.relative_to(work)), recursive=False)
        writer.finish()
    packed = work / f"{writer.digest.hexdigest()}.tar.gz{SEALED if keys.recipients else ''}"
    aside.rename(packed)
    return packed


class _Writer:
    def __init__(self, out: BinaryIO, sealer: Sealer | None) -> None:
        self._out, self._sealer = out, sealer
        self.digest: Any = hashlib.sha256()
        if sealer:
            self._keep(sealer.head)

    def write(self, data: bytes) -> int:
        """Take a piece of the archive."""
        self._keep(self._sealer.add(bytes(data)) if self._sealer else data)
        return len(data)

    def flush(self) -> None:
        """Nothing: `finish` does."""

    def finish(self) -> None:
        """Write what is held back."""
        if self._sealer:
            self._keep(self._sealer.end())

    def _keep(self, data: bytes) -> None:
        self.digest.update(data)
        self._out.write(data)
