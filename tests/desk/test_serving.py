"""Serving with TLS, from the command line, to a client that checks the certificate."""

import re
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from marsad.desk._serve import serve
from marsad.errors import CaseError
from marsad.pipeline import Case


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for desk.localhost and its key, good for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk.localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("desk.localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = tmp_path / "desk.pem", tmp_path / "desk.key"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return cert_file, key_file


def test_the_desk_speaks_tls(case: Case, certificate: tuple[Path, Path]) -> None:
    options = ["--port", "0", "--person", "amal", "--allow-host", "desk.localhost"]
    options += ["--certificate", str(certificate[0]), "--key", str(certificate[1])]
    command = [sys.executable, "-m", "marsad", "desk", str(case.folder), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdout is not None
        try:
            link = next(m for line in desk.stdout if (m := re.search(r"https://desk\.localhost:(\d+)/\S+", line)))
            trusted = ssl.create_default_context(cafile=str(certificate[0]))
            # The name need not resolve here: the address is asked, under the name.
            address = link[0].replace("desk.localhost", "127.0.0.1")
            with httpx.Client(verify=trusted) as client:
                headers, extensions = {"host": f"desk.localhost:{link[1]}"}, {"sni_hostname": "desk.localhost"}
                answer = client.get(address, headers=headers, extensions=extensions)
                assert answer.status_code == 200 and "Amal" in answer.text
                assert "strict-transport-security" in answer.headers
                other = client.get(address, headers={"host": "evil.example"}, extensions=extensions)
                assert other.status_code == 421
        finally:
            desk.terminate()


def test_a_certificate_that_cannot_be_used_is_told(case: Case, certificate: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="both"):
        serve(case, port=0, certificate=certificate[0])
    wrong = tmp_path / "wrong.key"
    wrong.write_text("nonsense", "utf-8")
    with pytest.raises(CaseError, match=r"wrong\.key"):
        serve(case, port=0, certificate=certificate[0], key=wrong)
