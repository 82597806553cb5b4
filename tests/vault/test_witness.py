"""A witness signs one history, and only one."""

from __future__ import annotations

import pytest

from marsad.errors import CustodyBroken, VaultError
from marsad.vault import Witness
from marsad.vault._notes import Note, seconds_of

from .conftest import deposit


@pytest.fixture
def witness(tmp_path):
    return Witness(tmp_path / "lawyer", name="lawyer.example", clock=lambda: 1_900_000_000.5)


def log_key(vault) -> str:
    return str(vault.log.verifiers()[0])


def test_a_checkpoint_is_countersigned_again_and_again(vault, witness):
    key = str(witness.verifier)
    for n in range(3):
        deposit(vault, b"%d" % n)
        asked = vault.witness_request(key)
        assert vault.accept_witness(asked, witness.countersign(asked, log_key(vault)), key) == 2 * n + 2
    kept = [p for p in vault.log.attestations() if p.name.startswith("cosigned-")]
    assert len(kept) == 3
    note = Note.parse(kept[-1].read_bytes())
    assert note.signed_by(witness.verifier)
    assert seconds_of(note.signatures[-1][2]) == 1_900_000_000
    assert vault.verify().ok


def test_an_answer_that_was_kept_and_not_entered_is_taken_up(vault, tmp_path, monkeypatch):
    """Cut off between the file and its custody event; the witness, asked again, signs with another time."""
    times = iter(range(1_900_000_000, 1_900_000_100))
    witness = Witness(tmp_path / "lawyer", name="lawyer.example", clock=lambda: next(times))
    key = str(witness.verifier)
    deposit(vault, b"x")
    asked = vault.witness_request(key)
    with monkeypatch.context() as patch:
        patch.setattr(vault, "record", lambda *a, **k: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            vault.accept_witness(asked, witness.countersign(asked, log_key(vault)), key)
    asked = vault.witness_request(key)
    assert vault.accept_witness(asked, witness.countersign(asked, log_key(vault)), key) == 2
    with vault._store.read() as s:
        assert [e.action for e in s.custody.of("")][-1] == "countersigned"
    assert vault.verify().ok


def test_a_witness_refuses_a_history_that_was_rewritten(vault, witness, open_vault, tmp_path, migrated):
    """Someone with the log's key begins again from nothing and shows the new history to the witness."""
    import shutil

    from marsad.store import Store
    from marsad.vault import Vault

    for n in range(3):
        deposit(vault, b"%d" % n)
    asked = vault.witness_request(str(witness.verifier))
    vault.accept_witness(asked, witness.countersign(asked, log_key(vault)), str(witness.verifier))
    other = tmp_path / "forged"
    (other / "keys").mkdir(parents=True)
    (other / "vault" / "log").mkdir(parents=True)
    shutil.copy(migrated, other / "case.sqlite")
    shutil.copy(tmp_path / "keys" / "log.key", other / "keys" / "log.key")
    shutil.copy(tmp_path / "vault" / "log" / "vkeys", other / "vault" / "log" / "vkeys")
    forged = Vault(Store.open(f"sqlite:///{other / 'case.sqlite'}"), other / "vault", person="forger")
    for n in range(6):
        deposit(forged, b"false %d" % n)
    assert forged.verify().ok, "alone, the forgery looks whole: only a witness can tell"
    with pytest.raises(CustodyBroken, match="history was rewritten"):
        witness.countersign(forged.witness_request(str(witness.verifier), old=4), log_key(vault))
    with pytest.raises(VaultError, match="has seen 4"):
        witness.countersign(forged.witness_request(str(witness.verifier)), log_key(vault))


def test_a_lost_answer_can_be_asked_for_again(vault, witness):
    deposit(vault, b"1")
    asked = vault.witness_request(str(witness.verifier))
    answer = witness.countersign(asked, log_key(vault))
    with pytest.raises(VaultError, match="has seen 2"):
        witness.countersign(asked, log_key(vault))
    asked = vault.witness_request(str(witness.verifier), old=2)
    witness.countersign(asked, log_key(vault))
    assert answer


def test_another_key_or_log_is_refused(vault, witness, tmp_path):
    deposit(vault, b"1")
    other = Witness(tmp_path / "other", name="lawyer.example")
    asked = vault.witness_request(str(witness.verifier))
    with pytest.raises(CustodyBroken, match="is not signed by the log"):
        witness.countersign(asked, str(other.verifier))
    with pytest.raises(CustodyBroken, match="not a signature of"):
        vault.accept_witness(asked, other.countersign(asked, log_key(vault)), str(witness.verifier))
    for garbage in (b"", b"old 0\n\n", b"old -1\n\n" + asked.partition(b"\n\n")[2], asked[:-9]):
        with pytest.raises(CustodyBroken):
            witness.countersign(garbage, log_key(vault))
    with pytest.raises(VaultError):
        vault.witness_request(str(witness.verifier), old=99)
