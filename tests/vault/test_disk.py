"""A disk that is really full, and one that is really read-only: mounted for the test, or skipped."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from marsad.cli import main
from marsad.errors import MarsadError, VaultError
from marsad.pipeline import create_case
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


def test_a_case_on_media_that_cannot_be_written_can_be_read(disk: Path, tmp_path: Path):
    words = "Fiction. Two people were killed by shelling in Aleppo on 3 May 2031, officials said."
    (tmp_path / "report.txt").write_text(words)
    with create_case(disk / "case", person="amal") as case:
        for received in case.add([tmp_path / "report.txt"]):
            assert received.exhibit
    run = CliRunner().invoke
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        for reading in (["verify"], ["reports"], ["search", "shelling"], ["incidents"], ["ledger"]):
            command, *rest = reading
            done = run(main, [command, str(disk / "case"), *rest])
            assert done.exit_code == 0, (reading, done.output)
        for writing in (["add", str(disk / "case"), str(tmp_path / "report.txt")], ["refresh", str(disk / "case")]):
            done = run(main, writing)
            assert done.exit_code == 1
            assert "cannot be written" in done.output and done.output.count("\n") <= 2, done.output
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    # A copy that was taken while the case was open has its newest rows in another file, which is not passed over.
    (disk / "case" / "case.sqlite-wal").write_bytes(b"newer")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        done = run(main, ["reports", str(disk / "case")])
        assert done.exit_code == 1 and "made while the case was open" in done.output
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
