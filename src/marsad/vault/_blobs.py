"""The bytes of exhibits: staged beside the vault, then put on the shelf under their own SHA-256 and never altered.

Where the case has recipients, bytes are encrypted (age) as they come in and stand as `<sha256>.age`: the name is that
of the plaintext, which is never on the vault's disk.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import secrets
import stat
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ..errors import CustodyBroken, IntakeRefused, VaultError
from ._age import Opened, Sealer
from ._durable import make_folder, refusing, replace, sync, sync_folder, write_all
from ._keyring import Keyring
from ._shelf import FolderShelf, Shelf

CHUNK = 1 << 20
FORMAT = b"marsad vault 1\n"
HEAD = 1 << 16
SEALED = ".age"
IN_MEMORY = 64 << 20
"""Encrypted exhibits up to this size are opened in memory, so that readers get a file descriptor."""


@dataclass(slots=True)
class Staged:
    """Bytes that were received, hashed and synced, but stand under no name of the vault yet."""

    path: Path
    fd: int
    sha256: str
    size: int
    head: bytes
    """The first bytes, at most 64 KiB, for sniffing."""
    sealed: str | None = None
    """SHA-256 of the encrypted bytes, where they are."""

    @property
    def name(self) -> str:
        """What it will be called on the shelf."""
        return self.sha256 + SEALED if self.sealed else self.sha256


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of staged bytes: 'placed', 'held' where an intact copy was there, or 'repaired'."""

    how: str
    name: str
    sealed: str | None
    """SHA-256 of the encrypted bytes that now stand there."""


