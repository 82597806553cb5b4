"""Files that survive power loss: written aside, synced, renamed into place, and their folder synced.

A failed sync is fatal. The kernel may have thrown the dirty pages away and report success the next time, so nothing
that was written since can be trusted and nothing is tried again.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import VaultError

# On macOS fsync leaves the bytes in the drive's own cache.
_FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)


class SyncFailed(VaultError):
    """The disk did not confirm a write."""


_ADVICE = {
    errno.ENOSPC: "the disk is full. Free some space and run it again",
    errno.EDQUOT: "the disk quota is used up. Free some space and run it again",
    errno.EROFS: "the disk is mounted read-only. Mount it for writing and run it again",
    errno.EACCES: "permission denied. Make the vault's folder writable by this user and run it again",
    errno.EPERM: "not permitted. Make the vault's folder writable by this user and run it again",
    errno.EFBIG: "the file is larger than this file system or user may write",
    errno.EIO: "the disk reported an input/output error. Check the disk before going on",
}


@contextmanager
def refusing(path: Path, doing: str) -> Iterator[None]:
    """Turn an OSError of the vault's own disk into one VaultError that names the file and what to do."""
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, error.strerror or str(error))
        raise VaultError(f"{path}: could not {doing}: {advice}.") from error


def sync(fd: int, path: Path) -> None:
    """Sync an open file or folder to the disk. Raises VaultError: what it held is not known to be on the disk."""
    try:
        os.fsync(fd)
        if _FULL_SYNC is not None:
            fcntl.fcntl(fd, _FULL_SYNC)
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, error.strerror or str(error))
        raise SyncFailed(
            f"{path}: the disk did not confirm the write: {advice}. Nothing more is accepted; "
            "stop, check the disk, then run 'marsad verify'."
        ) from error


def sync_folder(folder: Path) -> None:
    """Sync the names in a folder."""
    with refusing(folder, "open the folder"):
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sync(fd, folder)
    finally:
        os.close(fd)


def make_folder(folder: Path, mode: int = 0o700) -> None:
    """Make a folder and its missing parents, each name synced. One that is there is left as it is."""
    missing = []
    at = folder
    while not at.is_dir():
        missing.append(at)
        at = at.parent
    for new in reversed(missing):
        with refusing(new, "make the folder"):
            new.mkdir(mode=mode, exist_ok=True)
        sync_folder(new.parent)


def replace(path: Path, data: bytes, *, mode: int = 0o600, durable: bool = True) -> None:
    """Put `data` at `path` in one step: a reader sees the old bytes or the new, never part of them.

    With `durable` it returns once both bytes and name are on the disk.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        with refusing(path, "write"):
            fd = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
            try:
                write_all(fd, data)
                if durable:
                    sync(fd, path)
            finally:
                os.close(fd)
            aside.rename(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def write_all(fd: int, data: bytes | memoryview) -> None:
    """Write all of `data`; the kernel may take less than it is given."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold a lock between processes and threads on the file at `path`, made if missing; a crash frees it."""
    with refusing(path, "lock"):
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        with refusing(path, "lock"):
            fcntl.flock(fd, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
