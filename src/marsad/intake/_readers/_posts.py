"""What yt-dlp (`.info.json`) and gallery-dl (`.json`, `info.json`, `--dump-json`) write beside what they save."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .._draft import Draft
from .._when import iso
from ._fields import strings, table, text
from ._markup import plain_text

_MESSAGE_URL = 3
_MOST_NESTED = 3


def matches(data: Any) -> bool:
    """True for one such object, a playlist of them, or gallery-dl's list of messages."""
    return any(True for _ in _infos(data, 0))


def posts(data: Any) -> Iterator[Draft]:
    """Each post once, though gallery-dl writes it once for each of its pictures."""
    merged: dict[str, Draft] = {}
    for number, (info, media_url) in enumerate(_infos(data, 0), 1):
        draft = _post(info)
        draft.part = draft.part or (f"entry {number}" if number > 1 else "")
        first = merged.setdefault(draft.part, draft)
        if media_url:
            first.meta.setdefault("media", []).append({"url": media_url, "kind": "file"})
    yield from merged.values()


def _infos(data: Any, depth: int) -> Iterator[tuple[dict[str, Any], str | None]]:
    """(object, address of the medium that it describes)."""
    if depth > _MOST_NESTED:
        return
    if isinstance(data, dict):
        entries = data.get("entries")
        if isinstance(entries, list):
            for entry in entries:
                yield from _infos(entry, depth + 1)
        elif sum(name in data for name in table("info_signs")[""]) >= 1 and _wordy(data):
            yield data, None
    elif isinstance(data, list):
        for item in data:
            # gallery-dl --dump-json: [3, address, object] for each file, [2, object] for each folder.
            if isinstance(item, list) and len(item) == 3 and item[0] == _MESSAGE_URL and isinstance(item[2], dict):
                if _wordy(item[2]):
                    yield item[2], str(item[1])
            elif isinstance(item, dict):
                yield from _infos(item, depth + 1)


def _wordy(info: dict[str, Any]) -> bool:
    names = table("info")
    return any(text(info, names[name]) for name in ("text", "title")) or bool(text(info, names["id"]))


def _post(info: dict[str, Any]) -> Draft:
    names = table("info")
    draft = Draft(kind="post", part=text(info, names["id"]) or "")
    draft.title = text(info, names["title"])
    draft.text = plain_text(text(info, names["text"]) or draft.title or "")
    draft.author, draft.publisher = text(info, names["author"]), text(info, names["publisher"])
    draft.language = text(info, names["language"])
    draft.url = text(info, names["url"]) or _tweet_address(info)
    for name in names["published"]:
        if found := iso(_dashed(info.get(name))):
            draft.published, draft.meta["published_from"] = found, name
            break
    for name in ("platform", "account", "place", "repost_of", "quote_of", "reply_to"):
        value = text(info, names[name])
        if value and value != "0":
            draft.meta[name] = value
    if tags := strings(info.get("tags")) or strings(info.get("hashtags")):
        draft.meta["tags"] = tags
    for name in ("duration", "width", "height", "view_count", "comment_count", "ext", "extension", "filename"):
        if isinstance(info.get(name), (str, int, float)):
            draft.meta[name] = info[name]
    if isinstance(info.get("comments"), list) and info["comments"]:
        draft.note(f"{len(info['comments'])} comments are kept in the exhibit and were not read")
    if not draft.text:
        draft.reason = "a post without words"
    return draft


def _tweet_address(info: dict[str, Any]) -> str | None:
    account, number = text(info, ("author.name", "user.name")), text(info, ("tweet_id",))
    return f"https://x.com/{account}/status/{number}" if account and number else None


def _dashed(value: Any) -> Any:
    """yt-dlp's 20210304 as 2021-03-04: eight digits are a day, not seconds."""
    if isinstance(value, str) and re.fullmatch(r"\d{8}", value):
        return f"{value[:4]}-{value[4:6]}-{value[6:]}"
    # gallery-dl gives UTC without saying so.
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", value):
        return f"{value}+00:00"
    return value
