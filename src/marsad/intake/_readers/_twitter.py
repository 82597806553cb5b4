"""X/Twitter: the archive that an account downloads (`tweets.js`), and tweets as its APIs (v1.1, v2) give them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from .._draft import Draft
from .._when import iso
from ._fields import at, text

_RETWEET = re.compile(r"\ART @(\w{1,20}): ")


def matches(data: Any) -> bool:
    """True for a tweet, a list of tweets (bare or each in `tweet`), or a v2 answer."""
    if _is_v2(data):
        return True
    first = data[0] if isinstance(data, list) and data else data
    return _is_tweet(_bare(first))


def posts(data: Any) -> Iterator[Draft]:
    """Each tweet, with its address where the account is known."""
    if _is_v2(data):
        users = {user.get("id"): user for user in at(data, "includes.users") or [] if isinstance(user, dict)}
        rows = data["data"] if isinstance(data["data"], list) else [data["data"]]
        for row in rows:
            if isinstance(row, dict) and isinstance(row.get("text"), str):
                yield _post({**row, "id_str": row.get("id"), "user": users.get(row.get("author_id")) or {}})
        return
    for row in data if isinstance(data, list) else [data]:
        if _is_tweet(tweet := _bare(row)):
            yield _post(tweet)


def _post(tweet: dict[str, Any]) -> Draft:
    number = text(tweet, ("id_str", "id")) or ""
    whole = at(tweet, "extended_tweet.full_text") or tweet.get("full_text") or tweet.get("text") or ""
    account = text(tweet, ("user.screen_name", "user.username"))
    draft = Draft(part=f"tweet {number}", kind="post", text=html.unescape(str(whole)).strip())
    draft.author = text(tweet, ("user.name",)) or account
    draft.publisher = draft.author
    draft.published = iso(_created(str(tweet.get("created_at") or "")))
    draft.meta["published_from"] = "created_at"
    draft.language = tweet.get("lang") if tweet.get("lang") not in ("und", "zxx", "qme", "qam", "qht") else None
    if number.isdigit():
        draft.url = f"https://x.com/{account or 'i/web'}/status/{number}"
    draft.meta.update({"platform": "X", "account": account})
    original = tweet.get("retweeted_status")
    if isinstance(original, dict):
        draft.meta["repost_of"] = f"@{text(original, ('user.screen_name',)) or ''} {text(original, ('id_str',)) or ''}"
        draft.text = f"RT @{text(original, ('user.screen_name',))}: " + html.unescape(
            str(original.get("full_text") or original.get("text") or "")
        )
    elif match := _RETWEET.match(draft.text):
        draft.meta["repost_of"] = f"@{match.group(1)}"
    if reply := text(tweet, ("in_reply_to_status_id_str",)):
        draft.meta["reply_to"] = reply
    if quoted := text(tweet, ("quoted_status_id_str",)):
        draft.meta["quote_of"] = quoted
    rows = at(tweet, "extended_entities.media") or at(tweet, "entities.media") or []
    media = [text(row, ("media_url_https", "media_url")) for row in rows if isinstance(row, dict)]
    if kept := [{"url": url, "kind": "image"} for url in media if url]:
        draft.meta["media"] = kept[:20]
    if not draft.text:
        draft.reason = "a post without words"
    return draft


def _created(stamp: str) -> str:
    """'Wed Oct 10 20:19:24 +0000 2018' as ISO; any other form as it is."""
    match = re.fullmatch(r"\w{3} (\w{3}) (\d\d) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})", stamp)
    if not match:
        return stamp
    month, day, time, zone, year = match.groups()
    return f"Mon, {day} {month} {year} {time} {zone}"


def _bare(row: Any) -> Any:
    return row["tweet"] if isinstance(row, dict) and isinstance(row.get("tweet"), dict) else row


def _is_tweet(row: Any) -> bool:
    return (
        isinstance(row, dict)
        and "created_at" in row
        and ("id_str" in row or "full_text" in row)
        and any(isinstance(row.get(key), str) for key in ("full_text", "text"))
    )


def _is_v2(data: Any) -> bool:
    if not isinstance(data, dict) or not data.get("data"):
        return False
    first = data["data"][0] if isinstance(data["data"], list) else data["data"]
    return isinstance(first, dict) and isinstance(first.get("text"), str) and "id" in first
