"""What an address of the API takes and gives. Requests are read by it, and the description is made from it."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from ._problems import Problem


@dataclass(frozen=True, slots=True)
class Param:
    """One value in the query of an address."""

    name: str
    about: str
    kind: Literal["text", "integer", "date", "flag"] = "text"
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 500
    """Of an integer its largest value, of a text its length."""
    required: bool = False

    def read(self, text: str) -> Any:
        """The value that a text stands for. Raises Problem."""
        if self.kind == "integer":
            right = text.isascii() and text.isdecimal() and len(text) < 16 and self.least <= int(text) <= self.most
            return int(text) if right else self._wrong(f"should be a whole number from {self.least} to {self.most}")
        if self.kind == "date":
            try:
                return date.fromisoformat(text).isoformat() if len(text) == 10 else self._wrong("should be YYYY-MM-DD")
            except ValueError:
                return self._wrong("should be a date, YYYY-MM-DD")
        if self.kind == "flag":
            return "1" if text in ("1", "true") else self._wrong("should be 1, or be left out")
        if self.choices and text not in self.choices:
            return self._wrong(f"should be one of: {', '.join(self.choices)}")
        if len(text) > self.most or "\x00" in text:
            return self._wrong(f"should be a text of at most {self.most} characters")
        return text

    def schema(self) -> dict[str, Any]:
        """The same, as JSON Schema."""
        if self.kind == "integer":
            return {"type": "integer", "minimum": self.least, "maximum": self.most}
        if self.kind == "date":
            return {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "maxLength": 0}]}
        if self.kind == "flag":
            return {"type": "string", "enum": ["1", "true", ""]}
        if self.choices:
            return {"type": "string", "enum": [*self.choices, ""]}
        return {"type": "string", "minLength": int(self.required), "maxLength": self.most}

    def _wrong(self, how: str) -> Any:
        raise Problem(422, f"'{self.name}' {how}.")


@dataclass(frozen=True, slots=True)
class Operation:
    """What one address does for a program."""

    scope: str
    """The scope that a token needs."""
    summary: str
    gives: Any
    """The class of one record that is given; `bytes` for a file."""
    form: Literal["one", "page", "csv", "geojson", "file"] = "one"
    params: tuple[Param, ...] = ()
    sends: Any = None
    """The class of the JSON object that is sent; `bytes` for a file."""
    status: int = 200

    def read(self, query: Mapping[str, str]) -> dict[str, Any]:
        """The values of the query by name. Raises Problem for one that is unknown, wrong or lacking."""
        known = {p.name: p for p in self.params}
        if unknown := [name for name in query if name not in known]:
            allowed = ", ".join(known) or "none"
            raise Problem(422, f"'{unknown[0][:60]}' is not a parameter here; known: {allowed}.")
        if lacking := [p.name for p in self.params if p.required and not query.get(p.name)]:
            raise Problem(422, f"'{lacking[0]}' is lacking.")
        # A form that nothing was filled in sends its fields all the same; a number is never left empty by one.
        return {name: known[name].read(text) for name, text in query.items() if text or known[name].kind == "integer"}


def record(kind: Any, sent: Any) -> Any:
    """The record of class `kind` that a JSON value stands for. Raises Problem."""
    if not isinstance(sent, Mapping):
        raise Problem(422, "Send a JSON object, with content type application/json.")
    fields = {f.name: f for f in dataclasses.fields(kind)}
    hints = typing.get_type_hints(kind, include_extras=True)
    if unknown := [name for name in sent if name not in fields]:
        raise Problem(422, f"'{unknown[0][:60]}' is not a member here; known: {', '.join(fields)}.")
    for name, field in fields.items():
        if name not in sent and field.default is dataclasses.MISSING:
            raise Problem(422, f"'{name}' is lacking.")
        if name in sent and not _fits(sent[name], hints[name]):
            choices = [c for a in typing.get_args(hints[name])[2:] for c in a]
            known = f"should be one of: {', '.join(choices)}" if choices else "is not of the kind that is described"
            raise Problem(422, f"'{name}' {known}.")
    return kind(**{k: tuple(v) if isinstance(v, list) and k != "value" else v for k, v in sent.items()})


def schema_of(hint: Any, about: str = "") -> dict[str, Any]:
    """JSON Schema of a type: str, int, float, bool, None, tuples, mappings, Literals, unions, and records of them."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        chosen = {"enum": [*args[2], *([None] if _NONE in typing.get_args(args[0]) else [])]} if args[2:] else {}
        return schema_of(args[0], args[1]) | chosen
    told = {"description": about} if about else {}
    if hint is Any:
        return told
    if origin in (types.UnionType, typing.Union):
        found = [schema_of(a) for a in args]
        if all(set(f) == {"type"} for f in found):
            return {"type": [f["type"] for f in found], **told}
        return {"anyOf": found, **told}
    if origin is Literal:
        return {"type": "string", "enum": list(args), **told}
    if origin is tuple:
        return {"type": "array", "items": schema_of(args[0]), **told}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(args[1]), **told}
    if dataclasses.is_dataclass(hint):
        return {"$ref": f"#/components/schemas/{typing.cast(type, hint).__name__}", **told}
    return {"type": _SIMPLE[hint], **told}


def members_of(kind: Any) -> dict[str, Any]:
    """JSON Schema of a record class, and of no other than it."""
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = dataclasses.fields(kind)
    return {
        "type": "object",
        "description": (kind.__doc__ or "").split("\n")[0],
        "properties": {f.name: schema_of(hints[f.name]) for f in fields},
        "required": [f.name for f in fields if f.default is dataclasses.MISSING],
        "additionalProperties": False,
    }


def records_in(kind: Any) -> list[Any]:
    """The record classes that `kind` is made of, itself first."""
    found: list[Any] = []
    ahead = [kind]
    while ahead:
        one = ahead.pop(0)
        if dataclasses.is_dataclass(one):
            if one not in found:
                found.append(one)
                ahead += typing.get_type_hints(one).values()
        else:
            ahead += typing.get_args(one)
    return found


_NONE: Any = type(None)
_SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean", _NONE: "null"}


def _fits(value: Any, hint: Any) -> bool:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return True
    if origin is Annotated:
        return _fits(value, args[0]) and (not args[2:] or value is None or value in args[2])
    if origin in (types.UnionType, typing.Union):
        return any(_fits(value, a) for a in args)
    if origin is Literal:
        return value in args
    if origin is tuple:
        return isinstance(value, list) and all(_fits(v, args[0]) for v in value)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return value is None if hint is _NONE else isinstance(value, hint)
