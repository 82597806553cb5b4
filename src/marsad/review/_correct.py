"""Corrections: one field of a claim, by its path ('certainty', 'victims.0.count'), set to a person's value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from ..errors import JudgementRefused
from ..model import Claim, codes, from_json, to_json

_FIXED = ("id", "report", "trigger", "sentence", "same_as", "apart_from", "why")
_FIELDS = frozenset(f.name for f in fields(Claim)) - frozenset(_FIXED)
_CODES = {
    "act": tuple(codes.ACTS),
    "kind": codes.KINDS,
    "certainty": codes.CERTAINTIES,
    "violations": (*codes.GRAVE_VIOLATIONS, *codes.BESIDE_VIOLATIONS),
}


def corrected(claim: Claim, path: str, value: Any, text: str | None = None) -> Claim:
    """`claim` with the field at `path` set to the JSON `value`.

    With the report's `text`, every span of the value is checked against it; a span may be empty (start = end = 0),
    which says that the value rests on what the person knows, not on the report's words.
    Raises JudgementRefused for an unknown field or code, a value of the wrong shape, or a span that is not there.
    """
    root, *rest = path.split(".")
    if root not in _FIELDS:
        raise JudgementRefused(
            f"'{path}' is not a field of a claim that can be corrected ({', '.join(sorted(_FIELDS))})."
        )
    data: Any = to_json(claim)
    if text is not None:
        _check_spans(value, text)
    try:
        _set(data, [root, *rest], value)
        result = from_json(Claim, data)
        _check(result)
    except (TypeError, KeyError, IndexError, ValueError, AttributeError) as error:
        raise JudgementRefused(f"'{path}' cannot hold {value!r}: {error}") from error
    return replace(result, why=claim.why)


def _set(data: Any, path: list[str], value: Any) -> None:
    for step in path[:-1]:
        data = data[int(step)] if isinstance(data, list) else data[step]
    last = path[-1]
    if isinstance(data, list):
        data[int(last)] = value
    elif last in data:
        data[last] = value
    else:
        raise KeyError(f"no field '{last}'")


def _check(claim: Claim) -> None:
    for field, known in _CODES.items():
        values = getattr(claim, field)
        for value in values if isinstance(values, tuple) else (values,):
            if value not in known:
                raise ValueError(f"'{value}' is not a known code; known: {', '.join(known)}")
    for actor in (*claim.perpetrators, *claim.victims):
        for number in (n for n in (actor.count, actor.age) if n is not None):
            for bound in (number.min, number.max):
                if bound is not None and (type(bound) is not int or bound < 0):
                    raise ValueError("a number must be whole and not negative")
            if number.min is not None and number.max is not None and number.min > number.max:
                raise ValueError("the least is more than the most")
        if actor.kind not in codes.ACTOR_KINDS or actor.status not in codes.VICTIM_STATUS:
            raise ValueError(f"'{actor.kind}' or '{actor.status}' is not a known code")
    for place in claim.places:
        if place.precision not in codes.PRECISIONS:
            raise ValueError(f"'{place.precision}' is not a known precision")


def _check_spans(value: Any, text: str) -> None:
    for span in _spans(value):
        start, end, words = span.get("start"), span.get("end"), span.get("text", "")
        if start == end == 0 and words == "":
            continue
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
            raise JudgementRefused(f"A value points at characters {start} to {end}, which the report does not have.")
        if text[start:end] != words:
            raise JudgementRefused(f"A value says «{words}», but the report has «{text[start:end]}» there.")


def _spans(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "start" in value or "end" in value:
            yield value
        for inner in value.values():
            yield from _spans(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _spans(inner)
