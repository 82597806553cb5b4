"""What a preserved page looked like, made inert: a web page's words and headings, or a PDF's page as pixels.

Of a web page only elements and attributes on a list survive, none of which can load, run, link or style; pictures
become a mark that there was one.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from importlib import resources

import lxml.html
import pypdfium2
from lxml import etree
from lxml.etree import LxmlError, ParserError

from marsad.errors import Unreadable
from marsad.text import clean

from .._decode import decode
from .._draft import Member, Source
from .html import declared

_LIST = json.loads(resources.files(__package__).joinpath("preview.json").read_text("utf-8"))
_KEPT, _DROPPED = frozenset(_LIST["kept"]), frozenset(_LIST["dropped"])
_MEDIA, _ATTRIBUTES = frozenset(_LIST["media"]), frozenset(_LIST["attributes"])
_WIDTH = 1100
"""Pixels across of a PDF's page."""


def read(source: Source) -> Iterator[Member]:
    """The page as one member: part 'html'; or 'WIDTHxHEIGHTxPAGES' with RGB pixels, of the page of a PDF that the
    source's address asks for ('#page=2', RFC 8118)."""
    if (source.url or "").startswith("#page="):
        yield _pdf(source, int((source.url or "").removeprefix("#page=")))
    else:
        yield Member("html", "snapshot", io.BytesIO(_snapshot(source.whole(), source.charset).encode("utf-8")))


def _pdf(source: Source, number: int) -> Member:
    try:
        document = pypdfium2.PdfDocument(source.file)
        if not 1 <= number <= len(document):
            raise Unreadable(f"there is no page {number}")
        page = document[number - 1]
        scale = min(4.0, _WIDTH / max(1.0, page.get_width()), 4 * _WIDTH / max(1.0, page.get_height()))
        picture = page.render(scale=scale).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as problem:
        raise Unreadable(f"the page cannot be drawn ({problem})") from None
    part = f"{picture.width}x{picture.height}x{len(document)}"
    return Member(part, "pixels", io.BytesIO(picture.tobytes()))


def _snapshot(data: bytes, charset: str | None) -> str:
    text = decode(data, charset or declared(data)).text
    try:
        tree = lxml.html.document_fromstring(clean(text).replace("\x00", ""))
    except (LxmlError, ParserError, ValueError):
        raise Unreadable("the page cannot be shown") from None
    out = etree.Element("div")
    language = tree.get("lang")
    if language:
        out.set("lang", language[:20])
    out.set("dir", tree.get("dir", "auto") if tree.get("dir") in ("rtl", "ltr", "auto") else "auto")
    body = tree.find("body")
    _copy(body if body is not None else tree, out)
    return str(etree.tostring(out, encoding="unicode", method="html"))


def _copy(source: etree._Element, into: etree._Element) -> None:
    # Without recursion: a page may be nested as deeply as it likes.
    ahead: list[tuple[etree._Element, etree._Element, bool]] = [(source, into, True)]
    while ahead:
        element, parent, root = ahead.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        here = parent
        if not root:
            if tag in _DROPPED or not tag:
                _say(parent, element.tail)
                continue
            if tag in _MEDIA:
                mark = etree.SubElement(parent, "span", {"class": "media"})
                mark.text = f"▨ {(element.get('alt') or '')[:200]}".strip()
                _say(parent, element.tail)
                continue
            here = etree.SubElement(parent, tag if tag in _KEPT else "span")
            for name in _ATTRIBUTES:
                if value := element.get(name):
                    here.set(name, value[:40])
            _say(parent, element.tail)
        _say(here, element.text, first=True)
        _ahead(ahead, element, here)


def _ahead(
    ahead: list[tuple[etree._Element, etree._Element, bool]], element: etree._Element, here: etree._Element
) -> None:
    ahead.extend((child, here, False) for child in reversed(element))


def _say(parent: etree._Element, words: str | None, first: bool = False) -> None:
    if not words:
        return
    if first or not len(parent):
        parent.text = (parent.text or "") + words
    else:
        parent[-1].tail = (parent[-1].tail or "") + words
