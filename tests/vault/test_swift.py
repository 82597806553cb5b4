"""Against OpenStack Swift's S3 interface: a store that we did not write, and that checks signatures and SHA-256.

Runs where Swift is installed: `pip install swift` into any environment, whose bin folder MARSAD_SWIFT names.
Debian's 2.30 does not know checksums of parts.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from marsad.errors import VaultError
from marsad.vault import Deposit, Parcel, shelf_at
from marsad.vault import _s3 as objects

from .conftest import deposit

boto3 = pytest.importorskip("boto3", reason="needs the extra 's3'")
PLACES = [os.environ.get("MARSAD_SWIFT", ""), str(Path(sys.executable).parent), *os.environ["PATH"].split(os.pathsep)]
SERVER = (
    "[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = {port}\ndevices = {folder}/disks\nmount_check = false\nworkers = 0\n"
)
SERVER += "swift_dir = {folder}\nlog_address = /nonexistent\ndisable_fallocate = true\n[pipeline:main]\n"
BACK = "pipeline = {name}-server\n[app:{name}-server]\nuse = egg:swift#{name}\n"
FILTERS = ("catch_errors", "listing_formats", "s3api", "tempauth", "versioned_writes", "copy", "slo")
SETTINGS = {"tempauth": "user_test_tester = testing .admin\n", "versioned_writes": "allow_object_versioning = false\n"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Swift of one disk."""
    tool = next((p for p in PLACES if p and (Path(p) / "swift-ring-builder").exists()), None)
    if tool is None:
        pytest.skip("needs OpenStack Swift: name an environment's bin folder in MARSAD_SWIFT")
    folder = tmp_path_factory.mktemp("swift")
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout
    (folder / "disks" / "d1").mkdir(parents=True)
    secrets = "".join(f"swift_hash_path_{part} = marsad\n" for part in ("suffix", "prefix"))
    (folder / "swift.conf").write_text(f"[swift-hash]\n{secrets}[storage-policy:0]\nname = one\ndefault = yes\n")
    ports = {name: free_port() for name in ("account", "container", "object", "proxy")}
    for name, port in ports.items():
        text = SERVER.format(port=port, folder=folder).replace("workers", f"user = {user}workers")
        if name == "proxy":
            text += f"pipeline = {' '.join(FILTERS)} proxy-server\n"
            text += "".join(f"[filter:{f}]\nuse = egg:swift#{f}\n{SETTINGS.get(f, '')}" for f in FILTERS)
            text += "[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n"
        else:
            text += BACK.format(name=name)
            builder = [f"{tool}/swift-ring-builder", str(folder / f"{name}.builder")]
            subprocess.run([*builder, "create", "4", "1", "1"], check=True, capture_output=True)
            subprocess.run([*builder, "add", f"r1z1-127.0.0.1:{port}/d1", "1"], check=True, capture_output=True)
            subprocess.run([*builder, "rebalance"], check=False, capture_output=True)
        (folder / f"{name}.conf").write_text(text)
    servers = [
        subprocess.Popen(
            [f"{tool}/swift-{name}-server", str(folder / f"{name}.conf")], stdout=log, stderr=subprocess.STDOUT
        )
        for name in ports
        for log in [(folder / f"{name}.log").open("w")]
    ]
    try:
        for port in ports.values():
            until = time.monotonic() + 60
            while socket.socket().connect_ex(("127.0.0.1", port)):
                if time.monotonic() > until or any(s.poll() is not None for s in servers):
                    said = "".join((folder / f"{name}.log").read_text()[-300:] for name in ports)
                    pytest.skip(f"Swift did not start: {said}")
                time.sleep(0.3)
        yield f"http://127.0.0.1:{ports['proxy']}"
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def test_a_store_that_we_did_not_write(swift, open_vault, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test:tester")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(objects, "PART", 6 << 20)
    shelf = shelf_at("s3://case/archive", endpoint=swift)
    client = shelf._client
    client.create_bucket(Bucket="case")
    assert shelf._checks, "this store refuses what does not hash to what it is given"
    vault = open_vault(shelf=shelf)
    contents = [b"%d " % n * 3000 for n in range(12)]
    done = [d for _, d in vault.deposit_all(Parcel(c, "n", "test", "file") for c in contents)]
    assert all(isinstance(d, Deposit) for d in done)
    large = os.urandom(15 << 20)
    sha256 = deposit(vault, large).exhibit.sha256
    with vault.open(sha256, purpose="read") as stream:
        stream.seek(7 << 20)
        assert stream.read() == large[7 << 20 :]
    assert vault.verify().ok and vault.verify().exhibits == 13
    assert not deposit(vault, contents[3]).new
    client.put_object(Bucket="case", Key=shelf.key(done[5].exhibit.sha256), Body=b"altered")
    assert [p.kind for p in vault.verify().problems] == ["altered"]
    assert deposit(vault, contents[5]).event.detail["repaired"]
    vault.erase(sha256, reason="order")
    assert vault.verify().ok and shelf.size(sha256) is None
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(VaultError, match="could not"):
        deposit(open_vault(shelf=shelf_at("s3://case/archive", endpoint=swift)), b"refused")
