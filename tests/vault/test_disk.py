"""A disk that is really full, and one that is really read-only: mounted for the test, or skipped."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from marsad.errors import MarsadError, VaultError
from marsad.store import Store
from marsad.vault import Vault

from .conftest import blob, deposit


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of eight megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m,nr_inodes=4k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("needs to mount a file system (root)")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def case_on(disk: Path) -> Vault:
    return Vault(Store.open(f"sqlite:///{disk / 'case.sqlite'}"), disk / "vault", person="amal")


def test_a_full_disk_refuses_plainly_and_goes_on_when_there_is_room(disk: Path):
    vault = case_on(disk)
    deposit(vault, b"before")
    filler = disk / "filler"
    kept: list[str] = []
    refusals: set[str] = set()
    # Whatever is left, down to nothing at all, the refusal comes at another step.
    for free in (600_000, 150_000, 80_000, 40_000, 20_000, 12_000, 8_192, 4_096, 0):
        filler.unlink(missing_ok=True)
        space = os.statvfs(disk)
        with filler.open("wb") as out:
            out.write(bytes(max(0, space.f_bavail * space.f_frsize - free)))
        for n in range(30):
            content = b"%d %d" % (free, n) + bytes(20_000)
            try:
                kept.append(deposit(vault, content).exhibit.sha256)
            except MarsadError as error:
                refusals.add(str(error).rpartition(":")[2][:40])
                break
        else:
            assert free > 500_000, "the disk was not full: the test shows nothing"
    assert refusals
    filler.unlink()
    result = vault.verify()
    assert result.ok, result.problems
    with vault._store.read() as s:
        assert {e.sha256 for e in s.exhibits.all()} >= set(kept)
    assert deposit(vault, b"after").new
    result = case_on(disk).verify()
    assert (result.ok, [n.kind for n in result.notes if n.kind != "orphan"]) == (True, [])


def test_a_disk_without_inodes_refuses_plainly(disk: Path):
    vault = case_on(disk)
    deposit(vault, b"before")
    folder = disk / "many"
    folder.mkdir()
    with pytest.raises(OSError):
        for n in range(10_000):
            (folder / str(n)).touch()
    with pytest.raises(VaultError, match="disk is full"):
        deposit(vault, b"refused")
    assert vault.verify().ok


def test_a_read_only_disk_refuses_plainly_and_loses_nothing(disk: Path):
    vault = case_on(disk)
    sha256 = deposit(vault, b"before").exhibit.sha256
    command = ["mount", "-o", "remount,ro", str(disk)]
    vault._store.close()
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("needs to remount a file system read-only")
    with pytest.raises(VaultError, match="read-only"):
        deposit(vault, b"refused")
    with pytest.raises(VaultError):
        vault.record(sha256, "viewed")
    # SQLite cannot read a database with a write-ahead log where it may not make files; that is said, not hidden.
    assert [p.kind for p in vault.verify().problems] == ["database"]
    assert blob(vault, sha256).read_bytes() == b"before"
    vault._store.close()
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert deposit(vault, b"refused").new
    assert vault.verify().ok
