"""The exhibit (bytes as received) and the report (readable text of one exhibit)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Bytes as received, by their SHA-256. Who, when and from where are custody events, never fields that change."""

    sha256: str
    size: int
    media_type: str
    name: str
    """File name or last part of the address under which it first came; shown, never used as a path."""
    deposited_at: str
    """UTC, ISO 8601, of the first deposit."""


@dataclass(frozen=True, slots=True)
class CustodyEvent:
    """One link of the custody chain: what was done to an exhibit, by whom, when, how; hashed over the link before."""

    seq: int
    exhibit: str
    action: str
    """'deposited', 'deposited_again', 'opened', 'verified', …"""
    at: str
    person: str
    source: str
    """Where it came from: a path, an address, 'stdin', or 'exhibit:<sha256>' for what was found inside another."""
    method: str
    tool: str
    detail: Mapping[str, Any]
    previous: str
    """SHA-256 of the event before, 64 zeros for the first."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Report:
    """Readable text of one exhibit, or of one part of it (a record of a WARC, an entry of a feed, a post of a channel).

    `id` is derived from exhibit, part and text, so that reading again gives the same id. Status is one of
    `codes.REPORT_STATUSES`; an 'unreadable' report has no text and says why in `reason`.
    """

    id: str
    exhibit: str
    part: str = ""
    kind: str = "article"
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    """ISO 8601 date, or date and time with its offset, as claimed by the report."""
    language: str | None = None
    text: str = ""
    url: str | None = None
    status: str = "read"
    reason: str | None = None
    meta: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What else was found: {'published_from': 'json-ld', 'media': [...], 'repost_of': ...}; JSON values only."""
