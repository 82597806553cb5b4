"""Ranks what each name of a report may mean, all names of the report together.

Each reading has a score of its own (population, kind, how well the name and the words beside it fit) and the support of
the other names' readings (near it, in the same division, in the same country). The two are brought into agreement in a
few rounds, as soft relaxation labelling does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from ._index import Entry, Match
from ._keys import LOOSE_COUNTRIES, data_file

WEIGHTS = data_file("weights")


@dataclass(slots=True)
class Group:
    """Mentions of one name: its readings with their own scores. `output` is False for mere context."""

    matches: list[Match]
    own: list[float]
    weight: float = 1.0
    chosen: int = -1
    score: float = 0.0
    probability: float = 0.0
    why: dict[str, float] = field(default_factory=dict)


def own_score(match: Match, level: str | None) -> float:
    """Score of a reading by itself."""
    entry, w = match.entry, WEIGHTS
    score: float = w["population"] * math.log10(entry.population + 50) + w["kind"][entry.kind]
    score += name_fits(match)
    if level:
        agrees = entry.kind == level or (level == "D" and entry.kind in "12") or (level == "2" and entry.kind == "1")
        score += w["level_agrees"] if agrees else w["level_differs"] if level != "D" else -1.0
    return score


def name_fits(match: Match) -> float:
    """How well the name fits: alternatives count like aliases where names come in many romanisations."""
    if match.quality < 1:
        return float(WEIGHTS["resembles"]) - 4 * (1 - match.quality)
    if match.quality >= 2 or match.entry.country in LOOSE_COUNTRIES:
        return float(WEIGHTS["own_name"] if match.quality >= 3 else WEIGHTS["alias"])
    return float(WEIGHTS["alternative"])


def rank(groups: Sequence[Group]) -> None:
    """Choose a reading for each group, in place."""
    import numpy as np

    flat: list[Entry] = [m.entry for g in groups for m in g.matches]
    if not flat:
        return
    owner = np.repeat(np.arange(len(groups)), [len(g.matches) for g in groups])
    own = np.array([s for g in groups for s in g.own])
    weight = np.repeat([g.weight for g in groups], [len(g.matches) for g in groups])
    ties = _ties(flat)
    ties[owner[:, None] == owner[None, :]] = 0.0
    total = own
    chance = _softmax(own, owner, len(groups))
    for _ in range(WEIGHTS["rounds"]):
        support = ties @ (chance * weight)
        total = own + WEIGHTS["support"] * np.log1p(WEIGHTS["support_gain"] * support)
        chance = _softmax(total, owner, len(groups))
    at = 0
    for group in groups:
        n = len(group.matches)
        if n:
            best = int(np.argmax(total[at : at + n]))
            group.chosen, group.score, group.probability = best, float(total[at + best]), float(chance[at + best])
        at += n


def _ties(flat: Sequence[Entry]):  # type: ignore[no-untyped-def]
    """How much each reading speaks for each other one."""
    import numpy as np

    w = WEIGHTS
    lat = np.radians([e.lat if e.lat is not None else np.nan for e in flat])
    lon = np.radians([e.lon if e.lon is not None else np.nan for e in flat])
    cos = np.cos(lat)
    half = np.sin((lat[:, None] - lat) / 2) ** 2 + cos[:, None] * cos * np.sin((lon[:, None] - lon) / 2) ** 2
    km = 12742.0 * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    local = np.array([e.kind in ("P", "2", "X", "S") for e in flat])
    near = np.nan_to_num(np.exp(-km / w["near_km"])) * (local[:, None] & local[None, :])
    codes = {c: i for i, c in enumerate(sorted({e.country for e in flat}))}
    country = np.array([codes[e.country] for e in flat])
    first = np.array([e.admin1 or -1 for e in flat])
    number = np.array([e.n for e in flat])
    same_first = (first[:, None] == first) & (first[:, None] >= 0)
    same_country = country[:, None] == country
    is_first = np.array([e.kind == "1" for e in flat])
    holds = (number[:, None] == first) & ~is_first[None, :]
    is_country = np.array([e.kind == "C" for e in flat])
    of_country = same_country & (is_country[:, None] ^ is_country[None, :])
    held = holds | holds.T
    return (
        w["near"] * near
        + w["same_first"] * same_first
        + w["same_country"] * same_country
        + w["holds"] * (held | of_country)
    )


def _softmax(scores, owner, groups: int):  # type: ignore[no-untyped-def]
    import numpy as np

    top = np.full(groups, -np.inf)
    np.maximum.at(top, owner, scores)
    shifted = np.exp(scores - top[owner])
    sums = np.zeros(groups)
    np.add.at(sums, owner, shifted)
    return shifted / sums[owner]
