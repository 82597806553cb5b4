"""A case's incidents as the tables of other bodies: UCDP GED, ACLED's and Airwars' vocabulary, the MRM draft."""

from __future__ import annotations

import datetime as dt
import functools
import json
import math
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from marsad.errors import MarsadError
from marsad.incidents import contradictions, grades
from marsad.model import Claim, Incident, Place, Report

from ._matrix import matrix
from ._tally import Ledger, tally

Row = dict[str, Any]


def export(
    table: str,
    incidents: Sequence[Incident],
    claims: Mapping[str, Claim],
    reports: Mapping[str, Report],
    *,
    conflict: str | None = None,
    statuses: Mapping[str, str] | None = None,
) -> list[Row]:
    """The rows of 'ucdp_ged', 'acled_like', 'airwars_like' or 'mrm_draft', every column of its dictionary in each.

    Nothing that no source says is filled in: such a value is None. Raises MarsadError for another table.
    """
    columns = dictionary(table)
    if table == "mrm_draft":
        rows = _mrm(incidents, claims, reports, conflict, statuses)
    else:
        make = {"ucdp_ged": _ucdp, "acled_like": _acled, "airwars_like": _airwars}[table]
        policy = {"ucdp_ged": "ucdp", "acled_like": "lowest", "airwars_like": "airwars"}[table]
        ledger = tally(incidents, claims, reports, policy=policy)
        held = ((i, [claims[c] for c in i.claims if c in claims]) for i in incidents)
        rows = [make(i, mine, reports, ledger, conflict) for i, mine in held if mine]
    return [{c: row.get(c) for c in columns} for row in rows]


def dictionary(table: str) -> dict[str, str]:
    """The table's columns in order, each with what it holds. Raises MarsadError for a table that does not exist."""
    columns: dict[str, str] = _table(table)["columns"]
    return columns


def source(table: str) -> str:
    """What the table's columns follow. Raises MarsadError for a table that does not exist."""
    return str(_table(table)["source"])


def _table(table: str) -> dict[str, Any]:
    tables: dict[str, dict[str, Any]] = _data()["tables"]
    if table not in tables:
        raise MarsadError(f"There is no export '{table}'. Known: {', '.join(tables)}.")
    return tables[table]


def priogrid(lat: float, lon: float) -> int:
    """PRIO-GRID cell of a point: half-degree cells, rows from the south, columns from the west, both from 1."""
    row = min(360, math.floor((lat + 90) * 2) + 1)
    column = min(720, math.floor((lon + 180) * 2) + 1)
    return (row - 1) * 720 + column


def _ucdp(i: Incident, mine: list[Claim], reports: Mapping[str, Report], ledger: Ledger, conflict: str | None) -> Row:
    place = _place(mine)
    deaths, civilians = ledger.figure(i.id, "killed"), ledger.figure(i.id, "killed", "civilians")
    best = deaths.best if deaths else None
    of_civilians = min(civilians.best, best) if civilians and civilians.best is not None and best is not None else None
    carried = [reports[r] for r in dict.fromkeys(c.report for c in mine) if r in reports]
    one_sided = bool(_parties(mine)) and _only_civilians(mine)
    located = place is not None and place.lat is not None and place.lon is not None
    return {
        "id": i.id,
        "year": (i.latest or i.earliest or "")[:4] or None,
        "code_status": "Draft",
        "type_of_violence": 3 if one_sided else None,
        "conflict_name": conflict,
        "side_a": _parties(mine) or None,
        "side_b": "Civilians" if one_sided else None,
        "number_of_sources": len(i.origins),
        "source_article": "; ".join(_cited(r) for r in carried),
        "source_office": "; ".join(dict.fromkeys(r.publisher for r in carried if r.publisher)),
        "source_date": "; ".join(dict.fromkeys(r.published[:10] for r in carried if r.published)),
        "source_headline": "; ".join(dict.fromkeys(r.title for r in carried if r.title)),
        "source_original": "; ".join(o.source for o in i.origins),
        "where_prec": _where_prec(place),
        **_where(place, "where_coordinates", "adm_1"),
        "where_description": place.text if place else None,
        "geom_wkt": f"POINT ({place.lon} {place.lat})" if place and located else None,
        "priogrid_gid": _cell(place),
        "event_clarity": 1 if located and i.earliest and i.earliest == i.latest else 2,
        "date_prec": _date_prec(i, (1, 2, 3, 4, 5)),
        "date_start": i.earliest,
        "date_end": i.latest,
        "deaths_civilians": of_civilians,
        "deaths_unknown": best - (of_civilians or 0) if best is not None else None,
        "best": best,
        "high": deaths.max if deaths else None,
        "low": deaths.min if deaths else None,
    }


