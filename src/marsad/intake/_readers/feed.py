"""RSS and Atom files: each entry one report. The feed is parsed from its bytes; nothing that it names is fetched."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from typing import Any

import feedparser

from marsad.errors import Unreadable

from .._draft import Draft, Source
from .._when import iso
from ._markup import plain_text

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)\b", re.I)


def read(source: Source) -> Iterator[Draft]:
    """One draft an entry, with `part` its id in the feed. Raises Unreadable where there is no entry."""
    data = source.whole()
    if _DOCTYPE.search(data) and b"<!ENTITY" in data.upper():
        # Entities may grow without end; no feed needs its own.
        raise Unreadable("a feed that declares its own XML entities, which are not expanded")
    feed = feedparser.parse(data, resolve_relative_uris=False, sanitize_html=False)
    if not feed.entries:
        raise Unreadable("a feed without entries" if feed.version else "XML that is not a feed that can be read")
    head = feed.feed
    for number, entry in enumerate(feed.entries, 1):
        yield _draft(entry, head, number, bool(feed.bozo))


def _draft(entry: Any, head: Any, number: int, broken: bool) -> Draft:
    link = str(entry.get("link") or "")
    draft = Draft(part=str(entry.get("id") or link or f"entry {number}"), kind="feed_entry")
    draft.title = plain_text(str(entry.get("title") or "")) or None
    draft.author = entry.get("author") or None
    source = entry.get("source") or {}
    draft.publisher = source.get("title") or head.get("title") or None
    draft.language = entry.get("language") or head.get("language") or None
    draft.url = link or None
    draft.published, draft.meta["published_from"] = _published(entry)
    bodies = [str(item.get("value") or "") for item in entry.get("content") or []]
    bodies.append(str(entry.get("summary") or ""))
    draft.text = max((plain_text(body) for body in bodies), key=len)
    if not draft.text and draft.title:
        # Many a feed carries headlines alone: these are its words.
        draft.text = draft.title
        draft.meta["text_from"] = "title"
    media = [*entry.get("enclosures", []), *entry.get("media_content", []), *entry.get("media_thumbnail", [])]
    links = [str(row.get("href") or row.get("url") or "") for row in media]
    if kept := list(dict.fromkeys(link for link in links if link.startswith(("http://", "https://"))))[:50]:
        draft.meta["media"] = [{"url": link, "kind": "enclosure"} for link in kept]
    if tags := [str(tag.get("term")) for tag in entry.get("tags", []) if tag.get("term")][:30]:
        draft.meta["tags"] = tags
    if broken:
        draft.note("the feed is not well-formed; entries after the break may be missing")
    if not draft.text:
        draft.reason = "an entry without words"
    return draft


def _published(entry: Any) -> tuple[str | None, str | None]:
    for name in ("published", "issued", "created", "updated"):
        if found := iso(entry.get(name)):
            return found, f"feed {name}"
        if parsed := entry.get(f"{name}_parsed"):
            try:
                return iso(calendar.timegm(parsed)), f"feed {name}"
            except (ValueError, OverflowError, TypeError):
                continue
    return None, None
