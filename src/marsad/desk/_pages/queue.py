"""The queue: what needs a decision, most pressing first, with the reasons."""

from __future__ import annotations

from collections import Counter

from starlette.requests import Request
from starlette.responses import Response

from ...model import Report
from .._desk import Desk, page_number, person_of
from .._lists import Pager
from .._ranking import REASONS, Waiting, waiting
from .._snapshot import Snapshot
from ._claims import card

_SIZE = 20


def show(desk: Desk, request: Request) -> Response:
    """The queue, filtered by reason."""
    words = desk.words(request)
    with desk.case.store.read() as s:
        snapshot = desk.snapshots.now(s)
        counts = s.reports.counts()
        exhibits = s.exhibits.count()
    reason = request.query_params.get("reason")
    me = person_of(request).id
    mine = len(waiting(snapshot)) - len(waiting(snapshot, me))
    # What one was unsure about oneself is seen only by asking for it.
    everything = waiting(snapshot, None if reason == "unsure" else me)
    chosen = [w for w in everything if not reason or reason in w.reasons]
    pager = Pager.over(len(chosen), page_number(request), _SIZE)
    shown = chosen[pager.offset : pager.offset + _SIZE]
    ties = {tuple(sorted((i.id, other))) for i in snapshot.incidents for other, _, _ in i.possibly_same}
    context = {
        "cards": [(card(w.reviewed, words, w.incident), w.reasons, _report(snapshot, w)) for w in shown],
        "reasons": [(r, n) for r in REASONS if (n := sum(r in w.reasons for w in everything))],
        "reason": reason if reason in REASONS else None,
        "waiting": len(everything),
        "found": len(chosen),
        "settled": sum(r.verdict in ("accept", "reject") for r in snapshot.review.all()),
        "mine": mine,
        "counts": Counter(counts),
        "exhibits": exhibits,
        "ties": len(ties),
        "pager": pager,
        "folder": desk.case.folder.name,
    }
    return desk.render(request, "queue.html", context)


def _report(snapshot: Snapshot, waiting: Waiting) -> Report | None:
    return snapshot.reports.get(waiting.reviewed.machine.report)
