"""Whole files of each format, made at run time. All words in them are fiction, written for these tests."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import av
import numpy as np
from PIL import Image
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

WORDS = (
    "Two shells struck the grain market of Qasr Alwan on Tuesday morning, killing four people, a nurse said. "
    "Residents carried the wounded to the clinic in carts. The brigade denied that it had fired. "
)


def page(title: str = "Shells strike market in Qasr Alwan", body: str = WORDS, head: str = "") -> bytes:
    paragraphs = "".join(f"<p>{body}</p>" for _ in range(3))
    article = f"<article><h1>{title}</h1>{paragraphs}</article>"
    top = f"<head><title>{title}</title>{head}</head>"
    return f"<!doctype html><html lang=en>{top}<body>{article}</body></html>".encode()


def pdf(text: str | None = "Two shells struck the market.", extra: str = "", trailer: str = "") -> bytes:
    """A PDF of one page; without `text` it has a drawing and no text layer."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET" if text else "0 0 m 300 300 l S"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Title (A fictional bulletin) /Author (Nobody) /CreationDate (D:20210304101500+03'00') >>",
    ]
    if extra:
        objects.append(extra)
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R {trailer} >>\n".encode()
    return out + f"startxref\n{start}\n%%EOF\n".encode()


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 240), **options: object) -> bytes:
    out = io.BytesIO()
    grid = np.indices((size[1], size[0])).sum(axis=0) * 7 % 256
    Image.fromarray(grid.astype("uint8")).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def video(seconds: int = 1, **tags: str) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4", options={"movflags": "use_metadata_tags"}) as container:
        container.metadata.update(tags)
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(10 * seconds):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number * 20 % 255, np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def warc(bodies: list[bytes], packed: bool = False, headers: list[tuple[str, str]] | None = None) -> bytes:
    """A WARC written by another hand (warcio), one response for each body."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version="1.1")
    for number, body in enumerate(bodies):
        fields = headers or [("Content-Type", "text/html; charset=utf-8")]
        http = StatusAndHeaders("200 OK", [*fields, ("Content-Length", str(len(body)))], protocol="HTTP/1.1")
        url = f"https://news.example/{number}.html"
        writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http))
    return out.getvalue()


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return out.getvalue()


def feed(*entries: str, head: str = "") -> bytes:
    items = "".join(entries) or (
        f"<item><title>Market struck</title><link>https://news.example/1</link><guid>one</guid>"
        f"<pubDate>Tue, 09 Mar 2021 10:00:00 +0300</pubDate><description>{WORDS}</description></item>"
    )
    text = (
        f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>The Valley Post</title>{items}</channel></rss>'
    )
    return text.encode()


def telegram(*messages: object) -> bytes:
    first = {
        "id": 7,
        "type": "message",
        "date": "2021-03-09T10:00:00",
        "date_unixtime": "1615276800",
        "from": "Qasr Alwan News",
        "text": ["Two shells on the ", {"type": "hashtag", "text": "#market"}, ", four dead."],
    }
    chat = {"name": "Qasr Alwan News", "type": "public_channel", "id": 1, "messages": list(messages) or [first]}
    return json.dumps(chat).encode()


def docx(xml: str | None = None) -> bytes:
    body = f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = xml or f'<?xml version="1.0"?><w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": document.encode()})


def sparse(path: Path, size: int, head: bytes = b"") -> Path:
    """A file of `size` bytes that takes no room on the disk."""
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
    return path
