"""The bytes, each file under its own SHA-256: `blobs/sha256/3f/3f9a…`, read-only, never altered once in place."""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ..errors import CustodyBroken, IntakeRefused, VaultError
from ._durable import make_folder, refusing, replace, sync, sync_folder, write_all

CHUNK = 1 << 20
FORMAT = b"marsad vault 1\n"
HEAD = 1 << 16
SHARDS = tuple(f"{n:02x}" for n in range(256))


@dataclass(slots=True)
class Staged:
    """Bytes that were received, hashed and synced, but stand under no name of the vault yet."""

    path: Path
    fd: int
    sha256: str
    size: int
    head: bytes
    """The first bytes, at most 64 KiB, for sniffing."""


class Blobs:
    """Content-addressed files in a folder that several processes may use at once."""

    def __init__(self, folder: Path) -> None:
        self._blobs = folder / "blobs" / "sha256"
        self._aside = folder / "tmp"
        self._damaged = folder / "damaged"
        self._work = folder / "work"
        self._erasing = folder / "erasing"
        self._mark = folder / "format"

    def prepare(self) -> None:
        """Make the folders, once. Every shard is made now: no deposit depends on a name that another process made.

        The mark is written last, so that a crash half-way is made good by the next call.
        """
        if self._mark.exists():
            return
        make_folder(self._aside)
        make_folder(self._blobs)
        for shard in SHARDS:
            with refusing(self._blobs / shard, "make the folder"):
                (self._blobs / shard).mkdir(mode=0o700, exist_ok=True)
        # Others may have made the upper folders without syncing them.
        for folder in (self._blobs, self._blobs.parent, *list(self._blobs.parents)[1:4]):
            sync_folder(folder)
        replace(self._mark, FORMAT, mode=0o444)

    def path(self, sha256: str) -> Path:
        """Where the bytes of that digest are, or would be. Raises VaultError for what is not a digest."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise VaultError(f"{sha256[:80]!r} is not a SHA-256 digest (64 hexadecimal digits).")
        return self._blobs / sha256[:2] / sha256

    def stage(self, source: BinaryIO, name: str, progress: Callable[[int], None] | None = None) -> Staged:
        """Stream `source` to a file aside, hashing as it goes, and sync it. Memory does not grow with the source.

        Raises IntakeRefused if the source cannot be read to its end, VaultError if the disk refuses.
        """
        path, fd = self._new_aside()
        try:
            digest, size, head = hashlib.sha256(), 0, bytearray()
            while chunk := _read(source, name):
                digest.update(chunk)
                with refusing(path, "keep the bytes"):
                    write_all(fd, chunk)
                size += len(chunk)
                if len(head) < HEAD:
                    head += chunk[: HEAD - len(head)]
                if progress:
                    progress(len(chunk))
            with refusing(path, "make the file read-only"):
                os.fchmod(fd, 0o444)
            sync(fd, path)
        except BaseException:
            path.unlink(missing_ok=True)
            os.close(fd)
            raise
        return Staged(path, fd, digest.hexdigest(), size, bytes(head))

    def place(self, staged: Staged) -> str:
        """Put staged bytes under their digest: 'placed', or 'held' if an intact copy was there, or 'repaired'.

        The name is not yet on the disk: the caller syncs `shard(staged.sha256)` before it writes anything that relies
        on it. A held copy is read again in full, for a promise must not rest on bytes that have rotted; a damaged one
        is moved to `damaged/`, not destroyed.
        """
        target = self.path(staged.sha256)
        outcome = "placed"
        if os.path.lexists(target):
            if self.intact(staged.sha256):
                self.discard(staged)
                return "held"
            make_folder(self._damaged)
            with refusing(target, "set the damaged copy aside"):
                target.rename(self._damaged / f"{staged.sha256}.{secrets.token_hex(4)}")
            sync_folder(self._damaged)
            outcome = "repaired"
        with refusing(target, "keep the bytes"):
            staged.path.rename(target)
        os.close(staged.fd)
        return outcome

    def shard(self, sha256: str) -> Path:
        """The folder that holds the name of those bytes."""
        return self.path(sha256).parent

    def discard(self, staged: Staged) -> None:
        """Forget staged bytes."""
        staged.path.unlink(missing_ok=True)
        os.close(staged.fd)

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, for reading only. Raises CustodyBroken if they are not there."""
        path = self.path(sha256)
        try:
            fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise CustodyBroken(f"exhibit {sha256}: its bytes cannot be opened ({error.strerror}).") from error
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise CustodyBroken(f"exhibit {sha256}: {path} is not a file.")
        return os.fdopen(fd, "rb")

    def intact(self, sha256: str, progress: Callable[[int], None] | None = None) -> bool:
        """Whether the bytes are there and hash to their name."""
        try:
            with self.open(sha256) as stream:
                return digest_of(stream, progress) == sha256
        except (CustodyBroken, OSError):
            return False

    def announce_erasure(self, sha256: str) -> None:
        """Set down that these bytes are about to be destroyed, so that a crash cannot leave it half-done unseen."""
        make_folder(self._erasing)
        replace(self._erasing / self.path(sha256).name, b"")

    def announced(self) -> list[str]:
        """The digests whose destruction was begun and not finished."""
        return sorted(p.name for p in self._erasing.iterdir()) if self._erasing.is_dir() else []

    def erase(self, sha256: str) -> None:
        """Destroy the bytes of an announced digest, with damaged and working copies of them."""
        path = self.path(sha256)
        copies = [path, *self._damaged.glob(f"{path.name}.*"), *self._work.glob(f"{path.name}*")]
        for copy in copies:
            with refusing(copy, "destroy the bytes"):
                copy.unlink(missing_ok=True)
        for folder in {copy.parent for copy in copies}:
            if folder.is_dir():
                sync_folder(folder)
        self.withdraw(sha256)

    def withdraw(self, sha256: str) -> None:
        """Forget an announcement."""
        (self._erasing / self.path(sha256).name).unlink(missing_ok=True)

    def walk(self) -> Iterator[Path]:
        """Every file and folder below the shards, in the order of names."""
        for shard in sorted(self._blobs.iterdir()) if self._blobs.is_dir() else ():
            if shard.name not in SHARDS or not shard.is_dir():
                yield shard
                continue
            yield from sorted(shard.iterdir())

    def stale(self) -> list[Path]:
        """Files aside that no living process is writing."""
        found = []
        for path in sorted(self._aside.iterdir()) if self._aside.is_dir() else ():
            fd = _take(path)
            if fd is not None:
                os.close(fd)
                found.append(path)
        return found

    def sweep(self) -> int:
        """Remove files aside that a crash left; those in use are left alone. Returns how many went."""
        swept = 0
        for path in self.stale():
            fd = _take(path)
            if fd is None:
                continue
            try:
                path.unlink(missing_ok=True)
                swept += 1
            finally:
                os.close(fd)
        return swept

    def _new_aside(self) -> tuple[Path, int]:
        while True:
            path = self._aside / f"{os.getpid()}-{secrets.token_hex(8)}"
            with refusing(path, "make a file"):
                fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            # The lock tells sweepers that a process lives behind the file; one may have come between open and lock.
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(fd)
                continue
            if os.fstat(fd).st_nlink:
                return path, fd
            os.close(fd)


