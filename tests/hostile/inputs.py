"""The list. `outcome` is what must become of the input, `words` what the one line about it must say.

- 'unreadable': the bytes are kept, nothing is read, the reason is told
- 'read': the bytes are kept and at least one report is read; `words`, if any, are in its notes
- 'partly': as 'read', and one line tells what could not be
- 'refused': nothing is kept, the reason is told
"""

from __future__ import annotations

import gzip
import json
import os
import socket
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import makers as make

MARKUP = "<script>alert('marsad')</script>"
"""Planted in titles, names and texts: no page may show it as markup."""

RLO = "\u202e"
Maker = Callable[[Path], "Path | str"]


@dataclass(frozen=True)
class Hostile:
    name: str
    make: Maker
    outcome: str
    words: str = ""
    root: bool = True
    """False where the superuser would not be stopped."""


def _file(name: str | bytes, data: bytes | Callable[[], bytes]) -> Maker:
    def write(folder: Path) -> Path:
        path = folder / os.fsdecode(name)
        path.write_bytes(data() if callable(data) else data)
        return path

    return write


def _cut(whole: Callable[[], bytes], part: float) -> Callable[[], bytes]:
    return lambda: whole()[: int(len(whole()) * part)]


def _broken_record() -> bytes:
    whole = make.warc([make.page(f"Page {n}") for n in range(4)])
    second = whole.index(b"WARC/1.1", 10)
    return whole[:second] + b"WXRC/9.9" + whole[second + 8 :]


def _wrong_digest() -> bytes:
    return make.warc([make.page()]).replace(b"four people", b"nine people")


def _bomb_body() -> bytes:
    body = gzip.compress(bytes(60 << 20))
    return make.warc([body], headers=[("Content-Type", "text/html"), ("Content-Encoding", "gzip")])


def _nested(levels: int) -> bytes:
    data = b"The innermost file of a set of boxes. Nobody needs to read it."
    for level in range(levels):
        data = make.archive({f"box {level}.zip" if level else "words.txt": data})
    return data


def _locked() -> bytes:
    data = bytearray(make.archive({"words.txt": make.WORDS.encode()}, zipfile.ZIP_STORED))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + at] |= 1
    return bytes(data)


def _scan_broken() -> bytes:
    data = bytearray(make.picture(size=(640, 480)))
    start = data.index(b"\xff\xda")
    return bytes(data[: start + 40])


def _pixel_flood() -> bytes:
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1 << 16)))
        + chunk(b"IEND", b"")
    )


def _text_chunk_bomb() -> bytes:
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    whole = make.picture("PNG", size=(8, 8))
    body = b"Comment\x00\x00" + zlib.compress(bytes(80 << 20), 9)
    return whole[:33] + chunk(b"zTXt", body) + whole[33:]


def _laughs(root: str) -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return make.feed("<item><title>&a9;</title></item>", head=f"<!DOCTYPE {root} [{entities}]>")


def _outside(name: str) -> bytes:
    return make.feed(
        "<item><title>Market struck</title><guid>1</guid><description>x &secret;</description></item>",
        head=f'<!DOCTYPE rss [<!ENTITY secret SYSTEM "{name}">]>',
    )


def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.txt")
    return folder / "pipe.txt"


def _socket(folder: Path) -> Path:
    here = Path.cwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("talk.txt")
    finally:
        os.chdir(here)
    return folder / "talk.txt"


def _circle(folder: Path) -> Path:
    (folder / "a.txt").symlink_to(folder / "b.txt")
    (folder / "b.txt").symlink_to(folder / "a.txt")
    return folder / "a.txt"


def _forbidden(folder: Path) -> Path:
    path = folder / "locked.txt"
    path.write_text(make.WORDS)
    path.chmod(0)
    return path


def _mail_in_mail(levels: int) -> bytes:
    inner = make.WORDS
    for level in range(levels):
        inner = f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n{inner}\n--b{level}--\n'
    return f"From: a@x.example\nSubject: {MARKUP}\nMIME-Version: 1.0\n{inner}".encode()


_JSON_POST = {
    "extractor": "generic",
    "id": "1",
    "webpage_url": "https://video.example/1",
    "title": "A post",
    "description": make.WORDS,
}
_ARABIC = "أعلنت مصادر محلية مقتل أربعة أشخاص في قصف على سوق المدينة صباح الثلاثاء، ونقل الجرحى إلى المستوصف. " * 3

