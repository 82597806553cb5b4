"""Release profiles: what each keeps, read from profiles.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

WITHHELD = "withheld"
"""What stands in place of a value that a profile does not show."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a release keeps, coarsens and suppresses; profiles.json says what each field means."""

    name: str
    label: str
    label_ar: str
    words: str
    titles: bool
    names: str
    real_ids: bool
    unlisted: str
    child_place: str | None
    child_time: str | None
    small_cells: bool
    leak_check: bool


_DATA = json.loads(resources.files(__package__).joinpath("profiles.json").read_text(encoding="utf-8"))
PROFILES = MappingProxyType({name: Profile(name=name, **row) for name, row in _DATA["profiles"].items()})
"""By name: 'internal', 'partners', 'public'."""
