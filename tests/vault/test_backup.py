"""Backups: complete, checked, taken while others work, resumed when cut off; and an older one is told apart."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from marsad.cli import main
from marsad.errors import CaseError, CustodyBroken, VaultError
from marsad.pipeline import create_case, open_case
from marsad.vault import Parcel, Witness, check_backup, depot_at, new_identity, restore
from marsad.vault._depot import FolderDepot

from .conftest import deposit
from .test_crash import in_child

ANNUAL = b"a fictional report " * 500


@pytest.fixture
def case(tmp_path: Path):
    with create_case(tmp_path / "case", person="amal") as made:
        for n in range(6):
            deposit(made.vault, b"%d " % n + ANNUAL)
        yield made


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "backup")


def restored(place: str, folder: Path, **options):
    made = restore(depot_at(place), folder, **options)
    with open_case(folder, person="amal") as again:
        result = again.vault.verify()
        assert result.ok, result.problems
    return made, result


def test_a_restored_case_is_whole_and_goes_on(case, place, tmp_path):
    done = case.vault.backup(depot_at(place))
    assert (done.copied, done.held, done.problems) == (6, 0, ())
    assert check_backup(depot_at(place))[1] == ()
    made, result = restored(place, tmp_path / "again")
    assert (len(made["bytes"]), result.exhibits, made["events"]) == (6, 6, 7)
    with open_case(tmp_path / "again", person="amal") as again:
        assert (tmp_path / "again").stat().st_mode & 0o777 == 0o700
        deposit(again.vault, b"after")
        assert again.vault.verify().ok


def test_the_next_run_copies_only_what_is_new(case, place):
    case.vault.backup(depot_at(place))
    before = {p: p.stat().st_mtime_ns for p in Path(place, "blobs").rglob("*") if p.is_file()}
    deposit(case.vault, b"new")
    done = case.vault.backup(depot_at(place))
    assert (done.copied, done.held) == (1, 6)
    assert {p: p.stat().st_mtime_ns for p in before} == before
    assert len(depot_at(place).snapshots()) == 2


def test_while_others_deposit_the_snapshot_is_one_moment(case, place, tmp_path):
    stop = threading.Event()

    def work() -> None:
        with open_case(case.folder, person="basim") as other:
            n = 0
            while not stop.is_set():
                n += 1
                list(other.vault.deposit_all(Parcel(b"%d %d" % (n, m), "n", "test", "file") for m in range(5)))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for n in range(3):
            case.vault.backup(depot_at(place))
            restored(place, tmp_path / f"again-{n}")
    finally:
        stop.set()
        worker.join()
    assert case.vault.verify().ok


def test_killed_at_random_it_goes_on_where_it_was(case, place, tmp_path):
    for n in range(60):
        deposit(case.vault, b"more %d" % n)

    def work(pipe: int) -> None:
        with open_case(case.folder, person="amal") as own:
            real = FolderDepot.keep
            left = [9]

            def keep(self, *arguments):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(self, *arguments)

            FolderDepot.keep = keep  # type: ignore[method-assign]
            own.vault.backup(depot_at(place))

    for _ in range(3):
        child, reading = in_child(work)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        os.close(reading)
    with pytest.raises(CaseError, match="no snapshot"):
        check_backup(depot_at(place))
    done = case.vault.backup(depot_at(place))
    assert (done.copied, done.held) == (66 - 24, 24)
    assert not list(case.folder.glob(".backup-*")) and not list(Path(place, "tmp").iterdir())
    restored(place, tmp_path / "again")


def test_what_is_damaged_in_the_case_is_told_and_not_copied(case, place):
    hurt = [p for p in (case.folder / "vault" / "blobs").rglob("*") if p.is_file()]
    hurt[0].chmod(0o644)
    hurt[0].write_bytes(b"altered")
    hurt[1].unlink()
    done = case.vault.backup(depot_at(place))
    assert sorted((p.kind, p.subject) for p in done.problems) == [("altered", hurt[0].name), ("missing", hurt[1].name)]
    assert done.copied == 4
    assert check_backup(depot_at(place))[1] == ()


def test_damage_to_the_backup_is_named(case, place, tmp_path):
    name = case.vault.backup(depot_at(place)).snapshot
    deposit(case.vault, b"later")
    case.vault.backup(depot_at(place))
    blobs = [p for p in Path(place, "blobs").rglob("*") if p.is_file()]
    blobs[0].chmod(0o644)
    blobs[0].write_bytes(bytes(blobs[0].stat().st_size))
    blobs[1].unlink()
    older = Path(place, "snapshots", name)
    older.write_bytes(older.read_bytes()[:-1])
    told = {(p.kind, p.subject) for p in check_backup(depot_at(place))[1]}
    assert told == {("altered", blobs[0].name), ("missing", blobs[1].name), ("snapshot", name)}
    with pytest.raises(CustodyBroken, match="altered or cut short"):
        restore(depot_at(place), tmp_path / "again", snapshot=name)
    with pytest.raises(CustodyBroken):
        restore(depot_at(place), tmp_path / "again")
    assert not (tmp_path / "again").exists()
    newest = Path(place, "snapshots", depot_at(place).snapshots()[-1])
    newest.write_bytes(b"x" + newest.read_bytes())
    with pytest.raises(CustodyBroken, match="altered or cut short"):
        check_backup(depot_at(place))


def test_an_encrypted_case_has_an_encrypted_backup(case, place, tmp_path, monkeypatch):
    secret, recipient = new_identity()
    (tmp_path / "identity").write_text(secret)
    monkeypatch.setenv("MARSAD_IDENTITY", str(tmp_path / "identity"))
    with open_case(case.folder, person="amal") as opened:
        opened.vault.encrypt_to([recipient])
        opened.vault.backup(depot_at(place))
        assert opened.vault.backup(depot_at(place)).held == 6
        # Encrypted anew, the same exhibit has as many other bytes.
        opened.vault.encrypt_to([recipient], again=True)
        assert opened.vault.backup(depot_at(place)).copied == 6
    everything = b"".join(p.read_bytes() for p in Path(place).rglob("*") if p.is_file())
    assert b"a fictional report" not in everything and b"SQLite" not in everything
    restored(place, tmp_path / "again")
    monkeypatch.delenv("MARSAD_IDENTITY")
    with pytest.raises(VaultError, match="no identity was given"):
        restore(depot_at(place), tmp_path / "without")


def test_an_older_case_put_back_is_seen_by_whoever_kept_a_checkpoint(case, place, tmp_path):
    case.vault.backup(depot_at(place))
    witness = Witness(tmp_path / "lawyer", name="lawyer.example")
    deposit(case.vault, b"what somebody would rather not have")
    kept = (case.folder / "vault" / "log" / "checkpoint").read_bytes()
    asked = case.vault.witness_request(str(witness.verifier))
    witness.countersign(asked, str(case.vault.log.verifiers()[0]))
    assert case.vault.verify(against={"kept": kept}).ok
    restored(place, tmp_path / "older")
    with open_case(tmp_path / "older", person="amal") as older:
        # By itself the older copy is whole.
        told = older.vault.verify(against={"kept": kept}).problems
        assert [p.kind for p in told] == ["attested"]
        assert "an older copy of the case was put back" in told[0].message
        deposit(older.vault, b"instead")
        deposit(older.vault, b"and more")
        told = older.vault.verify(against={"kept": kept}).problems
        assert "what was attested is not this history" in told[0].message
        with pytest.raises(CustodyBroken, match="rewritten"):
            witness.countersign(older.vault.witness_request(str(witness.verifier), old=9), log_key(older))


def log_key(case) -> str:
    return str(case.vault.log.verifiers()[0])


def test_what_was_erased_is_erased_from_the_backup_when_asked(case, place, tmp_path):
    doomed = deposit(case.vault, b"to be destroyed").exhibit.sha256
    case.vault.backup(depot_at(place))
    case.vault.erase(doomed, reason="order")
    assert case.vault.backup(depot_at(place)).erased == 1
    assert case.vault.backup(depot_at(place), erase=True).erased == 0
    assert len(depot_at(place).snapshots()) == 1
    assert not any(doomed in p.name for p in Path(place).rglob("*"))
    made, _ = restored(place, tmp_path / "again")
    assert doomed not in [name for name, _ in made["bytes"]]


def test_the_keys_may_stay_out(case, place, tmp_path):
    case.vault.backup(depot_at(place), keys=False)
    restore(depot_at(place), tmp_path / "again")
    assert not (tmp_path / "again" / "keys").exists()
    with open_case(tmp_path / "again", person="amal") as again:
        assert again.vault.verify().ok
        with pytest.raises(CustodyBroken, match="signing key is gone"):
            deposit(again.vault, b"x")


def test_the_commands(case, place, tmp_path):
    def run(*arguments: object) -> tuple[int, str]:
        done = CliRunner().invoke(main, [str(a) for a in arguments])
        return done.exit_code, done.output

    assert run("backup", case.folder, place)[0] == 0
    assert "All is well" in run("backup", case.folder, place, "--check")[1]
    assert run("restore", place, "--list")[1].count(".tar.gz") == 1
    assert "6 exhibits" in run("restore", place, tmp_path / "again")[1]
    code, said = run("restore", place, tmp_path / "again")
    assert code == 1 and "not empty" in said
    assert run("restore", tmp_path / "nothing", tmp_path / "new")[0] == 1
    kept = tmp_path / "again" / "vault" / "log" / "checkpoint"
    assert run("verify", case.folder, "--against", kept)[0] == 0
    deposit(case.vault, b"since")
    shutil.copy(case.folder / "vault" / "log" / "checkpoint", tmp_path / "kept")
    assert run("verify", tmp_path / "again", "--against", tmp_path / "kept")[0] == 3
