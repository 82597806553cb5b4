"""Where backups go: bytes on a shelf, and snapshots of the rest as files beside it."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from ..errors import CaseError, CustodyBroken
from ._blobs import digest_of
from ._durable import make_folder, refusing, sync, sync_folder
from ._shelf import FolderShelf, Shelf

if TYPE_CHECKING:
    from ._s3 import ObjectShelf


class Depot(Protocol):
    """A place for backups."""

    shelf: Shelf

    def prepare(self) -> None:
        """Make what is needed; may be called again."""

    def keep(self, source: BinaryIO, name: str, digest: str) -> bool:
        """Put bytes on the shelf if they hash to `digest`; False, and nothing is put, if they do not."""

    def save(self, source: Path, name: str) -> None:
        """Keep a snapshot, for good."""

    def snapshots(self) -> list[str]:
        """The names of the snapshots, oldest first."""

    def fetch(self, name: str) -> BinaryIO:
        """A snapshot, seekable. Raises CaseError if it is not there."""

    def forget(self, name: str) -> None:
        """Destroy a snapshot."""


def shelf_at(address: str, *, endpoint: str = "", lock: str = "") -> Shelf:
    """The shelf in an object store at `s3://bucket/prefix`; see `ObjectShelf`."""
    from ._s3 import ObjectShelf

    return ObjectShelf(address, endpoint=endpoint, lock=lock)


def depot_at(place: str, *, endpoint: str = "", lock: str = "") -> Depot:
    """The depot at a place: a folder, or an object store at `s3://bucket/prefix`."""
    if not place.startswith("s3://"):
        return FolderDepot(Path(place))
    from ._s3 import ObjectShelf

    return ObjectDepot(ObjectShelf(place, endpoint=endpoint, lock=lock))


class FolderDepot:
    """Backups in a folder, for instance on another disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._shelf = FolderShelf(folder)
        self.shelf: Shelf = self._shelf
        self._snapshots = folder / "snapshots"

    def prepare(self) -> None:
        """See `Depot`; files that a run cut off left half-written are removed."""
        make_folder(self._snapshots)
        make_folder(self.folder / "tmp")
        self.shelf.prepare()
        for left in (self.folder / "tmp").iterdir():
            left.unlink(missing_ok=True)

    def keep(self, source: BinaryIO, name: str, digest: str) -> bool:
        """See `Depot`. The caller lets the shelf settle."""
        with self._aside() as (path, out):
            with refusing(path, "write the backup"):
                found = digest_of(source, into=out)
                out.flush()
                os.fchmod(out.fileno(), 0o444)
            if found != digest:
                return False
            sync(out.fileno(), path)
            self.shelf.put(path, name)
        return True

    def save(self, source: Path, name: str) -> None:
        """See `Depot`."""
        with self._aside() as (path, out):
            with refusing(path, "write the backup"):
                with source.open("rb") as snapshot:
                    digest_of(snapshot, into=out)
                out.flush()
            sync(out.fileno(), path)
            path.rename(self._snapshots / name)
        sync_folder(self._snapshots)

    def snapshots(self) -> list[str]:
        """See `Depot`."""
        return sorted(p.name for p in self._snapshots.iterdir()) if self._snapshots.is_dir() else []

    def fetch(self, name: str) -> BinaryIO:
        """See `Depot`."""
        try:
            return (self._snapshots / name).open("rb")
        except OSError as error:
            raise CaseError(f"{self._snapshots / name}: cannot be read ({error.strerror}).") from error

    def forget(self, name: str) -> None:
        """See `Depot`."""
        with refusing(self._snapshots / name, "destroy the snapshot"):
            (self._snapshots / name).unlink()
        sync_folder(self._snapshots)

    @contextmanager
    def _aside(self) -> Iterator[tuple[Path, BinaryIO]]:
        path = self.folder / "tmp" / secrets.token_hex(8)
        with refusing(path, "make a file"):
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(fd, "wb") as out:
                yield path, out
        finally:
            path.unlink(missing_ok=True)


class ObjectDepot:
    """Backups in an object store; snapshots are objects too."""

    def __init__(self, shelf: ObjectShelf) -> None:
        self._objects = shelf
        self.shelf: Shelf = shelf

    def prepare(self) -> None:
        """See `Depot`."""
        self.shelf.prepare()

    def keep(self, source: BinaryIO, name: str, digest: str) -> bool:
        """See `Depot`; by way of a temporary file, so that nothing false is put."""
        with tempfile.NamedTemporaryFile() as spool:
            if digest_of(source, into=spool) != digest:  # type: ignore[arg-type]
                return False
            spool.flush()
            self._objects.put_key(Path(spool.name), self._objects.key(name))
        return True

    def save(self, source: Path, name: str) -> None:
        """See `Depot`."""
        self._objects.put_key(source, self._objects.at(f"snapshots/{name}"))

    def snapshots(self) -> list[str]:
        """See `Depot`."""
        return sorted(key.removeprefix("snapshots/") for key in self._objects.named("snapshots/"))

    def fetch(self, name: str) -> BinaryIO:
        """See `Depot`."""
        try:
            return self._objects.open_key(self._objects.at(f"snapshots/{name}"), name)
        except CustodyBroken as error:
            raise CaseError(str(error)) from error

    def forget(self, name: str) -> None:
        """See `Depot`."""
        self._objects.remove_key(self._objects.at(f"snapshots/{name}"))
