"""The list of incidents, and one incident: matrix of fields by origins, origin tree, grades, ties, and its claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...incidents import contradictions, grades
from ...model import Incident, codes
from .._desk import PAGE, Desk, page_number
from .._headline import Headline
from .._incidentview import columns, lines
from .._lists import Pager, csv_answer, json_answer
from .._snapshot import Snapshot
from .._words import Words
from ._claims import card, names_of

_HEADER = (
    "id",
    "act",
    "earliest",
    "latest",
    "places",
    "parties",
    "status",
    "origins",
    "reports",
    "claims",
    "killed_min",
    "killed_max",
)


def listing(desk: Desk, request: Request) -> Response:
    """Incidents, earliest first, filtered by act, party, status, or whether children are among the victims."""
    with desk.case.store.read() as s:
        snapshot = desk.snapshots.now(s)
    everything = list(snapshot.headlines.values())
    chosen = [h for h in everything if _matches(h, request)]
    pager = Pager.over(len(chosen), page_number(request), PAGE)
    context = {
        "incidents": [(h, title(h, desk.words(request))) for h in chosen[pager.offset : pager.offset + PAGE]],
        "acts": Counter(a for h in everything for a in h.acts),
        "parties": Counter(p for h in everything for p in h.parties).most_common(12),
        "statuses": Counter(h.status for h in everything),
        "chosen": {k: request.query_params.get(k, "") for k in ("act", "party", "place", "status", "children")},
        "pager": pager,
        "total": len(everything),
        "found": len(chosen),
    }
    return desk.render(request, "incidents.html", context)


def listing_csv(desk: Desk, request: Request) -> Response:
    """The list as CSV, under the same filters."""
    return csv_answer("incidents", _HEADER, _rows(desk, request))


def listing_json(desk: Desk, request: Request) -> Response:
    """The list as JSON, under the same filters."""
    return json_answer(_HEADER, _rows(desk, request))


def show(desk: Desk, request: Request) -> Response:
    """One incident. The id of any claim of it leads here too."""
    words = desk.words(request)
    with desk.case.store.read() as s:
        wanted = request.path_params["id"]
        incident = s.incidents.get(wanted) or s.incidents.of_claim(wanted)
        if incident is None:
            raise HTTPException(404)
        snapshot, names = desk.snapshots.now(s), names_of(s)
        claims = snapshot.claims(incident)
        ids = {c.report for c in claims.values()} | {r for o in incident.origins for r in o.reports}
        # With their texts: whether one report copies another is read from them.
        reports = {r: found for r in ids if (found := s.reports.get(r))}
    differing = contradictions(incident, claims, reports)
    light = {r: replace(report, text=report.text[:120]) for r, report in reports.items()}
    headline = snapshot.headlines[incident.id]
    reviewed = [snapshot.reviewed[c] for c in incident.claims if c in snapshot.reviewed]
    history = snapshot.decided.history(incident)
    context = {
        "incident": incident,
        "title": title(headline, words),
        "headline": headline,
        "columns": columns(incident, claims, light),
        "lines": lines(incident, claims, light, differing, words),
        "differing": differing,
        "series": [d for d in differing if d.kind == "revision"],
        "denials": [d for d in differing if d.kind == "denial"],
        "grades": grades(incident, claims, reports, conflict=desk.case.settings.conflict or None),
        "cards": [card(r, words, None) for r in reviewed],
        "reports": light,
        "links": incident.links,
        "ties": _ties(incident, snapshot, words),
        "others": _near(incident, snapshot, words),
        "judgements": list(reversed(history)),
        "standing": snapshot.standing,
        "names": names,
        "statuses": codes.INCIDENT_STATUSES,
    }
    return desk.render(request, "incident.html", context)


def title(headline: Headline, words: Words) -> dict[str, str]:
    """An incident's name in words: what, where and when."""
    acts = [a for a in headline.acts if a != "injury" or len(headline.acts) == 1]
    what = words.comma().join(words.label(a) for a in acts[:2])
    place = headline.place
    where = (place.name or place.text) if place else ""
    when = words.interval(headline.incident.earliest, headline.incident.latest)
    return {"what": what, "where": where, "when": when, "hint": "" if where else headline.words}


def _ties(incident: Incident, snapshot: Snapshot, words: Words) -> list[tuple[str, dict[str, str], float, str]]:
    ties = []
    for other, score, reason in incident.possibly_same:
        if other in snapshot.headlines:
            ties.append((other, title(snapshot.headlines[other], words), score, reason))
    return ties


def _near(incident: Incident, snapshot: Snapshot, words: Words) -> list[tuple[str, dict[str, str]]]:
    """Incidents that share a place or whose days touch: what one may want to merge with, at most 30."""
    mine = snapshot.headlines[incident.id]
    places = {p.id or p.text for p in mine.places}
    found = [
        h
        for h in snapshot.headlines.values()
        if h.incident.id != incident.id
        and (
            places & {p.id or p.text for p in h.places}
            or (h.incident.earliest and h.incident.earliest == incident.earliest)
        )
    ]
    return [(h.incident.id, title(h, words)) for h in found[:30]]


def _matches(headline: Headline, request: Request) -> bool:
    asked = request.query_params
    return (
        (not asked.get("act") or asked["act"] in headline.acts)
        and (not asked.get("party") or asked["party"] in headline.parties)
        and (not asked.get("status") or asked["status"] == headline.status)
        and (
            not asked.get("place") or asked["place"] in (n for p in headline.places for n in (p.name, p.text, p.admin1))
        )
        and (not asked.get("children") or headline.children)
    )


def _rows(desk: Desk, request: Request) -> Iterator[tuple[object, ...]]:
    with desk.case.store.read() as s:
        snapshot = desk.snapshots.now(s)
    for h in snapshot.headlines.values():
        if not _matches(h, request):
            continue
        killed = next(((least, most) for harm, least, most in h.tolls if harm == "killed"), (None, None))
        i = h.incident
        places = "; ".join(p.name or p.text for p in h.places)
        origins, claims = len(i.origins), len(i.claims)
        yield (
            i.id,
            i.act,
            i.earliest,
            i.latest,
            places,
            "; ".join(h.parties),
            h.status,
            origins,
            h.reports,
            claims,
            *killed,
        )
