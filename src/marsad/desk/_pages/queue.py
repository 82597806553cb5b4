"""The queue: what needs a decision, most pressing first, held for who looks at it, so that nobody does it twice."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...model import Person
from ...overview import REASONS
from ...store import Filter, Session, WaitingRow
from .._access import allows
from .._desk import Desk, page_number, person_of
from .._lists import Pager
from .._narrowing import CLAIM, asked, choices, narrowed
from ._claims import card, reviewed_of
from ._copies import copies_of
from .views import views_of

_SIZE = 20
HOLD_MINUTES = 15


def show(desk: Desk, request: Request) -> Response:
    """The queue, as the address filters it. What is shown to somebody who may judge is held for them for a while."""
    words, person = desk.words(request), person_of(request)
    chosen = asked(request, CLAIM)
    own = _own_too(chosen, person.id)
    with desk.case.look() as s:
        found = narrowed(s, "claim", chosen)
        count = s.overview.count_waiting(found) if found else 0
        mine = s.marks.count("claim", "unsure", person.id)
        # What one was unsure about oneself waits for somebody else, and is seen only by asking for it.
        waiting = s.marks.count("claim", "") - (0 if own else mine)
        pager = Pager.over(count, page_number(request), _SIZE)
    shown = _held(desk, person, found, pager.offset, own) if found else []
    with desk.case.look() as s:
        reviewed = {r.machine.id: r for r in reviewed_of(s, s.claims.many(w.claim for w in shown))}
        same = copies_of(s, {w.claim: w.incident for w in shown if w.incident})
        cards = {
            w.claim: card(reviewed[w.claim], words, w.incident, copies=same.get(w.claim, ()))
            for w in shown
            if w.claim in reviewed
        }
        reports = s.reports.light(w.report for w in shown)
        counts = Counter(dict(s.marks.values("report", "status")))
        context = {
            "cards": [(cards[w.claim], w.reasons, reports.get(w.report)) for w in shown if w.claim in cards],
            "reasons": _reasons(s),
            "choices": choices(s, "claim", chosen, ("act", "party", "place")),
            "chosen": chosen,
            "reason": chosen.get("reason"),
            "waiting": waiting,
            "found": count,
            "settled": sum(s.marks.count("claim", "verdict", v) for v in ("accept", "reject")),
            "mine": mine,
            "others": len({c for c, p in s.work.held(_now()).items() if p != person.id}),
            "counts": counts,
            "exhibits": bool(counts) or s.exhibits.count() > 0,
            "ties": s.overview.count_ties(),
            "pager": pager,
            "folder": desk.case.folder.name,
            "hold_minutes": HOLD_MINUTES,
            "views": views_of(s, request),
        }
    return desk.render(request, "queue.html", context)


def release(desk: Desk, request: Request) -> Response:
    """Let go of everything that one holds, so that others get it at once."""
    with desk.case.store.write() as s:
        s.work.let_go(person_of(request).id)
    return RedirectResponse("/reports", status_code=303)


def _own_too(chosen: dict[str, str], me: str) -> bool:
    """Whether the address asks for what one left as unsure oneself."""
    return chosen.get("unsure") == me or chosen.get("reason") == "unsure"


def _held(desk: Desk, person: Person, found: Filter, offset: int, own: bool) -> list[WaitingRow]:
    now, without = _now(), None if own else person.id

    def free(s: Session) -> list[WaitingRow]:
        return s.overview.waiting(found, _SIZE, offset, without_unsure_of=without, free_for=(person.id, now))

    if not allows(person, "analyst"):
        with desk.case.store.read() as s:
            return s.overview.waiting(found, _SIZE, offset, without_unsure_of=without)
    until = (datetime.now(UTC) + timedelta(minutes=HOLD_MINUTES)).isoformat(timespec="seconds")
    with desk.case.store.write() as s:
        shown = free(s)
        s.work.let_go(person.id)
        # What one left to somebody else is looked at, and kept from nobody.
        s.work.hold([w.claim for w in shown if w.unsure != person.id], person.id, now, until)
    return shown


def _reasons(s: Session) -> list[tuple[str, int]]:
    counts = dict(s.marks.values("claim", "reason"))
    return [(r, counts[r]) for r in REASONS if r in counts]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
