"""Fetching: what is refused, what bounds it, and what is kept of it. The server is a real one, on this machine."""

import datetime
import gzip
import hashlib
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hostile import makers as make
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from marsad.errors import IntakeRefused
from marsad.intake import Limits, receive
from marsad.intake._address import refusal, resolve, split
from marsad.intake._fetch import Capture, fetch

PAGE = make.page("Shells strike market in Qasr Alwan")
SEEN: list[dict[str, str]] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        SEEN.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
        route = self.path.split("?")[0].strip("/").replace("-", "_")
        getattr(self, f"at_{route}", self.at_missing)()

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def at_page(self) -> None:
        self.answer(PAGE, Content_Type="text/html; charset=utf-8", Set_Cookie="track=1")

    def at_chunked(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(PAGE), 100):
            part = PAGE[at : at + 100]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def at_gzip(self) -> None:
        self.answer(gzip.compress(PAGE), Content_Type="text/html", Content_Encoding="gzip")

    def at_picture(self) -> None:
        self.answer(make.picture(), Content_Type="image/jpeg")

    def at_missing(self) -> None:
        self.answer(b"<html><body>gone</body></html>", 404, Content_Type="text/html")

    def at_moved(self) -> None:
        self.answer(b"", 302, Location="/page")

    def at_round(self) -> None:
        self.answer(b"", 302, Location="/round")

    def at_to_file(self) -> None:
        self.answer(b"", 302, Location="file:///etc/passwd")

    def at_to_metadata(self) -> None:
        self.answer(b"", 302, Location="http://169.254.169.254/latest/")

    def at_says_huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(10**12))
        self.end_headers()

    def at_is_huge(self) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while True:
                self.wfile.write(bytes(65536))
        except OSError:
            self.close_connection = True

    def at_slow(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def at_breaks_off(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"half")
        self.close_connection = True

    def at_not_http(self) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH\r\n")
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    http.server_close()


def captured(url: str, limits: Limits | None = None) -> tuple[bytes, dict]:
    with fetch(url, allow_private=True, limits=limits or Limits()) as capture:
        assert isinstance(capture, Capture)
        return capture.file.read(), capture.detail


def test_the_capture_is_the_very_bytes_of_the_exchange(server: str) -> None:
    data, detail = captured(f"{server}/page")
    records = [
        (r.rec_type, r.rec_headers, r.http_headers, r.content_stream().read())
        for r in ArchiveIterator(io.BytesIO(data), check_digests="raise")
    ]
    kinds = [kind for kind, *_ in records]
    assert kinds == ["warcinfo", "response", "request"]
    _, headers, http, body = records[1]
    assert body == PAGE
    assert http.get_header("Set-Cookie") == "track=1"
    assert headers.get_header("WARC-Target-URI") == f"{server}/page"
    assert headers.get_header("WARC-IP-Address") == "127.0.0.1"
    assert records[2][1].get_header("WARC-Concurrent-To") == headers.get_header("WARC-Record-ID")
    block = data[data.index(b"HTTP/1.1 200") :].split(b"\r\n\r\nWARC/1.1")[0]
    assert headers.get_header("WARC-Block-Digest") == f"sha256:{hashlib.sha256(block).hexdigest()}"
    assert detail["status"] == 200
    assert detail["ip"] == "127.0.0.1"
    assert detail["final_url"] == f"{server}/page"
    assert "GET /page HTTP/1.1" in detail["request"]
    assert "Set-Cookie: track=1" in detail["response_headers"]


def test_no_cookies_no_referrer_and_a_plain_agent(server: str) -> None:
    SEEN.clear()
    captured(f"{server}/page")
    captured(f"{server}/page")
    assert all(not {"cookie", "referer", "authorization"} & seen.keys() for seen in SEEN)
    assert SEEN[0]["user-agent"].startswith("marsad/")


@pytest.mark.parametrize("path", ["page", "chunked", "gzip", "moved"])
def test_a_page_is_read_from_its_capture(server: str, path: str, deposits) -> None:
    (got,) = receive([f"{server}/{path}"], deposits, allow_private=True)
    assert got.problem is None
    (report,) = got.reports
    assert report.title == "Shells strike market in Qasr Alwan"
    assert "grain market" in report.text
    assert report.url == f"{server}/{'page' if path == 'moved' else path}"
    kept = deposits.kept[got.exhibit.sha256]
    assert kept.source == f"{server}/{path}"
    assert kept.method == "fetch"
    if path == "moved":
        assert kept.detail["redirects"] == [f"302 {server}/moved (127.0.0.1)"]


def test_a_picture_becomes_an_exhibit_tied_to_its_capture(server: str, deposits) -> None:
    body = make.picture()
    got = list(receive([f"{server}/picture"], deposits, allow_private=True))
    picture = deposits.kept[hashlib.sha256(body).hexdigest()]
    assert picture.source == f"exhibit:{deposits.order[0]}"
    assert any(report.kind == "footage" for one in got for report in one.reports)


def test_an_answer_that_is_no_page_is_kept_and_told(server: str, deposits) -> None:
    (got,) = receive([f"{server}/nothing"], deposits, allow_private=True)
    assert got.exhibit
    assert "404" in got.problem


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("round", "more than 8 redirects"),
        ("to-file", "only http and https"),
        ("to-metadata", "link-local"),
        ("says-huge", "the answer says it is"),
        ("is-huge", "longer than the limit"),
        ("slow", "within 1 seconds"),
        ("breaks-off", "broke off"),
        ("not-http", "broke off or is not HTTP"),
    ],
)
def test_bounds(server: str, path: str, words: str) -> None:
    limits = Limits(fetch_bytes=1_000_000, fetch_seconds=1)
    private = path != "to-metadata"
    with pytest.raises(IntakeRefused, match=words):
        if private:
            captured(f"{server}/{path}", limits)
        else:
            # Loopback allowed for the first hop alone, so that the second is judged.
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("marsad.intake._address.refusal", lambda ip: None if ip == "127.0.0.1" else refusal(ip))
                with fetch(f"{server}/{path}", allow_private=False, limits=limits):
                    pass


