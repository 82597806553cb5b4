"""What is lost, altered or forged is named; what a crash leaves behind is told apart from it."""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from marsad.errors import CustodyBroken, VaultError
from marsad.model import digest

from .conftest import blob, deposit


@pytest.fixture
def filled(vault):
    for n in range(5):
        deposit(vault, b"exhibit %d" % n, f"{n}.txt")
    assert vault.verify().ok
    return vault


def sha(n: int) -> str:
    return hashlib.sha256(b"exhibit %d" % n).hexdigest()


def only(vault, kind: str):
    result = vault.verify()
    assert [p.kind for p in result.problems] == [kind], result.problems
    with pytest.raises(CustodyBroken):
        result.require()
    return result.problems[0]


def test_an_empty_vault_verifies_and_is_not_written_to(vault):
    result = vault.verify()
    assert (result.ok, result.events, result.exhibits, result.signed) == (True, 0, 0, 0)
    assert not vault.folder.exists()


def test_a_missing_blob_is_named(filled):
    blob(filled, sha(2)).unlink()
    assert only(filled, "missing").subject == sha(2)


def test_each_altered_blob_is_named(filled):
    for n, change in ((1, b"exhibit X"), (3, b"exhi")):
        blob(filled, sha(n)).chmod(0o644)
        blob(filled, sha(n)).write_bytes(change)
    problems = {p.subject: p.message for p in filled.verify().problems}
    assert problems.keys() == {sha(1), sha(3)}
    assert "altered" in problems[sha(1)]
    assert "cut from 9 to 4 bytes" in problems[sha(3)]


def test_any_single_flipped_bit_of_a_blob_is_found(vault):
    content = random.Random(7).randbytes(16)
    sha256 = deposit(vault, content).exhibit.sha256
    path = blob(vault, sha256)
    path.chmod(0o644)
    for bit in range(len(content) * 8):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        assert only(vault, "altered").subject == sha256


def test_without_deep_only_sizes_are_checked(filled):
    blob(filled, sha(1)).chmod(0o644)
    blob(filled, sha(1)).write_bytes(b"exhibit X")
    assert filled.verify(deep=False).ok
    blob(filled, sha(1)).write_bytes(b"exhibit")
    assert not filled.verify(deep=False).ok


def test_a_file_the_vault_did_not_write_is_named(filled):
    stranger = blob(filled, sha(0)).with_name("0" * 64)
    stranger.write_bytes(b"planted")
    assert only(filled, "unknown_file").subject == str(stranger)


@pytest.mark.parametrize(
    "column, value",
    [
        ("exhibit", "f" * 64), ("action", "seen"), ("at", "2031-01-01T00:00:00.000000+00:00"), ("person", "x"),
        ("source", "x"), ("method", "x"), ("tool", "x"), ("detail", "{}"), ("previous", "0" * 64), ("sha256", "1" * 64),
    ],
)  # fmt: skip
def test_an_altered_event_breaks_the_chain_there(filled, tamper, column, value):
    tamper(f"UPDATE custody SET {column} = ? WHERE seq = 4", value)
    result = filled.verify()
    assert result.first_break == 4
    kinds = {p.kind for p in result.problems}
    assert "chain" in kinds
    # The hash column is no part of what the log signs: the words are, hashed anew.
    assert ("log_root" in kinds) == (column != "sha256")


def test_a_removed_event_is_named(filled, tamper):
    tamper("DELETE FROM custody WHERE seq = 3")
    result = filled.verify()
    assert result.first_break == 4
    assert "event 3 missing" in result.problems[0].message


def test_removed_last_events_are_found_by_the_log(filled, tamper):
    tamper("DELETE FROM custody WHERE seq > 4")
    result = filled.verify()
    assert result.first_break is None
    assert "events_missing" in {p.kind for p in result.problems}
    with pytest.raises(CustodyBroken, match="older copy of the database"):
        deposit(filled, b"after")


def test_a_wholly_recomputed_chain_is_found_by_the_log(filled, tamper):
    """Someone with the database alters an event and makes every later hash anew: only the signed root tells."""
    with filled._store.read() as s:
        events = list(s.custody.all())
    previous = events[1].sha256
    for event in events[2:]:
        fields = {
            "seq": event.seq, "exhibit": event.exhibit, "action": event.action, "at": event.at, "person": "forger",
            "source": event.source, "method": event.method, "tool": event.tool, "detail": dict(event.detail),
            "previous": previous,
        }  # fmt: skip
        tamper(
            "UPDATE custody SET person = 'forger', previous = ?, sha256 = ? WHERE seq = ?",
            previous,
            digest(fields),
            event.seq,
        )
        previous = digest(fields)
    result = filled.verify()
    assert result.first_break is None
    assert [p.kind for p in result.problems] == ["log_root"]


