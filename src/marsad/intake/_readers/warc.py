"""WARC files: each page, text or PDF that was answered is a report; pictures, sound and video become exhibits.

A broken record is named and the rest is read. Block digests are checked and a mismatch is noted on the report.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zlib
from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO

from marsad.errors import Unreadable

from .._draft import Draft, Member, Source
from .._kind import HEAD, detect
from .._when import iso
from . import MODULES
from ._warc_records import Break, Record, records

_AS_REPORT = {"html", "text", "pdf", "feed", "json", "mail"}
_AS_EXHIBIT = {"image", "av"}
_SMALLEST_PICTURE = 4096
_GOOD = range(200, 300)


def read(source: Source) -> Iterator[Draft | Member]:
    """Drafts with `part` the record's id; members for pictures and other media of more than 4 KiB."""
    yield from read_stream(source.file, source)


def read_stream(stream: BinaryIO, source: Source, prefix: str = "") -> Iterator[Draft | Member]:
    """The same for a WARC inside another file; `prefix` goes before each part."""
    count = given = 0
    refused: set[int] = set()
    broken = False
    for found in records(stream, source.limits.fetch_bytes):
        if isinstance(found, Break):
            broken = True
            yield Draft(part=f"{prefix}byte {found.at}", kind="document", reason=found.words)
            continue
        count += 1
        for item in _record(found, source, prefix, count, refused):
            given += 1
            yield item
    if given or broken or prefix:
        return
    if refused:
        raise Unreadable(f"no page was given: the server answered {', '.join(map(str, sorted(refused)))}")
    raise Unreadable(f"a WARC without a page, text or picture that can be read ({count} other records)")


def _record(record: Record, source: Source, prefix: str, number: int, refused: set[int]) -> Iterator[Draft | Member]:
    part = prefix + (record.id or f"record {number}")
    headers = record.headers
    url = headers.get("WARC-Target-URI") or None
    captured = iso(headers.get("WARC-Date"))
    block = record.block
    if block is None:
        yield Draft(part=part, kind="document", url=url, reason=f"a record of {record.length:,} bytes: not read")
        return
    meta: dict[str, Any] = {"captured": captured, "warc_record": number, "warc_type": record.type}
    digest = _digest_problem(headers, block)
    try:
        body, http = _payload(block, record, source.limits.text_bytes)
    except Unreadable as problem:
        yield Draft(part=part, kind="document", url=url, reason=f"record {number}: {problem}")
        return
    meta.update(http)
    status = http.get("http_status")
    if status is not None and status not in _GOOD:
        refused.add(status)
        return
    for item in _read_body(body, source, url, part, http.get("charset")):
        if isinstance(item, Draft):
            item.meta = {**meta, **item.meta}
            item.url = item.url or url
            if digest:
                item.note(digest)
        yield item


def _read_body(
    body: bytes, source: Source, url: str | None, part: str, charset: str | None
) -> Iterator[Draft | Member]:
    name = (url or part).split("?")[0].rstrip("/").rsplit("/", 1)[-1] or "page"
    kind = detect(body[:HEAD], name)
    if kind.code in _AS_EXHIBIT:
        if len(body) >= _SMALLEST_PICTURE or url is None:
            yield Member(part, name, io.BytesIO(body))
        return
    if kind.code not in _AS_REPORT:
        return
    reader = import_module(f".{MODULES[kind.code]}", __package__)
    inner = Source(io.BytesIO(body), kind.code, name, len(body), source.limits, url, charset)
    try:
        for item in reader.read(inner):
            item.part = f"{part} {item.part}".strip()
            yield item
    except Unreadable as problem:
        # Scripts' answers in JSON and empty pages are the rule in a crawl: only what should have words is told of.
        if kind.code in ("pdf", "html") and body.strip():
            yield Draft(part=part, kind="document", url=url, reason=str(problem))


def _payload(block: bytes, record: Record, most: int) -> tuple[bytes, dict[str, Any]]:
    """The body, with its transfer and content encodings undone within bounds, and what the HTTP header says."""
    if not record.is_http:
        return block, {"charset": None}
    head, gap, body = block.partition(b"\r\n\r\n")
    if not gap:
        head, gap, body = block.partition(b"\n\n")
    lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
    fields = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        fields[name.strip().lower()] = value.strip()
    words = lines[0].split(" ", 2)
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else None
    if "chunked" in fields.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    encoding = fields.get("content-encoding", "").lower()
    if encoding in ("gzip", "x-gzip", "deflate"):
        body = _inflated(body, most)
    elif encoding in ("br", "zstd"):
        raise Unreadable(f"compressed as '{encoding}', which is not read")
    kind, _, parameters = fields.get("content-type", "").partition(";")
    charset = parameters.partition("charset=")[2].strip(" \"';").split(";")[0] or None
    meta = {"http_status": status, "content_type": kind.strip() or None, "charset": charset}
    return body, {key: value for key, value in meta.items() if value is not None}


def _unchunked(body: bytes) -> bytes:
    """The chunks put together; a body that is not chunked after all (some crawlers undo it) is left as it is."""
    out, at = bytearray(), 0
    while True:
        end = body.find(b"\r\n", at)
        try:
            size = int(body[at:end].split(b";")[0], 16) if end >= 0 else -1
        except ValueError:
            size = -1
        if size < 0:
            return bytes(out) if out else body
        if size == 0:
            return bytes(out)
        out += body[end + 2 : end + 2 + size]
        at = end + 2 + size + 2


def _inflated(body: bytes, most: int) -> bytes:
    for bits in (47, -15):
        engine = zlib.decompressobj(bits)
        try:
            data = engine.decompress(body, most + 1)
        except zlib.error:
            continue
        if len(data) > most:
            raise Unreadable(f"unpacks to more than {most:,} bytes")
        return data
    # Some crawlers undo the encoding and keep the header.
    return body


def _digest_problem(headers: Any, block: bytes) -> str | None:
    stated = headers.get("WARC-Block-Digest") or ""
    name, _, value = stated.partition(":")
    if not value or name.lower().replace("-", "") not in ("sha1", "sha256", "sha512", "md5"):
        return None
    found = hashlib.new(name.lower().replace("-", ""), block, usedforsecurity=False).digest()
    spellings = {
        found.hex(),
        base64.b32encode(found).decode().rstrip("="),
        base64.b64encode(found).decode().rstrip("="),
    }
    if value.lower() == found.hex() or value.rstrip("=") in spellings or value.upper().rstrip("=") in spellings:
        return None
    return "its block does not match the digest that the WARC states: it was altered or badly written"
