"""What a user named (files, folders, addresses, '-') as one item for each thing to take in, in a stable order."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from marsad.errors import IntakeRefused

from ._finish import SIDECAR_FIELDS

_SIDECAR_LIMIT = 262_144
_KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to take in: a path, an address, or standard input; or a note on what is left out, and why."""

    source: str
    path: Path | None = None
    url: str | None = None
    sidecar: Path | None = None
    problem: str | None = None
    note: str | None = None


def expand(sources: Iterable[str | os.PathLike[str]]) -> Iterator[Item]:
    """Items for `sources`; folders are walked by name. Nothing is opened but sidecars, nothing is raised."""
    for source in sources:
        words = os.fspath(source)
        if words == "-":
            yield Item("stdin")
        elif isinstance(source, str) and _address(words):
            yield Item(words, url=words)
        else:
            yield from _path(Path(words))


def shown(path: str | os.PathLike[str]) -> str:
    """A path as text that can be kept: bytes that are not UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def open_regular(path: Path) -> BinaryIO:
    """The file, opened without waiting on a pipe or touching a device; raises IntakeRefused in one clear line."""
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as problem:
        raise IntakeRefused(_os_words(problem)) from None
    mode = os.fstat(fd).st_mode
    if not stat.S_ISREG(mode):
        os.close(fd)
        raise IntakeRefused(f"is {_KINDS.get(stat.S_IFMT(mode), 'a folder or special file')}, not a file; not taken")
    return os.fdopen(fd, "rb")


def read_sidecar(path: Path) -> dict[str, Any] | None:
    """The sidecar's object where the file is one: an object of single values with at least one field that we know."""
    try:
        with open_regular(path) as file:
            data = file.read(_SIDECAR_LIMIT + 1)
        found = json.loads(data) if len(data) <= _SIDECAR_LIMIT else None
    except (IntakeRefused, OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not any(name in found for name in SIDECAR_FIELDS):
        return None
    # An object with lists or objects in it is a document of its own: a post, a dump.
    if any(isinstance(value, (list, dict)) for value in found.values()) or "extractor" in found or "id" in found:
        return None
    return found


def find_sidecar(path: Path) -> Path | None:
    """`NAME.EXT.json`, `NAME.json`, or `article.json` where the file is the only one beside it."""
    if path.suffix.lower() == ".json":
        return None
    for candidate in (path.with_name(f"{path.name}.json"), path.with_suffix(".json")):
        if candidate.is_file() and read_sidecar(candidate) is not None:
            return candidate
    shared = path.with_name("article.json")
    if shared.is_file() and read_sidecar(shared) is not None and _alone(path):
        return shared
    return None


def _address(words: str) -> bool:
    return "://" in words[:12] and not words.startswith(("/", "."))


def _alone(path: Path) -> bool:
    try:
        others = [p for p in path.parent.iterdir() if p.suffix.lower() != ".json" and not p.name.startswith(".")]
    except OSError:
        return False
    return [p.name for p in others if p.is_file()] == [path.name]


def _path(path: Path) -> Iterator[Item]:
    try:
        mode = path.stat().st_mode
    except OSError as problem:
        yield Item(shown(path), problem=_os_words(problem))
        return
    source = shown(path.absolute())
    if stat.S_ISDIR(mode):
        yield from _folder(path, path.resolve())
    elif stat.S_ISREG(mode) and path.suffix.lower() == ".json" and (owner := _described(path)):
        yield Item(source, note=f"describes {owner.name}: taken with that file, not by itself")
    else:
        yield Item(source, path=path, sidecar=find_sidecar(path) if stat.S_ISREG(mode) else None)


def _described(path: Path) -> Path | None:
    """The file that a sidecar, named by itself, belongs to."""
    if read_sidecar(path) is None:
        return None
    try:
        beside = sorted(p for p in path.parent.iterdir() if p.suffix.lower() != ".json" and p.is_file())
    except OSError:
        return None
    return next((p for p in beside if find_sidecar(p) == path), None)


def _folder(folder: Path, root: Path) -> Iterator[Item]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
    except OSError as problem:
        yield Item(shown(folder), problem=_os_words(problem))
        return
    paths = [Path(entry.path) for entry in entries]
    sidecars = {path: sidecar for path in paths if path.is_file() and (sidecar := find_sidecar(path))}
    used = set(sidecars.values())
    for path in paths:
        source = shown(path.absolute())
        if path.name.startswith("."):
            yield Item(source, note="hidden: not taken; name it to take it")
        elif path.is_symlink():
            yield _link(path, root, source)
        elif path.is_dir():
            yield from _folder(path, root)
        elif path not in used:
            yield Item(source, path=path, sidecar=sidecars.get(path))


def _link(path: Path, root: Path, source: str) -> Item:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return Item(source, problem="a link that leads nowhere or in a circle; not taken")
    if target.is_dir():
        return Item(source, note="a link to a folder: not followed; name the folder to take it")
    if not target.is_relative_to(root):
        return Item(source, note="a link to a file outside the folder: not followed; name the file to take it")
    return Item(source, note="a link to a file in the same folder: taken there")


def _os_words(problem: OSError) -> str:
    words = {
        "FileNotFoundError": "no such file or folder",
        "PermissionError": "may not be read by this user; change its permissions or copy it",
        "IsADirectoryError": "is a folder",
        "NotADirectoryError": "no such file or folder",
    }
    return words.get(type(problem).__name__, (problem.strerror or "cannot be opened").lower())
