"""Records to plain JSON values and back, by their annotations; canonical bytes for hashing."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")


def to_json(record: Any) -> Any:
    """A frozen record (or a tuple, mapping or value inside one) as JSON values: dicts, lists, strings, numbers."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {f.name: to_json(getattr(record, f.name)) for f in dataclasses.fields(record)}
    if isinstance(record, (tuple, list)):
        return [to_json(x) for x in record]
    if isinstance(record, Mapping):
        return {str(k): to_json(v) for k, v in record.items()}
    return record


def from_json(kind: type[T], data: Mapping[Any, Any]) -> T:
    """The record of class `kind` that `to_json` wrote; unknown keys are ignored, missing ones take their defaults.

    Raises KeyError-like TypeError when a field without a default is missing.
    """
    fields: dict[str, Any] = {}
    for name, convert in _readers(typing.cast(Any, kind)):
        if name in data:
            value = data[name]
            fields[name] = value if convert is None or value is None else convert(value)
    return kind(**fields)


def canonical(value: Any) -> bytes:
    """Canonical JSON bytes: sorted keys, no spaces, UTF-8. What is hashed is kept as these bytes."""
    return json.dumps(to_json(value), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def digest(value: Any) -> str:
    """SHA-256 (hex) of the canonical bytes of a value."""
    return hashlib.sha256(canonical(value)).hexdigest()


_Convert = Callable[[Any], Any]


@functools.cache
def _readers(kind: Any) -> tuple[tuple[str, _Convert | None], ...]:
    """Each field's name and what makes its value of JSON that is not null; None where it stays as it is.

    Worked out once for each class: a case holds many thousands of claims, each of some forty values.
    """
    return tuple((name, _converter(hint)) for name, hint in typing.get_type_hints(kind).items())


def _converter(hint: Any) -> _Convert | None:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _converter(next(a for a in args if a is not type(None)))
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        inner = _converter(args[0])
        return tuple if inner is None else lambda v: tuple([None if x is None else inner(x) for x in v])
    if origin is tuple:
        each = [_converter(a) for a in args]
        return lambda v: tuple([x if c is None or x is None else c(x) for c, x in zip(each, v, strict=True)])
    if dataclasses.is_dataclass(hint):
        return functools.partial(from_json, typing.cast(type, hint))
    if origin is not None:
        return lambda v: types.MappingProxyType(dict(v)) if isinstance(v, Mapping) else v
    return None
