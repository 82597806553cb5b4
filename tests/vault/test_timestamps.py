"""RFC 3161 against `openssl ts`, which we did not write: it is the authority, and it checks our files."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from marsad.errors import VaultError

from .conftest import deposit

pytest.importorskip("rfc3161_client", reason="needs the extra 'timestamps'")

CONFIGURATION = """
[tsa]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Fictional Root
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[stamp]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


@dataclass
class Authority:
    folder: Path
    root: bytes
    everything: bytes

    def ask(self, request: bytes) -> bytes:
        (self.folder / "request").write_bytes(request)
        return run(
            "ts", "-reply", "-config", self.folder / "cnf", "-section", "tsa", "-queryfile", self.folder / "request"
        )


def run(*arguments: object) -> bytes:
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True).stdout


def make_authority(folder: Path, key: tuple[str, ...]) -> Authority:
    folder.mkdir(exist_ok=True)
    cnf = folder / "cnf"
    cnf.write_text(CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")
    for name in ("root", "tsa"):
        run("genpkey", *key, "-out", folder / f"{name}.key")
    at = {name: folder / name for name in ("root.key", "root.pem", "tsa.key", "tsa.csr", "tsa.pem")}
    new = ("-new", "-config", cnf)
    run("req", "-x509", *new, "-key", at["root.key"], "-extensions", "root", "-days", 30, "-out", at["root.pem"])
    run("req", *new, "-key", at["tsa.key"], "-subj", "/CN=Fictional Authority", "-out", at["tsa.csr"])
    issuer = ("-CA", at["root.pem"], "-CAkey", at["root.key"], "-set_serial", 7)
    extensions = ("-extfile", cnf, "-extensions", "stamp")
    run("x509", "-req", "-in", at["tsa.csr"], *issuer, "-days", 20, *extensions, "-out", at["tsa.pem"])
    root = (folder / "root.pem").read_bytes()
    return Authority(folder, root, root + (folder / "tsa.pem").read_bytes())


KEYS = {
    "rsa": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
    "ec": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
}


@pytest.fixture(scope="session", params=sorted(KEYS))
def authority(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if not shutil.which("openssl"):
        pytest.skip("needs openssl")
    return make_authority(tmp_path_factory.mktemp("tsa") / request.param, KEYS[request.param])


def stamped(vault, authority: Authority) -> Path:
    deposit(vault, b"seen")
    vault.timestamp(authority.ask, authority.root, authority="fictional")
    return next(p for p in vault.log.attestations() if p.suffix == ".tsr")


def test_a_timestamp_is_kept_and_openssl_accepts_it(vault, authority):
    deposit(vault, b"seen")
    at = vault.timestamp(authority.ask, authority.root, authority="fictional")
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=2)
    response = next(p for p in vault.log.attestations() if p.suffix == ".tsr")
    checkpoint, root = response.with_name("checkpoint"), authority.folder / "root.pem"
    run("ts", "-verify", "-in", response, "-data", checkpoint, "-CAfile", root)
    with vault._store.read() as s:
        event = s.custody.last()
    assert (event.action, event.detail["size"]) == ("timestamped", 2)
    assert vault.verify().ok


def test_any_altered_byte_of_a_timestamp_is_found(vault, authority):
    path = stamped(vault, authority)
    data = path.read_bytes()
    path.chmod(0o644)
    for at in range(0, len(data), 7):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert not vault.verify(deep=False).ok, f"byte {at} changed unseen"
    path.unlink()
    assert [p.kind for p in vault.verify().problems] == ["attested"]


@pytest.mark.parametrize("fault", ["other data", "no answer", "garbage", "another authority", "refused"])
def test_a_failed_timestamp_is_a_state_that_is_seen(vault, authority, tmp_path, fault):
    deposit(vault, b"seen")

    def ask(request: bytes) -> bytes:
        if fault == "no answer":
            raise VaultError("fictional: the timestamp authority did not answer.")
        if fault == "garbage":
            return b"<html>Sign in to the hotel's network</html>"
        if fault == "refused":
            return authority.ask(request[:-3])
        if fault == "other data":
            (authority.folder / "other").write_bytes(b"other")
            run("ts", "-query", "-data", authority.folder / "other", "-sha256", "-cert", "-out", authority.folder / "q")
            return authority.ask((authority.folder / "q").read_bytes())
        return make_authority(tmp_path / "another", KEYS["ec"]).ask(request)

    with pytest.raises(VaultError):
        vault.timestamp(ask, authority.root, authority="fictional")
    with vault._store.read() as s:
        event = s.custody.last()
    assert event.action == "timestamp_failed"
    assert event.detail["reason"]
    assert vault.log.attestations() == []
    assert vault.verify().ok


def test_a_timestamp_of_a_rewritten_history_is_found(vault, authority, tamper):
    path = stamped(vault, authority)
    other = path.parent.with_name("1")
    path.parent.rename(other)
    assert {p.kind for p in vault.verify().problems} == {"attested"}
