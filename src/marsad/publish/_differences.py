"""Two ledgers of one case side by side: what a reader who subtracts one from the other learns of what both withhold.

The reader takes a figure that is withheld in both for the same, and one that only one of them withholds for what the
other shows. Each total then says what its withheld figures come to, and so does the difference of the two.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

Key = tuple[str, str]
"""(harm, group)."""
Value = tuple[int | None, int | None, bool]
"""(least, most, withheld)."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The figures of one ledger.csv: by key and incident (None for the total)."""

    values: Mapping[tuple[Key, str | None], Value]

    @classmethod
    def read(cls, data: bytes) -> Cells:
        """From the bytes of a ledger.csv."""
        values: dict[tuple[Key, str | None], Value] = {}
        for row in csv.DictReader(io.StringIO(data.decode("utf-8"))):
            value = (_int(row["min"]), _int(row["max"]), row["withheld"] == "yes")
            values[(row["harm"], row["group"]), row["incident"] or None] = value
        return cls(values)

    def keys(self) -> set[Key]:
        """Every (harm, group) that there is."""
        return {key for key, _ in self.values}

    def get(self, key: Key, owner: str | None) -> Value | None:
        """A figure; None where there is none."""
        return self.values.get((key, owner))

    def hidden(self, key: Key) -> set[str]:
        """Incidents whose figure is withheld."""
        return {o for (k, o), v in self.values.items() if k == key and o is not None and v[2]}

    def shown(self, key: Key, bound: int = 0) -> dict[str, int | None]:
        """Incident → the least (bound 0) or the most (1) that is shown."""
        return {o: v[bound] for (k, o), v in self.values.items() if k == key and o is not None and not v[2]}

    def rest(self, key: Key, bound: int) -> int | None:
        """What the withheld figures come to; None where the total does not say."""
        total = self.values.get((key, None))
        if total is None or total[2] or total[bound] is None:
            return None
        shown = self.shown(key, bound).values()
        return None if bound and None in shown else (total[bound] or 0) - sum(v or 0 for v in shown)


def told(before: Cells, now: Cells, k: int) -> Iterator[tuple[Key, str]]:
    """(key, what can be worked out) for each figure from 1 to k-1 that the two ledgers give away together.

    What the earlier one tells by itself is not said again: nothing that is withheld now would take it back.
    """
    for key in sorted(before.keys() & now.keys()):
        for bound in (0, 1):
            known = {o: v for o, v in (before.shown(key, bound) | now.shown(key, bound)).items() if v is not None}
            sums = [s for one in (before, now) if (s := _sum(one, key, bound, known)) is not None]
            if len(sums) == 2:
                sums += _difference(*sums) + _difference(*reversed(sums))
            alone = _sum(before, key, bound, before.shown(key, bound))
            for owners, value in sums:
                if owners and (owners, value) != alone and value > 0 and value - len(owners) + 1 < k:
                    yield key, f"{' '.join(key)} of {', '.join(sorted(owners))} comes to {value}"


def _sum(one: Cells, key: Key, bound: int, known: Mapping[str, int | None]) -> tuple[Set[str], int] | None:
    rest = one.rest(key, bound)
    if rest is None:
        return None
    hidden = one.hidden(key)
    return hidden - known.keys(), rest - sum(known[o] or 0 for o in hidden & known.keys())


def _difference(one: tuple[Set[str], int], other: tuple[Set[str], int]) -> list[tuple[Set[str], int]]:
    """What is left of the larger set where it holds the smaller."""
    return [(one[0] - other[0], one[1] - other[1])] if one[0] > other[0] else []


def _int(text: str) -> int | None:
    return int(text) if text else None
