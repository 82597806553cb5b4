"""The power fails at every point of a workload: what was acknowledged is there, verifies, and work goes on.

`kill -9` cannot find a missing sync, for the kernel still writes what a dead process left. This can, and the last tests
show that it does: with a sync taken out, it finds what would be lost.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from marsad.errors import IntakeRefused
from marsad.store import Store
from marsad.vault import Deposit, Parcel, Vault, _blobs, _durable, _shelf

from .power_loss import Disk, Op, cuts, materialise

ACKNOWLEDGED = ".acknowledged"


@contextmanager
def forgetful_disk(folder: Path) -> Iterator[Path]:
    """A mounted file system that forgets; its journal is in `folder/journal` afterwards."""
    mount = folder / "mount"
    mount.mkdir()
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "power_loss.py"), str(mount), str(folder / "journal")],
        stderr=subprocess.PIPE,
    )
    try:
        until = time.monotonic() + 20
        while not mount.is_mount():
            if server.poll() is not None or time.monotonic() > until:
                server.kill()
                why = (server.communicate()[1] or b"").decode().strip().splitlines()
                pytest.skip(f"needs FUSE: {why[-1] if why else 'it did not mount'}")
            time.sleep(0.02)
        yield mount
    finally:
        if mount.is_mount():
            subprocess.run(["umount", str(mount)], check=False) if os.geteuid() == 0 else subprocess.run(
                ["fusermount", "-u", str(mount)], check=False
            )
        server.wait(timeout=30)


def case_in(folder: Path) -> Vault:
    return Vault(Store.open(f"sqlite:///{folder / 'case.sqlite'}"), folder / "vault", person="amal")


def work(vault: Vault, note: Callable[[Deposit | str], None]) -> None:
    for n in range(4):
        note(vault.deposit(b"singly %d" % n, name="n", source="test", method="file"))
    with contextlib.suppress(IntakeRefused):
        doomed = vault.deposit(b"to be destroyed", name="n", source="test", method="file")
        note(f"erased {vault.erase(doomed.exhibit.sha256, reason='court order').exhibit}")
    note(f"key {vault.rotate_key(reason='somebody left')}")
    vault.record("", "viewed")
    for _, done in vault.deposit_all(Parcel(b"together %d" % n, "n", "test", "file") for n in range(6)):
        assert isinstance(done, Deposit)
        note(done)
    note(vault.deposit(b"singly 1", name="again", source="test", method="file"))


def run_workload(folder: Path) -> list[Op]:
    with forgetful_disk(folder) as mount:
        vault = case_in(mount)
        with (mount / ACKNOWLEDGED).open("a", buffering=1) as out:

            def note(done: Deposit | str) -> None:
                print(done if isinstance(done, str) else f"{done.exhibit.sha256} {done.event.seq}", file=out)

            work(vault, note)
        vault._store.close()
    journal: list[Op] = pickle.loads((folder / "journal").read_bytes())
    return journal


def replay(journal: list[Op], at: int) -> tuple[Disk, list[tuple[str, str]]]:
    """The disk at operation `at`, and what the outside world had been told by then."""
    disk = Disk()
    for op in journal[:at]:
        disk.apply(op)
    shown = disk.nodes[0].live.get(ACKNOWLEDGED)
    text = bytes(disk.nodes[shown].live).decode() if shown else ""
    lines = [line.split() for line in text.splitlines(keepends=True) if line.endswith("\n")]
    return disk, [(first, second) for first, second in lines]


def faults_after(journal: list[Op], at: int, chance: random.Random | None = None, go_on: bool = True) -> list[str]:
    """What is wrong in the case that the cut at operation `at` leaves."""
    disk, acknowledged = replay(journal, at)
    left = disk.left(chance)
    left.pop(ACKNOWLEDGED, None)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as name:
        folder = Path(name)
        materialise(left, folder)
        vault = case_in(folder)
        result = vault.verify()
        faults = [p.message for p in result.problems]
        with vault._store.read() as s:
            held = {e.sha256 for e in s.exhibits.all()}
        for first, second in acknowledged:
            if first == "erased":
                if (folder / "vault" / "blobs" / "sha256" / second[:2] / second).exists():
                    faults.append(f"{second} was destroyed, and is back")
            elif first == "key":
                if not faults and second not in map(str, vault.log.verifiers()):
                    faults.append(f"the new key {second} is lost")
            elif first not in held:
                faults.append(f"acknowledged {first} is lost")
            elif int(second) > result.signed:
                faults.append(f"acknowledged event {second} is not signed")
        if not faults and go_on:
            work(vault, lambda done: None)
            after = vault.verify()
            faults += [p.message for p in after.problems]
            if after.exhibits != 11 or after.notes:
                faults.append(f"the re-run did not finish: {after}")
        vault._store.close()
    return faults


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> list[Op]:
    return run_workload(tmp_path_factory.mktemp("power"))


def test_cut_at_every_sync_with_nothing_else_left(journal):
    points = cuts(journal)
    assert len(points) > 50
    assert len(replay(journal, len(journal))[1]) == 13
    for at in [*points, len(journal)]:
        # Just before the next sync more may have been acknowledged, with the same things on the disk.
        later = next((p - 1 for p in points if p > at), len(journal))
        assert faults_after(journal, later, go_on=at % 5 == 0) == [], f"cut at operation {later} of {len(journal)}"


def test_cut_anywhere_with_some_of_the_rest_left(journal):
    chance = random.Random(11)
    for _ in range(60):
        at, seed = chance.randrange(len(journal) + 1), chance.random()
        assert faults_after(journal, at, random.Random(seed), go_on=False) == [], f"cut at {at} with seed {seed}"


@pytest.mark.parametrize("missing", ["file", "folder"])
def test_a_missing_sync_is_found(tmp_path_factory, monkeypatch, missing):
    if missing == "file":
        monkeypatch.setattr(_blobs, "sync", lambda fd, path: None)
    else:
        for module in (_blobs, _durable, _shelf):
            monkeypatch.setattr(module, "sync_folder", lambda folder: None)
    journal = run_workload(tmp_path_factory.mktemp("power"))
    found = faults_after(journal, len(journal), go_on=False)
    assert found, "the test does not see the fault that it is there to find"
