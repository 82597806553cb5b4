"""Pages of a list by cursors: where the last page ended, and on what, so that a list that grew meanwhile is not
read twice nor past a gap."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

from ._problems import Problem

MOST = 1000
PAGE = 100
_CHUNK = 500
Fetch = Callable[[int, int], list[Any]]
"""(limit, offset) → records, in an order that stays."""


def page(fetch: Fetch, name: Callable[[Any], str], limit: int, cursor: str | None) -> tuple[list[Any], str | None]:
    """The records after `cursor`, at most `limit`, and the cursor of what follows. Raises Problem."""
    offset = _begin(fetch, name, cursor) if cursor else 0
    found = fetch(limit + 1, offset)
    shown = found[:limit]
    return shown, _cursor(offset + limit, name(shown[-1])) if len(found) > limit else None


def everything(fetch: Fetch, limit: int | None = None) -> Iterator[Any]:
    """Every record (at most `limit`), read some hundreds at a time."""
    offset = 0
    while limit is None or offset < limit:
        found = fetch(_CHUNK if limit is None else min(_CHUNK, limit - offset), offset)
        yield from found
        if len(found) < _CHUNK:
            return
        offset += _CHUNK


def _begin(fetch: Fetch, name: Callable[[Any], str], cursor: str) -> int:
    at, last = _read(cursor)
    before = fetch(1, at - 1)
    if before and name(before[0]) == last:
        return at
    # The list changed meanwhile: where is the record that the last page ended on?
    for n, record in enumerate(everything(fetch)):
        if name(record) == last:
            return n + 1
    raise Problem(410, "The record that this cursor ended on is gone. Begin again without a cursor.")


def _cursor(offset: int, last: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([offset, last]).encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[int, str]:
    try:
        offset, last = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
        if type(offset) is int and 0 < offset < 2**53 and isinstance(last, str):
            return offset, last
    except (ValueError, TypeError, RecursionError):
        pass
    raise Problem(410, "'cursor' is none that this list has given.")
