"""The case held against another body's table: in both with figures that differ, only theirs, only ours, perhaps."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from ...datasets import Match, Pairing, held, kinds, kinds_held, match, match_columns, match_rows, ours, spec
from .._api._declare import Operation, Param
from .._desk import PAGE, Desk, page_number
from .._lists import Pager, csv_answer

_KEPT: dict[tuple[str, str, int], Match] = {}
"""What was held together last, while the case did not change."""
_MOST_KEPT = 4
_ASKED = (Param("table", "Whose table; the first that is held unless said", choices=kinds()),)
TABLE = Operation("read", "The case held against another body's table", str, "csv", _ASKED)


def show(desk: Desk, request: Request) -> Response:
    """One group of pairings of one table at a time."""
    with desk.case.store.read() as s:
        there = kinds_held(s)
    kind = _kind(request, there)
    groups: dict[str, tuple[Pairing, ...]] = {}
    if kind:
        found = _found(desk, kind)
        alike = tuple(p for p in found.both if not p.differences)
        groups = {
            "differ": found.differing(),
            "theirs_only": found.theirs_only,
            "ours_only": found.ours_only,
            "perhaps": found.perhaps,
            "same": alike,
        }
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


def show_csv(desk: Desk, request: Request) -> Response:
    """Every pairing of one table as CSV."""
    with desk.case.store.read() as s:
        kind = _kind(request, kinds_held(s))
    rows = match_rows(_found(desk, kind)) if kind else []
    columns = list(match_columns())
    return csv_answer(f"match-{kind or 'none'}", columns, ([row.get(c) for c in columns] for row in rows))


def _kind(request: Request, there: list[str]) -> str:
    asked = request.query_params.get("table", "")
    return asked if asked in there and asked in kinds() else there[0] if there else ""


def _found(desk: Desk, kind: str) -> Match:
    with desk.case.store.read() as s:
        key = (str(desk.case.folder), kind, s.revision)
        theirs = held(s, kind) if key not in _KEPT else []
    if key not in _KEPT:
        found = match(ours(kind, desk.case.export(spec(kind).export)), theirs)
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[key] = found
    return _KEPT[key]
