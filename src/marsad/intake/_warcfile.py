"""A capture as a WARC 1.1 file (ISO 28500:2017): each record's block is the bytes that went over the wire, unchanged.

Written here rather than by a library, because those at hand parse the HTTP header and write it anew, and sum in SHA-1.
"""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Iterable
from typing import BinaryIO

_CHUNK = 1 << 20


def write_info(out: BinaryIO, date: str, fields: Iterable[tuple[str, str]]) -> None:
    """The first record: who wrote the file and how."""
    block = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in fields).encode()
    headers = [("WARC-Type", "warcinfo"), ("WARC-Record-ID", new_id()), ("WARC-Date", date)]
    headers += [("Content-Type", "application/warc-fields"), ("WARC-Block-Digest", _sum(block))]
    _header(out, headers, len(block))
    out.write(block + b"\r\n\r\n")


def write_exchange(out: BinaryIO, url: str, date: str, ip: str, request: bytes, response: BinaryIO) -> None:
    """A request and its answer, as one pair of records; `response` is a seekable file of the raw answer."""
    request_id, response_id = new_id(), new_id()
    common = [("WARC-Date", date), ("WARC-Target-URI", url), ("WARC-IP-Address", ip)]
    response.seek(0)
    digest, length = hashlib.sha256(), 0
    while chunk := response.read(_CHUNK):
        digest.update(chunk)
        length += len(chunk)
    headers = [("WARC-Type", "response"), ("WARC-Record-ID", response_id), *common]
    headers += [("Content-Type", "application/http;msgtype=response")]
    headers += [("WARC-Block-Digest", f"sha256:{digest.hexdigest()}")]
    _header(out, headers, length)
    response.seek(0)
    shutil.copyfileobj(response, out, _CHUNK)
    out.write(b"\r\n\r\n")
    headers = [("WARC-Type", "request"), ("WARC-Record-ID", request_id), ("WARC-Concurrent-To", response_id), *common]
    headers += [("Content-Type", "application/http;msgtype=request"), ("WARC-Block-Digest", _sum(request))]
    _header(out, headers, len(request))
    out.write(request + b"\r\n\r\n")


def new_id() -> str:
    """A fresh record id."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def _header(out: BinaryIO, fields: Iterable[tuple[str, str]], length: int) -> None:
    lines = [f"{name}: {_one_line(value)}\r\n" for name, value in fields]
    out.write(f"WARC/1.1\r\n{''.join(lines)}Content-Length: {length}\r\n\r\n".encode())


def _sum(block: bytes) -> str:
    return f"sha256:{hashlib.sha256(block).hexdigest()}"


def _one_line(value: str) -> str:
    return " ".join(value.split())
