"""A Merkle tree that grows to the right, held as its unfinished tiles: a few kilobytes, however many leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from . import _merkle as merkle
from ._tiles import WIDTH, Tiles, bundle


@dataclass(slots=True)
class Growth:
    """The right edge of a tree of `size` leaves: at each tile level, the hashes of the tile that is not yet full."""

    size: int = 0
    edge: list[list[bytes]] = field(default_factory=list)
    entries: list[bytes] = field(default_factory=list)
    """The entries of the last bundle, while it is not full."""

    @classmethod
    def load(cls, tiles: Tiles, size: int) -> Growth | None:
        """The edge at `size`, read from the tiles; None if they are not all there."""
        edge, level = [], 0
        while size >> (8 * level):
            width = (size >> (8 * level)) % WIDTH
            hashes = tiles.hashes(level, size >> (8 * (level + 1)), width) if width else []
            if len(hashes) < width:
                return None
            edge.append(hashes)
            level += 1
        entries = tiles.entries(size // WIDTH, size % WIDTH) if size % WIDTH else []
        return cls(size, edge, entries) if len(entries) == size % WIDTH else None

    def add(self, entry: bytes) -> Iterator[tuple[int | str, int, bytes]]:
        """Add a leaf. Yields (level or 'entries', index, bytes) of each tile that it fills."""
        index = self.size // WIDTH
        self.entries.append(entry)
        if len(self.entries) == WIDTH:
            yield "entries", index, bundle(self.entries)
            self.entries = []
        carried: bytes | None = merkle.leaf_hash(entry)
        level = 0
        while carried is not None:
            if level == len(self.edge):
                self.edge.append([])
            tile = self.edge[level]
            tile.append(carried)
            carried = None
            if len(tile) == WIDTH:
                yield level, index >> (8 * level), b"".join(tile)
                carried = merkle.complete_root(tile)
                self.edge[level] = []
                level += 1
        self.size += 1

    def partials(self) -> Iterator[tuple[int | str, int, int, bytes]]:
        """(level or 'entries', index, width, bytes) of the tiles that are not full."""
        if self.entries:
            yield "entries", self.size // WIDTH, len(self.entries), bundle(self.entries)
        for level, tile in enumerate(self.edge):
            if tile:
                yield level, self.size >> (8 * (level + 1)), len(tile), b"".join(tile)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        peaks: list[bytes] = []
        for tile in reversed(self.edge):
            at = 0
            for bit in reversed(range(8)):
                if len(tile) >> bit & 1:
                    peaks.append(merkle.complete_root(tile[at : at + (1 << bit)]))
                    at += 1 << bit
        if not peaks:
            return merkle.EMPTY_ROOT
        found = peaks.pop()
        while peaks:
            found = merkle.node_hash(peaks.pop(), found)
        return found

    def copy(self) -> Growth:
        """One that grows apart from this."""
        return Growth(self.size, [list(tile) for tile in self.edge], list(self.entries))
