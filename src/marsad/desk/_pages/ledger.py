"""The ledger (counted ranges under a named policy) and the draft matrix of grave violations against children."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ... import overview
from ...ledger import Cell, Draft, Ledger, Question, Total, policies, tally
from ...model import codes, from_json
from ...overview import headlines, headlines_of, ledger_totals
from ...store import Session
from ...text import fold
from .._desk import Desk, page_number
from .._lists import Pager
from .._narrowing import narrowed
from .._titles import title
from ._claims import reviewed_of
from .views import views_of

_LISTED = 25
"""Incidents listed in one cell of the matrix, at most; the rest by a link to the list."""
_ROWS = 12
"""Incidents on one page of the ledger, each opening to what every origin says."""
_CELLS = 200
"""Cells of the matrix on one page."""
_MOST_ASKED = 5000
"""Incidents that a narrower question is counted over, at most."""
AnyTotal = Total | overview.Total


def show(desk: Desk, request: Request) -> Response:
    """Totals and figures by incident under one policy, beside the case's own policy where that is another."""
    words = desk.words(request)
    policy, question, harm = _policy(desk, request), _question(request), request.query_params.get("harm", "")
    own = desk.case.settings.ledger_policy
    totals: Sequence[AnyTotal]
    theirs: Sequence[AnyTotal]
    with desk.case.look() as s:
        if question is None:
            totals, theirs = ledger_totals(s, policy), ledger_totals(s, own)
            chosen = {"harm": harm} if harm in codes.HARMS else {}
            found = narrowed(s, "incident", chosen)
            # Without a harm, those that give no figure at all are listed too: there are few.
            count = s.overview.count_headlines(found) if found else 0
            pager = Pager.over(count, page_number(request), _ROWS)
            shown = headlines(s, found, _ROWS, pager.offset) if found else []
        else:
            ids = _asked_for(s, question)
            counted = tally_of(s, ids, policy, question)
            totals = counted.totals()
            theirs = tally_of(s, ids, own, question).totals() if policy != own else totals
            kept = [i for i in ids if counted.figures(i) and (not harm or counted.figure(i, harm))]
            pager = Pager.over(len(kept), page_number(request), _ROWS)
            shown = list(headlines_of(s, kept[pager.offset : pager.offset + _ROWS]).values())
        ledger = tally_of(s, [h.id for h in shown], policy, question)
        tied, views = s.marks.count("incident", "tied", "1"), views_of(s, request)
    harms = [h for h in codes.HARMS if any(t.harm == h for t in totals)]
    rows = _by_incident(ledger, harm)
    cells = [c for held in rows.values() for c in held]
    context = {
        "policies": policies(),
        "policy": next(p for p in policies() if p.name == policy),
        "own": own,
        "totals": _nested(totals, harms),
        "tops": {h: _top([(t.max or t.most_said, t.min) for t in totals if t.harm == h]) for h in harms},
        "beside": {(t.harm, t.group): t for t in theirs} if policy != own else {},
        "tied": tied,
        "silent": max((getattr(t, "silent", 0) for t in totals), default=0),
        "incidents": [(h, title(h, words), rows[h.id]) for h in shown if h.id in rows],
        "top": _top([(b.max, b.min) for c in cells for b in c.bases] + [(c.max, c.min) for c in cells]),
        "aside": dict(ledger.aside),
        "harm": harm,
        "harms": harms,
        "place": request.query_params.get("place", ""),
        "party": request.query_params.get("party", ""),
        "earliest": request.query_params.get("earliest", ""),
        "latest": request.query_params.get("latest", ""),
        "pager": pager,
        "most_asked": _MOST_ASKED,
        "cut": question is not None and len(ids) == _MOST_ASKED,
        "views": views,
    }
    return desk.render(request, "ledger.html", context)


def children(desk: Desk, request: Request) -> Response:
    """Grave violations by violation, party, place and quarter, each cell opening to its incidents."""
    words = desk.words(request)
    chosen = {k: v for k in ("violation", "quarter") if (v := request.query_params.get(k, "")[:40])}
    with desk.case.look() as s:
        everything = [_cell(row) for row in s.overview.draft_cells()]
        cells = [c for c in everything if all(getattr(c, k) == v for k, v in chosen.items())]
        pager = Pager.over(len(cells), page_number(request), _CELLS)
        shown = sorted(cells, key=_order)[pager.offset : pager.offset + _CELLS]
        held = {c: s.overview.drafts(*c.key, _LISTED) for c in shown}
        found = headlines_of(s, {i for drafts in held.values() for i, _ in drafts})
    context = {
        "grave": _by_violation([c for c in shown if c.violation in codes.GRAVE_VIOLATIONS]),
        "beside": _by_violation([c for c in shown if c.violation not in codes.GRAVE_VIOLATIONS]),
        "any": bool(everything),
        "chosen": chosen,
        "quarters": sorted({c.quarter for c in everything if c.violation in codes.GRAVE_VIOLATIONS}),
        "overview": _overview([c for c in everything if c.violation in codes.GRAVE_VIOLATIONS]),
        "violations": list(codes.GRAVE_VIOLATIONS),
        "drafts": {c: [(i, from_json(Draft, d)) for i, d in drafts] for c, drafts in held.items()},
        "called": {
            c: words.called(c.place, [p for i, _ in drafts if i in found for p in found[i].places])
            for c, drafts in held.items()
        },
        "names": {i: title(h, words) for i, h in found.items()},
        "conflict": desk.case.settings.conflict,
        "most": _LISTED,
        "pager": pager,
    }
    return desk.render(request, "children.html", context)


