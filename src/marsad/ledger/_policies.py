"""Counting policies: from what each origin says to one range, by a rule that can be named."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from marsad.errors import MarsadError
from marsad.text import fold

from ._figures import Basis

_INTERESTED = ("perpetrator", "party")


@dataclass(frozen=True, slots=True)
class Ranged:
    """A policy's answer: the range, the best figure where the policy has one, and the bases that it rests on."""

    min: int | None
    max: int | None
    best: int | None
    used: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A named counting policy."""

    name: str
    label: str
    source: str
    rule: str
    example: str
    harms: tuple[str, ...] | None
    """The harms that it counts; None counts all."""
    count: Callable[[Sequence[Basis]], Ranged]
    presume_civilian: bool = False
    other: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language → 'rule', 'example' and 'source' in it."""

    def said(self, language: str, name: str) -> str:
        """Its 'rule', 'example' or 'source' in `language`, in English where it is not translated."""
        return self.other.get(language, {}).get(name) or str(getattr(self, name))


def policies() -> tuple[Policy, ...]:
    """Every counting policy, the default first."""
    return tuple(_policies().values())


def policy_named(name: str) -> Policy:
    """The policy called `name`. Raises MarsadError, naming those that exist."""
    found = _policies().get(name)
    if found is None:
        raise MarsadError(f"There is no counting policy '{name}'. Known: {', '.join(_policies())}.")
    return found


def interested(basis: Basis) -> bool:
    """Whether it is a perpetrator's or a party's own word."""
    return basis.kind in _INTERESTED


def _range(bases: Sequence[Basis]) -> Ranged:
    return _spread(_toll(_credible(bases)))


def _airwars(bases: Sequence[Basis]) -> Ranged:
    return _spread(_toll(_wholes([b for b in bases if b.kind not in _INTERESTED])))


def _toll(bases: list[Basis]) -> list[Basis]:
    """Without what one person saw of it ('I counted eight before I stopped'), where a body that counts says more."""
    kinds = _data()["sightings"]
    counted = [b.min or 0 for b in bases if b.kind not in kinds and b.numbered and b.max is not None]
    return [b for b in bases if not (counted and b.kind in kinds and b.max is None and (b.min or 0) <= min(counted))]


def _lowest(bases: Sequence[Basis]) -> Ranged:
    points = [(p, b) for b in _wholes(bases) if (p := _acled_point(b)) is not None]
    if not points:
        return Ranged(None, None, None, tuple(bases))
    least = min(p for p, _ in points)
    return Ranged(least, least, least, tuple(b for p, b in points if p == least))


def _ucdp(bases: Sequence[Basis]) -> Ranged:
    held = [b for b in _numbered(bases) if b.min is not None]
    if not held:
        return Ranged(None, None, None, tuple(bases))
    lows = [b.min for b in held if b.min is not None]
    low, high = min(lows), max(b.max if b.max is not None else b.min or 0 for b in held)
    votes = Counter(b.min for b in held if b.kind not in _INTERESTED) or Counter(lows)
    best = min((v for v in votes if v is not None), key=lambda v: (-votes[v], v))
    return Ranged(low, high, best, tuple(held))


def _spread(bases: Sequence[Basis]) -> Ranged:
    """The lowest least and the highest most."""
    held = [b for b in bases if b.min is not None or b.max is not None]
    if not held:
        return Ranged(None, None, None, tuple(bases))
    lows = [b.min or 0 for b in held]
    tops = [b.max for b in held if b.max is not None]
    open_ends = [b.min or 0 for b in held if b.max is None]
    high = max(tops, default=None)
    if open_ends and (high is None or max(open_ends) > high):
        high = None
    return Ranged(min(lows), high, None, tuple(held))


def _credible(bases: Sequence[Basis]) -> list[Basis]:
    """Those that nobody with an interest gives and that have a number; less where there is nothing better."""
    others = [b for b in bases if b.kind not in _INTERESTED]
    return _numbered(others) or _numbered(bases) or others or list(bases)


def _numbered(bases: Sequence[Basis]) -> list[Basis]:
    """Those with a number that is of everybody."""
    return _wholes([b for b in bases if b.numbered and b.min is not None])


def _wholes(bases: Sequence[Basis]) -> list[Basis]:
    """Without who tells of some alone ('a butcher was hurt', 'five children died'), where another puts all higher."""
    wholes = [b.min or 0 for b in bases if not b.part and b.numbered]
    return [b for b in bases if not (b.part and any(n > (b.min or 0) for n in wholes))]


def _acled_point(b: Basis) -> int | None:
    data = _data()
    words = fold(b.words)
    for word, n in data["words"].items():
        if f" {word} " in f" {words} ":
            return int(n)
    if not b.numbered:
        return int(data["plural"]) if b.min is not None and b.min > 1 else b.min
    return b.min


_COUNT: dict[str, Callable[[Sequence[Basis]], Ranged]] = {
    "range": _range,
    "lowest": _lowest,
    "ucdp": _ucdp,
    "airwars": _airwars,
}


@functools.cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        resources.files(__package__).joinpath("policies.json").read_text(encoding="utf-8")
    )
    return loaded


@functools.cache
def _policies() -> dict[str, Policy]:
    return {
        name: Policy(
            name,
            row["label"],
            row["source"],
            row["rule"],
            row["example"],
            None if row["harms"] == "all" else tuple(row["harms"]),
            _COUNT[name],
            presume_civilian=name == "airwars",
            other={"ar": row["ar"]},
        )
        for name, row in _data()["policies"].items()
    }