def digest_of(stream: BinaryIO, progress: Callable[[int], None] | None = None) -> str:
    """SHA-256 (hex) of the rest of a stream."""
    digest, buffer = hashlib.sha256(), bytearray(CHUNK)
    view = memoryview(buffer)
    while count := stream.readinto(view):  # type: ignore[attr-defined]
        digest.update(view[:count])
        if progress:
            progress(count)
    return digest.hexdigest()


def open_source(path: Path) -> BinaryIO:
    """A file to be deposited. Raises IntakeRefused for what is missing, unreadable, or no regular file."""
    try:
        # Without O_NONBLOCK a named pipe would hang here for ever.
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise IntakeRefused(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error}).") from error
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise IntakeRefused(f"{path}: not a regular file. Give a file, or the files of a folder one by one.")
    return io.open(fd, "rb", buffering=0)  # noqa: UP020 - `open` is the method's name in this module


def _read(source: BinaryIO, name: str) -> bytes:
    try:
        chunk = source.read(CHUNK)
    except (OSError, ValueError) as error:
        raise IntakeRefused(f"{name}: could not be read to its end ({error}); nothing of it was kept.") from error
    if chunk is None:
        raise IntakeRefused(f"{name}: the stream has no bytes ready. Give a stream that blocks.")
    return chunk


def _take(path: Path) -> int | None:
    """The file at `path`, opened and locked, or None if a living process holds it or it is gone."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        return None
    return fd