def _asked_for(s: Session, question: Question) -> list[str]:
    """Ids of the incidents that a question may ask for, read from the labels; the ledger itself decides on each."""
    span = (question.earliest or "", question.latest or "")
    labels = []
    for kind, asked in (("party", question.party), ("place", question.place)):
        wanted = fold(asked or "")
        # The label as it is written: letters and diacritics are folded. A country or an id is no label.
        known = s.marks.values("incident", kind, _MOST_ASKED) if asked else []
        labels += [(kind, v) for v, _ in known if fold(v) == wanted][:1]
    found = s.marks.narrowed("incident", labels or [("", "")])
    return [h.id for h in headlines(s, found, _MOST_ASKED, 0, span)] if found else []


def tally_of(s: Session, incidents: Sequence[str], policy: str, question: Question | None) -> Ledger:
    """These incidents counted, with what every origin says."""
    kept = {i.id: i for i in s.incidents.many(incidents)}
    found = [kept[i] for i in incidents if i in kept]
    claims = {
        r.machine.id: r.claim
        for r in reviewed_of(s, s.claims.many(c for i in found for c in i.claims))
        if r.verdict != "reject"
    }
    heads = headlines_of(s, incidents)
    counted = [i for i in found if i.id in heads and heads[i.id].status != "discarded"]
    statuses = {i: h.status for i, h in heads.items()}
    # With their texts: a figure that a report's own words take back is read from them.
    reports = {r.id: r for r in s.reports.many(c.report for c in claims.values())}
    return tally(counted, claims, reports, policy=policy, where=question, statuses=statuses)


def _policy(desk: Desk, request: Request) -> str:
    asked = request.query_params.get("policy", "")
    return asked if asked in {p.name for p in policies()} else desk.case.settings.ledger_policy


def _question(request: Request) -> Question | None:
    place, party, earliest, latest = (
        request.query_params.get(k, "").strip() or None for k in ("place", "party", "earliest", "latest")
    )
    asked = Question(place=place, party=party, earliest=earliest, latest=latest)
    return None if asked == Question() else asked


def _nested(totals: Sequence[AnyTotal], harms: list[str]) -> list[tuple[str, list[AnyTotal]]]:
    groups = ("total", *codes.GROUPS)
    totals = sorted(totals, key=lambda t: groups.index(t.group) if t.group in groups else 99)
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


@dataclass(frozen=True, slots=True)
class DraftCell:
    """The drafts of one violation, party, place and quarter that lack the same elements."""

    violation: str
    party: str
    place: str
    quarter: str
    lacks: str
    incidents: int
    min: int | None
    max: int | None

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What its drafts have in common."""
        return self.violation, self.party, self.place, self.quarter, self.lacks

    @property
    def lacking(self) -> list[str]:
        """Elements not known."""
        return self.lacks.split()

    @property
    def counted_by(self) -> str:
        """'victims' or 'violations'."""
        return str(codes.GRAVE_VIOLATIONS.get(self.violation, {}).get("counted_by", "violations"))


def _cell(row: Any) -> DraftCell:
    most = None if row.open else row.most
    return DraftCell(row.violation, row.party, row.place, row.quarter, row.lacking, row.incidents, row.least, most)


def _order(cell: DraftCell) -> tuple[int, tuple[str, ...]]:
    order = [*codes.GRAVE_VIOLATIONS, *codes.BESIDE_VIOLATIONS]
    return order.index(cell.violation) if cell.violation in order else len(order), cell.key


def _by_violation(cells: Sequence[DraftCell]) -> dict[str, list[DraftCell]]:
    found: dict[str, list[DraftCell]] = defaultdict(list)
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


def _overview(cells: Sequence[DraftCell]) -> dict[tuple[str, str], _Sum]:
    """(violation, quarter) → its sum, for every violation and every quarter that has a draft."""
    held: dict[tuple[str, str], list[DraftCell]] = {(v, c.quarter): [] for v in codes.GRAVE_VIOLATIONS for c in cells}
    for c in cells:
        held[c.violation, c.quarter].append(c)
    return {key: _sum(of) for key, of in held.items()}


def _sum(cells: Sequence[DraftCell]) -> _Sum:
    full = [c for c in cells if not c.lacks]
    least = [c.min for c in full if c.min is not None]
    most = [c.max for c in full if c.max is not None]
    return _Sum(
        sum(least) if least else None,
        sum(most) if most and len(most) == len(full) else None,
        sum(c.incidents for c in full),
        sum(c.incidents for c in cells if c.lacks),
    )
