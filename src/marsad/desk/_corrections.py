"""What the correction form changed, as (path, JSON value) pairs for judgements: only what differs, spans kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..errors import JudgementRefused
from ..model import Actor, Claim, Place, to_json

_PLAIN = ("act", "kind", "certainty")
_ACTOR_TEXT = ("name",)
_ACTOR_CODES = ("kind", "status", "sex")
_BOOLEANS = {"yes": True, "no": False, "": None}


def corrections(claim: Claim, form: Mapping[str, str]) -> list[tuple[str, Any]]:
    """The corrections that turn `claim` into what the form says. Fields that the form lacks stay.

    Where a list loses or gains an element, the whole list is one correction. Raises JudgementRefused for a number or a
    date that cannot be read.
    """
    before: dict[str, Any] = to_json(claim)
    changes: list[tuple[str, Any]] = [
        (field, form[field]) for field in _PLAIN if field in form and form[field] != before[field]
    ]
    for field in ("victims", "perpetrators"):
        changes += _actors(field, before[field], form)
    changes += _places(before["places"], form)
    return changes + _time(before["time"], form)


def _actors(field: str, actors: list[dict[str, Any]], form: Mapping[str, str]) -> list[tuple[str, Any]]:
    changes: list[tuple[str, Any]] = []
    for i, actor in enumerate(actors):
        path = f"{field}.{i}"
        for name in (*_ACTOR_TEXT, *_ACTOR_CODES):
            value = _optional(form, f"{path}.{name}", actor[name])
            if value != actor[name]:
                changes.append((f"{path}.{name}", value))
        if f"{path}.children" in form:
            children = _BOOLEANS.get(form[f"{path}.children"], actor["children"])
            if children != actor["children"]:
                changes.append((f"{path}.children", children))
        count = _count(actor["count"], path, form)
        if count != actor["count"]:
            changes.append((f"{path}.count", count))
    gone = [i for i in range(len(actors)) if form.get(f"{field}.{i}.remove")]
    added = form.get(f"{field}.new.name", "").strip()
    number = _count(None, f"{field}.new", form)
    if not gone and not added and number is None:
        return changes
    new = [to_json(Actor(0, 0, "", name=added or None, count=None)) | {"count": number}] if added or number else []
    return [(field, _without(_applied(field, actors, changes), gone) + new)]


def _applied(field: str, actors: list[dict[str, Any]], changes: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    result = [dict(a) for a in actors]
    for path, value in changes:
        _, index, name = path.split(".")
        result[int(index)][name] = value
    return result


def _without(actors: list[dict[str, Any]], gone: list[int]) -> list[dict[str, Any]]:
    # part_of points into the same list, so it moves with what it points at, or goes with it.
    moved = {old: new for new, old in enumerate(i for i in range(len(actors)) if i not in gone)}
    return [{**a, "part_of": moved.get(a["part_of"])} for i, a in enumerate(actors) if i not in gone]


def _places(places: list[dict[str, Any]], form: Mapping[str, str]) -> list[tuple[str, Any]]:
    gone = [i for i in range(len(places)) if form.get(f"places.{i}.remove")]
    added = form.get("places.new.name", "").strip()
    if gone or added:
        kept = [p for i, p in enumerate(places) if i not in gone]
        return [("places", kept + ([to_json(Place(0, 0, "", name=added))] if added else []))]
    changes = []
    for i, place in enumerate(places):
        was = place["name"] or place["text"]
        value = _optional(form, f"places.{i}.name", was)
        if value != was:
            # Another name is another place: the entry and the coordinates of the old one must not stay behind.
            blank = to_json(Place(place["start"], place["end"], place["text"], name=value, facility=place["facility"]))
            changes.append((f"places.{i}", blank))
    return changes


def _time(time: dict[str, Any] | None, form: Mapping[str, str]) -> list[tuple[str, Any]]:
    if "time.earliest" not in form and "time.latest" not in form:
        return []
    was = time or {"earliest": None, "latest": None, "start": 0, "end": 0, "text": ""}
    new = was | {end: _date(form.get(f"time.{end}", was[end] or "")) for end in ("earliest", "latest")}
    if new["earliest"] and new["latest"] and new["earliest"] > new["latest"]:
        raise JudgementRefused("The earliest date is after the latest one.")
    return [("time", new)] if new != was else []


def _count(count: dict[str, Any] | None, path: str, form: Mapping[str, str]) -> dict[str, Any] | None:
    if f"{path}.min" not in form and f"{path}.max" not in form:
        return count
    was = count or {"min": None, "max": None, "text": "", "start": 0, "end": 0, "cumulative": False}
    new = was | {end: _whole(form.get(f"{path}.{end}", "")) for end in ("min", "max")}
    return None if count is None and new["min"] is None and new["max"] is None else new


def _optional(form: Mapping[str, str], name: str, was: Any) -> Any:
    return (form[name].strip() or None) if name in form else was


def _whole(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise JudgementRefused(f"'{text}' is not a whole number.")
    return int(text)


def _date(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise JudgementRefused(f"'{text}' is not a date (year-month-day).") from error
