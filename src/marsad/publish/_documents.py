"""The release's JSON: incidents.geojson, claims.json with its JSON Schema, manifest.json with every file's digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib import resources
from typing import Any

from ._method import method
from ._tables import incident_row
from ._view import View


def geojson(view: View) -> str:
    """RFC 7946: one feature an incident, a point with its accuracy in km (draw the area, never a bare point)."""
    features = []
    for incident in view.incidents:
        row = incident_row(incident)
        lat, lon = row.pop("lat"), row.pop("lon")
        point = {"type": "Point", "coordinates": [lon, lat]} if lat is not None else None
        features.append({"type": "Feature", "id": incident.id, "geometry": point, "properties": row})
    credit = "Places: GeoNames (geonames.org), CC BY 4.0, changed."
    return dump({"type": "FeatureCollection", "attribution": credit, "features": features})


def claims_json(view: View) -> str:
    """Every claim as the profile shows it, valid under claims.schema.json."""
    incidents = [{"id": i.id, "claims": [dict(c) for c in i.claims]} for i in view.incidents]
    data = {
        "$schema": "claims.schema.json",
        "profile": view.profile.name,
        "case": view.name,
        "incidents": incidents,
        "patterns": [dict(c) for c in view.patterns],
    }
    _validator().validate(data)
    return dump(data)


def schema() -> str:
    """The JSON Schema of claims.json."""
    return resources.files(__package__).joinpath("claims.schema.json").read_text(encoding="utf-8")


def manifest(view: View, files: Mapping[str, bytes], released_at: str, version: str) -> str:
    """What the release holds: profile, rule, time, and the SHA-256 of every other file."""
    return dump(
        {
            "case": view.name,
            "profile": view.profile.name,
            "profile_means": view.profile.label,
            "released_at": released_at,
            "software": f"marsad {version}",
            "ledger_policy": view.policy,
            "ledger_rule": view.rule,
            "ledger_assumptions": list(view.assumptions),
            "method": [asdict(section) for section in method(view.facts)],
            "files": {
                name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
                for name, data in sorted(files.items())
            },
        }
    )


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(schema()))


def dump(value: Any) -> str:
    """JSON as released: sorted, readable, Arabic unescaped."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
