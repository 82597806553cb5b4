"""The description of the API (OpenAPI 3.1), made from what the doors declare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ... import __version__
from .._access import SCOPES
from ._declare import Operation, members_of, records_in, schema_of
from ._problems import MEDIA_TYPE

if TYPE_CHECKING:
    from .._door import Door

_ABOUT = """What this desk gives to programs, under the same rules as to people.

A token is made on one's own page, has scopes, and expires; it is sent as `Authorization: Bearer …`. It never allows
more than its person's role does. Lists hold coded values, not the words of the sources, and no name of a victim;
the words are given one report or claim at a time, to analysts. Reading an exhibit's bytes is written into its custody.
"""
_REFUSALS = {
    401: "No token, or one that has ended",
    403: "The scope or the person's role does not allow this",
    404: "There is no such thing",
    409: "The case refuses it, in words",
    410: "The cursor is no longer good",
    422: "The request is not as described",
    429: "Too many requests; `Retry-After` says when to go on",
}


def describe(doors: Iterable[Door], name: str) -> dict[str, Any]:
    """The description of those of `doors` that programs may use."""
    open_doors = [d for d in doors if d.api is not None]
    paths: dict[str, dict[str, Any]] = {}
    for door in open_doors:
        paths.setdefault(door.path, {})[door.method.lower()] = _operation(door)
    kinds = [k for d in open_doors if d.api for given in (d.api.gives, d.api.sends) for k in records_in(given)]
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Marsad · {name}", "version": __version__, "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": {k.__name__: members_of(k) for k in dict.fromkeys(kinds)} | {"Problem": _PROBLEM},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": f"Scopes: {', '.join(SCOPES)}."}
            },
        },
    }


def _operation(door: Door) -> dict[str, Any]:
    op = door.api
    assert op is not None
    named = re.findall(r"\{(\w+)\}", door.path)
    parameters = [{"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in named]
    parameters += [
        {"name": p.name, "in": "query", "required": p.required, "description": p.about, "schema": p.schema()}
        for p in op.params
    ]
    told: dict[str, Any] = {
        "operationId": f"{door.method.lower()}_{re.sub(r'[^a-z0-9]+', '_', door.path.lower()).strip('_')}",
        "summary": op.summary,
        "description": f"Needs the scope `{op.scope}` and the role {door.role}." if door.role else "Open to anybody.",
        "tags": [door.path.strip("/").removeprefix("api/").partition("/")[0].partition(".")[0]],
        "parameters": parameters,
        "responses": {str(op.status): _answer(op)} | {str(s): _refusal(s) for s in _refusals(door, named)},
        "security": [{"token": [op.scope]}] if door.role else [],
    }
    if op.sends is bytes:
        content: Mapping[str, Any] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        told["requestBody"] = {"required": True, "content": content}
    elif op.sends is not None:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema_of(op.sends)}}}
    return told


def _refusals(door: Door, named: list[str]) -> list[int]:
    if not door.role:
        return []
    assert door.api is not None
    gone = [410] if door.api.form == "page" else []
    refused = [409] if door.method == "POST" else []
    return [401, 403, *([404] if named else []), *refused, *gone, 422, 429]


def _refusal(status: int) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": _REFUSALS[status], "content": content}


def _answer(op: Operation) -> dict[str, Any]:
    if op.form == "file":
        return {"description": "The bytes", "content": {"application/octet-stream": {}, "application/zip": {}}}
    if op.form == "csv":
        return {
            "description": "A table, UTF-8 with a byte order mark",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        }
    one = schema_of(op.gives)
    if op.form == "page":
        page = {
            "type": "object",
            "properties": {
                "items": {"type": "array", "items": one},
                "next": {"type": ["string", "null"], "description": "The `cursor` of the next page; null on the last."},
            },
            "required": ["items", "next"],
            "additionalProperties": False,
        }
        return {"description": "One page of the list", "content": {"application/json": {"schema": page}}}
    if op.form == "geojson":
        return {"description": "GeoJSON (RFC 7946)", "content": {"application/geo+json": {"schema": _geojson(one)}}}
    return {"description": "Done", "content": {"application/json": {"schema": one}}}


def _geojson(properties: Mapping[str, Any]) -> dict[str, Any]:
    geometry = {
        "type": ["object", "null"],
        "description": "An area as large as the place is vague; null where it is not known.",
    }
    feature = {
        "type": "object",
        "properties": {
            "type": {"const": "Feature"},
            "id": {"type": "string"},
            "geometry": geometry,
            "properties": {"type": "object", "description": "The record, and of its place the name and precision."},
        },
        "required": ["type", "geometry", "properties"],
    }
    collection = {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": feature}}
    return {"type": "object", "properties": collection, "required": ["type", "features"]}


_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail"],
}
