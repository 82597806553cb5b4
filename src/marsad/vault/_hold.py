"""Legal holds: while one stands, over an exhibit or the whole case, nothing that it covers may be destroyed."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import CustodyEvent
from ..store import Session

HELD = "hold_placed"
"""Action of the event that begins a hold; its number names the hold."""
LIFTED = "hold_lifted"
"""Action of the event that ends one; its detail names the hold's number."""


def standing(events: Iterable[CustodyEvent]) -> list[CustodyEvent]:
    """The holds among `events` that were not lifted, oldest first."""
    holds: dict[int, CustodyEvent] = {}
    for event in events:
        if event.action == HELD:
            holds[event.seq] = event
        elif event.action == LIFTED:
            holds.pop(int(event.detail.get("hold", 0)), None)
    return list(holds.values())


def covering(s: Session, sha256: str) -> list[CustodyEvent]:
    """The holds that stand over an exhibit: its own, and those over the whole case."""
    return standing(e for e in [*s.custody.of(""), *(s.custody.of(sha256) if sha256 else ())])


def forbidding(s: Session, sha256: str) -> str:
    """Why an exhibit may not be destroyed, or '' if it may."""
    holds = covering(s, sha256)
    if not holds:
        return ""
    told = "; ".join(f"event {h.seq}, by {h.person}: {h.detail.get('reason')}" for h in holds)
    return f"exhibit {sha256}: it is under legal hold ({told}). Nothing was destroyed; lift the hold first."
