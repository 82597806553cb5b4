"""E-mail (.eml) and web pages saved as MHTML: the words, the sender as claimed, and attachments as exhibits."""

from __future__ import annotations

import email
import email.policy
import io
from collections.abc import Iterator
from email.message import EmailMessage

from marsad.errors import Unreadable

from .._decode import decode
from .._draft import Draft, Member, Source
from .._when import iso
from ._markup import plain_text

_MOST_PARTS = 500


def read(source: Source) -> Iterator[Draft | Member]:
    """One report, and a member for each attachment (in MHTML: each picture of the page)."""
    message = email.message_from_bytes(source.whole(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    parts = [part for part in message.walk() if not part.is_multipart()][:_MOST_PARTS]
    saved_page = _header(message, "Snapshot-Content-Location") is not None or message.get_content_type() == (
        "multipart/related"
    )
    body = _body(parts, prefer="text/html" if saved_page else "text/plain")
    if body is None and not any(part.get_filename() for part in parts):
        raise Unreadable("a message without words")
    if saved_page and body is not None and body.get_content_type() == "text/html":
        yield _page(message, body, source)
    else:
        yield _letter(message, body)
    for number, part in enumerate(parts, 1):
        if part is body or (part.get_content_maintype() == "text" and not part.get_filename()):
            continue
        data = _bytes(part)
        if data and (not saved_page or part.get_content_maintype() in ("image", "video", "audio")):
            name = str(part.get_filename() or _header(part, "Content-Location") or f"part {number}")
            yield Member(f"part {number}", name.split("?")[0].rsplit("/", 1)[-1] or name, io.BytesIO(data))


def _page(message: EmailMessage, body: EmailMessage, source: Source) -> Draft:
    from .html import read_page

    url = _header(message, "Snapshot-Content-Location") or _header(body, "Content-Location")
    draft = read_page(decode(_bytes(body), body.get_content_charset()), url)
    if saved := iso(_header(message, "Date")):
        draft.meta["captured"] = saved
    draft.title = draft.title or _header(message, "Subject")
    return draft


def _letter(message: EmailMessage, body: EmailMessage | None) -> Draft:
    draft = Draft(kind="document", title=_header(message, "Subject"), author=_header(message, "From"))
    draft.published = iso(_header(message, "Date"))
    draft.meta["published_from"] = "mail Date"
    if body is None:
        draft.reason = "a message of attachments alone"
        return draft
    text = decode(_bytes(body), body.get_content_charset()).text
    draft.text = plain_text(text) if body.get_content_type() == "text/html" else text.strip()
    if not draft.text:
        draft.reason = "a message without words"
    return draft


def _body(parts: list[EmailMessage], prefer: str) -> EmailMessage | None:
    texts = [part for part in parts if part.get_content_maintype() == "text" and not part.get_filename()]
    return next((part for part in texts if part.get_content_type() == prefer), texts[0] if texts else None)


def _bytes(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message.get(name)
    except (ValueError, IndexError, AttributeError, TypeError):
        # The library's own parser fails on some broken headers.
        return None
    return str(value).strip() or None if value is not None else None
