"""Telegram Desktop's export as 'machine-readable JSON' (`result.json`): of one chat, or of an account with many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._draft import Draft
from .._when import iso

_MEDIA = ("photo", "file", "thumbnail", "sticker_emoji")
_ABOUT_MEDIA = ("media_type", "mime_type", "duration_seconds", "width", "height", "file_name")


def matches(data: Any) -> bool:
    """True for an object with `messages`, or with chats that have them."""
    return bool(_chats(data))


def posts(data: Any) -> Iterator[Draft]:
    """Each message with words or media; what the service itself says (who joined, what was pinned) is left out."""
    chats = _chats(data)
    for chat in chats:
        name = _string(chat.get("name"))
        before = f"{_string(chat.get('id')) or name} " if len(chats) > 1 else ""
        for number, message in enumerate(chat["messages"], 1):
            if isinstance(message, dict) and message.get("type", "message") == "message":
                draft = _post(message, name, f"{before}message {message.get('id', number)}")
                if draft.text or draft.meta.get("media"):
                    draft.meta["channel_type"] = _string(chat.get("type"))
                    yield draft


def _chats(data: Any) -> list[dict[str, Any]]:
    if not isinstance(data, dict):
        return []
    if isinstance(data.get("messages"), list) and ("type" in data or "name" in data):
        return [data]
    found = []
    for key in ("chats", "left_chats"):
        group = data.get(key)
        rows = group.get("list") if isinstance(group, dict) else None
        found += [row for row in rows or [] if isinstance(row, dict) and isinstance(row.get("messages"), list)]
    return found


def _post(message: dict[str, Any], chat: str | None, part: str) -> Draft:
    draft = Draft(part=part, kind="post", publisher=chat, author=_string(message.get("from")), text=_text(message))
    # date_unixtime is in UTC; date is in the time zone of whoever exported, which the file does not name.
    draft.published = iso(message.get("date_unixtime"))
    draft.meta["published_from"] = "date_unixtime"
    if draft.published is None:
        draft.published, draft.meta["published_from"] = iso(message.get("date")), "date, in the exporter's time zone"
    draft.meta["platform"] = "Telegram"
    for name, key in (
        ("repost_of", "forwarded_from"),
        ("reply_to", "reply_to_message_id"),
        ("author_id", "from_id"),
        ("via", "via_bot"),
    ):
        if value := _string(message.get(key)):
            draft.meta[name] = value
    if edited := iso(message.get("edited_unixtime") or message.get("edited")):
        draft.meta["modified"] = edited
    if media := _media(message):
        draft.meta["media"] = [media]
    place = message.get("location_information")
    if isinstance(place, dict) and {"latitude", "longitude"} <= place.keys():
        draft.meta["claimed"] = {"gps": {"lat": place["latitude"], "lon": place["longitude"]}}
    if links := [entity["href"] for entity in _entities(message) if isinstance(entity.get("href"), str)]:
        draft.meta["links"] = links[:50]
    return draft


def _text(message: dict[str, Any]) -> str:
    """The words: a string, or a list of strings and entities, each with its `text`."""
    value = message.get("text")
    if not value:
        value = message.get("text_entities")
    if isinstance(value, str):
        words = value
    elif isinstance(value, list):
        words = "".join(str(run.get("text") or "") if isinstance(run, dict) else str(run) for run in value)
    else:
        words = ""
    poll = message.get("poll")
    if isinstance(poll, dict):
        answers = [str(row.get("text") or "") for row in poll.get("answers") or [] if isinstance(row, dict)]
        words = "\n".join(
            filter(None, [words, str(poll.get("question") or ""), *(f"- {answer}" for answer in answers)])
        )
    return words.strip()


def _entities(message: dict[str, Any]) -> list[dict[str, Any]]:
    value = message.get("text_entities")
    if not isinstance(value, list):
        value = message.get("text")
    return [run for run in value if isinstance(run, dict)] if isinstance(value, list) else []


def _media(message: dict[str, Any]) -> dict[str, Any] | None:
    file = next((value for key in _MEDIA if (value := _string(message.get(key)))), None)
    if file is None:
        return None
    media: dict[str, Any] = {"kind": "image" if message.get("photo") else str(message.get("media_type") or "file")}
    # Telegram puts a sentence in brackets where the file was left out of the export.
    if file.startswith("("):
        media["missing"] = True
    else:
        media["file"] = file
    media.update({key: message[key] for key in _ABOUT_MEDIA if isinstance(message.get(key), (str, int, float))})
    return media


def _string(value: Any) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    return str(value).strip() or None if isinstance(value, (str, int, float)) else None
