"""Word (.docx) and OpenDocument text (.odt): their paragraphs, from the XML inside; no macro, no link is followed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

import lxml.etree

from marsad.errors import Unreadable

from .._draft import Draft, Source
from .._when import iso

_DOCX, _ODT = "word/document.xml", "content.xml"
_OTHER = {"xl/workbook.xml": "an Excel workbook", "ppt/presentation.xml": "a PowerPoint presentation"}
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n"}
_CORE = {
    "title": "title",
    "creator": "author",
    "created": "created",
    "creation-date": "created",
    "language": "language",
}
Opener = Callable[[zipfile.ZipFile, zipfile.ZipInfo, Source], BinaryIO]


def flavour(names: set[str]) -> str | None:
    """'docx' or 'odt'; a label for an Office file that is not read; None for any other archive."""
    if _DOCX in names:
        return "docx"
    if _ODT in names and "mimetype" in names:
        return "odt"
    return next((label for name, label in _OTHER.items() if name in names), None)


def read(archive: zipfile.ZipFile, kind: str, source: Source, open_member: Opener) -> Iterator[Draft]:
    """One document. Raises Unreadable for a workbook or a presentation, and for a broken document."""
    if kind not in ("docx", "odt"):
        raise Unreadable(f"{kind}: not a format that is read; save it as PDF or text")
    tree = _xml(archive, _DOCX if kind == "docx" else _ODT, source, open_member)
    draft = Draft(kind="document", text=_docx(tree) if kind == "docx" else _odt(tree))
    if not draft.text:
        raise Unreadable("a document without words")
    claimed = _claimed(archive, "docProps/core.xml" if kind == "docx" else "meta.xml", source, open_member)
    draft.title, draft.author, draft.language = (claimed.get(name) for name in ("title", "author", "language"))
    if created := iso(claimed.get("created")):
        claimed["created"] = created
    if claimed:
        draft.meta["claimed"] = claimed
    yield draft


def _xml(archive: zipfile.ZipFile, name: str, source: Source, open_member: Opener) -> lxml.etree._Element:
    try:
        row = archive.getinfo(name)
    except KeyError:
        raise Unreadable(f"a document without its {name}") from None
    with open_member(archive, row, source) as stream:
        data = stream.read(source.limits.text_bytes + 1)
    if len(data) > source.limits.text_bytes:
        raise Unreadable("a document whose text is too long to be parsed as a whole")
    # No entities, no network, no depth without bound.
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return lxml.etree.fromstring(data, parser=parser)
    except lxml.etree.XMLSyntaxError:
        raise Unreadable("a document whose XML is broken") from None


def _docx(tree: lxml.etree._Element) -> str:
    paragraphs = []
    for paragraph in tree.iter(f"{_W}p"):
        nodes = paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr")
        words = [node.text or "" if node.tag == f"{_W}t" else _BREAKS[node.tag] for node in nodes]
        paragraphs.append("".join(words).strip())
    return "\n\n".join(filter(None, paragraphs))


def _odt(tree: lxml.etree._Element) -> str:
    found = []
    for node in tree.iter(f"{_T}p", f"{_T}h"):
        words = [node.text or ""]
        for inner in node.iterdescendants():
            if inner.tag == f"{_T}line-break":
                words.append("\n")
            elif inner.tag == f"{_T}s":
                words.append(" ")
            words += [inner.text or "", inner.tail or ""]
        found.append(re.sub(r"[ \t]+", " ", "".join(words)).strip())
    return "\n\n".join(filter(None, found))


def _claimed(archive: zipfile.ZipFile, name: str, source: Source, open_member: Opener) -> dict[str, str]:
    if name not in archive.namelist():
        return {}
    try:
        tree = _xml(archive, name, source, open_member)
    except Unreadable:
        return {}
    claimed: dict[str, str] = {}
    for node in tree.iter():
        tag = node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""
        if tag in _CORE and node.text and node.text.strip():
            claimed.setdefault(_CORE[tag], node.text.strip()[:500])
    return claimed
