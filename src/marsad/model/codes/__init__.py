"""Code lists, read once from the JSON files beside this one: `codes.ACTS['killing'].violations`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Act:
    """One act code: its label, the family that it may be linked within, the ledger harm and the MRM codes."""

    code: str
    label: str
    family: str
    harm: str | None
    violations: tuple[str, ...]


def _load(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(resources.files(__name__).joinpath(name).read_text(encoding="utf-8"))
    return data


_vocabulary = _load("vocabulary.json")
_violations = _load("violations.json")

ACTS = MappingProxyType(
    {
        code: Act(code, row["label"], row["family"], row["harm"], tuple(row["violations"]))
        for code, row in _load("acts.json")["acts"].items()
    }
)
GRAVE_VIOLATIONS = MappingProxyType(_violations["grave"])
BESIDE_VIOLATIONS = MappingProxyType(_violations["beside"])
MRM_STATUSES = tuple(_violations["statuses"])
KINDS = tuple(_vocabulary["kinds"])
CERTAINTIES = tuple(_vocabulary["certainties"])
PRECISIONS = tuple(_vocabulary["precisions"])
ACTOR_KINDS = tuple(_vocabulary["actor_kinds"])
VICTIM_STATUS = tuple(_vocabulary["victim_status"])
GROUPS = tuple(_vocabulary["groups"])
HARMS = tuple(_vocabulary["harms"])
SOURCE_KINDS = tuple(_vocabulary["source_kinds"])
REPORT_KINDS = tuple(_vocabulary["report_kinds"])
REPORT_STATUSES = tuple(_vocabulary["report_statuses"])
ROLES = tuple(_vocabulary["roles"])
DECISIONS = tuple(_vocabulary["decisions"])
INCIDENT_STATUSES = tuple(_vocabulary["incident_statuses"])
"""Where an incident stands for the users' own method; MRM and Airwars grades are derived, and only the UN verifies."""
MAY = MappingProxyType({role: frozenset(decisions) for role, decisions in _vocabulary["may"].items()})
"""What each role may decide."""


def words() -> Iterator[str]:
    """Every code and label of the lists: what a record of nothing but codes is made of."""
    yield from _strings((_load("acts.json")["acts"], _violations["grave"], _violations["beside"], _vocabulary))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.replace("_", " ")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != "about":
                yield key.replace("_", " ")
                yield from _strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _strings(inner)
