"""The network's outputs, as the data file `labels.json` lists them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Labels:
    """Names and order of the network's outputs."""

    channels: tuple[str, ...]
    groups: dict[str, tuple[str, ...]]
    pooled: tuple[str, ...]
    max_pieces: int
    edges: frozenset[str]
    """Words that no filler of a role begins or ends with."""

    @property
    def token_width(self) -> int:
        """Numbers put out for each wordpiece: three a channel, then the factuality."""
        return 3 * len(self.channels) + 1


@cache
def labels() -> Labels:
    """Read `labels.json`."""
    raw = json.loads((files(__package__) / "labels.json").read_text(encoding="utf-8"))
    return Labels(
        channels=tuple(raw["channels"]),
        groups={name: tuple(members) for name, members in raw["groups"].items()},
        pooled=tuple(raw["pooled"]),
        max_pieces=raw["window"]["max_pieces"],
        edges=frozenset(raw["edges"]),
    )
