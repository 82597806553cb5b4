"""What bytes are, by the bytes themselves. Names and extensions are claims of whoever sent them: never looked at."""

from __future__ import annotations

import codecs
import json
import re
import zlib
from importlib import resources
from typing import Any

UNKNOWN = "application/octet-stream"

_DATA: dict[str, Any] = json.loads(resources.files(__package__).joinpath("signatures.json").read_text(encoding="utf-8"))
_BYTES = [(s["type"], [(p["at"], bytes.fromhex(p["hex"])) for p in (s, s.get("and")) if p]) for s in _DATA["bytes"]]
_HTML = re.compile(r"<(?:" + "|".join(map(re.escape, _DATA["html"])) + r")(?=[\s>/])", re.IGNORECASE)
_XML_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_MARKUP_BEFORE_ROOT = re.compile(
    r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)", re.DOTALL | re.IGNORECASE
)
_JSON_LIKE = re.compile(r'\s*(?:\{\s*"(?:[^"\\]|\\.)*"\s*:|\[\s*(?:\{\s*["}]|\[|"(?:[^"\\]|\\.)*"\s*[,\]]))')
_MAIL = re.compile(
    r"(?:(?:From|To|Subject|Date|Received|Return-Path|Delivered-To|Message-ID|MIME-Version): [^\n]*\n"
    r"(?:[ \t][^\n]*\n)*){2}",
    re.IGNORECASE,
)
_ZIP_ENTRY = re.compile(rb"PK\x03\x04.{4}.{18}(..)(..)", re.DOTALL)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_LEAST_CONFIDENCE = 0.3


def sniff(head: bytes, *, whole: bool = False) -> str:
    """The media type of the bytes that begin with `head` (64 KiB are plenty; `whole` if there are no others).

    'application/octet-stream' where the bytes do not tell.
    """
    if not head:
        return UNKNOWN
    return _binary(head) or _text(head, whole) or _by_library(head) or UNKNOWN


def _binary(head: bytes) -> str | None:
    if head[:4] == b"PK\x03\x04":
        return _zip(head)
    if head[:2] == b"\x1f\x8b":
        return "application/warc" if _inflate(head).startswith(b"WARC/") else "application/gzip"
    if head[4:8] == b"ftyp" and len(head) >= 12:
        return str(_DATA["brands"].get(head[8:12].decode("latin-1"), _DATA["other_brand"]))
    for media_type, parts in _BYTES:
        if all(head[at : at + len(magic)] == magic for at, magic in parts):
            return str(media_type)
    # Readers take a PDF whose header stands anywhere in the first 1,024 bytes (ISO 32000-1, Annex H).
    if b"%PDF-" in head[:1024] and b" obj" in head:
        return "application/pdf"
    return None


def _zip(head: bytes) -> str:
    names: list[str] = []
    for entry in _ZIP_ENTRY.finditer(head):
        length, extra = (int.from_bytes(entry[i], "little") for i in (1, 2))
        name = head[entry.end() : entry.end() + length].decode("utf-8", "replace")
        if name == "mimetype" and not names:
            # Open Document and EPUB keep their own media type as the first entry, stored without compression.
            said = re.match(rb"[\w.+-]+/[\w.+-]+", head[entry.end() + length + extra :].split(b"PK", 1)[0])
            if said:
                return said[0].decode("ascii")
        names.append(name)
    for kind in _DATA["zip"]:
        if all(any(name.startswith(wanted) for name in names) for wanted in kind["names"]):
            return str(kind["type"])
    return "application/zip"


def _inflate(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 64)
    except zlib.error:
        return b""


def _text(head: bytes, whole: bool) -> str | None:
    text = _decode(head, whole)
    if text is None:
        return None
    if markup := _markup(text):
        return markup
    if text.lstrip()[:1] in ("{", "["):
        if whole and _parses(text):
            return "application/json"
        first = text.lstrip().split("\n", 1)
        if len(first) == 2 and _parses(first[0]):
            return "application/x-ndjson"
        if _JSON_LIKE.match(text):
            return "application/json"
    if _MAIL.match(text):
        return "message/rfc822"
    return "text/plain"


def _markup(text: str) -> str | None:
    text = text.lstrip()
    if not text.startswith("<"):
        return None
    xml = text.startswith("<?xml")
    while before := _MARKUP_BEFORE_ROOT.match(text):
        if _HTML.match(before[0].lstrip()):
            return "text/html"
        text = text[before.end() :]
    text = text.lstrip()
    if root := _XML_ROOT.match(text):
        if root[1] in _DATA["xml"]:
            return str(_DATA["xml"][root[1]])
        if xml:
            return "application/xml"
    return "text/html" if _HTML.match(text) else None


def _decode(head: bytes, whole: bool) -> str | None:
    """The text, or None for what is no text. Old 8-bit encodings are text too: which one is for the reader to find."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            # A cut may go through a character.
            return codecs.getincrementaldecoder(encoding)("replace").decode(head[len(bom) :], final=whole)
    try:
        text = codecs.getincrementaldecoder("utf-8")("strict").decode(head, final=whole)
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    return None if _NOT_TEXT.search(text) else text


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _by_library(head: bytes) -> str | None:
    import puremagic

    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    return next((str(m.mime_type) for m in found if m.mime_type and m.confidence >= _LEAST_CONFIDENCE), None)
