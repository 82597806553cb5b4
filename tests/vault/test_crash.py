"""Killed at any moment: what was acknowledged is there and verifies, and a re-run finishes the work."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from marsad.vault import Deposit, Parcel, Vault

from .kills import killed

KILLS = int(os.environ.get("MARSAD_KILLS", "10"))
MIXED = int(os.environ.get("MARSAD_MIXED_KILLS", "24"))


def in_child(work: Callable[[int], None]) -> tuple[int, int]:
    """Run `work(pipe)` in a forked process; returns (its id, the reading end of the pipe)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work(writing)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - nothing may escape into the parent's pytest
            import traceback

            traceback.print_exc()
            os._exit(1)
    os.close(writing)
    return child, reading


def read_all(reading: int) -> list[str]:
    with os.fdopen(reading) as pipe:
        return [line.rstrip("\n") for line in pipe if line.endswith("\n")]


def content(seed: int) -> bytes:
    chance = random.Random(seed)
    return chance.randbytes(chance.choice([0, 10, 1_000, 100_000, 500_000]))


@pytest.mark.parametrize("grouped", [False, True])
def test_killed_ten_times_nothing_acknowledged_is_lost(open_vault, grouped):
    chance = random.Random(20 + grouped)
    acknowledged: set[str] = set()
    wanted = [content(seed) for seed in range(120)]

    def work(pipe: int) -> None:
        vault: Vault = open_vault()
        parcels = [Parcel(data, "n", "test", "file") for data in wanted]
        if grouped:
            for _, done in vault.deposit_all(parcels):
                assert isinstance(done, Deposit)
                os.write(pipe, f"{done.exhibit.sha256}\n".encode())
        else:
            for parcel in parcels:
                done = vault.deposit(parcel.content, name="n", source="test", method="file")
                os.write(pipe, f"{done.exhibit.sha256}\n".encode())

    for _ in range(KILLS):
        child, reading = in_child(work)
        time.sleep(chance.uniform(0.01, 0.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        acknowledged |= set(read_all(reading))
        result = open_vault().verify()
        assert result.ok, result.problems
        held = {p.name for p in (open_vault().folder / "blobs").rglob("*") if p.is_file()}
        assert acknowledged <= held
    child, reading = in_child(work)
    assert os.waitpid(child, 0)[1] == 0
    assert set(read_all(reading)) == {hashlib.sha256(data).hexdigest() for data in wanted}
    result = open_vault().verify()
    assert (result.ok, result.notes) == (True, ())


def test_killed_at_random_over_a_mixed_workload(tmp_path, migrated):
    """Deposits, custody, access, checkpoints, timestamps, witnesses, erasures, keys, derivatives and packages."""
    pytest.importorskip("rfc3161_client", reason="needs the extra 'timestamps'")
    from .test_timestamps import KEYS, make_authority

    authority = make_authority(tmp_path / "authority", KEYS["ec"])
    outcome = killed(
        tmp_path / "kills", MIXED, empty=migrated, ask=authority.ask, certificates=authority.everything, seed=MIXED
    )
    assert outcome.faults == []
    assert sum(outcome.kills.values()) == MIXED
    # A workload that never got so far would show nothing.
    assert outcome.deposits > MIXED // 2
    assert len(outcome.done) > 5


def test_many_processes_deposit_at_once(open_vault):
    def work_of(worker: int) -> Callable[[int], None]:
        def work(pipe: int) -> None:
            vault: Vault = open_vault(person=f"worker-{worker}")
            for n in range(25):
                # Every other one is deposited by all of them, in the same moment.
                data = b"%d of %d" % (n, worker if n % 2 else 0)
                done = vault.deposit(data, name="n", source="test", method="file")
                os.write(pipe, f"{done.event.seq} {int(done.new)}\n".encode())

        return work

    children = [in_child(work_of(worker)) for worker in range(4)]
    lines = [line for _, reading in children for line in read_all(reading)]
    assert [os.waitpid(child, 0)[1] for child, _ in children] == [0, 0, 0, 0]
    seqs = sorted(int(line.split()[0]) for line in lines)
    assert seqs == list(range(2, 102))
    assert sum(int(line.split()[1]) for line in lines) == 13 + 12 * 4
    result = open_vault().verify()
    assert (result.ok, result.exhibits, result.signed) == (True, 61, 101)


def test_killed_between_any_two_steps_of_the_first_deposit(open_vault, tmp_path: Path):
    """Dies at each write, rename, sync and removal in turn, in a vault that does not yet exist."""
    step = 0
    while True:
        step += 1

        def work(pipe: int, step: int = step) -> None:
            left = [step]

            def counting(real: Callable[..., object]) -> Callable[..., object]:
                def call(*arguments: object, **options: object) -> object:
                    left[0] -= 1
                    if left[0] == 0:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return real(*arguments, **options)

                return call

            for name in ("write", "fsync", "fchmod", "rename", "unlink"):
                setattr(os, name, counting(getattr(os, name)))
            done = open_vault().deposit(b"the first", name="n", source="test", method="file")
            assert left[0] > 0
            os._exit(0 if done.event.seq else 1)

        child, reading = in_child(work)
        status = os.waitpid(child, 0)[1]
        os.close(reading)
        result = open_vault().verify()
        assert result.ok, (step, result.problems)
        if status == 0:
            break
        assert os.WIFSIGNALED(status), step
    assert step > 3
    assert open_vault().verify().exhibits == 1