def test_loopback_is_refused_unless_allowed(server: str, deposits) -> None:
    SEEN.clear()
    (got,) = receive([f"{server}/page"], deposits)
    assert "loopback" in got.problem
    assert got.exhibit is None
    assert not SEEN


def test_the_name_is_resolved_once_and_that_answer_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, connected = [], []

    def rebinding(host: str, port: int, **_: object) -> list:
        asked.append(host)
        address = "203.0.114.7" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket, "create_connection", connect)
    with (
        pytest.raises(IntakeRefused, match="no connection"),
        fetch("http://rebind.example/", allow_private=False, limits=Limits()),
    ):
        pass
    assert asked == ["rebind.example"]
    assert connected == [("203.0.114.7", 80)]


def test_one_private_address_among_public_ones_refuses_all(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(IntakeRefused, match=r"10\.0\.0\.1, which is a private address"):
        resolve("mixed.example", 80, allow_private=False)
    assert resolve("mixed.example", 80, allow_private=True) == ["93.184.216.34", "10.0.0.1"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.0.9",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
        "2001:0:5ef5:79fd:0:0:80ff:fffe",
        "nonsense",
    ],
)
def test_refused_addresses(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses(address: str) -> None:
    assert refusal(address) is None


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_the_same_inside_ipv6(ip: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(0xFFFF_0000_0000 | int(ip))
    translated = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | int(ip))
    assert refusal(str(mapped)) == refusal(str(ip)) == refusal(str(translated))
    if not ip.is_global:
        assert refusal(str(ip))


@given(st.text(max_size=60))
def test_splitting_never_raises_anything_else(text: str) -> None:
    for url in (text, f"http://{text}", f"https://a.example/{text}"):
        try:
            parts = split(url)
        except IntakeRefused:
            continue
        assert parts.scheme in ("http", "https")
        assert parts.hostname


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/\r\nX: y",
        "http://a b.example/",
        "http://a.example:99999/",
        "ftp://a.example/",
        "http://",
        "http://[::1/",
    ],
)
def test_addresses_that_are_not(url: str) -> None:
    with pytest.raises(IntakeRefused):
        split(url)


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, str]]:
    """(address, certificate file, its digest) of a server with a certificate of its own."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.socket = context.wrap_socket(http.socket, server_side=True)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    digest = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()
    yield f"https://localhost:{http.server_port}", public, digest
    http.shutdown()
    http.server_close()


def test_the_certificate_is_remembered(secure: tuple[str, Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    url, public, digest = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    _, detail = captured(f"{url}/page")
    assert detail["tls_certificate_sha256"] == digest


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: tuple[str, Path, str]) -> None:
    with pytest.raises(IntakeRefused, match="could not be trusted"):
        captured(f"{secure[0]}/page")
