from __future__ import annotations

import hashlib
import io
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from marsad.errors import CustodyBroken, IntakeRefused, VaultError
from marsad.vault import Parcel, _durable

from .conftest import blob, deposit


def test_deposit_keeps_the_bytes_under_their_digest_read_only(vault):
    done = deposit(vault, b"as received")
    assert done.new
    assert done.exhibit.sha256 == hashlib.sha256(b"as received").hexdigest()
    path = blob(vault, done.exhibit.sha256)
    assert path.read_bytes() == b"as received"
    assert path.stat().st_mode & 0o777 == 0o444
    assert list((vault.folder / "tmp").iterdir()) == []


def test_the_same_bytes_twice_are_one_exhibit_with_two_events(vault):
    first, second = deposit(vault, b"same", "a.txt"), deposit(vault, b"same", "b.txt")
    assert (first.new, second.new) == (True, False)
    assert second.exhibit == first.exhibit
    assert second.exhibit.name == "a.txt"
    assert [first.event.action, second.event.action] == ["deposited", "deposited_again"]
    assert second.event.detail["name"] == "b.txt"
    result = vault.verify()
    assert (result.ok, result.exhibits, result.events) == (True, 1, 3)


def test_event_says_who_when_whence_and_how(open_vault):
    clock = datetime(2031, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
    vault = open_vault(clock=lambda: clock, tool="marsad-test 9")
    done = vault.deposit(
        b"<html>",
        name="page",
        source="https://example.org/page",
        method="fetch",
        media_type="text/plain",
        at=datetime(2031, 3, 4, 7, 0, tzinfo=UTC),
        detail={"address": "192.0.2.7"},
    )
    event = done.event
    assert (event.person, event.source, event.method, event.tool) == (
        "amal",
        "https://example.org/page",
        "fetch",
        "marsad-test 9",
    )
    assert event.at == "2031-03-04T05:06:07.000008+00:00" == done.exhibit.deposited_at
    assert event.detail["collected_at"] == "2031-03-04T07:00:00.000000+00:00"
    assert event.detail["declared_media_type"] == "text/plain"
    assert event.detail["address"] == "192.0.2.7"
    assert done.exhibit.media_type == "text/html"


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_every_size_from_bytes_path_and_stream(vault, tmp_path: Path, size: int):
    content = os.urandom(size)
    path = tmp_path / "source.bin"
    path.write_bytes(content)
    for source in (content, path, str(path), io.BytesIO(content)):
        done = vault.deposit(source, name="source.bin", source="test", method="file")
        assert (done.exhibit.sha256, done.exhibit.size) == (hashlib.sha256(content).hexdigest(), size)
    assert vault.verify().ok


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\x00b", "\udcff\udc80.jpg", "\u202egpj.exe", "x" * 5000, ""])
def test_a_name_is_never_a_path_and_always_storable(vault, name: str):
    done = deposit(vault, b"named", name)
    assert "\x00" not in done.exhibit.name
    done.exhibit.name.encode("utf-8")
    assert sorted(p.name for p in vault.folder.iterdir()) == ["blobs", "format", "log", "tmp"]
    assert vault.verify().ok


def test_sources_that_cannot_be_read_are_refused_and_leave_nothing(vault, tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")

    class Failing(io.RawIOBase):
        def __init__(self) -> None:
            self.left = 3

        def read(self, size: int = -1) -> bytes:
            self.left -= 1
            if self.left < 0:
                raise ConnectionResetError("peer went away")
            return b"x" * 1000

    for source in (tmp_path, tmp_path / "absent", tmp_path / "pipe", "nul\x00name", Failing()):
        with pytest.raises(IntakeRefused):
            vault.deposit(source, name="n", source="s", method="file")
    assert list((vault.folder / "tmp").iterdir()) == []
    result = vault.verify()
    assert (result.ok, result.notes, result.exhibits) == (True, (), 0)


def test_detail_must_have_one_canonical_form(vault):
    for bad in ({"score": float("nan")}, {1: "a"}, {"deep": [{"x": object()}]}):
        with pytest.raises(VaultError):
            vault.deposit(b"x", name="n", source="s", method="m", detail=bad)
    assert vault.verify().exhibits == 0


def test_deposit_all_goes_on_past_what_is_refused(vault, tmp_path: Path):
    parcels = [Parcel(b"%d" % n, f"{n}.txt", "test", "file") for n in range(200)]
    parcels.insert(70, Parcel(tmp_path / "absent", "absent", "test", "file"))
    outcomes = list(vault.deposit_all(iter(parcels)))
    assert [p for p, _ in outcomes] == parcels
    assert [n for n, (_, outcome) in enumerate(outcomes) if isinstance(outcome, IntakeRefused)] == [70]
    assert [o.event.seq for _, o in outcomes if not isinstance(o, IntakeRefused)] == list(range(2, 202))
    result = vault.verify()
    assert (result.ok, result.exhibits, result.signed) == (True, 200, 201)


def test_each_yielded_deposit_is_signed_by_then(vault):
    for _, done in vault.deposit_all(Parcel(b"%d" % n, "n", "test", "file") for n in range(150)):
        assert vault.log.latest().checkpoint.size >= done.event.seq


def test_deposit_all_leaves_nothing_behind_when_its_source_fails(vault):
    def parcels():
        yield Parcel(b"first", "n", "test", "file")
        yield Parcel(b"second", "n", "test", "file")
        raise ConnectionResetError("the mailbox went away")

    with pytest.raises(ConnectionResetError):
        list(vault.deposit_all(parcels()))
    assert list((vault.folder / "tmp").iterdir()) == []
    result = vault.verify()
    assert (result.ok, result.exhibits, result.notes) == (True, 0, ())
    # What was yielded before a reader stops is kept, and the rest is not half-done.
    for _, done in vault.deposit_all(Parcel(b"%d" % n, "n", "test", "file") for n in range(100)):
        assert not isinstance(done, IntakeRefused)
        break
    assert list((vault.folder / "tmp").iterdir()) == []
    assert vault.verify().ok


def test_memory_does_not_grow_with_the_source(tmp_path: Path):
    script = f"""
import resource, sys
from pathlib import Path
from marsad.store import Store
from marsad.vault import Vault
vault = Vault(Store.open("sqlite:///{tmp_path}/case.sqlite"), Path("{tmp_path}/vault"), person="p")
class Zeros:
    left = 160
    def read(self, size):
        self.left -= 1
        return b"\\0" * size if self.left >= 0 else b""
vault.deposit(b"warm", name="n", source="s", method="m")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
done = vault.deposit(Zeros(), name="n", source="s", method="m")
assert done.exhibit.size == 160 << 20
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 16 << 10, f"grew by {run.stdout} KiB over 160 MiB"


def test_open_reads_records_and_refuses_to_write(vault):
    sha256 = deposit(vault, b"seen by").exhibit.sha256
    with vault.open(sha256, purpose="review", person="basim") as stream:
        assert stream.read() == b"seen by"
        assert not stream.writable()
        assert not isinstance(stream.name, str)
    with vault.open(sha256, purpose="index", record=False) as stream:
        stream.seek(5)
        assert stream.read() == b"by"
    with vault._store.read() as s:
        opened = [e for e in s.custody.of(sha256) if e.action == "opened"]
    assert [(e.person, e.detail["purpose"]) for e in opened] == [("basim", "review")]


def test_access_is_not_recorded_where_the_case_says_so(open_vault):
    vault = open_vault(record_access=False)
    sha256 = deposit(vault, b"quiet").exhibit.sha256
    with vault.open(sha256, purpose="review"):
        pass
    assert vault.verify().events == 2


def test_altered_bytes_are_not_handed_out(vault):
    sha256 = deposit(vault, b"truth").exhibit.sha256
    path = blob(vault, sha256)
    path.chmod(0o644)
    path.write_bytes(b"truce")
    with pytest.raises(CustodyBroken, match="altered"), vault.open(sha256, purpose="read"):
        pytest.fail("handed out")
    path.unlink()
    with pytest.raises(CustodyBroken, match="cannot be opened"), vault.open(sha256, purpose="read"):
        pytest.fail("handed out")
    for unknown in ("0" * 64, "../../etc/passwd"):
        with pytest.raises(CustodyBroken, match="no exhibit"), vault.open(unknown, purpose="read"):
            pytest.fail("handed out")


def test_a_link_in_place_of_the_bytes_is_not_followed(vault, tmp_path: Path):
    sha256 = deposit(vault, b"real").exhibit.sha256
    (tmp_path / "elsewhere").write_bytes(b"real")
    blob(vault, sha256).unlink()
    blob(vault, sha256).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CustodyBroken), vault.open(sha256, purpose="read"):
        pytest.fail("followed")
    assert not vault.verify().ok


def test_a_working_copy_can_be_changed_and_the_evidence_stays(vault):
    sha256 = deposit(vault, b"evidence").exhibit.sha256
    copy = vault.working_copy(sha256, purpose="crop")
    assert copy.stat().st_ino != blob(vault, sha256).stat().st_ino
    copy.write_bytes(b"cropped")
    assert blob(vault, sha256).read_bytes() == b"evidence"
    assert vault.verify().ok


def test_depositing_again_mends_a_damaged_copy_and_keeps_the_damage(vault):
    sha256 = deposit(vault, b"whole").exhibit.sha256
    blob(vault, sha256).chmod(0o644)
    blob(vault, sha256).write_bytes(b"hole")
    assert [p.kind for p in vault.verify().problems] == ["altered"]
    again = deposit(vault, b"whole")
    assert again.event.detail["repaired"] is True
    assert vault.verify().ok
    assert [p.read_bytes() for p in (vault.folder / "damaged").iterdir()] == [b"hole"]


def test_a_failed_sync_is_fatal_and_acknowledges_nothing(vault, open_vault, monkeypatch):
    deposit(vault, b"before")
    calls = 0

    def failing(fd: int) -> None:
        nonlocal calls
        calls += 1
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(_durable.os, "fsync", failing)
    with pytest.raises(VaultError, match="did not confirm"):
        deposit(vault, b"lost")
    monkeypatch.undo()
    # The kernel may now say that all is well; the vault does not believe it.
    with pytest.raises(VaultError, match="did not confirm"):
        deposit(vault, b"lost")
    assert calls == 1
    assert open_vault().verify().exhibits == 1


@pytest.mark.parametrize("code, words", [(28, "disk is full"), (30, "read-only"), (13, "permission denied")])
@pytest.mark.parametrize("call", ["write", "rename", "open"])
def test_a_refusing_disk_gives_one_clear_error(vault, open_vault, monkeypatch, code, words, call):
    deposit(vault, b"before")
    real = {"write": os.write, "open": os.open}.get(call)

    def failing(*arguments: object, **options: object) -> object:
        if call == "open" and not int(arguments[1]) & os.O_CREAT:  # type: ignore[call-overload]
            return real(*arguments, **options)
        raise OSError(code, os.strerror(code))

    if call == "rename":
        monkeypatch.setattr(Path, "rename", failing)
    else:
        monkeypatch.setattr(_durable.os, call, failing)
    with pytest.raises(VaultError, match=words):
        deposit(vault, b"refused")
    monkeypatch.undo()
    result = open_vault().verify()
    assert (result.ok, result.exhibits, result.notes) == (True, 1, ())
    assert deposit(vault, b"refused").new


def test_a_limit_on_file_size_is_met_like_a_full_disk(vault):
    deposit(vault, b"before")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))
    try:
        with pytest.raises(VaultError, match="larger than this file system"):
            deposit(vault, bytes(2 << 20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    result = vault.verify()
    assert (result.ok, result.exhibits, result.notes) == (True, 1, ())


def test_a_clock_set_back_is_set_down_and_said(open_vault):
    times = iter([datetime(2031, 1, day, tzinfo=UTC) for day in (1, 3, 2, 4)])
    vault = open_vault(clock=lambda: next(times))
    deposit(vault, b"a")
    behind = deposit(vault, b"b")
    assert behind.event.detail["clock_behind"] == "2031-01-03T00:00:00.000000+00:00"
    deposit(vault, b"c")
    result = vault.verify()
    assert result.ok
    assert [note.kind for note in result.notes] == ["clock"]


def test_a_derivative_is_tied_to_its_original_both_ways(vault):
    original = deposit(vault, b"a face and a street").exhibit.sha256
    done = vault.derive(
        b"a street",
        original=original,
        name="covered.txt",
        changed="one face covered with an opaque fill",
        signed_off_by="basim",
        method="cover 1.0",
    )
    assert done.event.source == f"exhibit:{original}"
    assert done.event.detail["derived_from"] == original
    with vault._store.read() as s:
        told = s.custody.of(original)[-1]
    assert (told.action, told.detail["derivative"]) == ("derived", done.exhibit.sha256)
    assert vault.verify().ok
    with pytest.raises(CustodyBroken, match="no exhibit"):
        vault.derive(b"x", original="0" * 64, name="n", changed="c", signed_off_by="p", method="m")
    with pytest.raises(VaultError, match="who answers"):
        vault.derive(b"x", original=original, name="n", changed="c", signed_off_by=" ", method="m")
