"""A report's telling as text to keep, and back again."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from ._tellings import Spot, Telling
from ._within import Told

_SETS = frozenset(f.name for f in dataclasses.fields(Telling) if str(f.type).startswith("frozenset"))
_PAIRS = frozenset(f.name for f in dataclasses.fields(Told) if str(f.type).startswith("tuple"))


def to_text(told: Told) -> str:
    """JSON in one form: equal tellings give equal texts."""
    telling = {f.name: getattr(told.telling, f.name) for f in dataclasses.fields(Telling)}
    for name in _SETS:
        telling[name] = sorted(telling[name])
    telling["spots"] = [dataclasses.astuple(s) for s in told.telling.spots]
    rest = {f.name: getattr(told, f.name) for f in dataclasses.fields(Told) if f.name != "telling"}
    return json.dumps(rest | {"telling": telling}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def from_text(text: str) -> Told:
    """The telling that `to_text` made the text of."""
    raw: dict[str, Any] = json.loads(text)
    telling = raw.pop("telling")
    for name in _SETS:
        telling[name] = frozenset(telling[name])
    telling["claims"] = tuple(telling["claims"])
    telling["spots"] = tuple(Spot(*s) for s in telling["spots"])
    telling["counts"] = {harm: tuple(n) for harm, n in telling["counts"].items()}
    for name in _PAIRS:
        raw[name] = tuple((a, b) for a, b in raw[name])
    return Told(Telling(**telling), **raw)
