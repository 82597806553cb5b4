"""The case held against another body's table: in both with figures that differ, only theirs, only ours, perhaps."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from ...datasets import Match, held, kinds, kinds_held, match, match_groups, ours, spec
from ...store import Session
from .._desk import PAGE, Desk, page_number
from .._lists import Pager

_KEPT: dict[tuple[str, str, int], Match] = {}
"""What was held together last, while the case did not change."""
_MOST_KEPT = 4


def show(desk: Desk, request: Request) -> Response:
    """One group of pairings of one table at a time."""
    with desk.case.store.read() as s:
        there = kinds_held(s)
        kind = _kind(there, request.query_params.get("table", ""))
        found = _found(desk, s, kind)
    groups = match_groups(found) if found else {}
    asked = request.query_params.get("group", "")
    group = asked if asked in groups else next((g for g, rows in groups.items() if rows), "differ")
    rows = groups.get(group, ())
    pager = Pager.over(len(rows), page_number(request), PAGE)
    context = {
        "kind": kind,
        "tables": [(k, spec(k).label) for k in there],
        "label": spec(kind).label if kind else "",
        "counts": {g: len(pairings) for g, pairings in groups.items()},
        "group": group,
        "rows": rows[pager.offset : pager.offset + PAGE],
        "pager": pager,
        "folder": desk.case.folder.name,
    }
    return desk.render(request, "match.html", context)


def found_of(desk: Desk, s: Session, table: str) -> Match | None:
    """The case held against a table; against the first that was taken in where that one was not. None without any."""
    return _found(desk, s, _kind(kinds_held(s), table))


def _found(desk: Desk, s: Session, kind: str) -> Match | None:
    if not kind:
        return None
    key = (str(desk.case.folder), kind, s.revision)
    if key not in _KEPT:
        found = match(ours(kind, desk.case.export(spec(kind).export)), held(s, kind))
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[key] = found
    return _KEPT[key]


def _kind(there: Sequence[str], asked: str) -> str:
    return asked if asked in there and asked in kinds() else there[0] if there else ""
