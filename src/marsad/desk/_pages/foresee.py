"""Before one decides about an incident, or about many claims at once: what would change."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...errors import JudgementRefused
from ...model import Judgement
from ...overview import Foreseen
from ...review import ReviewedClaim
from ...store import Session
from ...text import clean
from .._desk import Desk, local_path, person_of
from .._door import Door
from .._narrowing import CLAIM, asked, choices, narrowed
from .._titles import title
from .._words import Words
from ._claims import reviewed_of
from ._copies import MOST
from .views import views_of

_VERDICTS = ("accept", "reject", "unsure")


def incident(desk: Desk, request: Request) -> Response:
    """What a merge or a split would change; the page's button then decides."""
    form, person = request.state.form, person_of(request)
    decision, target = str(form.get("decision", "")), str(form.get("target", ""))
    others = tuple(dict.fromkeys(str(o) for o in form.getlist("others") if str(o)))
    if decision not in ("merge", "split"):
        raise JudgementRefused("Only a merge or a split is foreseen here.")
    reason = _reason(form)
    foreseen = desk.case.foresee([Judgement(0, "", person.id, "", target, decision, others=others, reason=reason)])
    context = {
        "decision": decision,
        "target": target,
        "others": others,
        "reason": reason or "",
        "next": local_path(str(form.get("next", "")), f"/incidents/{target}"),
        **_shown(foreseen, desk.words(request)),
    }
    return desk.render(request, "foresee.html", context)


def bulk(desk: Desk, request: Request) -> Response:
    """Claims of the queue, as the address filters it, to be judged at once."""
    chosen, person = asked(request, CLAIM), person_of(request)
    with desk.case.look() as s:
        found = narrowed(s, "claim", chosen)
        waiting = s.overview.waiting(found, MOST, without_unsure_of=person.id) if found else []
        context = {
            "claims": _listed(s, [w.claim for w in waiting]),
            "count": s.overview.count_waiting(found) if found else 0,
            "most": MOST,
            "choices": choices(s, "claim", chosen, ("reason", "act", "party", "place")),
            "chosen": chosen,
            "views": views_of(s, request),
            "made": [],
        }
    return desk.render(request, "bulk.html", context)


def foresee_bulk(desk: Desk, request: Request) -> Response:
    """What judging the chosen claims would change."""
    form = request.state.form
    judgements = _bulk(form, person_of(request).id)
    foreseen = desk.case.foresee(judgements)
    with desk.case.look() as s:
        listed = _listed(s, [j.target for j in judgements])
        reports = s.reports.light(r.claim.report for r in listed)
    context = {
        "reports": reports,
        "decision": judgements[0].decision,
        "claims": listed,
        "reason": judgements[0].reason or "",
        "next": local_path(str(form.get("next", "")), "/bulk"),
        **_shown(foreseen, desk.words(request)),
    }
    return desk.render(request, "foresee_bulk.html", context)


def judge_bulk(desk: Desk, request: Request) -> Response:
    """Judge them all, or none; the page that follows takes them all back at a press."""
    form = request.state.form
    kept = desk.case.judge_all(_bulk(form, person_of(request).id))
    back = local_path(str(form.get("next", "")), "/bulk")
    with desk.case.look() as s:
        listed = _listed(s, [j.target for j in kept])
        reports = s.reports.light(r.claim.report for r in listed)
    context = {"kept": kept, "claims": listed, "reports": reports, "next": back, "decision": kept[0].decision}
    return desk.render(request, "bulk_done.html", context)


def undo_bulk(desk: Desk, request: Request) -> Response:
    """Take judgements back, all or none."""
    form, person = request.state.form, person_of(request)
    numbers = [int(n) for n in map(str, form.getlist("undoes")) if n.isascii() and n.isdigit() and len(n) < 16]
    with desk.case.store.read() as s:
        found = [j for n in numbers[:MOST] if (j := s.judgements.get(n))]
    if not found:
        raise JudgementRefused("Nothing was named to be taken back.")
    desk.case.judge_all([Judgement(0, "", person.id, "", j.target, "undo", undoes=j.seq) for j in found])
    return RedirectResponse(local_path(str(form.get("next", "")), "/judgements"), status_code=303)


def _bulk(form: FormData, person: str) -> list[Judgement]:
    decision, reason = str(form.get("decision", "")), _reason(form)
    targets = list(dict.fromkeys(str(t) for t in form.getlist("target")))
    if decision not in _VERDICTS or not targets:
        raise JudgementRefused("Choose some claims, and whether to accept them, reject them or leave them as unsure.")
    if len(targets) > MOST:
        raise JudgementRefused(f"At most {MOST} claims are judged at once.")
    return [Judgement(0, "", person, "", t, decision, reason=reason) for t in targets]


def _reason(form: FormData) -> str | None:
    return clean(str(form.get("reason", ""))).strip()[:2000] or None


def _listed(s: Session, claims: list[str]) -> list[ReviewedClaim]:
    return reviewed_of(s, s.claims.many(claims))


def _shown(foreseen: Foreseen, words: Words) -> dict[str, object]:
    return {
        "before": [(h, title(h, words)) for h in foreseen.before.incidents],
        "after": [(h, title(h, words)) for h in foreseen.after.incidents],
        "changed": foreseen.changed(),
    }


DOORS = (
    Door("POST", "/foresee", "analyst", incident),
    Door("GET", "/bulk", "analyst", bulk),
    Door("POST", "/bulk/foresee", "analyst", foresee_bulk),
    Door("POST", "/bulk", "analyst", judge_bulk),
    Door("POST", "/bulk/undo", "analyst", undo_bulk),
)
