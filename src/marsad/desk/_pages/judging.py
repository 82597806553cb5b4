"""Judgements: made from buttons and keys, as forms or as JSON, and their history with undo."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from ...errors import JudgementRefused
from ...model import Judgement, codes
from ...review import standing
from ...text import clean
from .._corrections import corrections
from .._desk import PAGE, Desk, local_path, page_number, person_of
from .._lists import Pager
from .._pointing import nearest, pointed
from ._claims import names_of, reviewed_of

_LONGEST = 4000
"""Characters of what a person writes into one field."""


def judge(desk: Desk, request: Request) -> Response:
    """One judgement; many targets make one judgement each. What the role may not, `decide` refuses."""
    form = request.state.form
    decision, person = str(form.get("decision", "")), person_of(request)
    if decision not in codes.DECISIONS or decision == "correct":
        raise JudgementRefused(f"'{decision}' is not a decision that this form makes.")
    if form.get("held"):
        _refuse_what_others_hold(desk, [str(t) for t in form.getlist("target")], person.id)
    asked = [
        Judgement(
            0,
            "",
            person.id,
            "",
            target,
            decision,
            value=_text(form, "value"),
            others=tuple(str(o) for o in form.getlist("others")),
            reason=_text(form, "reason"),
            undoes=_number(form, "undoes"),
        )
        for target in dict.fromkeys(str(t) for t in form.getlist("target"))
    ]
    kept = desk.case.judge_all(asked, soon=True)
    if not kept:
        raise JudgementRefused("Nothing was named to be judged.")
    if _as_json(request):
        return JSONResponse({"judgements": [{"seq": j.seq, "target": j.target, "decision": j.decision} for j in kept]})
    return RedirectResponse(local_path(str(form.get("next", "")), "/judgements"), status_code=303)


def correct(desk: Desk, request: Request) -> Response:
    """Set the fields of one claim that the form changed, each by a judgement of its own."""
    form, person = request.state.form, person_of(request)
    target = str(form.get("target", ""))
    with desk.case.store.read() as s:
        claim = s.claims.get(target)
        if claim is None:
            raise HTTPException(404)
        reviewed = reviewed_of(s, [claim])[0]
    changes = corrections(reviewed.claim, {k: clean(str(v))[:_LONGEST] for k, v in form.items()})
    for field, value in changes:
        desk.case.judge(target, "correct", field=field, value=value, reason=_text(form, "reason"), person=person.id)
    return RedirectResponse(local_path(str(form.get("next", "")), f"/claims/{target}"), status_code=303)


def point(desk: Desk, request: Request) -> Response:
    """Words of the report, by offsets or as they stand, become part of one field of a claim."""
    form, person = request.state.form, person_of(request)
    target = str(form.get("target", ""))
    with desk.case.store.read() as s:
        claim = s.claims.get(target)
        report = s.reports.get(claim.report) if claim else None
        if claim is None or report is None:
            raise HTTPException(404)
        reviewed = reviewed_of(s, [claim])[0]
    start, end = _number(form, "start"), _number(form, "end")
    if start is None or end is None:
        start, end = nearest(report.text, str(form.get("words", "")), claim.sentence.start)
    asked, instead = str(form.get("field", "")), str(form.get("replaces", ""))
    kind, _, number = instead.partition(".")
    replaces = int(number) if kind == asked and number.isascii() and number.isdigit() and len(number) < 4 else None
    field, value = pointed(reviewed.claim, report, asked, start, end, replaces)
    desk.case.judge(target, "correct", field=field, value=value, reason=_text(form, "reason"), person=person.id)
    return RedirectResponse(local_path(str(form.get("next", "")), f"/claims/{target}"), status_code=303)


def history(desk: Desk, request: Request) -> Response:
    """Every judgement, newest first."""
    with desk.case.store.read() as s:
        who = request.query_params.get("person")
        names, total = names_of(s), s.judgements.count()
        pager = Pager.over(s.judgements.count(who) if who else total, page_number(request), PAGE)
        shown = s.judgements.page(PAGE, pager.offset, who)
        in_force = standing(s.judgements.with_undoing(shown))
    context = {
        "judgements": shown,
        "standing": {j.seq for j in in_force},
        "names": names,
        "pager": pager,
        "who": who,
        "total": total,
    }
    return desk.render(request, "judgements.html", context)


def _refuse_what_others_hold(desk: Desk, targets: list[str], me: str) -> None:
    with desk.case.store.read() as s:
        held = s.work.held(datetime.now(UTC).isoformat(timespec="seconds"))
        who = next((held[t] for t in targets if held.get(t, me) != me), None)
        name = next((p.name for p in s.people.all() if p.id == who), who)
    if who is not None:
        raise JudgementRefused(f"{name} has taken this claim up from the queue in the meantime. Load the queue again.")


def _text(form: FormData, name: str) -> str | None:
    return clean(str(form.get(name, ""))).strip()[:_LONGEST] or None


def _number(form: FormData, name: str) -> int | None:
    value = str(form.get(name, ""))
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def _as_json(request: Request) -> bool:
    return request.headers.get("accept", "").startswith("application/json")
