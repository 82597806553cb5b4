"""Encrypted at rest: nothing readable on the disk, everything still proven, and one clear word where a key lacks."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest

from marsad.errors import CustodyBroken, VaultError
from marsad.pipeline import create_case, open_case
from marsad.vault import Parcel, Vault, new_identity
from marsad.vault._blobs import IN_MEMORY

from .conftest import blob, deposit
from .test_package import VERIFIER

SECRET = b"the words of a witness " * 4000


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, str]:
    secret, recipient = new_identity()
    (tmp_path / "identity").write_text(secret)
    return tmp_path / "identity", recipient


def everything(vault: Vault) -> bytes:
    return b"".join(p.read_bytes() for p in vault.folder.rglob("*") if p.is_file())


def sealed(vault: Vault, sha256: str) -> Path:
    return blob(vault, sha256).with_name(f"{sha256}.age")


def test_bytes_come_in_encrypted_and_keep_their_id(open_vault, keys):
    vault = open_vault(identity=keys[0])
    vault.encrypt_to([keys[1]])
    exhibit = deposit(vault, SECRET).exhibit
    assert exhibit.sha256 == hashlib.sha256(SECRET).hexdigest()
    assert (exhibit.size, exhibit.media_type) == (len(SECRET), "text/plain")
    assert SECRET[:23] not in everything(vault)
    identity = pyrage.x25519.Identity.from_str(keys[0].read_text())
    assert pyrage.decrypt(sealed(vault, exhibit.sha256).read_bytes(), [identity]) == SECRET
    with vault.open(exhibit.sha256, purpose="read") as stream:
        stream.seek(23)
        assert stream.read(9) == b"the words"
        # Readers that need a file get one that was never on a disk.
        if hasattr(os, "memfd_create"):
            assert str(Path(f"/proc/self/fd/{stream.fileno()}").readlink()).startswith("/memfd:")
    with vault.open(exhibit.sha256, purpose="read", check=False, record=False) as stream:
        stream.seek(-5, os.SEEK_END)
        assert stream.read() == SECRET[-5:]
    result = vault.verify()
    assert result.ok
    assert "unopened" not in [n.kind for n in result.notes]
    assert not deposit(vault, SECRET).new
    assert len(SECRET) < IN_MEMORY


def test_without_the_key_bytes_are_taken_in_and_compared_but_not_opened(open_vault, keys):
    open_vault().encrypt_to([keys[1]])
    vault = open_vault()
    sha256 = deposit(vault, SECRET).exhibit.sha256
    before = sealed(vault, sha256).read_bytes()
    with pytest.raises(VaultError, match=r"is encrypted, and no identity was given.*MARSAD_IDENTITY"):
        with vault.open(sha256, purpose="read"):
            pass
    assert deposit(vault, SECRET).event.detail["sealed"] == hashlib.sha256(before).hexdigest()
    assert sealed(vault, sha256).read_bytes() == before
    result = vault.verify()
    assert result.ok
    assert "unopened" in [n.kind for n in result.notes]


def test_another_s_key_is_told_apart_from_damage(open_vault, keys, tmp_path):
    open_vault().encrypt_to([keys[1]])
    sha256 = deposit(open_vault(), SECRET).exhibit.sha256
    (tmp_path / "another").write_text(new_identity()[0])
    stranger = open_vault(identity=tmp_path / "another")
    with pytest.raises(VaultError, match="encrypted for others"):
        with stranger.open(sha256, purpose="read"):
            pass
    assert stranger.verify().ok
    with pytest.raises(VaultError, match="nowhere: the identity file cannot be read"):
        with open_vault(identity=tmp_path / "nowhere").open(sha256, purpose="read"):
            pass


@pytest.mark.parametrize("with_key", [True, False])
def test_an_altered_encrypted_file_is_named_with_and_without_the_key(open_vault, keys, with_key):
    open_vault().encrypt_to([keys[1]])
    vault = open_vault(identity=keys[0] if with_key else None)
    sha256 = deposit(vault, SECRET).exhibit.sha256
    path = sealed(vault, sha256)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    assert [(p.kind, p.subject) for p in vault.verify().problems] == [("altered", sha256)]
    # The same bytes again mend it.
    assert deposit(vault, SECRET).event.detail["repaired"]
    assert open_vault(identity=keys[0]).verify().ok


def test_the_same_bytes_encrypted_by_somebody_else_are_not_taken_for_ours(open_vault, keys):
    """Whoever knows the recipient can make a file that opens; custody tells of another."""
    vault = open_vault(identity=keys[0])
    vault.encrypt_to([keys[1]])
    sha256 = deposit(vault, SECRET).exhibit.sha256
    path = sealed(vault, sha256)
    path.chmod(0o644)
    path.write_bytes(pyrage.encrypt(SECRET, [pyrage.x25519.Recipient.from_str(keys[1])]))
    assert [p.kind for p in vault.verify().problems] == ["altered"]


def test_a_case_is_encrypted_later_and_anew(open_vault, keys, tmp_path):
    vault = open_vault(identity=keys[0])
    parcels = [Parcel(b"%d " % n + SECRET, "n", "test", "file") for n in range(5)]
    done = [d.exhibit.sha256 for _, d in vault.deposit_all(parcels)]
    assert vault.encrypt_to([keys[1]]) == 5
    assert SECRET[:23] not in everything(vault)
    assert vault.encrypt_to([keys[1]]) == 0
    assert vault.verify().ok and vault.verify().exhibits == 5
    other, theirs = new_identity()
    (tmp_path / "other").write_text(other)
    assert vault.encrypt_to([theirs], again=True) == 5
    with pytest.raises(VaultError, match="encrypted for others"):
        with vault.open(done[0], purpose="read"):
            pass
    successor = open_vault(identity=tmp_path / "other")
    with successor.open(done[0], purpose="read") as stream:
        assert stream.read() == b"0 " + SECRET
    assert successor.verify().ok
    assert "unopened" not in [n.kind for n in successor.verify().notes]


def test_encrypting_cut_off_is_said_and_finished(open_vault, keys, monkeypatch):
    vault = open_vault(identity=keys[0])
    sha256 = deposit(vault, SECRET).exhibit.sha256
    with monkeypatch.context() as patch:
        patch.setattr(vault._blobs.shelf, "remove", lambda name: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            vault.encrypt_to([keys[1]])
    assert sealed(vault, sha256).exists() and blob(vault, sha256).exists()
    result = open_vault(identity=keys[0]).verify()
    assert result.ok
    assert "unsealed" in [n.kind for n in result.notes]
    assert open_vault(identity=keys[0]).encrypt_to([keys[1]]) == 1
    assert not blob(vault, sha256).exists()
    assert "unsealed" not in [n.kind for n in open_vault().verify().notes]


def test_altered_bytes_are_not_encrypted_as_if_they_were_whole(open_vault, keys):
    vault = open_vault()
    path = blob(vault, deposit(vault, SECRET).exhibit.sha256)
    path.chmod(0o644)
    path.write_bytes(b"altered")
    with pytest.raises(CustodyBroken, match="altered; it was not encrypted"):
        vault.encrypt_to([keys[1]])
    assert path.read_bytes() == b"altered"


def test_recipients_come_from_custody_and_not_from_a_file_that_can_be_swapped(open_vault, keys, tamper):
    vault = open_vault()
    vault.encrypt_to([keys[1]])
    tamper(
        "UPDATE custody SET detail = replace(detail, ?, ?) WHERE action = 'encrypted_to'", keys[1], new_identity()[1]
    )
    assert "chain" in [p.kind for p in open_vault().verify().problems]
    with pytest.raises(VaultError, match="no age recipient"):
        vault.encrypt_to(["age1nobody"])


def test_a_package_and_erasure_of_encrypted_exhibits(open_vault, keys, tmp_path):
    vault = open_vault(identity=keys[0])
    vault.encrypt_to([keys[1]])
    sha256 = deposit(vault, SECRET).exhibit.sha256
    package = vault.export(tmp_path / "package", purpose="court")
    assert (package / "data" / "exhibits" / sha256).read_bytes() == SECRET
    assert subprocess.run([sys.executable, VERIFIER, package], capture_output=True).returncode == 0
    with pytest.raises(VaultError, match="no identity was given"):
        open_vault().export(tmp_path / "without", purpose="court")
    vault.erase(sha256, reason="order")
    assert not sealed(vault, sha256).exists()
    assert vault.verify().ok


def test_a_collector_adds_what_only_others_can_read(tmp_path, keys, monkeypatch):
    """In the field without an identity: everything is kept, nothing is read; at home it is read and counted."""
    for n, place in enumerate(("Aleppo", "Idlib")):
        words = f"Fiction. {n + 2} people were killed by shelling in {place} on 3 May 2031, officials said."
        (tmp_path / f"{n}.txt").write_text(words)
    with create_case(tmp_path / "case", person="amal") as made:
        made.vault.encrypt_to([keys[1]])
    with open_case(tmp_path / "case", person="amal") as field:
        got = list(field.add([tmp_path / "0.txt", tmp_path / "1.txt"]))
        assert [g.exhibit is not None for g in got] == [True, True]
        assert all("kept encrypted, and not read here" in str(g.problem) for g in got)
        field.refresh()
        assert field.incidents() == []
    monkeypatch.setenv("MARSAD_IDENTITY", str(keys[0]))
    with open_case(tmp_path / "case", person="basim") as home:
        assert home.read_pending() == 2
        with home.store.read() as s:
            assert sorted(r.text.split(" in ")[1].split()[0] for r in s.reports.all()) == ["Aleppo", "Idlib"]
        assert home.read_pending() == 0