@pytest.mark.parametrize("column, value", [("size", 3), ("media_type", "x/y"), ("name", "z"), ("deposited_at", "2000")])
def test_an_altered_row_is_named(filled, tamper, column, value):
    tamper(f"UPDATE exhibit SET {column} = ? WHERE sha256 = ?", value, sha(1))
    assert "row_altered" in {p.kind for p in filled.verify().problems}


def test_rows_without_custody_and_custody_without_rows(filled, tamper):
    tamper("DELETE FROM exhibit WHERE sha256 = ?", sha(0))
    tamper("INSERT INTO exhibit VALUES (?, 1, 'text/plain', 'x', '2031')", "e" * 64)
    kinds = {(p.kind, p.subject) for p in filled.verify().problems}
    assert {("exhibit_row_missing", sha(0)), ("no_custody", "e" * 64), ("missing", "e" * 64)} <= kinds


def test_a_restored_older_database_is_found(filled, tmp_path: Path):
    with sqlite3.connect(tmp_path / "case.sqlite") as source, sqlite3.connect(tmp_path / "old.sqlite") as target:
        source.backup(target)
    deposit(filled, b"later")
    filled._store.close()
    for left in tmp_path.glob("case.sqlite*"):
        left.unlink()
    shutil.copy(tmp_path / "old.sqlite", tmp_path / "case.sqlite")
    assert "events_missing" in {p.kind for p in filled.verify().problems}


def test_missing_guards_of_the_database_are_named(filled, tmp_path: Path):
    with sqlite3.connect(tmp_path / "case.sqlite") as connection:
        connection.execute("DROP TRIGGER custody_no_update")
    assert "guard of table 'custody'" in only(filled, "database").message


def test_a_truncated_database_is_named_and_not_raised(filled, open_vault, tmp_path: Path):
    filled._store.close()
    for left in tmp_path.glob("case.sqlite-*"):
        left.unlink()
    path = tmp_path / "case.sqlite"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "database" in {p.kind for p in filled.verify().problems}


def test_every_byte_of_the_checkpoint_counts(filled):
    path = filled.folder / "log" / "checkpoint"
    data = path.read_bytes()
    for at in range(len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert not filled.verify(deep=False).ok, f"byte {at} changed unseen"
    path.unlink()
    assert only(filled, "checkpoint")


@pytest.mark.parametrize("name", ["checkpoint", "vkeys"])
def test_a_lost_or_garbled_log_file_is_named_and_stops_deposits(filled, name):
    path = filled.folder / "log" / name
    path.write_bytes(b"garbage")
    assert not filled.verify().ok
    with pytest.raises(CustodyBroken):
        deposit(filled, b"after")


def test_a_lost_log_is_not_quietly_begun_again(filled, open_vault):
    shutil.rmtree(filled.folder / "log")
    shutil.rmtree(filled.folder.parent / "keys")
    assert not filled.verify().ok
    with pytest.raises((CustodyBroken, VaultError)):
        deposit(open_vault(), b"after")
    assert not open_vault().verify().ok


def test_a_lost_key_is_said_plainly(filled, open_vault):
    (filled.folder.parent / "keys" / "log.key").unlink()
    assert filled.verify().ok
    with pytest.raises(CustodyBroken, match="key is gone"):
        deposit(open_vault(), b"after")


def test_bytes_without_a_row_are_kept_and_taken_up(vault):
    deposit(vault, b"first")
    sha256 = hashlib.sha256(b"cut off").hexdigest()
    blob(vault, sha256).write_bytes(b"cut off")
    result = vault.verify()
    assert (result.ok, [n.kind for n in result.notes]) == (True, ["orphan"])
    assert deposit(vault, b"cut off").new
    result = vault.verify()
    assert (result.ok, result.notes, result.exhibits) == (True, (), 2)


def test_half_written_files_are_said_and_swept_but_not_those_in_use(vault):
    deposit(vault, b"first")
    (vault.folder / "tmp" / "99-dead").write_bytes(b"half")
    alive = vault._blobs._new_aside()
    assert [n.kind for n in vault.verify().notes] == ["stale"]
    assert vault.sweep() == 1
    assert alive[0].exists()


def test_progress_counts_to_the_end(filled):
    seen: list[tuple[int, int]] = []
    filled.verify(progress=lambda done, total: seen.append((done, total)))
    assert seen == [(n, 5) for n in range(1, 6)]
