"""A case from a backup, in a new folder: every byte is checked on the way, and the case at the end."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from ..errors import CaseError, CustodyBroken
from ..settings import FILE, Settings
from ._backup import DATABASE, DUMP, FORMAT, MANIFEST, newest, opened
from ._blobs import Blobs
from ._depot import Depot, FolderDepot
from ._durable import make_folder, sync, sync_folder, write_all
from ._keyring import Keyring

RESTORED = "restored"
"""Action of the custody event that tells of a restoration."""
_NAMES = re.compile(r"settings\.toml|case\.(?:sqlite|pgdump)|keys/[\w.-]+|vault/log/[\w./-]+")


def restore(
    depot: Depot,
    folder: Path,
    *,
    snapshot: str | None = None,
    identity: Path | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Make the case of a snapshot (the newest if None) again in `folder`, which must be empty or not exist.

    Returns the snapshot's manifest. Raises CaseError if the folder is in use or there is no such snapshot,
    CustodyBroken if something in the backup was altered; then the folder is removed again.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CaseError(f"{folder}: is there already, and not empty. A case is restored into a new folder.")
    name = snapshot or newest(depot)
    if name not in depot.snapshots():
        raise CaseError(f"there is no snapshot '{name}' here. There are: {', '.join(depot.snapshots()) or 'none'}.")
    make_folder(folder)
    folder.chmod(0o700)
    try:
        manifest = _unpack(depot, name, folder, Keyring(identity))
        vault = folder / "vault"
        Blobs(vault).prepare()
        target = FolderDepot(vault)
        for number, (blob, digest) in enumerate(manifest["bytes"], 1):
            with depot.shelf.open(blob) as stream:
                if not target.keep(stream, blob, digest):
                    raise CustodyBroken(f"exhibit {blob[:64]}: its bytes in the backup were altered.")
            if progress:
                progress(number, len(manifest["bytes"]))
        target.shelf.settle(blob for blob, _ in manifest["bytes"])
        sync_folder(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return {**manifest, "snapshot": name}


def _unpack(depot: Depot, name: str, folder: Path, keys: Keyring) -> dict[str, Any]:
    manifest: dict[str, Any] = {}
    with opened(depot, name, keys) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is None or (member.name != MANIFEST and not _NAMES.fullmatch(member.name)):
                raise CustodyBroken(f"{name}: Marsad does not put {member.name[:80]!r} into a snapshot.")
            if member.name == MANIFEST:
                manifest = json.loads(file.read())
                continue
            if ".." in member.name.split("/"):
                raise CustodyBroken(f"{name}: this snapshot holds a file outside its own folder.")
            _write(folder / member.name, file, 0o600)
    if manifest.get("format") != FORMAT:
        raise CustodyBroken(f"{name}: this is no snapshot of Marsad, or one of a later version.")
    settings = Settings.load(folder)
    if (folder / DUMP).exists():
        _say_how(folder)
    elif settings.database != DATABASE:
        _set(folder, "database", DATABASE)
    # The bytes come into the folder, whether or not the store still has them.
    _set(folder, "objects", "")
    return manifest


def _write(path: Path, file: IO[bytes], mode: int) -> None:
    make_folder(path.parent)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        while piece := file.read(1 << 20):
            write_all(fd, piece)
        sync(fd, path)
    finally:
        os.close(fd)
    sync_folder(path.parent)


def _set(folder: Path, key: str, value: str) -> None:
    path = folder / FILE
    text = re.sub(rf"^{key} = .*$", f'{key} = "{value}"', path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")


def _say_how(folder: Path) -> None:
    (folder / "RESTORE.txt").write_text(
        f"This case was on a PostgreSQL server. Its database is in {DUMP}. Make an empty database, run\n"
        f"    pg_restore --no-owner -d NAME {DUMP}\n"
        f"and name the database in {FILE}. Then run: marsad verify .\n",
        encoding="utf-8",
    )
