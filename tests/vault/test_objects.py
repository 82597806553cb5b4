"""Exhibits in an object store: a server on this machine, with locks, and a line to it that fails in every way."""

from __future__ import annotations

import hashlib
import http.client
import os
import signal
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from marsad.errors import VaultError
from marsad.pipeline import open_case
from marsad.store import Store
from marsad.vault import Deposit, Parcel, Vault, check_backup, depot_at, new_identity, restore, shelf_at
from marsad.vault import _s3 as objects

from .conftest import deposit
from .test_crash import in_child, read_all

boto3 = pytest.importorskip("boto3", reason="needs the extra 's3'")
moto_server = pytest.importorskip("moto.server", reason="needs moto's server")


class Line(ThreadingHTTPServer):
    """Passes requests on to the store, but for what `fault` does to those that put an exhibit."""

    daemon_threads = True

    def __init__(self, store: int) -> None:
        self.store, self.fault, self.hits = store, "", 0
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Line

    def handle_one_request(self) -> None:
        super().handle_one_request()

    def do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        hit = self.command == "PUT" and "/blobs/" in self.path
        fault = self.server.fault if hit else ""
        self.server.hits += hit
        if fault == "lie":
            return self.answer(200, {"ETag": '"0"'}, b"")
        if fault == "corrupt":
            body = body[:-1] + bytes([body[-1] ^ 1])
        if fault == "refuse":
            return self.answer(503, {}, b"")
        store = http.client.HTTPConnection("127.0.0.1", self.server.store, timeout=30)
        store.request(self.command, self.path, body, dict(self.headers))
        answer = store.getresponse()
        data = answer.read()
        store.close()
        if fault == "hang up":
            self.close_connection = True
            return None
        return self.answer(answer.status, dict(answer.getheaders()), data)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do

    def answer(self, status: int, headers: dict[str, str], data: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                self.send_header(name, value)
        length = next((v for n, v in headers.items() if n.lower() == "content-length"), None)
        self.send_header("Content-Length", length if self.command == "HEAD" and length else str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[Line]:
    moto = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    line = Line(moto.get_host_and_port()[1])
    threading.Thread(target=line.serve_forever, daemon=True).start()
    yield line
    line.shutdown()
    moto.stop()


@pytest.fixture
def store(server: Line, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of an empty store, whose credentials are in the environment as boto3 wants them."""
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", address(server))
    http.client.HTTPConnection("127.0.0.1", server.store).request("POST", "/moto-api/reset")
    time.sleep(0.1)
    server.fault = ""
    client = boto3.client("s3", endpoint_url=address(server))
    client.create_bucket(Bucket="case")
    client.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
    yield client
    server.fault = ""


def address(server: Line) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


@pytest.fixture
def remote(store: Any, server: Line, open_vault: Any) -> Any:
    def opened(where: str = "s3://case/archive", lock: str = "", **options: object) -> Vault:
        return open_vault(shelf=shelf_at(where, endpoint=address(server), lock=lock), **options)

    return opened


def keys(store: Any, bucket: str = "case") -> list[str]:
    return [o["Key"] for o in store.list_objects_v2(Bucket=bucket).get("Contents", ())]


def test_exhibits_stand_in_the_store_and_nowhere_else(remote, store):
    vault = remote()
    contents = [b"%d " % n * 3000 for n in range(12)]
    done = [d for _, d in vault.deposit_all(Parcel(c, "n", "test", "file") for c in [*contents, contents[0]])]
    assert all(isinstance(d, Deposit) for d in done)
    digests = [hashlib.sha256(c).hexdigest() for c in contents]
    assert sorted(keys(store)) == sorted(f"archive/blobs/sha256/{d[:2]}/{d}" for d in digests)
    assert not [p for p in vault.folder.rglob("*") if p.is_file() and p.name in digests]
    with vault.open(digests[3], purpose="read") as stream:
        stream.seek(5)
        assert stream.read(4) == contents[3][5:9]
    result = vault.verify()
    assert (result.ok, result.exhibits) == (True, 12)
    assert {note.kind for note in result.notes} == {"unsigned"}
    assert not deposit(vault, contents[5]).new


def test_a_large_exhibit_goes_in_parts_and_comes_in_windows(remote, monkeypatch):
    monkeypatch.setattr(objects, "PART", 5 << 20)
    monkeypatch.setattr(objects, "WINDOW", 1 << 20)
    vault = remote()
    content = os.urandom(12 << 20)
    sha256 = deposit(vault, content).exhibit.sha256
    with vault.open(sha256, purpose="read") as stream:
        stream.seek(7 << 20)
        assert stream.read() == content[7 << 20 :]
    assert vault.verify().ok


@pytest.mark.parametrize("fault", ["lie", "corrupt", "refuse", "hang up"])
def test_what_the_store_did_not_confirm_is_not_acknowledged(remote, server, fault):
    vault = remote()
    first = deposit(vault, b"before").exhibit.sha256
    server.fault, server.hits = fault, 0
    with pytest.raises(VaultError, match=r"object store|s3://"):
        deposit(vault, b"in between " * 100)
    assert server.hits
    server.fault = ""
    result = remote().verify()
    # What was half done is no fault, or, where the store took other bytes, is named; nothing acknowledged is lost.
    assert [p.kind for p in result.problems] == (["unknown_file"] if fault == "corrupt" else [])
    assert deposit(vault, b"in between " * 100).new
    result = remote().verify()
    assert (result.ok, result.exhibits) == (True, 2), result.problems
    assert first


def test_killed_while_it_puts(remote, store):
    acknowledged: set[str] = set()

    def work(pipe: int) -> None:
        vault = remote()
        for n in range(1000):
            for _, done in vault.deposit_all(Parcel(b"%d %d" % (n, m), "n", "test", "file") for m in range(4)):
                assert isinstance(done, Deposit)
                os.write(pipe, f"{done.exhibit.sha256}\n".encode())

    for patience in (0.3, 0.8, 1.3):
        child, reading = in_child(work)
        time.sleep(patience)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        acknowledged |= set(read_all(reading))
        result = remote().verify()
        assert result.ok, result.problems
        assert acknowledged <= {key.rpartition("/")[2] for key in keys(store)}


def test_damage_in_the_store_is_named_and_mended(remote, store):
    vault = remote()
    one, two = (deposit(vault, content).exhibit.sha256 for content in (b"one", b"two"))
    where = {"Bucket": "case", "Key": f"archive/blobs/sha256/{one[:2]}/{one}"}
    store.put_object(**where, Body=b"0ne")
    store.delete_object(Bucket="case", Key=f"archive/blobs/sha256/{two[:2]}/{two}")
    store.put_object(Bucket="case", Key="archive/blobs/sha256/00/planted", Body=b"x")
    told = {(p.kind, p.subject[:64]) for p in vault.verify().problems}
    planted = "s3://case/archive/blobs/sha256/00/planted"
    assert told == {("altered", one), ("missing", two), ("unknown_file", planted)}
    assert deposit(vault, b"one").event.detail["repaired"]
    assert [key for key in keys(store) if "/damaged/" in key]


def test_locked_objects_outlive_whoever_has_the_credentials(remote, store):
    vault = remote("s3://locked/case", lock="governance:30")
    sha256 = deposit(vault, b"locked").exhibit.sha256
    found = store.head_object(Bucket="locked", Key=f"case/blobs/sha256/{sha256[:2]}/{sha256}")
    assert found["ObjectLockMode"] == "GOVERNANCE"
    with pytest.raises(VaultError, match="keeps it locked until"):
        vault.erase(sha256, reason="order")
    # Refused before it began: nothing is half done, and work goes on.
    assert deposit(vault, b"more").new
    assert vault.verify().ok
    with pytest.raises(VaultError, match=r"not made to lock|see whether the bucket locks"):
        remote("s3://case/other", lock="compliance:30")._blobs.shelf.prepare()


def test_erasure_takes_every_version(remote, store):
    store.put_bucket_versioning(Bucket="case", VersioningConfiguration={"Status": "Enabled"})
    vault = remote()
    sha256 = deposit(vault, b"to be destroyed").exhibit.sha256
    store.put_object(Bucket="case", Key=f"archive/blobs/sha256/{sha256[:2]}/{sha256}", Body=b"to be destroyed")
    vault.erase(sha256, reason="order")
    left = store.list_object_versions(Bucket="case")
    assert not [v for v in (*left.get("Versions", ()), *left.get("DeleteMarkers", ())) if sha256 in v["Key"]]
    assert vault.verify().ok


def test_encrypted_before_it_leaves(remote, store, tmp_path):
    secret, recipient = new_identity()
    (tmp_path / "identity").write_text(secret)
    vault = remote(identity=tmp_path / "identity")
    vault.encrypt_to([recipient])
    sha256 = deposit(vault, b"words of a witness").exhibit.sha256
    (key,) = keys(store)
    assert key.endswith(f"{sha256}.age")
    assert b"witness" not in store.get_object(Bucket="case", Key=key)["Body"].read()
    with vault.open(sha256, purpose="read") as stream:
        assert stream.read() == b"words of a witness"
    assert vault.verify().ok


def test_a_backup_in_the_store_and_back(store, server, tmp_path, migrated):
    from marsad.pipeline import create_case

    place = {"endpoint": address(server)}
    with create_case(tmp_path / "case", person="amal") as case:
        sha256 = deposit(case.vault, b"kept elsewhere").exhibit.sha256
        assert case.vault.backup(depot_at("s3://case/backup", **place)).copied == 1
        deposit(case.vault, b"more")
        assert case.vault.backup(depot_at("s3://case/backup", **place)).copied == 1
    assert check_backup(depot_at("s3://case/backup", **place))[1] == ()
    restore(depot_at("s3://case/backup", **place), tmp_path / "again")
    with open_case(tmp_path / "again", person="amal") as again:
        assert again.vault.verify().ok
        with again.vault.open(sha256, purpose="read") as stream:
            assert stream.read() == b"kept elsewhere"


@pytest.mark.parametrize(
    ("where", "lock", "said"),
    [
        ("http://x", "", "no address"),
        ("s3://", "", "no address"),
        ("s3://b", "forever", "no lock"),
        ("s3://b", "governance:0", "no lock"),
    ],
)
def test_a_wrong_address_or_lock_is_refused_in_words(where, lock, said):
    with pytest.raises(VaultError, match=said):
        shelf_at(where, lock=lock)


def test_an_unreachable_store_is_one_clear_message(tmp_path, migrated, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    vault = Vault(
        Store.open(f"sqlite:///{tmp_path / 'case.sqlite'}"),
        tmp_path / "vault",
        person="amal",
        shelf=shelf_at("s3://case", endpoint="http://127.0.0.1:9"),
    )
    with pytest.raises(VaultError, match="s3://case: could not reach the bucket"):
        deposit(vault, b"x")
