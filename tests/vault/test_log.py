"""The log as the vault keeps it: what it signs, what it refuses to sign, and what others make of it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from marsad.errors import CustodyBroken
from marsad.vault import Parcel, _merkle
from marsad.vault._log import entry_of

from .conftest import deposit

GO_PATH = Path("/usr/share/gocode")


def fill(vault, count: int) -> None:
    for _ in vault.deposit_all(Parcel(b"%d" % n, "n", "test", "file") for n in range(count)):
        pass


def all_events(vault):
    with vault._store.read() as s:
        return list(s.custody.all())


def test_every_event_is_provable_against_the_last_checkpoint(vault):
    fill(vault, 300)
    latest = vault.log.latest().checkpoint
    for event in all_events(vault):
        leaf = _merkle.leaf_hash(entry_of(event.seq, event.sha256))
        proof = vault.log.inclusion(event.seq, latest.size)
        assert _merkle.verify_inclusion(leaf, event.seq - 1, latest.size, proof, latest.root)


def test_each_checkpoint_extends_those_before(vault):
    seen = []
    for n in range(12):
        deposit(vault, b"%d" % n)
        seen.append(vault.log.latest().checkpoint)
    for old in seen:
        proof = vault.log.consistency(old.size, seen[-1].size)
        assert _merkle.verify_consistency(old.size, seen[-1].size, proof, old.root, seen[-1].root)


def test_the_log_tells_nothing_of_the_case(vault):
    sha256 = deposit(vault, b"a witness", "amina-statement.txt").exhibit.sha256
    for path in vault.log.folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert sha256.encode() not in data
            assert bytes.fromhex(sha256) not in data
            assert b"amina" not in data


def test_the_secret_key_is_kept_apart_and_closed_to_others(vault):
    deposit(vault, b"x")
    key = vault.folder.parent / "keys" / "log.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700
    secret = key.read_bytes().strip().split(b"+", 4)[4]  # The key's own base64 may hold a '+'.
    assert len(secret) > 40
    assert not any(secret in p.read_bytes() for p in vault.folder.rglob("*") if p.is_file())


def test_partial_tiles_lost_with_the_power_are_made_again(vault, open_vault):
    fill(vault, 300)
    before = vault.log.latest().checkpoint
    for partial in vault.log.folder.rglob("*.p/*"):
        partial.write_bytes(b"")
    assert vault.verify().ok
    deposit(open_vault(), b"after")
    now = vault.log.latest().checkpoint
    proof = vault.log.consistency(before.size, now.size)
    assert _merkle.verify_consistency(before.size, now.size, proof, before.root, now.root)
    result = vault.verify()
    assert (result.ok, result.notes) == (True, ())


def test_an_altered_tile_is_named_and_not_built_upon(vault, open_vault):
    fill(vault, 600)
    tile = vault.log.folder / "tile" / "0" / "001"
    tile.chmod(0o644)
    tile.write_bytes(b"\0" * 8192)
    assert [(p.kind, p.subject) for p in vault.verify().problems] == [("tile_altered", str(tile))]
    deposit(open_vault(), b"after")
    assert open_vault().log.latest().checkpoint.size == 602


def test_another_logs_checkpoint_is_refused(vault, open_vault, tmp_path, migrated):
    deposit(vault, b"x")
    from marsad.store import Store
    from marsad.vault import Vault

    shutil.copy(migrated, tmp_path / "other.sqlite")
    other = Vault(Store.open(f"sqlite:///{tmp_path / 'other.sqlite'}"), tmp_path / "other" / "vault", person="p")
    deposit(other, b"y")
    with pytest.raises(CustodyBroken, match="another log"):
        vault.log.check((other.log.folder / "checkpoint").read_bytes())


def test_it_does_not_sign_a_history_that_was_rewritten(vault, open_vault, tamper):
    for n in range(4):
        deposit(vault, b"%d" % n)
    signed = (vault.log.folder / "checkpoint").read_bytes()
    tamper("UPDATE custody SET sha256 = ? WHERE seq = 5", "f" * 64)
    with pytest.raises(CustodyBroken, match="does not hold"):
        deposit(open_vault(), b"after")
    assert (vault.log.folder / "checkpoint").read_bytes() == signed


@pytest.fixture(scope="session")
def go_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program that reads our log with Go's own packages."""
    if not shutil.which("go") or not (GO_PATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("needs Go and sumdb/tlog (Debian: golang-go golang-golang-x-mod-dev)")
    folder = tmp_path_factory.mktemp("go")
    source = Path(__file__).parent / "crosscheck" / "main.go"
    env = {**os.environ, "GOPATH": str(GO_PATH), "GO111MODULE": "off", "GOCACHE": str(folder / "cache")}
    command = ["go", "build", "-o", str(folder / "crosscheck"), str(source)]
    subprocess.run(command, check=True, env=env, capture_output=True)
    return folder / "crosscheck"


@pytest.mark.parametrize("count", [1, 254, 255, 256, 700])
def test_go_verifies_checkpoint_tiles_and_proofs(vault, go_client, tmp_path, count):
    deposit(vault, b"first")
    old = vault.log.latest().checkpoint
    fill(vault, count)
    events, latest = all_events(vault), vault.log.latest().checkpoint
    lines = []
    for event in events[:: max(1, count // 40)]:
        proof = vault.log.inclusion(event.seq, latest.size)
        leaf = entry_of(event.seq, event.sha256).hex()
        lines.append(f"inclusion {event.seq} {latest.size} {leaf} " + " ".join(h.hex() for h in proof))
    proof = vault.log.consistency(old.size, latest.size)
    lines.append(f"consistency {old.size} {old.root.hex()} {latest.size} " + " ".join(h.hex() for h in proof))
    (tmp_path / "proofs").write_text("\n".join(lines) + "\n")
    run = subprocess.run([go_client, vault.log.folder, tmp_path / "proofs"], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"verified {latest.size} leaves, {len(lines)} proofs" in run.stdout
    # And Go refuses what is false.
    (tmp_path / "proofs").write_text("\n".join(lines).replace(lines[0].split()[3], "00") + "\n")
    run = subprocess.run([go_client, vault.log.folder, tmp_path / "proofs"], capture_output=True, text=True)
    assert run.returncode == 1
