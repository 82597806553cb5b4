"""How fast the vault takes bytes in and checks them, beside plain tools on the same disk; and whether size slows it.

    python benchmarks/vault.py --data FOLDER [--gigabytes 10] [--small 100000] [--kills 0]

FOLDER is made on the disk to be measured, and emptied afterwards. Large: files of mixed sizes, against `sha256sum` plus
`cp` with a sync of each file. Small: the cost of each of many small exhibits as their number grows. Kills: a mixed
workload killed with `kill -9` at random moments. Prints a table of each.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from marsad.store import Store
from marsad.vault import Deposit, Parcel, Vault

BATCH = 1_000
"""Deposits whose cost is measured at each size."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a folder to be made on the disk to be measured")
    parser.add_argument("--gigabytes", type=float, default=10.0)
    parser.add_argument("--small", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=0)
    options = parser.parse_args()
    options.data.mkdir(parents=True)
    try:
        if options.gigabytes:
            large(options.data, int(options.gigabytes * 1e9))
        if options.small:
            small(options.data, options.small)
        if options.kills:
            kills(options.data, options.kills)
    finally:
        shutil.rmtree(options.data)


def large(folder: Path, total: int) -> None:
    """Deposit `total` bytes in files of mixed sizes, and do the same with plain tools."""
    source = folder / "source"
    source.mkdir()
    files = list(mixed_files(source, total))
    total = sum(path.stat().st_size for path in files)
    print(f"{len(files)} files, {total / 1e9:.2f} GB, {min(sizes(files))} to {max(sizes(files))} bytes")
    print(f"{'':34s}{'seconds':>10s}{'MB/s':>10s}")

    def row(name: str, work: Callable[[], object]) -> float:
        os.sync()
        began = time.perf_counter()
        work()
        seconds = time.perf_counter() - began
        print(f"{name:34s}{seconds:10.1f}{total / 1e6 / seconds:10.0f}", flush=True)
        return seconds

    hashing = row("sha256sum", lambda: subprocess.run(["sha256sum", *files], check=True, stdout=subprocess.DEVNULL))
    copying = row("cp, then a sync of each file", lambda: copy_and_sync(files, folder / "copy"))
    shutil.rmtree(folder / "copy")
    vault = new_vault(folder / "case")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taking = row("deposit_all", lambda: deposit(vault, files))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    row("verify", lambda: vault.verify().require())
    print(f"deposit is at {100 * (hashing + copying) / taking:.0f} % of the speed of the two plain tools together")
    print(f"memory grew by {grown / 1024:.0f} MiB\n")
    for path in (source, folder / "case"):
        shutil.rmtree(path)


def small(folder: Path, count: int) -> None:
    """Deposit `count` small exhibits; print what one costs, in CPU and wall milliseconds, at each power of ten.

    Of deposits, the last thousand before each size count; of verification, the whole, divided by the exhibits. Beside
    it, in CPU, what plain files and a table of their digests in SQLite cost at the same sizes: each hashed, written and
    synced, and its row committed; then all read, hashed and looked up.
    """
    vault, plain = new_vault(folder / "small"), Plain(folder / "plain")
    print(f"{'':10s}{'deposit':>20s}{'verify':>20s}{'plain write':>14s}{'plain read':>14s}")
    print(
        f"{'exhibits':>10s}{'CPU':>10s}{'wall':>10s}{'CPU':>10s}{'wall':>10s}{'CPU':>14s}{'CPU':>14s}{'peak MiB':>12s}"
    )
    held = 0
    for size in [10**n for n in range(3, 10) if 10**n < count] + [count]:
        many(vault, held, size - BATCH)
        deposited = timed(lambda: many(vault, max(held, size - BATCH), size), BATCH)  # noqa: B023
        verified = timed(lambda: vault.verify().require(), size)
        plain.write(held, size - BATCH)
        written = timed(lambda: plain.write(max(held, size - BATCH), size), BATCH)  # noqa: B023
        read = timed(plain.read, size)
        held = size
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        costs = "".join(f"{n:10.3f}" for n in (*deposited, *verified)) + f"{written[0]:14.3f}{read[0]:14.3f}"
        print(f"{size:10d}{costs}{peak:12.0f}", flush=True)


