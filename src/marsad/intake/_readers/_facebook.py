"""Facebook's and Instagram's 'download your information' in JSON (`your_posts_1.json`, `posts_1.json`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._draft import Draft
from .._when import iso


def matches(data: Any) -> bool:
    """True for a list of posts with `timestamp` and `data` (Facebook) or of posts with `media` (Instagram)."""
    first = data[0] if isinstance(data, list) and data else data
    if not isinstance(first, dict):
        return False
    media = first.get("media")
    item = media[0] if isinstance(media, list) and media else None
    of_media = isinstance(item, dict) and "creation_timestamp" in item
    return of_media or ("timestamp" in first and isinstance(first.get("data"), list))


def posts(data: Any) -> Iterator[Draft]:
    """Each post, its words mended: these files hold UTF-8 that was taken for Latin-1."""
    for number, row in enumerate(data if isinstance(data, list) else [data], 1):
        if isinstance(row, dict):
            draft = _instagram(row) if isinstance(row.get("media"), list) else _facebook(row)
            draft.part = f"post {number}"
            draft.kind = "post"
            if not draft.text and not draft.meta.get("media"):
                draft.reason = "a post without words"
            yield draft


def _facebook(row: dict[str, Any]) -> Draft:
    words = [
        item["post"] for item in row.get("data") or [] if isinstance(item, dict) and isinstance(item.get("post"), str)
    ]
    draft = Draft(text=_mended("\n\n".join(words)).strip(), published=iso(row.get("timestamp")))
    draft.meta.update({"platform": "Facebook", "published_from": "timestamp"})
    if isinstance(row.get("title"), str):
        draft.meta["activity"] = _mended(row["title"])
    files = []
    for attachment in row.get("attachments") or []:
        for item in attachment.get("data") or [] if isinstance(attachment, dict) else []:
            media = item.get("media") if isinstance(item, dict) else None
            if isinstance(media, dict) and isinstance(media.get("uri"), str):
                files.append({"file": media["uri"], "kind": "file"})
    if files:
        draft.meta["media"] = files[:50]
    return draft


def _instagram(row: dict[str, Any]) -> Draft:
    media = [item for item in row["media"] if isinstance(item, dict)]
    title = row.get("title") or next((item["title"] for item in media if item.get("title")), "")
    stamp = row.get("creation_timestamp") or next((item.get("creation_timestamp") for item in media), None)
    draft = Draft(text=_mended(str(title)).strip(), published=iso(stamp))
    draft.meta.update({"platform": "Instagram", "published_from": "creation_timestamp"})
    draft.meta["media"] = [{"file": item["uri"], "kind": "file"} for item in media if isinstance(item.get("uri"), str)][
        :50
    ]
    return draft


def _mended(words: str) -> str:
    try:
        return words.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return words
