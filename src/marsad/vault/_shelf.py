"""Where finished bytes stand, each under its name: a folder (here), or an object store (`_s3`)."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from ..errors import CustodyBroken
from ._durable import make_folder, refusing, sync_folder

SHARDS = tuple(f"{n:02x}" for n in range(256))


class Shelf(Protocol):
    """Keeps bytes under names that begin with their SHA-256. What `put` and then `settle` were given outlives a cut."""

    workers: int
    """How many may put at once."""

    def prepare(self) -> None:
        """Make what is needed, once; may be called again."""

    def size(self, name: str) -> int | None:
        """How many bytes stand under a name; None if there are none."""

    def open(self, name: str) -> BinaryIO:
        """Those bytes, seekable. Raises CustodyBroken if they are not there."""

    def put(self, source: Path, name: str) -> None:
        """Take the synced file `source` as `name`, in one step; it may replace another."""

    def settle(self, names: Iterable[str]) -> None:
        """Return once what was put under these names, or removed, is so for good."""

    def set_aside(self, name: str) -> None:
        """Move damaged bytes to where they are in nobody's way."""

    def remove(self, name: str) -> None:
        """Destroy the bytes under a name, and damaged copies of them."""

    def immovable(self, name: str) -> str:
        """Why the bytes under a name cannot be destroyed now, or ''."""

    def walk(self) -> Iterator[tuple[str | None, str]]:
        """(name, where) of all that is there; the name is None for what cannot be ours."""

    def where(self, name: str) -> str:
        """The place of a name, for people."""


class FolderShelf:
    """`blobs/sha256/3f/3f9a…` in a folder of this machine, read-only files, links not followed."""

    workers = 1

    def __init__(self, folder: Path) -> None:
        self._blobs = folder / "blobs" / "sha256"
        self._damaged = folder / "damaged"

    def prepare(self) -> None:
        """Every shard is made now: no deposit depends on a name that another process made."""
        make_folder(self._blobs)
        for shard in SHARDS:
            with refusing(self._blobs / shard, "make the folder"):
                (self._blobs / shard).mkdir(mode=0o700, exist_ok=True)
        # Others may have made the upper folders without syncing them.
        for folder in (self._blobs, self._blobs.parent, *list(self._blobs.parents)[1:4]):
            sync_folder(folder)

    def path(self, name: str) -> Path:
        """The file of a name."""
        return self._blobs / name[:2] / name

    def size(self, name: str) -> int | None:
        """See `Shelf`; a link counts, so that `open` refuses it."""
        try:
            return self.path(name).lstat().st_size
        except OSError:
            return None

    def open(self, name: str) -> BinaryIO:
        """See `Shelf`."""
        path = self.path(name)
        try:
            fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise CustodyBroken(f"exhibit {name[:64]}: its bytes cannot be opened ({error.strerror}).") from error
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise CustodyBroken(f"exhibit {name[:64]}: {path} is not a file.")
        return os.fdopen(fd, "rb")

    def put(self, source: Path, name: str) -> None:
        """See `Shelf`."""
        with refusing(self.path(name), "keep the bytes"):
            source.rename(self.path(name))

    def settle(self, names: Iterable[str]) -> None:
        """See `Shelf`."""
        for folder in {self.path(name).parent for name in names}:
            sync_folder(folder)

    def set_aside(self, name: str) -> None:
        """See `Shelf`."""
        make_folder(self._damaged)
        with refusing(self.path(name), "set the damaged copy aside"):
            self.path(name).rename(self._damaged / f"{name}.{secrets.token_hex(4)}")
        sync_folder(self._damaged)

    def remove(self, name: str) -> None:
        """See `Shelf`."""
        for copy in (self.path(name), *self._damaged.glob(f"{name}.*")):
            with refusing(copy, "destroy the bytes"):
                copy.unlink(missing_ok=True)
        for folder in (self.path(name).parent, self._damaged):
            if folder.is_dir():
                sync_folder(folder)

    def immovable(self, name: str) -> str:
        """Nothing here keeps its owner from it."""
        return ""

    def walk(self) -> Iterator[tuple[str | None, str]]:
        """See `Shelf`; in the order of names."""
        for shard in sorted(self._blobs.iterdir()) if self._blobs.is_dir() else ():
            if shard.name not in SHARDS or not shard.is_dir():
                yield None, str(shard)
                continue
            for path in sorted(shard.iterdir()):
                yield path.name if path.name[:2] == shard.name else None, str(path)

    def where(self, name: str) -> str:
        """See `Shelf`."""
        return str(self.path(name))
