"""What people say to each other beside a claim, an incident or a report: notes that mention people, and assignments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...errors import JudgementRefused
from ...model import Person
from ...overview import headlines_of
from ...store import Assignment, Note, Session
from ...text import clean
from .._desk import Desk, local_path, person_of
from .._door import Door
from .._titles import title
from .._words import Words

KINDS = ("claim", "incident", "report")
_MENTION = re.compile(r"(?<![\w@])@([a-z0-9][a-z0-9._-]{0,39})")
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Beside:
    """Notes and assignments of one thing, and who could be asked."""

    kind: str
    target: str
    notes: tuple[Note, ...]
    assigned: tuple[Assignment, ...]
    people: Mapping[str, Person]


def beside_of(s: Session, kind: str, target: str) -> Beside:
    """What stands beside a thing."""
    people = {p.id: p for p in s.people.all() if p.active}
    return Beside(kind, target, tuple(s.work.notes(kind, target)), tuple(s.work.assigned_on(kind, target)), people)


def write(desk: Desk, request: Request) -> Response:
    """Keep a note. Who is mentioned by '@' and their id finds it in their list."""
    form, person = request.state.form, person_of(request)
    words = clean(str(form.get("words", ""))).strip()[:_LONGEST]
    if not words:
        raise JudgementRefused("A note says something.")
    with desk.case.store.write() as s:
        kind, target = _target(s, str(form.get("kind", "")), str(form.get("target", "")))
        known = {p.id for p in s.people.all() if p.active}
        s.work.add_note(_now(), person.id, kind, target, words, mentioned(words, known))
    return RedirectResponse(local_path(str(form.get("next", "")), "/mine"), status_code=303)


def assign(desk: Desk, request: Request) -> Response:
    """Ask somebody to look at things."""
    form, person = request.state.form, person_of(request)
    who = str(form.get("person", ""))
    with desk.case.store.write() as s:
        asked = s.people.get(who)
        if asked is None or not asked.active:
            raise JudgementRefused(f"'{who[:60]}' is not an active person of this case.")
        wanted = [str(t) for t in form.getlist("target")][:500]
        targets = [_target(s, str(form.get("kind", "")), t) for t in wanted]
        s.work.assign(targets, who, person.id, _now())
    return RedirectResponse(local_path(str(form.get("next", "")), "/mine"), status_code=303)


def finish(desk: Desk, request: Request) -> Response:
    """Note that one has looked at what one was asked to."""
    number = str(request.state.form.get("assignment", ""))
    if number.isascii() and number.isdigit() and len(number) < 10:
        with desk.case.store.write() as s:
            s.work.finish(int(number), _now(), person_of(request).id)
    return RedirectResponse("/mine", status_code=303)


def mine(desk: Desk, request: Request) -> Response:
    """What one was asked to look at, and the notes that mention one. Looking at them marks them as seen."""
    me, words = person_of(request).id, desk.words(request)
    with desk.case.look() as s:
        assigned, mentions = s.work.assigned(me), s.work.mentions(me)
        things = {(a.target_kind, a.target) for a in assigned} | {(n.target_kind, n.target) for n, _ in mentions}
        context = {
            "assigned": assigned,
            "mentions": mentions,
            "called": _called(s, things, words),
            "names": {p.id: p.name for p in s.people.all()},
        }
        unseen = s.work.unseen(me)
    answer = desk.render(request, "mine.html", context)
    if unseen:
        with desk.case.store.write() as s:
            s.work.see_all(me, _now())
    return answer


def mentioned(words: str, known: set[str]) -> list[str]:
    """Ids of the people whom a note mentions. A full stop that ends a sentence is no part of an id."""
    found = (m[1] if m[1] in known else m[1].rstrip("._-") for m in _MENTION.finditer(words.lower()))
    return [i for i in dict.fromkeys(found) if i in known]


def _called(s: Session, things: set[tuple[str, str]], words: Words) -> dict[tuple[str, str], str]:
    """How each thing is called in a list."""
    found: dict[tuple[str, str], str] = {}
    for i, h in headlines_of(s, (t for k, t in things if k == "incident")).items():
        named = title(h, words)
        found["incident", i] = words.comma().join(filter(None, (named["what"], named["where"], named["when"])))
    for i, r in s.reports.light(t for k, t in things if k == "report").items():
        found["report", i] = words.heading(r)
    for c in s.claims.many(t for k, t in things if k == "claim"):
        found["claim", c.id] = f"{words.label(c.act)}: {c.sentence.text[:120]}"
    return found


def _target(s: Session, kind: str, target: str) -> tuple[str, str]:
    look = {"claim": s.claims.get, "incident": s.incidents.get, "report": s.reports.get}.get(kind)
    if look is None or look(target) is None:
        raise JudgementRefused(f"There is no {kind if look else 'thing'} '{target[:60]}' to write beside.")
    return kind, target


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


DOORS = (
    Door("GET", "/mine", "reader", mine),
    Door("POST", "/notes", "analyst", write),
    Door("POST", "/assign", "analyst", assign),
    Door("POST", "/assign/done", "reader", finish),
)
