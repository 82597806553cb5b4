"""HTML: the main text by trafilatura, with the page's own metadata before guesses; media is listed, never fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import lxml.html
import trafilatura
from lxml.etree import LxmlError, ParserError
from trafilatura.metadata import extract_metadata

from marsad.errors import Unreadable

from .._decode import decode
from .._draft import Draft, Source
from .._when import iso
from . import _telegram_html
from ._html_meta import Fields, fields, media

_CHARSET = re.compile(rb"<(?:meta\b[^>]*?charset\s*=|\?xml[^>]*?encoding\s*=)\s*[\"']?\s*([\w.:-]+)", re.I)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LAYOUT_CELL = 300
"""Characters of a cell from which on it is prose, not data."""
_LIST_OR_ROW = re.compile(r"^(?:- |\|)")
# A date that htmldate finds only by reading the page's prose is too often that of another story.
_DATE_SEARCH = {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d", "max_date": "2099-12-31"}


def read(source: Source) -> Iterator[Draft]:
    """One article (or, for a page of a Telegram export, its messages). Raises Unreadable where there is no text."""
    data = source.whole()
    decoded = decode(data, source.charset or declared(data))
    if "page_body" in decoded.text:
        tree = _parse(decoded.text)
        if _telegram_html.matches(tree):
            yield from _telegram_html.posts(tree)
            return
    yield read_page(decoded, source.url)


def warm() -> None:
    """Read a page of our own, so that what the libraries prepare at first use is ready."""
    page = "<html><head><title>A</title></head><body><article><p>One sentence of a page.</p></article></body></html>"
    read_page(decode(page.encode()), None)


def read_page(decoded: Any, url: str | None) -> Draft:
    """A draft from a decoded page; `url` is where it was found, for relative links."""
    tree = _parse(decoded.text)
    found = fields(tree)
    draft = Draft(kind="article", meta={"encoding": decoded.encoding, "encoding_from": decoded.how})
    _guess(found, tree, url)
    for name in ("title", "publisher", "author", "published", "language"):
        setattr(draft, name, found.get(name))
        if found.source(name):
            draft.meta[f"{name}_from"] = found.source(name)
    draft.url = found.get("url") or url
    for name in ("modified", "description"):
        if found.get(name):
            draft.meta[name] = found.get(name)
    if links := media(tree, draft.url or url):
        draft.meta["media"] = links
    if unread := found.unread_dates:
        draft.note("dates on the page that are absurd or unclear: " + ", ".join(sorted(unread)[:5]))
    if decoded.replaced:
        draft.note(f"{decoded.replaced} characters could not be read and stand as \ufffd")
    _unwrap_layout(tree)
    draft.text = _main_text(tree, url)
    if not draft.text:
        if not draft.title:
            raise Unreadable("a page without text")
        draft.reason = "a page without text: only its title could be read"
    return draft


def declared(data: bytes) -> str | None:
    """The encoding that a page declares of itself."""
    match = _CHARSET.search(data[:4096])
    return match.group(1).decode("ascii", "replace") if match else None


def _parse(text: str) -> lxml.html.HtmlElement:
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    # A control character ends libxml2's reading of the page.
    data = _CONTROLS.sub(" ", text).encode("utf-8", "replace")
    try:
        return lxml.html.document_fromstring(data, parser=parser)
    except (LxmlError, ParserError, ValueError, AssertionError) as problem:
        raise Unreadable(f"HTML that cannot be parsed ({problem})") from None


def _guess(found: Fields, tree: lxml.html.HtmlElement, url: str | None) -> None:
    """Fill what the page does not state from its looks; each is marked 'guess'."""
    if all(found.get(name) for name in ("title", "publisher", "author", "published")):
        return
    try:
        guessed = extract_metadata(tree, default_url=url, date_config=dict(_DATE_SEARCH))
    except (ValueError, TypeError, AttributeError, LxmlError):
        return
    if guessed is None:
        return
    found.offer("title", guessed.title, "guess")
    found.offer("publisher", guessed.sitename, "guess")
    found.offer("author", guessed.author, "guess")
    found.offer("published", iso(guessed.date), "guess")


def _unwrap_layout(tree: lxml.html.HtmlElement) -> None:
    """Tables that only lay a page out, as old sites have them, become plain blocks: else prose is read as one row."""
    for table in tree.xpath("//table[not(.//th)]"):
        cells = table.xpath("./tr/td | ./tbody/tr/td")
        if any(cell.xpath(".//table") or len(cell.text_content()) > _LAYOUT_CELL for cell in cells):
            for element in (table, *table.xpath("./tbody | ./tr | ./tbody/tr"), *cells):
                element.tag = "div"


def _main_text(tree: lxml.html.HtmlElement, url: str | None) -> str:
    options: Any = {"url": url, "include_comments": False, "include_tables": True, "with_metadata": False}
    document = trafilatura.bare_extraction(tree, **options)
    text = (getattr(document, "text", None) or "").strip()
    if not text:
        # A page of a few words is below its least size: take all that is not menu or script.
        _, text, _ = trafilatura.baseline(tree)
    return _paragraphs(text or "")


def _paragraphs(text: str) -> str:
    """A blank line between paragraphs; rows of a list or a table stay together."""
    lines = [line.strip() for line in text.split("\n")]
    out: list[str] = []
    for line in filter(None, lines):
        if out:
            together = _LIST_OR_ROW.match(line) and _LIST_OR_ROW.match(out[-1])
            out.append("\n" if together else "\n\n")
        out.append(line)
    return "".join(out)
