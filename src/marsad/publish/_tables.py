"""The release's tables: incidents.csv, ledger.csv, matrix.csv, sources.csv."""

from __future__ import annotations

from collections.abc import Iterator

from ..text import to_csv
from ._view import Shown, View

INCIDENTS = [
    "id",
    "acts",
    "earliest",
    "latest",
    "time_precision",
    "place",
    "division",
    "country",
    "lat",
    "lon",
    "place_precision",
    "accuracy_km",
    "parties",
    "certainty",
    "origins",
    "sources",
    "status",
    "violations",
    "coarsened",
]
LEDGER = ["incident", "harm", "group", "min", "max", "withheld", "policy"]
MATRIX = ["violation", "party", "place", "quarter", "min", "max", "withheld", "counted_by", "lacking", "incidents"]
SOURCES = ["id", "publisher", "published", "language", "kind", "title", "url", "exhibit"]

CORRECTIONS = ["incident", "change", "field", "before", "after", "reason"]


def incidents_csv(view: View) -> str:
    """One row an incident."""
    return to_csv(INCIDENTS, (incident_row(i) for i in view.incidents))


def ledger_csv(view: View) -> str:
    """One row a figure: the totals over all incidents first (incident is empty), then each incident's."""
    return to_csv(LEDGER, (row | {"policy": view.policy} for row in _figures(view)))


def matrix_csv(view: View) -> str:
    """The draft matrix of grave violations, one row a cell."""
    rows = (
        dict(r) | {"incidents": " ".join(r["incidents"]), "lacking": " ".join(r.get("lacking", ()))}
        for r in view.matrix
    )
    return to_csv(MATRIX, (row | {"withheld": row.get("withheld", False)} for row in rows))


def sources_csv(view: View) -> str:
    """One row a report that was read."""
    return to_csv(SOURCES, view.sources)


def corrections_csv(view: View) -> str:
    """One row a change since the earlier release."""
    return to_csv(CORRECTIONS, view.corrections or ())


def incident_row(incident: Shown) -> dict[str, object]:
    """An incident as flat values."""
    place = incident.place
    return {
        "id": incident.id,
        "acts": " ".join(incident.acts),
        "earliest": incident.earliest,
        "latest": incident.latest,
        "time_precision": incident.time_precision,
        "place": (place.name or place.text) if place else None,
        "division": place.admin1 if place else None,
        "country": place.country if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "place_precision": place.precision if place else "unknown",
        "accuracy_km": incident.accuracy_km,
        "parties": "; ".join(incident.parties),
        "certainty": incident.certainty,
        "origins": incident.origins,
        "sources": "; ".join(incident.sources),
        "status": incident.status,
        "violations": " ".join(incident.violations),
        "coarsened": incident.coarsened,
    }


def _figures(view: View) -> Iterator[dict[str, object]]:
    for owner, figures in ((None, view.totals), *((i.id, i.figures) for i in view.incidents)):
        for f in figures:
            yield {
                "incident": owner,
                "harm": f.harm,
                "group": f.group,
                "min": f.min,
                "max": f.max,
                "withheld": f.withheld,
            }
