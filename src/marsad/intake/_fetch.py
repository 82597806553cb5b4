"""One address, fetched because a user named it: bounded, to checked hosts only, and kept as a WARC of what was said.

No cookies, no proxy, no credentials, no scripts, and nothing that the page links. The name is resolved once and the
connection goes to an address of that answer, so that a host cannot show one address to the check and another to us.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import socket
import ssl
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from typing import Any, BinaryIO
from urllib.parse import SplitResult, quote, unquote, urljoin

from marsad.errors import IntakeRefused

from ._address import resolve, split
from ._limits import Limits
from ._warcfile import write_exchange, write_info

_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Capture:
    """A WARC file, at its start, with a name for it and what custody should remember."""

    file: BinaryIO
    name: str
    detail: dict[str, Any]


@dataclass(slots=True)
class _Exchange:
    url: str
    status: int
    reason: str
    headers: list[tuple[str, str]]
    location: str | None
    ip: str
    at: str
    request: bytes
    response: BinaryIO
    certificate: str | None


@contextmanager
def fetch(url: str, *, allow_private: bool, limits: Limits, user_agent: str | None = None) -> Iterator[Capture]:
    """Fetch `url`, with its redirects, within `limits`. Raises IntakeRefused where it is refused or fails.

    An answer of any status is kept: that a page was gone is evidence too.
    """
    deadline = time.monotonic() + limits.fetch_seconds
    agent = user_agent or f"marsad/{_version()}"
    with ExitStack() as stack:
        hops: list[_Exchange] = []
        current = url
        while True:
            spool: BinaryIO = stack.enter_context(tempfile.TemporaryFile())
            hops.append(_exchange(current, spool, agent, allow_private, limits, deadline))
            last = hops[-1]
            if last.status not in _REDIRECTS or not last.location:
                break
            if len(hops) > limits.redirects:
                raise IntakeRefused(f"more than {limits.redirects} redirects")
            current = urljoin(current, last.location)
        file: BinaryIO = stack.enter_context(tempfile.TemporaryFile())
        write_info(file, hops[0].at, [("software", f"marsad/{_version()}"), ("format", "WARC File Format 1.1")])
        for hop in hops:
            write_exchange(file, hop.url, hop.at, hop.ip, hop.request, hop.response)
        file.flush()
        file.seek(0)
        yield Capture(file, _name(last.url), _detail(url, hops, agent))


def _exchange(url: str, spool: BinaryIO, agent: str, allow_private: bool, limits: Limits, deadline: float) -> _Exchange:
    parts = split(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    addresses = resolve(host, port, allow_private=allow_private)
    at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    wire, ip, certificate = _connect(parts, addresses, port, spool, limits, deadline)
    try:
        request = _request(parts, agent)
        wire.sendall(request)
        answer = http.client.HTTPResponse(wire, method="GET", url=url)  # type: ignore[arg-type]
        answer.begin()
        declared = answer.getheader("Content-Length", "")
        if declared.isdigit() and int(declared) > limits.fetch_bytes:
            raise IntakeRefused(f"the answer says it is {int(declared):,} bytes; the limit is {limits.fetch_bytes:,}")
        while answer.read(_CHUNK):
            pass
        # A read of a given size does not complain of a body that ends too soon.
        if answer.length:
            raise IntakeRefused(f"the answer broke off {answer.length:,} bytes before its end")
    except IntakeRefused:
        raise
    except TimeoutError:
        raise IntakeRefused(f"no whole answer within {limits.fetch_seconds:.0f} seconds") from None
    except (http.client.HTTPException, OSError, ValueError) as problem:
        raise IntakeRefused(f"the answer broke off or is not HTTP ({_words(problem)})") from None
    finally:
        wire.close()
    spool.flush()
    headers = answer.getheaders()
    return _Exchange(
        url, answer.status, answer.reason, headers, answer.getheader("Location"), ip, at, request, spool, certificate
    )


def _connect(
    parts: SplitResult, addresses: list[str], port: int, spool: BinaryIO, limits: Limits, deadline: float
) -> tuple[_Wire, str, str | None]:
    problem: Exception | None = None
    for address in addresses:
        try:
            timeout = min(limits.connect_seconds, max(0.01, deadline - time.monotonic()))
            raw = socket.create_connection((address, port), timeout=timeout)
            if parts.scheme == "http":
                return _Wire(raw, spool, limits, deadline), address, None
            with ExitStack() as stack:
                stack.callback(raw.close)
                secure = ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)
                stack.pop_all()
            certificate = secure.getpeercert(binary_form=True) or b""
            return _Wire(secure, spool, limits, deadline), address, hashlib.sha256(certificate).hexdigest()
        except ssl.SSLError as failed:
            raise IntakeRefused(f"the host's certificate or TLS could not be trusted ({_words(failed)})") from None
        except OSError as failed:
            problem = failed
    raise IntakeRefused(f"no connection to {parts.hostname} ({_words(problem)})")


class _Wire:
    """A socket that keeps every byte it receives, and holds both bounds: bytes and time."""

    def __init__(self, sock: socket.socket, spool: BinaryIO, limits: Limits, deadline: float) -> None:
        self._sock, self._spool, self._limits, self._deadline = sock, spool, limits, deadline
        self._taken = 0

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._left())
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def receive(self, size: int) -> bytes:
        self._sock.settimeout(self._left())
        data = self._sock.recv(size)
        self._taken += len(data)
        if self._taken > self._limits.fetch_bytes:
            raise IntakeRefused(f"the answer is longer than the limit of {self._limits.fetch_bytes:,} bytes")
        self._spool.write(data)
        return data

    def close(self) -> None:
        self._sock.close()

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Incoming(io.RawIOBase):
    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        data = self._wire.receive(len(view))
        view[: len(data)] = data
        return len(data)


def _request(parts: SplitResult, agent: str) -> bytes:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=?~-._[]')}" if parts.query else ""
    host = (
        (parts.hostname or "").encode("idna").decode("ascii") if ":" not in (parts.hostname or "") else parts.hostname
    )
    name = f"[{host}]" if host and ":" in host else host
    if parts.port:
        name = f"{name}:{parts.port}"
    lines = [f"GET {path}{query} HTTP/1.1", f"Host: {name}", f"User-Agent: {' '.join(agent.split())}"]
    lines += ["Accept: text/html,application/xhtml+xml,application/pdf,*/*;q=0.8", "Accept-Encoding: identity"]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1", "replace")


def _detail(url: str, hops: list[_Exchange], agent: str) -> dict[str, Any]:
    last = hops[-1]
    detail: dict[str, Any] = {
        "requested": url,
        "final_url": last.url,
        "status": last.status,
        "ip": last.ip,
        "fetched_at": last.at,
        "user_agent": agent,
        "request": last.request.decode("latin-1"),
        "response_headers": [f"{name}: {value}"[:2000] for name, value in last.headers[:100]],
    }
    if last.certificate:
        detail["tls_certificate_sha256"] = last.certificate
    if len(hops) > 1:
        detail["redirects"] = [f"{hop.status} {hop.url} ({hop.ip})" for hop in hops[:-1]]
    return detail


def _name(url: str) -> str:
    parts = split(url)
    last = unquote(parts.path).rstrip("/").rsplit("/", 1)[-1]
    return f"{parts.hostname}{'-' + last if last else ''}"[:150] + ".warc"


def _words(problem: Exception | None) -> str:
    words = getattr(problem, "verify_message", None) or getattr(problem, "strerror", None) or str(problem)
    return " ".join(str(words).split())[:120] or type(problem).__name__


def _version() -> str:
    try:
        return metadata.version("marsad")
    except metadata.PackageNotFoundError:
        return "0"
