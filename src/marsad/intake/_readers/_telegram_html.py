"""Telegram Desktop's export as HTML (`messages.html`, `messages2.html`, …): each message a post."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.etree
import lxml.html

from .._draft import Draft
from ._markup import plain_text

_STAMP = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d:\d\d)(?: UTC([+-]\d\d:\d\d))?")


def matches(tree: lxml.html.HtmlElement) -> bool:
    """True for a page of such an export."""
    return bool(
        tree.xpath("//div[contains(@class, 'page_body')]/div[@class='history']//div[starts-with(@id, 'message')]")
    )


def posts(tree: lxml.html.HtmlElement) -> Iterator[Draft]:
    """Each message with words or media; who joined and what was pinned is left out."""
    chat = _first(tree, "//div[contains(@class, 'page_header')]//div[contains(@class, 'text')]")
    author: str | None = None
    for message in tree.xpath("//div[@class='history']/div[starts-with(@id, 'message')]"):
        if "service" in (message.get("class") or ""):
            continue
        # A message that follows another by the same sender does not name it again.
        author = _first(message, "./div[@class='body']/div[contains(@class, 'from_name')]") or author
        draft = _post(message)
        draft.publisher, draft.author = chat, author
        if draft.text or draft.meta.get("media"):
            yield draft


def _post(message: lxml.html.HtmlElement) -> Draft:
    draft = Draft(part=(message.get("id") or "").replace("message", "message ", 1), kind="post")
    draft.meta["platform"] = "Telegram"
    stamps = message.xpath("./div[@class='body']/div[contains(@class, 'date')]/@title")
    match = _STAMP.match(str(stamps[0])) if stamps else None
    if match:
        day, month, year, time, offset = match.groups()
        draft.published = f"{year}-{month}-{day}T{time}{offset or ''}"
        draft.meta["published_from"] = (
            "time in the export" if offset else "time in the export, in the exporter's time zone"
        )
    words = message.xpath(".//div[contains(concat(' ', @class, ' '), ' text ')]")
    draft.text = "\n\n".join(filter(None, (plain_text(_markup(node)) for node in words)))
    forwarded = message.xpath(".//div[contains(@class, 'forwarded')]/div[contains(@class, 'from_name')]/text()")
    if forwarded and str(forwarded[0]).strip():
        draft.meta["repost_of"] = str(forwarded[0]).strip()
    if replies := message.xpath(".//div[contains(@class, 'reply_to')]//a/@href"):
        draft.meta["reply_to"] = str(replies[0]).removeprefix("#go_to_message")
    links = message.xpath(".//div[contains(@class, 'media_wrap')]//a/@href")
    if files := [str(link) for link in links if "://" not in str(link)]:
        draft.meta["media"] = [{"file": file, "kind": "file"} for file in files[:20]]
    return draft


def _markup(node: lxml.html.HtmlElement) -> str:
    node.tail = None
    return str(lxml.etree.tostring(node, encoding="unicode", method="html"))


def _first(tree: lxml.html.HtmlElement, path: str) -> str | None:
    found = tree.xpath(path)
    words = " ".join((found[0].text or "").split()) if found else ""
    return words or None
