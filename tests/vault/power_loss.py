"""A disk that forgets what was not synced: a FUSE file system that keeps a journal, and a replay that cuts the power.

Contents last once the file is synced, names once their folder is: the least that POSIX promises. `python power_loss.py
MOUNT JOURNAL` serves it until it is unmounted; `Disk` replays the journal up to any operation and tells what is left.
"""

from __future__ import annotations

import errno
import os
import pickle
import random
import stat
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Op = tuple[Any, ...]
ROOT = 0


@dataclass
class Node:
    """A file or folder: as it looks to running programs, as it is on the disk, and the changes between the two."""

    folder: bool
    mode: int
    live: Any
    kept: Any
    pending: list[Op] = field(default_factory=list)


class Disk:
    """Applies operations; `left(...)` is what a power cut leaves."""

    def __init__(self) -> None:
        self.nodes = [Node(True, 0o755, {}, {})]

    def apply(self, op: Op) -> None:
        kind, number, *rest = op
        node = self.nodes[number]
        if kind == "make":
            name, folder, mode = rest
            self.nodes.append(Node(folder, mode, {} if folder else bytearray(), {} if folder else bytearray()))
            self._change(node, ("name", name, len(self.nodes) - 1))
        elif kind == "rename":
            name, target, new_name = rest
            moved = node.live[name]
            self._change(self.nodes[target], ("name", new_name, moved))
            self._change(node, ("gone", name))
        elif kind == "sync":
            node.kept = dict(node.live) if node.folder else bytearray(node.live)
            node.pending.clear()
        elif kind == "mode":
            node.mode = rest[0]
        else:
            self._change(node, (kind, *rest))

    def left(self, chance: random.Random | None = None) -> dict[str, tuple[int, bytes | None]]:
        """Path → (mode, bytes, or None for a folder). Only what was synced, or with `chance` some of the rest too."""
        found: dict[str, tuple[int, bytes | None]] = {}

        def walk(number: int, path: str) -> None:
            node = self.nodes[number]
            kept = node.kept.copy()
            for change in node.pending if chance else ():
                if chance is not None and chance.random() < 0.5:
                    _alter(kept, change if chance.random() < 0.7 else _torn(change, chance))
            if not node.folder:
                found[path] = (node.mode, bytes(kept))
                return
            if path:
                found[path] = (node.mode, None)
            for name, child in kept.items():
                walk(child, f"{path}/{name}" if path else name)

        walk(ROOT, "")
        return found

    def _change(self, node: Node, change: Op) -> None:
        _alter(node.live, change)
        node.pending.append(change)


def _alter(state: Any, change: Op) -> None:
    kind, *rest = change
    if kind == "name":
        state[rest[0]] = rest[1]
    elif kind == "gone":
        state.pop(rest[0], None)
    elif kind == "write":
        offset, data = rest
        state.extend(bytes(max(0, offset - len(state))))
        state[offset : offset + len(data)] = data
    elif kind == "cut":
        state.extend(bytes(max(0, rest[0] - len(state))))
        del state[rest[0] :]


def _torn(change: Op, chance: random.Random) -> Op:
    """Part of a write reached the disk."""
    if change[0] != "write":
        return change
    return ("write", change[1], change[2][: chance.randrange(len(change[2]) + 1)])


def materialise(left: dict[str, tuple[int, bytes | None]], folder: Path) -> None:
    """Write what a power cut left to a real folder."""
    for path, (mode, data) in left.items():
        target = folder / path
        if data is None:
            target.mkdir()
        else:
            target.write_bytes(data)
            target.chmod(stat.S_IMODE(mode))


def cuts(journal: Iterable[Op]) -> list[int]:
    """The operations at which what is on the disk changes: the cuts that differ when nothing unsynced lasts."""
    return [n for n, op in enumerate(journal, 1) if op[0] == "sync"]


def serve(mount: str, journal_path: str) -> None:
    """Serve the file system at `mount`, and write the journal when it is unmounted."""
    import mfusepy

    disk, journal, lock = Disk(), [], threading.Lock()

    def find(path: str) -> int:
        number = ROOT
        for part in path.strip("/").split("/"):
            if part:
                entries = disk.nodes[number].live
                if not isinstance(entries, dict) or part not in entries:
                    raise mfusepy.FuseOSError(errno.ENOENT)
                number = entries[part]
        return number

    def do(*op: Any) -> int:
        with lock:
            disk.apply(op)
            journal.append(op)
        return 0

    def parent(path: str) -> tuple[int, str]:
        folder, _, name = path.rpartition("/")
        return find(folder), name

    class Forgetful(mfusepy.Operations):
        def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
            node = disk.nodes[fh if fh else find(path)]
            kind = stat.S_IFDIR if node.folder else stat.S_IFREG
            return {
                "st_mode": kind | stat.S_IMODE(node.mode), "st_nlink": 1, "st_size": len(node.live),
                "st_uid": os.getuid(), "st_gid": os.getgid(), "st_mtime": int(time.time()),
            }  # fmt: skip

        def readdir(self, path: str, fh: int) -> list[str]:
            return [".", "..", *disk.nodes[find(path)].live]

        def open(self, path: str, flags: int) -> int:
            return find(path)

        def create(self, path: str, mode: int, fi: Any = None) -> int:
            at, name = parent(path)
            do("make", at, name, False, mode)
            return find(path)

        def mkdir(self, path: str, mode: int) -> int:
            at, name = parent(path)
            return do("make", at, name, True, mode)

        def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
            return bytes(disk.nodes[fh].live[offset : offset + size])

        def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
            do("write", fh, offset, bytes(data))
            return len(data)

        def truncate(self, path: str, length: int, fh: int | None = None) -> int:
            return do("cut", fh if fh else find(path), length)

        def unlink(self, path: str) -> int:
            find(path)
            return do("gone", *parent(path))

        rmdir = unlink

        def rename(self, old: str, new: str) -> int:
            find(old)
            return do("rename", *parent(old), *parent(new))

        def chmod(self, path: str, mode: int) -> int:
            return do("mode", find(path), mode)

        def fsync(self, path: str, datasync: int, fh: int) -> int:
            return do("sync", fh if fh else find(path))

        def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
            return do("sync", find(path))

        def utimens(self, path: str, times: Any = None) -> int:
            return 0

        def statfs(self, path: str) -> dict[str, int]:
            return {"f_bsize": 4096, "f_blocks": 1 << 20, "f_bavail": 1 << 20, "f_bfree": 1 << 20}

    mfusepy.FUSE(Forgetful(), mount, foreground=True, nothreads=True)
    Path(journal_path).write_bytes(pickle.dumps(journal))


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
