"""Records to plain JSON values and back, by their annotations; canonical bytes for hashing."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import types
import typing
from collections.abc import Mapping
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
    hints = _hints(typing.cast(Any, kind))
    return kind(**{name: _value(hint, data[name]) for name, hint in hints.items() if name in data})


def canonical(value: Any) -> bytes:
    """Canonical JSON bytes: sorted keys, no spaces, UTF-8. What is hashed is kept as these bytes."""
    return json.dumps(to_json(value), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def digest(value: Any) -> str:
    """SHA-256 (hex) of the canonical bytes of a value."""
    return hashlib.sha256(canonical(value)).hexdigest()


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _value(next(a for a in args if a is not type(None)), value)
    if origin is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(_value(args[0], v) for v in value)
        return tuple(_value(a, v) for a, v in zip(args, value, strict=True))
    if dataclasses.is_dataclass(hint):
        return from_json(typing.cast(type, hint), value)
    if origin is not None and isinstance(value, Mapping):
        return types.MappingProxyType(dict(value))
    return value