def timed(work: Callable[[], object], count: int) -> tuple[float, float]:
    """Milliseconds of CPU and by the clock for each of `count` things that `work` does."""
    began = time.process_time(), time.perf_counter()
    work()
    return tuple((b - a) / count * 1e3 for a, b in zip(began, (time.process_time(), time.perf_counter())))


class Plain:
    """The same small files as a script would keep them: by digest on shelves, beside a table of what they are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.table = sqlite3.connect(folder / "table.sqlite", isolation_level=None)
        for sql in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"):
            self.table.execute(sql)
        self.table.execute("CREATE TABLE file (sha256 TEXT PRIMARY KEY, size INTEGER, name TEXT)")

    def write(self, first: int, last: int) -> None:
        """Write and sync each file, and commit its row."""
        for n in range(first, last):
            data = b"small exhibit %d" % n
            name = hashlib.sha256(data).hexdigest()
            path = self.folder / name[:2] / name[2:4] / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            self.table.execute("INSERT INTO file VALUES (?, ?, ?)", (name, len(data), "n.txt"))

    def read(self) -> None:
        """Read every file again, and hold its digest against its row."""
        for name, size in self.table.execute("SELECT sha256, size FROM file"):
            data = (self.folder / name[:2] / name[2:4] / name).read_bytes()
            if len(data) != size or hashlib.sha256(data).hexdigest() != name:
                raise ValueError(name)


def many(vault: Vault, first: int, last: int) -> None:
    for _ in vault.deposit_all(Parcel(b"small exhibit %d" % n, "n.txt", "bench", "file") for n in range(first, last)):
        pass


def kills(folder: Path, count: int) -> None:
    """`kill -9` at random moments of a mixed workload; what was acknowledged must be there and verify each time."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from vault.kills import killed
    from vault.test_timestamps import KEYS, make_authority

    authority = make_authority(folder / "authority", KEYS["ec"])
    Store.open(f"sqlite:///{folder / 'empty.sqlite'}").close()
    outcome = killed(
        folder / "kills", count, empty=folder / "empty.sqlite", ask=authority.ask, certificates=authority.everything
    )
    print(*outcome.table(), *dict.fromkeys(outcome.faults), sep="\n")
    if outcome.faults:
        sys.exit(1)


def new_vault(folder: Path) -> Vault:
    folder.mkdir()
    return Vault(Store.open(f"sqlite:///{folder / 'case.sqlite'}"), folder / "vault", person="bench")


def deposit(vault: Vault, files: list[Path]) -> None:
    for _, done in vault.deposit_all(Parcel(path, path.name, str(path), "file") for path in files):
        assert isinstance(done, Deposit)


def mixed_files(folder: Path, total: int) -> Iterator[Path]:
    """Files as a monitor's inbox has them: most are pages and pictures, most bytes are video."""
    chance = random.Random(1)
    block = chance.randbytes(1 << 20)
    made = 0
    while made < total:
        low, high = chance.choices([(2e3, 2e5), (2e5, 5e6), (5e6, 3e8)], [60, 30, 10])[0]
        size = min(int(chance.uniform(low, high)), total - made)
        path = folder / f"{made:015d}"
        with path.open("wb") as out:
            # Distinct beginnings, so that no two files are one exhibit.
            out.write(f"{made:020d}".encode()[:size])
            left = max(0, size - 20)
            while left:
                left -= out.write(block[: min(left, len(block))])
        made += size
        yield path


def copy_and_sync(files: list[Path], target: Path) -> None:
    target.mkdir()
    subprocess.run(["cp", "-r", files[0].parent, target], check=True)
    for path in files:
        fd = os.open(target / files[0].parent.name / path.name, os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)


def sizes(files: list[Path]) -> list[int]:
    return [path.stat().st_size for path in files]


if __name__ == "__main__":
    main()
