"""The chain of custody: each event is hashed over all its own fields and over the hash of the event before."""

from __future__ import annotations

import dataclasses
import math
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from ..errors import VaultError
from ..model import CustodyEvent, digest, to_json

NOTHING_BEFORE = "0" * 64
"""`previous` of the first event."""
ERASED = "erased"
"""Action of the event that stands for bytes that were destroyed."""


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold: the number of the event, and what is wrong there."""

    seq: int
    why: str


def record(event: CustodyEvent) -> dict[str, Any]:
    """What an event says, without its own hash: what is hashed, and what a package shows."""
    fields: dict[str, Any] = to_json(event)
    del fields["sha256"]
    return fields


def event_hash(event: CustodyEvent) -> str:
    """SHA-256 (hex) over the canonical bytes of the event's record, `previous` included."""
    return digest(record(event))


def link(
    last: CustodyEvent | None,
    *,
    exhibit: str,
    action: str,
    now: datetime,
    person: str,
    source: str,
    method: str,
    tool: str,
    detail: Mapping[str, Any],
) -> CustodyEvent:
    """The event that follows `last`.

    A random nonce goes into `detail`: the log of hashes may be shown to others, and without it whoever holds a file
    could test whether the case holds it too. A clock that stands before the last event is set down, not corrected.
    Raises VaultError for a detail that has no one canonical form (NaN, an object, a key that is no string).
    """
    at = timestamp(now)
    plain: dict[str, Any] = _checked(detail, "detail")
    plain["nonce"] = secrets.token_hex(16)
    if last is not None and at < last.at:
        plain["clock_behind"] = last.at
    event = CustodyEvent(
        seq=last.seq + 1 if last else 1,
        exhibit=exhibit,
        action=printable(action),
        at=at,
        person=printable(person),
        source=printable(source),
        method=printable(method),
        tool=printable(tool),
        detail=MappingProxyType(plain),
        previous=last.sha256 if last else NOTHING_BEFORE,
        sha256="",
    )
    return dataclasses.replace(event, sha256=event_hash(event))


def breaks(
    events: Iterable[CustodyEvent], last: CustodyEvent | None = None
) -> Iterator[tuple[CustodyEvent, Break | None]]:
    """Walk events that follow `last`, oldest first; with each, what is wrong at it, or None."""
    for event in events:
        expected = last.seq + 1 if last else 1
        why = None
        if event.seq != expected:
            gone = f"event {expected}" if event.seq == expected + 1 else f"events {expected} to {event.seq - 1}"
            why = f"{gone} missing" if event.seq > expected else f"event {expected} expected, number {event.seq} found"
        elif event_hash(event) != event.sha256:
            why = "its words are not those that were hashed: the event was altered"
        elif event.previous != (last.sha256 if last else NOTHING_BEFORE):
            why = "it does not follow from the event before: one of the two was replaced"
        yield event, Break(event.seq, why) if why else None
        last = event


def timestamp(now: datetime) -> str:
    """UTC, ISO 8601, always with six digits of a second, so that text order is time order."""
    return now.astimezone(UTC).isoformat(timespec="microseconds")


def printable(text: str) -> str:
    """Text that every store and encoding takes: undecodable bytes and NULs are written out as escapes."""
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")


def _checked(value: Any, where: str) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise VaultError(f"{where}: every key must be a string.")
        return {printable(key): _checked(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_checked(item, where) for item in value]
    raise VaultError(f"{where}: {type(value).__name__} has no one canonical form; give strings, numbers, lists.")
