"""The doors of the lists: each as pages of JSON, as a table, and as areas on the ground where it has places."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ...model import Place, to_json
from ...store import Session
from .._desk import Desk
from .._door import Door, Page
from .._lists import csv_answer
from ._declare import Operation, Param
from ._lists import Listing
from ._paging import MOST, PAGE, everything, page
from ._reading import Placed

_RADIUS_KM: dict[str, float] = json.loads(
    resources.files("marsad.desk").joinpath("data/precision.json").read_text("utf-8")
)["radius_km"]
_EARTH_KM = 6371.0088
_CORNERS = 32
_CURSOR = Param("cursor", "`next` of the page before", most=2000)
_LIMIT = Param("limit", f"At most so many records; {PAGE} unless said", "integer", least=1, most=MOST)
_ROWS = Param("limit", "At most so many records; all of them unless said", "integer", least=1, most=10**9)


def doors(listing: Listing) -> list[Door]:
    """The doors of one list."""
    made = [
        _door(listing, ".json", "page", _json(listing), (*listing.params, _LIMIT, _CURSOR)),
        _door(listing, ".csv", "csv", _csv(listing), (*listing.params, _ROWS)),
    ]
    if listing.placed:
        made.append(_door(listing, ".geojson", "geojson", _geojson(listing), (*listing.params, _ROWS)))
    return made


def area(*places: Place) -> dict[str, Any] | None:
    """GeoJSON of where places may be: of each a circle as wide as it is vague, never a point that it is not.

    A MultiPolygon where there are several; None where none is known to be anywhere, or only in which country.
    """
    rings = [ring for p in places if (ring := _ring(p))]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings}
    return {"type": "MultiPolygon", "coordinates": [[r] for r in rings]} if rings else None


def _ring(place: Place) -> list[list[float]] | None:
    if place.lat is None or place.lon is None:
        return None
    radius = _RADIUS_KM.get(place.precision)
    if radius is None:
        return None
    reach, lat, lon = radius / _EARTH_KM, math.radians(place.lat), math.radians(place.lon)
    ring = []
    for n in range(_CORNERS):
        turn = -2 * math.pi * n / _CORNERS
        north = math.asin(math.sin(lat) * math.cos(reach) + math.cos(lat) * math.sin(reach) * math.cos(turn))
        east = math.atan2(
            math.sin(turn) * math.sin(reach) * math.cos(lat), math.cos(reach) - math.sin(lat) * math.sin(north)
        )
        ring.append([round(math.degrees(lon + east), 5), round(math.degrees(north), 5)])
    return [*ring, ring[0]]


def _door(listing: Listing, ending: str, form: Any, answer: Page, params: tuple[Param, ...]) -> Door:
    op = Operation("read", listing.summary, listing.record, form, params)
    return Door("GET", listing.path + ending, listing.role, answer, api=op)


def _json(listing: Listing) -> Page:
    def answer(desk: Desk, request: Request) -> Response:
        asked = request.state.asked
        with desk.case.look() as s:
            shown, following = page(
                lambda limit, offset: listing.read(desk, s, asked, limit, offset),
                lambda pair: listing.name(pair[0]),
                asked.get("limit", PAGE),
                asked.get("cursor"),
            )
        links = {}
        if following:
            to = request.url.include_query_params(cursor=following)
            links["link"] = f'<{to.path}?{to.query}>; rel="next"'
        return JSONResponse({"items": [to_json(record) for record, _ in shown], "next": following}, headers=links)

    return answer


def _csv(listing: Listing) -> Page:
    def answer(desk: Desk, request: Request) -> Response:
        with desk.case.look() as s:
            rows = [row for record, _ in _all(listing, desk, s, request) for row in _rows(listing, record)]
        header = list(rows[0]) if rows else [f.name for f in dataclasses.fields(listing.record)]
        return csv_answer(listing.path.strip("/"), header, [list(row.values()) for row in rows])

    return answer


def _geojson(listing: Listing) -> Page:
    def answer(desk: Desk, request: Request) -> Response:
        with desk.case.look() as s:
            features = [_feature(listing, *pair) for pair in _all(listing, desk, s, request)]
        headers = {"content-disposition": f'attachment; filename="{listing.path.strip("/")}.geojson"'}
        collection = {"type": "FeatureCollection", "features": features}
        return JSONResponse(collection, headers=headers, media_type="application/geo+json")

    return answer


def _all(listing: Listing, desk: Desk, s: Session, request: Request) -> Iterator[Placed]:
    asked = request.state.asked
    return everything(lambda limit, offset: listing.read(desk, s, asked, limit, offset), asked.get("limit"))


def _rows(listing: Listing, record: Any) -> list[dict[str, str]]:
    rows = listing.flat(record) if listing.flat else [to_json(record)]
    return [{k: _cell(v) for k, v in row.items()} for row in rows]


def _cell(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return "; ".join(str(v) for v in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(to_json(value), ensure_ascii=False) if isinstance(value, Mapping) else value


def _feature(listing: Listing, record: Any, places: tuple[Place, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if places:
        told["place"] = _said(p.name or p.text for p in places)
        told["country"], told["precision"] = _said(p.country for p in places), _said(p.precision for p in places)
    properties = told | to_json(record)
    return {"type": "Feature", "id": listing.name(record), "geometry": area(*places), "properties": properties}


def _said(values: Iterable[str | None]) -> str | None:
    return "; ".join(dict.fromkeys(v for v in values if v)) or None
