"""The log's key changes by an event; a change that is cut off anywhere is finished, and an old key signs no more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from marsad.errors import CustodyBroken
from marsad.vault import Witness
from marsad.vault._notes import Note, Signer

from .conftest import deposit

VERIFIER = Path(__file__).parents[2] / "tools" / "marsad_verify.py"


def check(package: Path, *options: object) -> tuple[int, str]:
    run = subprocess.run([sys.executable, VERIFIER, package, *map(str, options)], capture_output=True, text=True)
    return run.returncode, run.stdout


def test_the_key_changes_and_all_still_verifies(vault, open_vault, tmp_path):
    deposit(vault, b"before")
    first = str(vault.log.verifiers()[0])
    old = (tmp_path / "keys" / "log.key").read_text()
    for n in range(2):
        new = vault.rotate_key(reason=f"somebody left {n}")
        assert new not in (first, old)
        deposit(vault, b"after %d" % n)
        result = open_vault().verify()
        assert (result.ok, result.notes) == (True, ()), result
    assert (tmp_path / "keys" / "log.key").read_text() != old
    assert sorted(p.name for p in (tmp_path / "keys").iterdir()) == ["log.key", "rotation.lock"]
    package = vault.export(tmp_path / "package", purpose="court")
    code, said = check(package, "--key", first)
    assert code == 0, said
    assert "each of 2 later keys was brought in by the one before" in said


def test_an_old_key_signs_no_checkpoint_any_more(vault, open_vault, tmp_path):
    deposit(vault, b"before")
    stolen = Signer.parse((tmp_path / "keys" / "log.key").read_text())
    vault.rotate_key(reason="stolen")
    deposit(vault, b"after")
    path = vault.log.folder / "checkpoint"
    text = vault.log.latest().note.text
    path.write_text(f"{text}\n{stolen.sign(text)}")
    assert "checkpoint" in {p.kind for p in vault.verify().problems}
    with pytest.raises(CustodyBroken, match="not signed by this log's key"):
        deposit(open_vault(), b"more")


def test_a_key_that_custody_does_not_know_is_named(vault):
    deposit(vault, b"before")
    path = vault.log.folder / "vkeys"
    planted = Signer.new(vault.log.verifiers()[0].name)
    path.write_text(path.read_text() + f"{planted.verifier}\n")
    text = Note.parse((vault.log.folder / "checkpoint").read_bytes()).text
    (vault.log.folder / "checkpoint").write_text(f"{text}\n{planted.sign(text)}")
    assert "log_key" in {p.kind for p in vault.verify().problems}


def test_a_witness_goes_on_under_the_new_key(vault, tmp_path):
    witness = Witness(tmp_path / "lawyer", name="lawyer.example")
    deposit(vault, b"before")
    asked = vault.witness_request(str(witness.verifier))
    vault.accept_witness(asked, witness.countersign(asked, str(vault.log.verifiers()[0])), str(witness.verifier))
    new = vault.rotate_key(reason="somebody left")
    asked = vault.witness_request(str(witness.verifier))
    assert asked.startswith(b"old 2\n")
    assert vault.accept_witness(asked, witness.countersign(asked, new), str(witness.verifier)) == 4
    assert vault.verify().ok


def test_others_deposit_while_the_key_changes(vault, open_vault):
    deposit(vault, b"before")
    children = []
    for worker in range(3):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                own = open_vault()
                for n in range(40):
                    deposit(own, b"%d of %d" % (n, worker))
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    for n in range(8):
        vault.rotate_key(reason=f"again {n}")
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    result = vault.verify()
    assert (result.ok, result.exhibits, result.events, result.notes) == (True, 121, 130, ()), result


def test_cut_off_at_any_step_it_is_finished(vault, open_vault, tmp_path):
    deposit(vault, b"before")
    vault._store.close()
    steps = 0
    for step in range(1, 200):
        child = os.fork()
        if child == 0:
            left = [step]

            def counting(real, left=left):
                def call(*arguments, **options):
                    left[0] -= 1
                    if left[0] == 0:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return real(*arguments, **options)

                return call

            status = 1
            try:
                vault = open_vault()
                deposit(vault, b"begin")
                for name in ("write", "fsync", "rename", "replace", "unlink"):
                    setattr(os, name, counting(getattr(os, name)))
                vault.rotate_key(reason="somebody left")
                status = 0
            finally:
                os._exit(status)
        status = os.waitpid(child, 0)[1]
        result = open_vault().verify()
        assert result.ok, (step, result.problems)
        again = open_vault()
        deposit(again, b"after %d" % step)
        result = again.verify()
        assert (result.ok, [n.kind for n in result.notes]) == (True, []), (step, result)
        assert not (tmp_path / "keys" / "log.key.next").exists()
        again._store.close()
        steps = step
        if status == 0:
            break
        assert os.WIFSIGNALED(status), step
    assert steps > 10
