"""The list of reports, one report with its claims beside its words, and one claim with why and its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...model import Report, codes
from ...review import standing
from ...store import Session
from ...text import visible_controls
from .._desk import PAGE, Desk, page_number, person_of
from .._lists import Pager
from .._pointing import FIELDS
from ._claims import card, names_of, reviewed_of
from ._copies import copies_of
from .notes import beside_of
from .preserved import kind_of_page, pages_of

_ALL = 10**9
_PAGES = 40
"""Pages of a PDF that are shown beside its text."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of a report's text without a line end, and the code-point offset at which it begins."""

    start: int
    text: str


def listing(desk: Desk, request: Request) -> Response:
    """Reports, newest addition last, filtered by status."""
    status = request.query_params.get("status")
    with desk.case.look() as s:
        counts = dict(s.marks.values("report", "status"))
        chosen = status if status in codes.REPORT_STATUSES else None
        total = sum(counts.values())
        pager = Pager.over(counts.get(chosen, 0) if chosen else total, page_number(request), PAGE)
        found = s.reports.page(PAGE, pager.offset, chosen)
        claims = s.claims.counts([r.id for r in found])
        rows = [
            {
                "report": r,
                "claims": claims.get(r.id, 0),
                "name": _exhibit_name(s, r) if not r.title and not r.text else "",
            }
            for r in found
        ]
    shown = {code: counts[code] for code in codes.REPORT_STATUSES if counts.get(code)}
    context = {"reports": rows, "counts": shown, "total": total, "status": chosen, "pager": pager}
    return desk.render(request, "reports.html", context | {"folder": desk.case.folder.name})


def show(desk: Desk, request: Request) -> Response:
    """One report: its text, and its claims in the order of the text."""
    words = desk.words(request)
    with desk.case.store.read() as s:
        report = s.reports.get(request.path_params["id"])
        if report is None:
            raise HTTPException(404)
        said = s.claims.of(report.id, current=False)
        current = s.claims.current(c.id for c in said)
        claims = [r for r in reviewed_of(s, said) if r.machine.id in current or r.judgements]
        incidents = s.incidents.of_claims([r.machine.id for r in claims])
        beside, exhibit = beside_of(s, "report", report.id), s.exhibits.get(report.exhibit)
        same = copies_of(s, incidents)
        cards = [
            card(r, words, incidents.get(r.machine.id), r.machine.id in current, same.get(r.machine.id, ()))
            for r in claims
        ]
    page, view = kind_of_page(exhibit), request.query_params.get("view", "")
    uncovered = bool(view) and desk.passes.good(view, person_of(request).id, report.exhibit)
    context = {
        "page": page,
        "view": view if uncovered else None,
        "pages": min(_PAGES, pages_of(desk, exhibit)) if exhibit and page == "pdf" and uncovered else 0,
        "point_fields": FIELDS,
        "report": report,
        "paragraphs": paragraphs(report.text),
        "controls": _controls(report.text),
        "claims": cards,
        "judged": sum(c.verdict is not None for c in cards),
        "beside": beside,
        "media": report.meta.get("media", ()),
    }
    return desk.render(request, "report.html", context)


def claim(desk: Desk, request: Request) -> Response:
    """One claim: as proposed and as decided, why, its history, and the form that corrects it."""
    with desk.case.store.read() as s:
        found = s.claims.get(request.path_params["id"])
        report = s.reports.get(found.report) if found else None
        if found is None or report is None:
            raise HTTPException(404)
        reviewed = reviewed_of(s, [found])[0]
        incident = s.incidents.of_claim(found.id)
        current = found.id in {c.id for c in s.claims.of(report.id)}
        engine, names = s.claims.engine(found.id), names_of(s)
        beside = beside_of(s, "claim", found.id)
        same = copies_of(s, {found.id: incident.id} if incident else {})
    view = card(reviewed, desk.words(request), incident.id if incident else None, current, same.get(found.id, ()))
    in_force = {j.seq for j in standing(reviewed.judgements)}
    context = {
        "point_fields": FIELDS,
        "c": view,
        "report": report,
        "engine": engine,
        "beside": beside,
        "names": names,
        "standing": in_force,
    }
    return desk.render(request, "claim_page.html", context)


def paragraphs(text: str) -> list[Paragraph]:
    """The lines of a text that hold something, each with where it begins."""
    found, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append(Paragraph(at, line))
        at += len(line) + 1
    return found


def _controls(text: str) -> Sequence[str]:
    """Names and numbers of the direction marks in a text that override or embed; plain LRM, RLM and ALM are usual."""
    counts = Counter(c for c in text if c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    return [f"{visible_controls(c)}×{n}" for c, n in sorted(counts.items())]


def _exhibit_name(s: Session, report: Report) -> str:
    exhibit = s.exhibits.get(report.exhibit)
    return exhibit.name if exhibit else report.id