INPUTS: list[Hostile] = [
    # Empty, cut short
    Hostile("empty text", _file("empty.txt", b""), "unreadable", "empty"),
    Hostile("empty PDF", _file("empty.pdf", b""), "unreadable", "empty"),
    Hostile("blank text", _file("blank.txt", b" \n\t\r\n"), "unreadable", "no words"),
    Hostile("PDF cut short", _file("cut.pdf", _cut(make.pdf, 0.2)), "unreadable", "broken|text layer"),
    Hostile("PDF of a header alone", _file("head.pdf", b"%PDF-1.7\n"), "unreadable", "broken"),
    Hostile("JPEG cut short", _file("cut.jpg", _cut(make.picture, 0.5)), "unreadable", "picture"),
    Hostile("PNG cut short", _file("cut.png", _cut(lambda: make.picture("PNG"), 0.5)), "unreadable", "picture"),
    Hostile("video cut short", _file("cut.mp4", _cut(make.video, 0.5)), "unreadable", "media file"),
    Hostile("WARC cut short", _file("cut.warc", _cut(lambda: make.warc([make.page()] * 3), 0.8)), "partly", "broken"),
    Hostile(
        "packed WARC cut short",
        _file("cut.warc.gz", _cut(lambda: make.warc([make.page()] * 3, packed=True), 0.8)),
        "partly",
        "broken",
    ),
    Hostile(
        "ZIP cut short",
        _file("cut.zip", _cut(lambda: make.archive({"a.txt": os.urandom(999)}), 0.6)),
        "unreadable",
        "ZIP",
    ),
    Hostile("JSON cut short", _file("cut.json", _cut(make.telegram, 0.6)), "unreadable", "JSON"),
    Hostile("page cut short", _file("cut.html", _cut(make.page, 0.7)), "read"),
    Hostile("feed cut short", _file("cut.xml", _cut(make.feed, 0.9)), "read", "well-formed"),
    Hostile("Word document cut short", _file("cut.docx", _cut(make.docx, 0.5)), "unreadable", "ZIP"),
    Hostile(
        "gzip cut short",
        _file("cut.txt.gz", _cut(lambda: gzip.compress(os.urandom(4000)), 0.5)),
        "unreadable",
        "unpacked",
    ),
    Hostile("UTF-8 cut inside a letter", _file("letter.txt", _ARABIC.encode()[:-3]), "read"),
    # Large and empty, small and large
    Hostile("a gigabyte of zeros", lambda f: make.sparse(f / "zeros.txt", 1 << 30), "unreadable", "zero bytes"),
    Hostile(
        "an export too long to be parsed",
        lambda f: make.sparse(f / "long.json", 140 << 20, b'{"messages": [' + b" " * 20_000),
        "unreadable",
        "larger than",
    ),
    Hostile("zeros named as a page", _file("zeros.html", bytes(5000)), "unreadable", "zero bytes"),
    Hostile("zip bomb", _file("bomb.zip", lambda: make.archive({"flat.txt": bytes(300 << 20)})), "unreadable", "bomb"),
    Hostile("gzip bomb", _file("bomb.txt.gz", lambda: gzip.compress(bytes(300 << 20))), "unreadable", "bomb"),
    Hostile("boxes in boxes", _file("boxes.zip", lambda: _nested(6)), "unreadable", "inside 3 others"),
    Hostile("bomb inside a WARC's answer", _file("bomb.warc", _bomb_body), "unreadable", "unpacks to more"),
    Hostile("pixel flood", _file("flood.png", _pixel_flood), "unreadable", "million pixels"),
    Hostile("bomb in a picture's comment", _file("comment.png", _text_chunk_bomb), "unreadable", "picture"),
    Hostile("one line of five million letters", _file("line.txt", b"words and " * 500_000), "read"),
    Hostile(
        "page of a hundred thousand nested boxes",
        _file("deep.html", b"<html><body>" + b"<div>" * 100_000 + b"deep down"),
        "unreadable|read",
    ),
    Hostile(
        "page of unclosed letters", _file("bold.html", b"<html><body><p>" + b"<b><i>word " * 20_000), "unreadable|read"
    ),
    Hostile("JSON nested a hundred thousand deep", _file("deep.json", b"[" * 100_000), "unreadable", "nested|JSON"),
    Hostile(
        "JSON objects nested deep",
        _file("deeper.json", b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
        "unreadable",
        "nested|JSON",
    ),
    Hostile("XML entity bomb", _file("laughs.xml", _laughs("rss")), "unreadable", "entities"),
    Hostile(
        "XML that reads a file", _file("outside.xml", lambda: _outside("file:///etc/passwd")), "unreadable", "entities"
    ),
    Hostile(
        "Word document with an entity bomb",
        _file("laughs.docx", lambda: make.docx(_laughs("w").decode().replace("rss", "w"))),
        "unreadable",
        "XML|words",
    ),
    Hostile("mail in mail in mail", _file("nested.eml", lambda: _mail_in_mail(300)), "unreadable|read"),
    # Encodings and characters
    Hostile(
        "Arabic in Windows-1256, unsaid",
        _file("old.txt", _ARABIC.encode("cp1256", "replace")),
        "read",
        "windows-1256|cp1256",
    ),
    Hostile("UTF-16 without a mark", _file("wide.txt", make.WORDS.encode("utf-16-le")), "read", "utf-16"),
    Hostile(
        "page that lies about its encoding",
        _file(
            "lie.html",
            b"<html><head><meta charset=utf-8><title>Caf\xe9 hit</title></head><body><p>"
            + make.WORDS.encode()
            + b"</p></body></html>",
        ),
        "read",
    ),
    Hostile(
        "NUL in text", _file("nul.txt", b"Two\x00 shells struck. " + make.WORDS.encode()), "read", "could not be read"
    ),
    Hostile("NUL in a page", _file("nul.html", make.page().replace(b"Two shells", b"Two\x00 shells")), "read"),
    Hostile("right-to-left override in text", _file("override.txt", f"{RLO}{make.WORDS}".encode()), "read"),
    Hostile(
        "lone surrogates in JSON",
        _file("lone.json", json.dumps({**_JSON_POST, "title": "\ud800 shells \udc00"}).encode()),
        "read",
    ),
    Hostile(
        "numbers without measure in JSON",
        _file("big.json", json.dumps(_JSON_POST).replace("{", '{"timestamp": 1e999999, "duration": NaN, ', 1).encode()),
        "read",
    ),
    Hostile(
        "absurd dates",
        _file("dates.html", make.page(head='<meta property="article:published_time" content="9999-99-99T99:99:99">')),
        "read",
        "absurd",
    ),
    # Names
    Hostile("script in a title", _file("title.html", make.page(title=MARKUP.replace("<", "&lt;"))), "read"),
    Hostile(
        "script in a feed",
        _file(
            "script.xml",
            make.feed(
                f"<item><guid>{MARKUP.replace('<', '&lt;')}</guid><title><![CDATA[{MARKUP}]]> struck</title>"
                f"<description>{make.WORDS}</description></item>"
            ),
        ),
        "read",
    ),
    Hostile("script in a file's name", _file(f"{MARKUP.replace('/', '∕')}.txt", make.WORDS.encode()), "read"),
    Hostile(
        "path in an archive's names",
        _file(
            "paths.zip",
            lambda: make.archive(
                {
                    "../../outside.txt": make.WORDS.encode(),
                    "/etc/outside.txt": b"Rooted. " + make.WORDS.encode(),
                    "C:\\outside.txt": b"Drive. " + make.WORDS.encode(),
                }
            ),
        ),
        "read",
    ),
    Hostile("right-to-left override in a name", _file(f"photo{RLO}gpj.txt", make.WORDS.encode()), "read"),
    Hostile("line break in a name", _file("one\ntwo.txt", b""), "unreadable", "empty"),
    Hostile("name that is not UTF-8", _file(b"caf\xe9.txt", make.WORDS.encode()), "read"),
    Hostile("name of 250 letters", _file("a" * 246 + ".txt", make.WORDS.encode()), "read"),
    # Fakes
    Hostile("picture named PDF", _file("fake.pdf", make.picture), "read", "named .pdf"),
    Hostile("page named picture", _file("fake.jpg", make.page), "read", "named .jpg"),
    Hostile("text named video", _file("fake.mp4", make.WORDS.encode()), "read", "named .mp4"),
    Hostile(
        "program named Word document",
        _file("fake.docx", b"MZ\x90\x00" + bytes(range(256)) * 20),
        "unreadable",
        "Windows program",
    ),
    Hostile("noise named video", _file("noise.mp4", lambda: os.urandom(50_000)), "unreadable", "no known kind"),
    # Broken inside
    Hostile("WARC with a broken record", _file("record.warc", _broken_record), "partly", "broken"),
    Hostile("WARC whose page was altered", _file("altered.warc", _wrong_digest), "read", "does not match"),
    Hostile("PDF without text", _file("scan.pdf", make.pdf(None)), "unreadable", "no text layer"),
    Hostile(
        "PDF with a password",
        _file(
            "locked.pdf",
            make.pdf(
                extra="<< /Filter /Standard /V 1 /R 2 /P -4 /O (" + "o" * 32 + ") /U (" + "u" * 32 + ") >>",
                trailer="/Encrypt 7 0 R /ID [(a)(b)]",
            ),
        ),
        "unreadable",
        "password|broken",
    ),
    Hostile(
        "PDF whose pages go round",
        _file("round.pdf", make.pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")),
        "unreadable",
        "broken|text layer",
    ),
    Hostile("ZIP with a password", _file("locked.zip", _locked), "unreadable", "password"),
    Hostile("JPEG broken inside", _file("scan.jpg", _scan_broken), "unreadable", "picture"),
    Hostile(
        "video of noise",
        _file("noise.mov", lambda: b"\x00\x00\x00\x18ftypmp42" + os.urandom(20_000)),
        "unreadable",
        "media file",
    ),
    Hostile(
        "Matroska of noise",
        _file("noise.mkv", lambda: b"\x1aE\xdf\xa3" + os.urandom(20_000)),
        "unreadable",
        "media file",
    ),
    Hostile(
        "drawing that carries a script",
        _file("drawing.svg", f'<svg xmlns="http://www.w3.org/2000/svg">{MARKUP}</svg>'.encode()),
        "unreadable",
        "SVG",
    ),
    Hostile(
        "page of scripts alone",
        _file("scripts.html", f"<html><body>{MARKUP}</body></html>".encode()),
        "unreadable",
        "without text",
    ),
    Hostile(
        "export of wrong types",
        _file(
            "types.json",
            make.telegram(
                1,
                None,
                {"id": {}, "text": 7},
                {"type": "message", "text": [None, 3, {"text": {}}], "date": [], "photo": {}},
            ),
        ),
        "unreadable|read",
    ),
    Hostile(
        "metadata of wrong types",
        _file(
            "odd.json",
            json.dumps(
                {**_JSON_POST, "title": ["a"], "uploader": {"x": 1}, "timestamp": "soon", "upload_date": 7}
            ).encode(),
        ),
        "read",
    ),
    Hostile(
        "table with formulas",
        _file("sheet.csv", b'id,text\n1,"=HYPERLINK(""http://x.example"",""Two shells"")"\n2,@SUM(1)\n'),
        "read",
    ),
    Hostile("table with a quote never closed", _file("quote.csv", b'text\n"' + b"word " * 300_000), "unreadable|read"),
    # Things that are not files
    Hostile("link in a circle", _circle, "refused", "no such|link|symbolic"),
    Hostile("pipe", _fifo, "refused", "a pipe"),
    Hostile("socket", _socket, "refused", "socket|device|address"),
    Hostile("device", lambda _: Path("/dev/zero"), "refused", "a device"),
    Hostile("missing file", lambda f: f / "nowhere.txt", "refused", "no such"),
    Hostile("file that may not be read", _forbidden, "refused", "may not be read", root=False),
    Hostile("address of a file", lambda _: "file:///etc/passwd", "refused", "only http"),
    Hostile("loopback address", lambda _: "http://127.0.0.1:9/", "refused", "loopback"),
    Hostile("loopback as one number", lambda _: "http://2130706433/", "refused", "loopback|no address"),
    Hostile("loopback in IPv6 of IPv4", lambda _: "http://[::ffff:127.0.0.1]/", "refused", "loopback"),
    Hostile("cloud metadata address", lambda _: "http://169.254.169.254/latest/", "refused", "link-local"),
    Hostile("address with a password", lambda _: "http://user:pass@news.example/", "refused", "password"),
]
