"""What a file is, from its first bytes; its name decides only between kinds of plain text, and is checked."""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from ._decode import decode

HEAD = 16384
"""How many bytes `detect` wants to see."""
# Kinds of text that an extension may name without the content having to look like it.
_LOOSE = {"text", "table", "jsonl", "json", "html", "feed", "mail", "svg", "xml", "script", "subtitles"}
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|article|div|p|h1|meta|table)\b[^>]*>", re.I)
_XML_ROOT = re.compile(r"<(?![?!])(?:\w+:)?([\w.-]+)")
_MAIL = re.compile(r"\A(?:From |(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2,})")
_MAIL_HEADERS = ("mime-version:", "received:", "message-id:", "from:", "return-path:")


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: the reader's code, the media type for the exhibit, a label for people, and what did not fit."""

    code: str
    media_type: str
    label: str
    note: str | None = None


def detect(head: bytes, name: str) -> Kind:
    """The kind of a file from its first `HEAD` bytes and its name."""
    found = _found(head, name)
    named = _tables()["extensions"].get(_extension(name))
    if named is None or found.code in (named, "empty") or (found.code in _LOOSE and named in _LOOSE):
        return found
    if found.code == "warc" and named == "gzip":
        return found
    read = "" if found.code == "unread" else ": read as that"
    note = f"named .{_extension(name)} but its content is {found.label}{read}"
    return Kind(found.code, found.media_type, found.label, note)


def _found(head: bytes, name: str) -> Kind:
    if not head:
        return Kind("empty", "application/x-empty", "empty")
    for row in _tables()["rows"]:
        if head.startswith(row["magic"], row["at"]):
            if row["kind"] == "gzip" and (_gunzip(head).startswith(b"WARC/") or name.lower().endswith(".warc.gz")):
                return Kind("warc", "application/gzip", "compressed WARC")
            # Two letters are thin evidence: words may begin with them.
            if len(row["magic"]) < 4 and row["magic"].isalnum() and _is_text(head):
                continue
            return Kind(row["kind"], row["media_type"], row["label"])
    # A WARC whose first record is broken: the next ones may be whole.
    if _extension(name) == "warc" and re.search(rb"^WARC/1\.[01]\r?$", head, re.M):
        return Kind("warc", "application/warc", "WARC")
    # Leading junk before a PDF header is allowed by its readers up to 1,024 bytes.
    if b"%PDF-" in head[:1024]:
        return Kind("pdf", "application/pdf", "PDF")
    if not head.strip(b"\x00"):
        return Kind("unread", "application/octet-stream", "zero bytes")
    if not _is_text(head):
        return Kind("unread", "application/octet-stream", "binary data of no known kind")
    return _text_kind(decode(head).text, _extension(name))


def _text_kind(text: str, extension: str) -> Kind:
    start = text.lstrip("\ufeff \t\r\n\x00")
    low = start[:4096].lower()
    if low.startswith("<") or low.startswith("<!--"):
        root = _XML_ROOT.search(re.sub(r"<!--.*?-->", "", start[:HEAD], flags=re.S))
        tag = root.group(1).lower() if root else ""
        if tag in ("rss", "feed", "rdf"):
            return _kind("feed")
        if tag == "svg":
            return _kind("svg")
        if _HTML.search(start[:HEAD]) or extension in ("html", "htm", "xhtml"):
            return _kind("html")
        if low.startswith("<?xml"):
            return _kind("feed" if extension in ("rss", "atom") else "xml")
    if extension in ("eml", "mhtml", "mht") or (_MAIL.match(start) and _has_mail_header(low)):
        return _kind("mail")
    if extension in ("html", "htm", "xhtml") or re.search(r"<(?:html|head|body)\b[^>]*>", low):
        return _kind("html")
    if start.startswith("WEBVTT") or re.match(r"\d+\r?\n(?:\d+:)?\d\d:\d\d[.,]\d{3}\s*-->", start):
        return _kind("subtitles")
    if re.match(r"window\.YTD\.[\w.]+\s*=\s*\[", start):
        return _kind("json")
    if extension in ("jsonl", "ndjson"):
        return _kind("jsonl")
    if extension == "json" or re.match(r'[\[{]\s*(?:["\[{\]}]|-?\d)', start):
        return _kind("json")
    if extension in ("csv", "tsv"):
        return _kind("table")
    return _kind("text")


def _has_mail_header(low: str) -> bool:
    block = low.split("\n\n", 1)[0]
    return sum(line.startswith(_MAIL_HEADERS) for line in block.split("\n")) >= 2


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    decoded = decode(head)
    if not decoded.text:
        return False
    odd = sum(unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs") and c not in "\t\n\f\x1b" for c in decoded.text)
    return odd / len(decoded.text) < 0.1 and decoded.replaced / len(decoded.text) < 0.2


def _gunzip(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(head, 64)
    except zlib.error:
        return b""


def _kind(code: str) -> Kind:
    row = _tables()["text"][code]
    return Kind(code, row["media_type"], row["label"])


def _extension(name: str) -> str:
    return name.rsplit(".", 1)[1].lower() if "." in name else ""


@cache
def _tables() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        resources.files(__package__).joinpath("signatures.json").read_text(encoding="utf-8")
    )
    for row in data["rows"]:
        row["magic"] = row["bytes"].encode("latin-1")
    return data
