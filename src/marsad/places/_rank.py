"""Ranks what each name of a report may mean, all names of the report together.

Each reading has a score of its own (population, kind, how well the name and the words beside it fit) and the support of
the other names' readings (near it, in the same division, in the same country). The two are brought into agreement in a
few rounds, as soft relaxation labelling does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ._index import Entry, Match, km_between
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


def own_score(match: Match, level: str | None, capital: bool) -> float:
    """Score of a reading by itself."""
    entry, w = match.entry, WEIGHTS
    score: float = w["population"] * math.log10(entry.population + 50) + w["kind"][entry.kind]
    score += name_fits(match) + w["prominence"] * max(0.0, math.log10(entry.population + 1) - w["prominent"])
    score += w["capital"] * capital
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
    known = match.entry.population >= WEIGHTS["exonym_population"]
    return float(WEIGHTS["exonym"] if known else WEIGHTS["alternative"])


def rank(groups: Sequence[Group], sizes: Mapping[str, int]) -> None:
    """Choose a reading for each group, in place; `sizes` is how many places each country has."""
    import numpy as np

    flat: list[Entry] = [m.entry for g in groups for m in g.matches]
    if not flat:
        return
    owner = np.repeat(np.arange(len(groups)), [len(g.matches) for g in groups])
    own = np.array([s for g in groups for s in g.own])
    weight = np.repeat([g.weight for g in groups], [len(g.matches) for g in groups])
    ties = _ties(flat, sizes)
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
            group.chosen, group.score = best, float(total[at + best])
            group.probability = _hereabouts(flat[at : at + n], chance[at : at + n].tolist(), best)
        at += n


def _hereabouts(entries: Sequence[Entry], chances: Sequence[float], best: int) -> float:
    """The chance of the chosen reading and of those beside it: a town and its own province are not in doubt."""
    here = entries[best]
    total = 0.0
    for entry, chance in zip(entries, chances, strict=True):
        if entry is here:
            total += chance
        elif chance > 0.01 and entry.country == here.country and None not in (entry.lat, here.lat):
            near = km_between((entry.lat or 0, entry.lon or 0), (here.lat or 0, here.lon or 0)) <= WEIGHTS["same_km"]
            total += chance * near
    return total


def _ties(flat: Sequence[Entry], sizes: Mapping[str, int]):  # type: ignore[no-untyped-def]
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
    towns = ~is_country[:, None] & ~is_country[None, :]
    of_country = same_country & (is_country[:, None] ^ is_country[None, :])
    held = holds | holds.T
    # The name of a country with few places says more about where a town is than that of one with many.
    telling = np.array([max(0.1, w["telling"] - 0.25 * math.log10(sizes.get(e.country, 1))) for e in flat])
    return (
        w["near"] * near
        + w["same_first"] * same_first
        + w["same_country"] * (same_country & towns)
        + w["holds"] * held
        + w["of_country"] * of_country * telling
    )


def _softmax(scores, owner, groups: int):  # type: ignore[no-untyped-def]
    import numpy as np

    top = np.full(groups, -np.inf)
    np.maximum.at(top, owner, scores)
    shifted = np.exp(scores - top[owner])
    sums = np.zeros(groups)
    np.add.at(sums, owner, shifted)
    return shifted / sums[owner]
