"""Media types by content alone: real encoders' output where the house has one, header bytes where it has not."""

from __future__ import annotations

import gzip
import io
import zipfile

import hypothesis.strategies as st
import pytest
from hypothesis import given

from marsad.vault._sniff import UNKNOWN, sniff


def picture(kind: str) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    return out.getvalue()


def zipped(*names: str, first: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        if first:
            z.writestr("mimetype", first)
        for name in names:
            z.writestr(name, b"content " * 20)
    return out.getvalue()


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"
CASES = [
    (b"<!DOCTYPE html><html>", "text/html"),
    (b"\xef\xbb\xbf\r\n <!-- a --><!doctype HTML>", "text/html"),
    (b"<p>An old page without a head</p>", "text/html"),
    (b"<body\nclass=x>", "text/html"),
    (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html xmlns="x">', "text/html"),
    ("<html>".encode("utf-16"), "text/html"),
    (b'<?xml version="1.0"?>\n<!-- c --><rss version="2.0">', "application/rss+xml"),
    (b'<feed xmlns="http://www.w3.org/2005/Atom">', "application/atom+xml"),
    (b"<rdf:RDF xmlns:rdf='x'>", "application/rdf+xml"),
    (b"<svg xmlns='x'/>", "image/svg+xml"),
    (b"<?xml version='1.0'?><something/>", "application/xml"),
    (b"<pasted> no markup at all", "text/plain"),
    (b'{"name": "channel", "messages": []}', "application/json"),
    (b'[{"id": 1}]', "application/json"),
    (b'{"a": 1}\n{"a": 2}\n', "application/x-ndjson"),
    (b'{"cut": [1, 2, ', "application/json"),
    (b"[Beirut, 3 May] Two people were hurt.", "text/plain"),
    (b"{curly} words", "text/plain"),
    (b"From: a@example.org\nSubject: x\n\nText", "message/rfc822"),
    (b"From: here to there it is far.", "text/plain"),
    ("قُتل ثلاثة".encode(), "text/plain"),
    ("قتل ثلاثة".encode("windows-1256"), "text/plain"),
    (b"WARC/1.1\r\nWARC-Type: warcinfo\r\n", "application/warc"),
    (gzip.compress(b"WARC/1.0\r\n", mtime=0), "application/warc"),
    (gzip.compress(b"other", mtime=0), "application/gzip"),
    (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
    (b"junk before\n%PDF-1.4\n1 0 obj\n\x00", "application/pdf"),
    (b"%!PS-Adobe\nabout %PDF- files", "text/plain"),
    (b"{\\rtf1\\ansi", "application/rtf"),
    (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "video/mp4"),
    (b"\x00\x00\x00\x20ftypqt  \x00\x00\x02\x00", "video/quicktime"),
    (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "image/heic"),
    (bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d"), "video/webm"),
    (b"", UNKNOWN),
    (bytes(1000), UNKNOWN),
    (zipped("word/document.xml", "[Content_Types].xml"), WORD),
    (zipped("archive/data.warc.gz", "datapackage.json"), "application/wacz"),
    (zipped("a.txt"), "application/zip"),
    (zipped("content.xml", first=OPEN_TEXT.encode()), OPEN_TEXT),
]  # fmt: skip


@pytest.mark.parametrize("data, media_type", CASES)
def test_known_beginnings(data, media_type):
    assert sniff(data, whole=True) == media_type


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp", "tiff"])
def test_pictures(kind):
    assert sniff(picture(kind)) == f"image/{kind}"


def test_a_cut_through_a_character_is_still_text():
    text = "حماة " * 20_000
    assert sniff(text.encode()[: 1 << 16]) == "text/plain"
    assert sniff(("<html>" + text).encode()[: 1 << 16]) == "text/html"


@given(st.binary(max_size=300), st.booleans())
def test_anything_gets_some_type(data, whole):
    assert "/" in sniff(data, whole=whole)


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_markup_needs_markup(text):
    if "<" not in text:
        assert sniff(text.encode("utf-8", "replace"), whole=True) not in ("text/html", "application/xml")
