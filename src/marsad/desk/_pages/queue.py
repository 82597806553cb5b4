"""The queue: what needs a decision, most pressing first, with the reasons."""

from __future__ import annotations

from collections import Counter

from starlette.requests import Request
from starlette.responses import Response

from .._desk import Desk, page_number, person_of
from .._lists import Pager
from .._ranking import REASONS
from ._claims import card

_SIZE = 20


def show(desk: Desk, request: Request) -> Response:
    """The queue, filtered by reason."""
    words = desk.words(request)
    reason = request.query_params.get("reason")
    me = person_of(request).id
    with desk.case.store.read() as s:
        snapshot = desk.snapshots.now(s)
        # What one was unsure about oneself waits for somebody else, and is seen only by asking for it.
        everything = [w for w in snapshot.queue if w.unsure != me or reason == "unsure"]
        chosen = [w for w in everything if not reason or reason in w.reasons]
        pager = Pager.over(len(chosen), page_number(request), _SIZE)
        shown = chosen[pager.offset : pager.offset + _SIZE]
        reports = {r: s.reports.get(r) for r in {w.reviewed.machine.report for w in shown}}
        counts, exhibits = s.reports.counts(), s.exhibits.count()
    why = Counter(r for w in everything for r in w.reasons)
    ties = {tuple(sorted((i.id, other))) for i in snapshot.incidents for other, _, _ in i.possibly_same}
    context = {
        "cards": [(card(w.reviewed, words, w.incident), w.reasons, reports[w.reviewed.machine.report]) for w in shown],
        "reasons": [(r, why[r]) for r in REASONS if why[r]],
        "reason": reason if reason in REASONS else None,
        "waiting": len(everything),
        "settled": snapshot.settled,
        "mine": sum(w.unsure == me for w in snapshot.queue),
        "counts": Counter(counts),
        "exhibits": exhibits,
        "ties": len(ties),
        "pager": pager,
        "folder": desk.case.folder.name,
    }
    return desk.render(request, "queue.html", context)
