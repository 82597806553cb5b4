"""Values out of foreign JSON: by dotted path, by several names, always of the type that is wanted or None."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any


def at(data: Any, path: str) -> Any:
    """The value at a dotted path, or None."""
    for step in path.split("."):
        if not isinstance(data, Mapping):
            return None
        data = data.get(step)
    return data


def text(data: Any, paths: Iterable[str]) -> str | None:
    """The first non-empty string (or number, as a string) at one of `paths`."""
    for path in paths:
        value = at(data, path)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
    return None


def strings(value: Any, most: int = 50) -> list[str]:
    """The strings of a list."""
    return [item for item in value if isinstance(item, str)][:most] if isinstance(value, list) else []


@cache
def table(name: str) -> dict[str, list[str]]:
    """A part of `post_fields.json`."""
    data = json.loads(resources.files(__package__).joinpath("post_fields.json").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = data[name] if isinstance(data[name], dict) else {"": data[name]}
    return found