def _acled(i: Incident, mine: list[Claim], reports: Mapping[str, Report], ledger: Ledger, conflict: str | None) -> Row:
    place = _place(mine)
    rules = _data()["acled"]
    means = [rules["means"][m.code] for c in mine for m in c.means if m.code in rules["means"]]
    acts = [rules["acts"][a] for a in rules["acts"] if any(c.act == a for c in mine)]
    event, sub = (means or acts or [rules["other"]])[0]
    killed = ledger.figure(i.id, "killed")
    precision = {"point": 1, "populated_place": 1, "second_order_division": 2}
    return {
        "event_id": i.id,
        "event_date": i.earliest,
        "time_precision": _date_prec(i, (1, 2, 2, 3, 3)),
        "event_type": event,
        "sub_event_type": sub,
        "actor1": _parties(mine) or None,
        "actor2": "Civilians" if _only_civilians(mine) else None,
        **_where(place, "location", "admin1"),
        "geo_precision": precision.get(place.precision, 3) if place and place.precision != "unknown" else None,
        "source": "; ".join(o.source for o in i.origins),
        "fatalities": killed.min if killed else None,
    }


def _airwars(
    i: Incident, mine: list[Claim], reports: Mapping[str, Report], ledger: Ledger, conflict: str | None
) -> Row:
    grade = grades(i, mine, reports).airwars
    denied = any(c.kind == "denial" for c in contradictions(i, mine, reports))
    own = any(o.kind == "perpetrator" for o in i.origins)
    row: Row = {
        "id": i.id,
        "date_start": i.earliest,
        "date_end": i.latest,
        **_where(_place(mine), "location", "admin1"),
        "grade": grade.code,
        "why": grade.why,
        "belligerents": _parties(mine) or None,
        "own_account": "denies" if denied else "claims" if own else None,
        "origins": len(i.origins),
    }
    killed = [(group, "killed") for group in ("civilians", "children", "women", "men")]
    for group, harm in [*killed, ("civilians", "injured")]:
        cell = ledger.figure(i.id, harm, group)
        row[f"{group}_{harm}_min"] = cell.min if cell else None
        row[f"{group}_{harm}_max"] = cell.max if cell else None
    return row


def _mrm(
    incidents: Sequence[Incident],
    claims: Mapping[str, Claim],
    reports: Mapping[str, Report],
    conflict: str | None,
    statuses: Mapping[str, str] | None,
) -> list[Row]:
    def said(lacking: Sequence[str], element: str) -> str:
        return "lacking" if element in lacking else "met"

    drafts = matrix(incidents, claims, reports, conflict=conflict, statuses=statuses).drafts
    return [
        {
            **{f: getattr(d, f) for f in _DRAFT},
            "conflict_link": said(d.lacking, "conflict_link"),
            "victim_under_18": said(d.lacking, "victim_under_18"),
            "party_known": said(d.lacking, "party"),
        }
        for d in drafts
    ]


def _cited(r: Report) -> str:
    return ", ".join(x for x in (r.publisher, (r.published or "")[:10], r.title) if x)


def _cell(place: Place | None) -> int | None:
    if place is None or place.lat is None or place.lon is None:
        return None
    return priogrid(place.lat, place.lon)


_DRAFT = ("incident", "violation", "counted_by", "party", "place", "quarter", "min", "max", "status")
_PRECISE = ("point", "populated_place", "second_order_division", "first_order_division", "country", "unknown")


def _place(claims: Sequence[Claim]) -> Place | None:
    """The most exact place that a claim gives; the first of equals."""
    places = [p for c in claims for p in c.places]
    return min(places, key=lambda p: _PRECISE.index(p.precision), default=None)


def _where(place: Place | None, name: str, division: str) -> Row:
    if place is None:
        return {}
    return {
        name: place.name or place.text,
        division: place.admin1,
        "latitude": place.lat,
        "longitude": place.lon,
        "country": place.country,
    }


def _where_prec(place: Place | None) -> int | None:
    codes = {"point": 1, "populated_place": 1, "second_order_division": 3, "first_order_division": 4, "country": 6}
    return codes.get(place.precision) if place else None


def _date_prec(i: Incident, codes: Sequence[int]) -> int | None:
    """One of five codes: a day, up to six days, a week, a month, longer; None where undated."""
    if not i.earliest or not i.latest:
        return None
    days = (dt.date.fromisoformat(i.latest[:10]) - dt.date.fromisoformat(i.earliest[:10])).days + 1
    return next((code for code, longest in zip(codes, (1, 6, 7, 31)) if days <= longest), codes[4])


def _parties(claims: Sequence[Claim]) -> str:
    return "; ".join(dict.fromkeys(a.name for c in claims for a in c.perpetrators if a.name))


def _only_civilians(claims: Sequence[Claim]) -> bool:
    said = {a.status for c in claims for a in c.victims} - {"unknown"}
    return bool(said) and said <= {"civilian", "protected"}


@functools.cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        resources.files(__package__).joinpath("exports.json").read_text(encoding="utf-8")
    )
    return loaded
