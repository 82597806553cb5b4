"""The log's hashes on disk, laid out as C2SP tlog-tiles: `tile/0/x001/234`, `tile/entries/000.p/17`.

A full tile is 256 hashes, synced once and never written again. A partial one is a convenience for readers: the
database holds what it is made of, so it is written without a sync and made again if power loss takes it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

from . import _merkle as merkle
from ._durable import make_folder, refusing, replace

WIDTH = 256
HASH = 32


class Tiles:
    """Reading and writing tiles below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "tile"

    def hashes(self, level: int, index: int, width: int = WIDTH) -> list[bytes]:
        """The first `width` hashes of a tile; fewer, or none, if the disk does not hold them."""
        data = self._read(str(level), index, width)[: width * HASH]
        return [data[i : i + HASH] for i in range(0, len(data) - len(data) % HASH, HASH)]

    def entries(self, index: int, width: int = WIDTH) -> list[bytes]:
        """The first `width` entries of a bundle; fewer, or none, if the disk does not hold them."""
        return unbundle(self._read("entries", index, width))[:width]

    def write(self, level: int | str, index: int, width: int, data: bytes) -> None:
        """Write a tile (or, with level 'entries', a bundle) of `width` hashes; a full one is on the disk on return."""
        path = self._path(str(level), index, width)
        full = width == WIDTH
        if full:
            make_folder(path.parent)
        else:
            with refusing(path, "make the folder"):
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace(path, data, mode=0o444, durable=full)

    def tidy(self, level: int | str, index: int, width: int) -> None:
        """Remove partial tiles that the one of `width` replaces."""
        partials = self._path(str(level), index, 1).parent
        if not partials.is_dir():
            return
        for old in partials.iterdir():
            if width == WIDTH or (old.name.isdigit() and int(old.name) < width):
                old.unlink(missing_ok=True)
        if width == WIDTH:
            partials.rmdir()

    def subtree(self, size: int) -> merkle.Subtree:
        """The hashes of complete subtrees of the first `size` leaves. Raises ValueError where a tile is missing."""

        def hash_of(level: int, index: int) -> bytes:
            tile_level, within = divmod(level, 8)
            first = index << within
            number, offset = divmod(first, WIDTH)
            width = min(WIDTH, (size >> (8 * tile_level)) - number * WIDTH)
            hashes = self.hashes(tile_level, number, width)[offset : offset + (1 << within)]
            if len(hashes) < 1 << within:
                raise ValueError(f"tile {tile_level}/{number} of the log is missing or cut short")
            return merkle.complete_root(hashes)

        return hash_of

    def expected_path(self, level: int | str, index: int, width: int) -> Path:
        """Where a tile of that width is."""
        return self._path(str(level), index, width)

    def _read(self, level: str, index: int, width: int) -> bytes:
        partials = self._path(level, index, 1).parent
        paths = [self._path(level, index, WIDTH)]
        if width < WIDTH:
            # A later partial tile, or the full one, begins with the same hashes.
            later = [p for p in partials.iterdir() if p.name.isdigit()] if partials.is_dir() else []
            paths += sorted((p for p in later if int(p.name) >= width), key=lambda p: int(p.name))
        for path in paths:
            try:
                return path.read_bytes()
            except FileNotFoundError:
                continue
        return b""

    def _path(self, level: str, index: int, width: int) -> Path:
        parts = [f"{index % 1000:03d}"]
        while index := index // 1000:
            parts.insert(0, f"x{index % 1000:03d}")
        folder = self._folder.joinpath(level, *parts[:-1])
        return folder / parts[-1] if width == WIDTH else folder / f"{parts[-1]}.p" / str(width)


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries as a bundle: each after its length in two bytes, big end first."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle, as far as it is whole."""
    entries, at = [], 0
    while at + 2 <= len(data):
        (length,) = struct.unpack_from(">H", data, at)
        if at + 2 + length > len(data):
            break
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return entries
