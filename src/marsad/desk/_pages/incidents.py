"""The list of incidents, and one incident: matrix of fields by origins, origin tree, grades, ties, and its claims."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...incidents import contradictions, doubts, grades
from ...model import Claim, Incident, codes
from ...overview import Headline, headlines, headlines_of
from ...review import standing
from ...store import Session
from .._desk import PAGE, Desk, page_number
from .._incidentview import by_report, columns, glance, lines
from .._lists import Pager
from .._narrowing import INCIDENT, asked, choices, narrowed
from .._related import Related, candidates, related
from .._titles import title
from .._toll import tolls
from .._whereabouts import chart, tellings, whereabouts
from .._words import Words
from ._claims import card, names_of, reviewed_of
from ._copies import same_in_copies
from .notes import beside_of
from .views import views_of

_NEAR = 30
"""Incidents offered for a merge, at most."""
_RELATED = 8
Title = Mapping[str, str]
Doubt = tuple[tuple[Claim, ...], tuple[Claim, ...]]
"""The claims that speak for two incidents being one, and those that speak against it."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def listing(desk: Desk, request: Request) -> Response:
    """Incidents, earliest first, as the address filters them."""
    words, chosen = desk.words(request), asked(request, INCIDENT)
    with desk.case.look() as s:
        found, span = narrowed(s, "incident", chosen), _span(request)
        count = s.overview.count_headlines(found, span) if found else 0
        pager = Pager.over(count, page_number(request), PAGE)
        shown = headlines(s, found, PAGE, pager.offset, span) if found else []
        context = {
            "incidents": [(h, title(h, words)) for h in shown],
            "choices": choices(s, "incident", chosen, ("act", "party", "place", "status", "grade", "period")),
            "flags": [(f, n) for f in ("children", "denied", "tied") if (n := s.marks.count("incident", f, "1"))],
            "chosen": chosen,
            "span": span,
            "pager": pager,
            "total": s.marks.count("incident", ""),
            "found": count,
            "views": views_of(s, request),
        }
    return desk.render(request, "incidents.html", context)


def show(desk: Desk, request: Request) -> Response:
    """One incident. The id of any claim of it leads here too."""
    words = desk.words(request)
    with desk.case.look() as s:
        wanted = request.path_params["id"]
        incident = s.incidents.get(wanted) or s.incidents.of_claim(wanted)
        if incident is None:
            raise HTTPException(404)
        names = names_of(s)
        reviewed = reviewed_of(s, s.claims.many(incident.claims))
        claims = {r.machine.id: r.claim for r in reviewed}
        ids = {c.report for c in claims.values()} | {r for o in incident.origins for r in o.reports}
        # With their texts: whether one report copies another is read from them.
        reports = {r: found for r in ids if (found := s.reports.get(r))}
        judged = s.judgements.on("incident", [incident.id, *("i" + c for c in incident.claims)])
        headline = headlines_of(s, [incident.id])[incident.id]
        ties, others = _ties(s, incident, words), candidates(s, headline)
        beside = beside_of(s, "incident", incident.id)
    differing = contradictions(incident, claims, reports)
    light = {r: replace(report, text=report.text[:120]) for r, report in reports.items()}
    history = [j for j in judged if j.target_kind == "incident"]
    sides, denials = columns(incident, claims, light), [d for d in differing if d.kind == "denial"]
    table = lines(incident, claims, light, differing, words)
    same = same_in_copies(incident, reviewed)
    cards = [card(r, words, None, copies=same.get(r.machine.id, ())) for r in reviewed]
    near = related(headline, others, words)
    axis, line = tellings(claims, sides)
    context = {
        "incident": incident,
        "title": title(headline, words),
        "headline": headline,
        "columns": sides,
        "lines": table,
        "glance": glance(sides, table, denials),
        "told": by_report(cards, light, sides),
        "claims": claims,
        "differing": differing,
        "series": [d for d in differing if d.kind == "revision"],
        "denials": denials,
        "grades": grades(incident, claims, reports, conflict=desk.case.settings.conflict or None),
        "cards": cards,
        "reports": light,
        "links": incident.links,
        "ties": ties,
        "others": _to_merge(near, others, words),
        "related": [r for r in near if r.headline.id not in {t[0] for t in ties}][:_RELATED],
        "where": chart(whereabouts(claims, sides), near, words),
        "line": line,
        "ticks": axis.ticks(words) if axis else [],
        "beside": beside,
        "tolls": tolls(incident, claims, light),
        "judgements": list(reversed(history)),
        "standing": {j.seq for j in standing(judged)},
        "names": names,
        "statuses": codes.INCIDENT_STATUSES,
    }
    return desk.render(request, "incident.html", context)


def _ties(s: Session, incident: Incident, words: Words) -> list[tuple[str, dict[str, str], float, str, Doubt]]:
    """Each incident that this one may be: its title, score and reason, and the claims for it and against it."""
    found = headlines_of(s, (other for other, _, _ in incident.possibly_same))
    ties = []
    for o, score, why in incident.possibly_same:
        other = s.incidents.get(o)
        if o in found and other is not None:
            claims = {c.id: c for c in s.claims.many((*incident.claims, *other.claims))}
            ties.append((o, title(found[o], words), score, why, doubts(incident, other, claims)))
    return ties


def _to_merge(near: Sequence[Related], candidates: Sequence[Headline], words: Words) -> list[tuple[str, Title]]:
    """What one may want to merge with: what shares most first."""
    rest = {h.id: title(h, words) for h in candidates}
    return list({**{r.headline.id: r.title for r in near}, **rest}.items())[:_NEAR]


def _span(request: Request) -> tuple[str, str]:
    first, last = (request.query_params.get(k, "") for k in ("earliest", "latest"))
    return (first if _DAY.fullmatch(first) else "", last if _DAY.fullmatch(last) else "")