class Blobs:
    """Content-addressed bytes that several processes may use at once."""

    def __init__(self, folder: Path, keys: Keyring | None = None, shelf: Shelf | None = None) -> None:
        self.keys = keys or Keyring()
        self.shelf: Shelf = shelf or FolderShelf(folder)
        self._aside = folder / "tmp"
        self._work = folder / "work"
        self._erasing = folder / "erasing"
        self._mark = folder / "format"

    def prepare(self) -> None:
        """Make the folders, once. The mark is written last, so that a crash half-way is made good by the next call."""
        if self._mark.exists():
            return
        make_folder(self._aside)
        self.shelf.prepare()
        replace(self._mark, FORMAT, mode=0o444)

    def stage(self, source: BinaryIO, name: str, progress: Callable[[int], None] | None = None) -> Staged:
        """Stream `source` to a file aside, hashing as it goes, and sync it. Memory does not grow with the source.

        Raises IntakeRefused if the source cannot be read to its end, VaultError if the disk refuses.
        """
        path, fd = self._new_aside()
        try:
            digest, sealed, size, head = hashlib.sha256(), hashlib.sha256(), 0, bytearray()
            sealer = Sealer(self.keys.recipients) if self.keys.recipients else None

            def keep(data: bytes) -> None:
                if sealer:
                    sealed.update(data)
                with refusing(path, "keep the bytes"):
                    write_all(fd, data)

            if sealer:
                keep(sealer.head)
            while chunk := _read(source, name):
                digest.update(chunk)
                keep(sealer.add(chunk) if sealer else chunk)
                size += len(chunk)
                if len(head) < HEAD:
                    head += chunk[: HEAD - len(head)]
                if progress:
                    progress(len(chunk))
            if sealer:
                keep(sealer.end())
            with refusing(path, "make the file read-only"):
                os.fchmod(fd, 0o444)
            sync(fd, path)
        except BaseException:
            path.unlink(missing_ok=True)
            os.close(fd)
            raise
        return Staged(path, fd, digest.hexdigest(), size, bytes(head), sealed.hexdigest() if sealer else None)

    def place(self, staged: Staged, told: Callable[[], Collection[str]] = tuple) -> Placed:
        """Put staged bytes under their digest.

        The name is not yet for good: the caller lets the shelf `settle` it before it writes anything that relies on
        it. A held copy is read again in full, for a promise must not rest on bytes that have rotted; a damaged one is
        set aside, not destroyed. `told` gives the digests that custody names of the encrypted bytes: without an
        identity, a held copy can be compared with those alone.
        """
        how = "placed"
        if held := self.held(staged.sha256):
            intact, sealed = self._trusted(staged.sha256, held, told)
            if intact:
                self.discard(staged)
                return Placed("held", held, sealed)
            self.shelf.set_aside(held)
            how = "repaired"
        self.shelf.put(staged.path, staged.name)
        os.close(staged.fd)
        return Placed(how, staged.name, staged.sealed)

    def place_all(self, staged: Sequence[Staged], told: Callable[[str], Collection[str]]) -> list[Placed]:
        """`place` each, several at once where the shelf is far away. If one fails, the rest are forgotten."""

        def place(one: Staged) -> Placed:
            try:
                return self.place(one, partial(told, one.sha256))
            except BaseException:
                self.discard(one)
                raise

        if self.shelf.workers > 1 and len(staged) > 1:
            with ThreadPoolExecutor(self.shelf.workers) as pool:
                return [done.result() for done in [pool.submit(place, one) for one in staged]]
        placed: list[Placed] = []
        try:
            for one in staged:
                placed += [place(one)]
        except BaseException:
            for one in staged[len(placed) + 1 :]:
                self.discard(one)
            raise
        return placed

    def discard(self, staged: Staged) -> None:
        """Forget staged bytes."""
        staged.path.unlink(missing_ok=True)
        os.close(staged.fd)

    def held(self, sha256: str) -> str | None:
        """The name under which the bytes of that digest stand; None if they do not. Raises VaultError for no digest."""
        plain = checked_digest(sha256)
        forms = (plain + SEALED, plain) if self.keys.recipients else (plain, plain + SEALED)
        return next((name for name in forms if self.shelf.size(name) is not None), None)

    def forms(self, sha256: str) -> list[str]:
        """Every name under which the bytes stand: encrypted, plain, or both where encrypting was cut off."""
        return [n for n in (sha256 + SEALED, checked_digest(sha256)) if self.shelf.size(n) is not None]

    def swap(self, staged: Staged) -> None:
        """Put staged bytes in the place of what stands under their name, for good."""
        self.shelf.put(staged.path, staged.name)
        os.close(staged.fd)
        self.shelf.settle([staged.name])

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, for reading only, seekable. Raises CustodyBroken if they are not there or were altered."""
        return self.open_as(self.held(sha256) or sha256)

    def open_as(self, name: str) -> BinaryIO:
        """The plaintext of what stands under a name. Raises NotForUs or VaultError without the right identity."""
        if not name.endswith(SEALED):
            return self.shelf.open(name)
        what = f"exhibit {name[:64]}"
        identities = self.keys.identities(what)
        raw = self.shelf.open(name)
        try:
            return io.BufferedReader(Opened(raw, identities, what), CHUNK)
        except BaseException:
            raw.close()
            raise

    def open_checked(self, sha256: str) -> BinaryIO:
        """Like `open`, once the bytes are seen to hash to their name; small encrypted ones come in a memory file."""
        stream = self.open(sha256)
        try:
            into = None
            if isinstance(stream, io.BufferedReader) and isinstance(stream.raw, Opened):
                into = _memory_file(stream.raw.size)
            if digest_of(stream, into=into) != sha256:
                raise CustodyBroken(f"exhibit {sha256}: its bytes were altered. Run 'marsad verify'.")
            if into is not None:
                stream.close()
                stream = into
            stream.seek(0)
        except BaseException:
            stream.close()
            raise
        return stream

    def intact(self, sha256: str) -> bool:
        """Whether the bytes are there and hash to their name."""
        try:
            with self.open(sha256) as stream:
                return digest_of(stream) == sha256
        except (CustodyBroken, OSError):
            return False

    def sealed_digest(self, name: str) -> str:
        """SHA-256 of the encrypted bytes as they stand. Raises CustodyBroken or OSError if they cannot be read."""
        with self.shelf.open(name) as stream:
            return digest_of(stream)

    def _trusted(self, sha256: str, name: str, told: Callable[[], Collection[str]]) -> tuple[bool, str | None]:
        if not name.endswith(SEALED):
            return self.intact(sha256), None
        try:
            sealed = self.sealed_digest(name)
            return (self.intact(sha256) if self.keys.opens else sealed in told()), sealed
        except (CustodyBroken, OSError):
            return False, None

    def announce_erasure(self, sha256: str) -> None:
        """Set down that these bytes are about to be destroyed, so that a crash cannot leave it half-done unseen."""
        make_folder(self._erasing)
        path = self._erasing / checked_digest(sha256)
        # Its name says it all, so there is nothing that could be left half-written.
        with refusing(path, "make a file"):
            path.touch(mode=0o600)
        sync_folder(self._erasing)

    def announced(self) -> list[str]:
        """The digests whose destruction was begun and not finished."""
        names = sorted(p.name for p in self._erasing.iterdir()) if self._erasing.is_dir() else []
        return [n for n in names if not n.startswith(".")]

    def immovable(self, sha256: str) -> str:
        """Why these bytes cannot be destroyed now, or ''."""
        return next(filter(None, map(self.shelf.immovable, self.forms(sha256))), "")

    def erase(self, sha256: str) -> None:
        """Destroy the bytes of an announced digest, with damaged and working copies of them."""
        for name in (sha256, sha256 + SEALED):
            self.shelf.remove(name)
        for copy in self._work.glob(f"{sha256}*"):
            with refusing(copy, "destroy the bytes"):
                copy.unlink(missing_ok=True)
        if self._work.is_dir():
            sync_folder(self._work)
        self.withdraw(sha256)

    def withdraw(self, sha256: str) -> None:
        """Forget an announcement."""
        (self._erasing / checked_digest(sha256)).unlink(missing_ok=True)

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


def checked_digest(sha256: str) -> str:
    """`sha256` itself. Raises VaultError for what is not a digest."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise VaultError(f"{sha256[:80]!r} is not a SHA-256 digest (64 hexadecimal digits).")
    return sha256


def digest_of(stream: BinaryIO, into: BinaryIO | None = None) -> str:
    """SHA-256 (hex) of the rest of a stream, which is copied to `into` on the way."""
    digest, buffer = hashlib.sha256(), bytearray(CHUNK)
    view = memoryview(buffer)
    while count := stream.readinto(view):  # type: ignore[attr-defined]
        digest.update(view[:count])
        if into is not None:
            into.write(view[:count])
    return digest.hexdigest()


def _memory_file(size: int) -> BinaryIO | None:
    if size > IN_MEMORY or not hasattr(os, "memfd_create"):
        return None
    return os.fdopen(os.memfd_create("exhibit", os.MFD_CLOEXEC), "w+b")


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
