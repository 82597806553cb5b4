"""What a page says of itself: JSON-LD first, then meta tags, then marked-up elements; and the media that it links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html

from .._when import iso

_MOST_MEDIA = 200
_MOST_NODES = 500
_BYLINE = 90
"""Characters of a line that gives when a page was posted; a longer one is prose."""


class Fields:
    """Values by name with where each came from; the first offer of a usable value wins."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[str, str]] = {}
        self.unread_dates: set[str] = set()

    def offer(self, name: str, value: Any, source: str) -> None:
        """Take `value` unless the name has one, or it is not usable."""
        if name in self._values or not isinstance(value, (str, int, float)) or isinstance(value, bool):
            return
        text = " ".join(str(value).split())
        if name in ("published", "modified") and text:
            found = iso(text)
            if found is None:
                self.unread_dates.add(text[:40])
            text = found or ""
        if name == "language":
            text = _language(text)
        if name == "url" and urlsplit_safely(text) is None:
            return
        if text:
            self._values[name] = (text, source)

    def get(self, name: str) -> str | None:
        """The value, or None."""
        return self._values[name][0] if name in self._values else None

    def source(self, name: str) -> str | None:
        """Where the value came from: 'json-ld', 'meta og:title', 'html', 'guess'."""
        return self._values[name][1] if name in self._values else None


def fields(tree: lxml.html.HtmlElement) -> Fields:
    """All that the page states."""
    found = Fields()
    for node in _article_nodes(tree):
        _offer_node(found, node)
    metas = _metas(tree)
    for name, keys in _table()["meta"].items():
        for key in keys:
            for value in metas.get(key, ())[:1]:
                found.offer(name, value.lstrip("@") if key.startswith("twitter:") else value, f"meta {key}")
    for path, name in (
        ("//*[@itemprop='headline']", "title"),
        ("//*[@itemprop='datePublished']", "published"),
        ("//article//time[@datetime]", "published"),
        ("//*[@itemprop='author']", "author"),
    ):
        for element in tree.xpath(path)[:1]:
            found.offer(name, element.get("content") or element.get("datetime") or element.text_content(), "html")
    found.offer("published", _byline(tree), "byline")
    for href in tree.xpath("//link[@rel='canonical']/@href")[:1]:
        found.offer("url", str(href), "html")
    found.offer(
        "language", str(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""), "html"
    )
    return found


def media(tree: lxml.html.HtmlElement, base: str | None) -> list[dict[str, str]]:
    """Pictures, videos and embedded players that the page links, as addresses; nothing is fetched."""
    out: dict[str, dict[str, str]] = {}
    for element in tree.iter("img", "video", "audio", "source", "iframe", "embed", "a", "meta"):
        link, kind = _link(element)
        if not link or len(out) >= _MOST_MEDIA:
            continue
        try:
            address = urljoin(base or "", link.strip())
        except ValueError:
            continue
        if address.startswith(("http://", "https://")) and len(address) < 2000:
            row = {"url": address, "kind": kind}
            if alt := (element.get("alt") or "").strip():
                row["alt"] = alt[:300]
            out.setdefault(address, row)
    return list(out.values())


def urlsplit_safely(address: str) -> str | None:
    """`address` if it is an absolute http(s) address, else None."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def _byline(tree: lxml.html.HtmlElement) -> str | None:
    """The day of a visible line such as 'posted Sunday 16 March 2031 by …', the first that gives one."""
    opening = re.compile(rf"\W*(?:{'|'.join(_table()['byline'])})\b[\s:,]*(?:on\s+)?", re.IGNORECASE)
    for element in tree.iter("p", "div", "span", "i", "em", "b", "small", "td", "li", "h4", "h5", "h6", "font"):
        words = (element.text or "").strip() if len(element) else element.text_content().strip()
        if len(words) <= _BYLINE and (match := opening.match(words)):
            day = re.split(r"\s+(?:by|in|under)\s|[|•·]", words[match.end() :])[0]
            if found := iso(day.strip()):
                return found
    return None


def _link(element: Any) -> tuple[str | None, str]:
    tag = element.tag
    if tag == "meta":
        name = element.get("property") or element.get("name") or ""
        kind = {"og:image": "image", "og:video": "video", "og:audio": "audio"}.get(name)
        return (element.get("content"), kind) if kind else (None, "")
    link = element.get("src") or element.get("data-src") or (element.get("href") if tag == "a" else None)
    if not link or link.startswith("data:"):
        return None, ""
    if tag == "img":
        return link, "image"
    if tag in ("video", "audio"):
        return link, tag
    if tag == "iframe":
        return (link, "player") if any(host in link for host in _table()["media_hosts"]) else (None, "")
    extension = link.split("?")[0].rsplit(".", 1)[-1].lower()
    return (link, "file") if extension in _table()["media_extensions"] else (None, "")


def _metas(tree: lxml.html.HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("http-equiv") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), []).append(content.strip())
    return found


def _article_nodes(tree: lxml.html.HtmlElement) -> list[dict[str, Any]]:
    """JSON-LD nodes that are articles, the most particular type first."""
    ranks = {kind: rank for rank, kind in enumerate(_table()["article_types"])}
    ranked: list[tuple[int, int, dict[str, Any]]] = []
    for script in tree.xpath("//script[contains(@type, 'ld+json')]")[:50]:
        try:
            data = json.loads(_unwrapped(script.text or ""), strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            kinds = node.get("@type")
            names = [str(kind).lower().rsplit("/", 1)[-1] for kind in (kinds if isinstance(kinds, list) else [kinds])]
            rank = min((ranks[name] for name in names if name in ranks), default=None)
            if rank is not None:
                ranked.append((rank, len(ranked), node))
    return [node for _, _, node in sorted(ranked, key=lambda row: row[:2])]


def _unwrapped(text: str) -> str:
    return re.sub(r"\A\s*(?://)?\s*<!(?:--|\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*;?\s*\Z", "", text.strip())


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    waiting, seen = [data], 0
    while waiting and seen < _MOST_NODES:
        item = waiting.pop(0)
        seen += 1
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            yield item
            waiting.extend(
                item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement") if key in item
            )


def _offer_node(found: Fields, node: dict[str, Any]) -> None:
    found.offer("title", node.get("headline") or node.get("name"), "json-ld")
    found.offer("published", node.get("datePublished") or node.get("dateCreated") or node.get("uploadDate"), "json-ld")
    found.offer("modified", node.get("dateModified"), "json-ld")
    found.offer("author", _names(node.get("author") or node.get("creator")), "json-ld")
    found.offer("publisher", _names(node.get("publisher") or node.get("sourceOrganization")), "json-ld")
    found.offer("language", _names(node.get("inLanguage")), "json-ld")
    page = node.get("mainEntityOfPage")
    found.offer("url", page.get("@id") if isinstance(page, dict) else page or node.get("url"), "json-ld")


def _names(value: Any) -> str | None:
    if isinstance(value, list):
        names = [name for item in value[:20] if (name := _names(item))]
        return ", ".join(dict.fromkeys(names)) or None
    if isinstance(value, dict):
        return _names(value.get("name") or value.get("alternateName"))
    # An author given as an address names nobody.
    if isinstance(value, str) and value.strip() and not value.startswith(("http://", "https://")):
        return value.strip()
    return None


def _language(text: str) -> str:
    match = re.match(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*\Z", text.split(",")[0].strip())
    return match.group(1).lower() if match else ""


@cache
def _table() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        resources.files(__package__).joinpath("html_fields.json").read_text(encoding="utf-8")
    )
    return data
