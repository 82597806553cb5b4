"""The ledger (counted ranges under a named policy) and the draft matrix of grave violations against children."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ...ledger import Cell, Ledger, MatrixCell, Question, Total, policies
from ...model import codes
from .._desk import PAGE, Desk, page_number
from .._lists import Pager, csv_answer
from .incidents import title

_LISTED = 25
"""Incidents listed in one cell of the matrix, at most; the rest by a link to the list."""
_HEADER = ("policy", "incident", "harm", "group", "min", "max", "best", "claims", "origins_used")


def show(desk: Desk, request: Request) -> Response:
    """Totals and figures by incident under one policy, beside the case's own policy where that is another."""
    words = desk.words(request)
    policy = _policy(desk, request)
    own = desk.case.settings.ledger_policy
    ledger = desk.case.ledger(policy, _question(request))
    beside = {(t.harm, t.group): t for t in desk.case.ledger(own, _question(request)).totals()} if policy != own else {}
    with desk.case.store.read() as s:
        snapshot = desk.snapshots.now(s)
    harm = request.query_params.get("harm", "")
    harms = [h for h in codes.HARMS if any(t.harm == h for t in ledger.totals())]
    rows = _by_incident(ledger, harm)
    ids = [i for i in snapshot.headlines if i in rows]
    pager = Pager.over(len(ids), page_number(request), PAGE)
    shown = ids[pager.offset : pager.offset + PAGE]
    cells = [c for i in shown for c in rows[i]]
    context = {
        "policies": policies(),
        "policy": next(p for p in policies() if p.name == policy),
        "own": own,
        "totals": _nested(ledger, harms),
        "tops": {h: _top([(t.max or t.most_said, t.min) for t in ledger.totals() if t.harm == h]) for h in harms},
        "beside": beside,
        "assumptions": ledger.assumptions,
        "incidents": [(snapshot.headlines[i], title(snapshot.headlines[i], words), rows[i]) for i in shown],
        "top": _top([(b.max, b.min) for c in cells for b in c.bases] + [(c.max, c.min) for c in cells]),
        "aside": dict(ledger.aside),
        "harm": harm,
        "harms": harms,
        "place": request.query_params.get("place", ""),
        "party": request.query_params.get("party", ""),
        "earliest": request.query_params.get("earliest", ""),
        "latest": request.query_params.get("latest", ""),
        "pager": pager,
    }
    return desk.render(request, "ledger.html", context)


def show_csv(desk: Desk, request: Request) -> Response:
    """Every figure of every incident as CSV."""
    ledger = desk.case.ledger(_policy(desk, request), _question(request))
    rows = (
        (ledger.policy, c.incident, c.harm, c.group, c.min, c.max, c.best, " ".join(c.claims), len(c.used))
        for c in ledger.all_figures()
    )
    return csv_answer(f"ledger-{ledger.policy}", _HEADER, rows)


def children(desk: Desk, request: Request) -> Response:
    """Grave violations by violation, party, place and quarter, each cell opening to its incidents."""
    words = desk.words(request)
    matrix = desk.case.matrix()
    with desk.case.store.read() as s:
        snapshot = desk.snapshots.now(s)
    drafts = {(d.incident, d.violation): d for d in matrix.drafts}
    names = {i: title(h, words) for i, h in snapshot.headlines.items()}
    context = {
        "grave": _by_violation(matrix.cells),
        "beside": _by_violation(matrix.beside),
        "quarters": sorted({c.quarter for c in matrix.cells}),
        "overview": _overview(matrix.cells),
        "violations": list(codes.GRAVE_VIOLATIONS),
        "drafts": drafts,
        "names": names,
        "conflict": desk.case.settings.conflict,
        "most": _LISTED,
        "note": matrix.note,
    }
    return desk.render(request, "children.html", context)


def _policy(desk: Desk, request: Request) -> str:
    asked = request.query_params.get("policy", "")
    return asked if asked in {p.name for p in policies()} else desk.case.settings.ledger_policy


def _question(request: Request) -> Question | None:
    place, party, earliest, latest = (
        request.query_params.get(k, "").strip() or None for k in ("place", "party", "earliest", "latest")
    )
    asked = Question(place=place, party=party, earliest=earliest, latest=latest)
    return None if asked == Question() else asked


def _nested(ledger: Ledger, harms: list[str]) -> list[tuple[str, list[Total]]]:
    groups = ("total", *codes.GROUPS)
    totals = sorted(ledger.totals(), key=lambda t: groups.index(t.group) if t.group in groups else 99)
    return [(h, [t for t in totals if t.harm == h]) for h in harms]


def _by_incident(ledger: Ledger, harm: str) -> dict[str, list[Cell]]:
    rows: dict[str, list[Cell]] = defaultdict(list)
    for cell in ledger.all_figures():
        if harm and cell.harm != harm:
            continue
        whole = ledger.figure(cell.incident, cell.harm)
        # Where nobody's status is known, the group says the total over again.
        if cell.group != "unknown" or whole is None or (whole.min, whole.max) != (cell.min, cell.max):
            rows[cell.incident].append(cell)
    return dict(rows)


def _top(pairs: list[tuple[int | None, int | None]]) -> int:
    """The right end of a scale: the largest number on it, and room for an open end."""
    most = max((n for pair in pairs for n in pair if n is not None), default=1)
    is_open = any(high is None for high, _ in pairs)
    return max(1, round(most * (1.25 if is_open else 1.05) + 0.5))


def _by_violation(cells: tuple[MatrixCell, ...]) -> dict[str, list[MatrixCell]]:
    found: dict[str, list[MatrixCell]] = defaultdict(list)
    for cell in cells:
        found[cell.violation].append(cell)
    return dict(found)


@dataclass(frozen=True, slots=True)
class _Sum:
    """One violation in one quarter: the range and the incidents that lack no element, and how many lack one."""

    min: int | None
    max: int | None
    incidents: int
    lacking: int


def _overview(cells: tuple[MatrixCell, ...]) -> dict[tuple[str, str], _Sum]:
    """(violation, quarter) → its sum, for every violation and every quarter that has a draft."""
    keys = [(v, q) for v in codes.GRAVE_VIOLATIONS for q in {c.quarter for c in cells}]
    return {key: _sum([c for c in cells if (c.violation, c.quarter) == key]) for key in keys}


def _sum(cells: list[MatrixCell]) -> _Sum:
    full = [c for c in cells if not c.lacking]
    least = [c.min for c in full if c.min is not None]
    most = [c.max for c in full if c.max is not None]
    return _Sum(
        sum(least) if least else None,
        sum(most) if most and len(most) == len(full) else None,
        len({i for c in full for i in c.incidents}),
        len({i for c in cells if c.lacking for i in c.incidents}),
    )
