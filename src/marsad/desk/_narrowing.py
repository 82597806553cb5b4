"""Filters that stand in the address: the labels that a page narrows its list to, and the choices that it offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request

from ..store import Filter, Session

INCIDENT = ("act", "party", "place", "status", "grade", "period", "children", "denied", "tied", "harm", "spot")
CLAIM = ("reason", "act", "party", "place", "unsure")
_ALL = [("", "")]


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind of filter: its name in the address, its values with how many have each, and the one that is chosen."""

    kind: str
    values: tuple[tuple[str, int], ...]
    chosen: str


def asked(request: Request, kinds: Sequence[str]) -> dict[str, str]:
    """Kind → value, of the filters in the address that are not empty."""
    return {k: v for k in kinds if (v := request.query_params.get(k, "")[:500])}


def narrowed(s: Session, room: str, chosen: dict[str, str]) -> Filter | None:
    """The filter to things of a room with all that was chosen; None where there can be none."""
    return s.marks.narrowed(room, list(chosen.items()) or _ALL)


def choices(s: Session, room: str, chosen: dict[str, str], kinds: Sequence[str], limit: int = 30) -> list[Choice]:
    """What may be chosen of each kind, the commonest first; what is chosen is always among it."""
    found = []
    for kind in kinds:
        values = s.marks.values(room, kind, limit)
        now = chosen.get(kind, "")
        if now and now not in {v for v, _ in values}:
            values.append((now, s.marks.count(room, kind, now)))
        if values:
            found.append(Choice(kind, tuple(values), now))
    return found
