"""How fast the vault takes bytes in and checks them, beside plain tools on the same disk; and whether size slows it.

    python benchmarks/vault.py --data FOLDER [--gigabytes 10] [--small 100000] [--kills 0]

FOLDER is made on the disk to be measured, and emptied afterwards. Large: files of mixed sizes, against `sha256sum` plus
`cp` with a sync of each file. Small: the cost of each of many small exhibits as their number grows. Kills: a mixed
workload killed with `kill -9` at random moments. Prints a table of each.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
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

    Of deposits, the last thousand before each size count; of verification, the whole, divided by the exhibits.
    """
    vault = new_vault(folder / "small")
    print(f"{'exhibits':>10s}{'deposit CPU':>14s}{'wall':>10s}{'verify CPU':>14s}{'wall':>10s}{'peak MiB':>12s}")
    held = 0
    for size in [10**n for n in range(3, 10) if 10**n < count] + [count]:
        many(vault, held, size - BATCH)
        began = time.process_time(), time.perf_counter()
        many(vault, max(held, size - BATCH), size)
        deposited = time.process_time(), time.perf_counter()
        vault.verify().require()
        verified = time.process_time(), time.perf_counter()
        held = size
        deposit_cost = [(b - a) / BATCH * 1e3 for a, b in zip(began, deposited)]
        verify_cost = [(b - a) / held * 1e3 for a, b in zip(deposited, verified)]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        cpu, wall = "{:14.3f}", "{:10.3f}"
        costs = cpu.format(deposit_cost[0]) + wall.format(deposit_cost[1])
        costs += cpu.format(verify_cost[0]) + wall.format(verify_cost[1])
        print(f"{held:10d}{costs}{peak:12.0f}", flush=True)


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
