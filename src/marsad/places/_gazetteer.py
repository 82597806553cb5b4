"""The gazetteer: names in, places out."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from marsad.model import Place

from ._cache import index_path
from ._index import Entry, Index, Match

_PRECISION = {
    "C": "country",
    "1": "first_order_division",
    "2": "second_order_division",
    "P": "populated_place",
    "X": "populated_place",
}
_CODES = ("point", "populated_place", "second_order_division", "first_order_division", "country", "unknown")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place name in a report: code-point offsets [start, end) and the text between them."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Hint:
    """Where a report is likely to be about: a country ('SY'), and a place in it where one is known."""

    country: str
    lat: float | None = None
    lon: float | None = None
    weight: float = 1.0
    admin1: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A place and how it was chosen: its probability among the readings of its name, and how many there were."""

    place: Place
    probability: float
    readings: int


class Gazetteer:
    """Places by name, offline. Open one and share it: it is read-only and safe between threads."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        self._indexes = tuple(indexes)

    @classmethod
    def default(cls) -> Gazetteer:
        """The gazetteer of GeoNames' cities and the divisions of ISO 3166-2; built on the first start (about 20 s)."""
        return cls([_open(index_path())])

    def resolve(
        self, mentions: Sequence[Mention], text: str = "", *, hints: Sequence[Hint | Place | str] = ()
    ) -> list[Place]:
        """One `Place` for each mention, in the same order; what cannot be resolved keeps its words and nothing else.

        Give the report's `text` so that the words around a mention count ('Idlib province', 'Ramadi, Anbar', 'east of
        Mosul') and with them the peoples and countries it names. `hints` are countries ('SY'), places or `Hint`s that
        reports of this publisher or case are mostly about. Mentions of one report must be resolved in one call: they
        decide one another.
        """
        return [r.place for r in self.readings(mentions, text, hints=hints)]

    def readings(
        self, mentions: Sequence[Mention], text: str = "", *, hints: Sequence[Hint | Place | str] = ()
    ) -> list[Reading]:
        """`resolve`, with the probability of each choice."""
        from ._resolve import Resolver

        return Resolver(self, mentions, text, hints).run()

    def focus(self, places: Iterable[Place], most: int = 3) -> tuple[Hint, ...]:
        """What a set of resolved places is mostly about, as hints for other reports of the same publisher or case.

        The commonest first-order divisions, each with the middle of its places, weighted by its share.
        """
        found: dict[tuple[str, int | None], list[tuple[float, float]]] = {}
        for place in places:
            entry = self.by_id(place.id) if place.id else None
            if entry and entry.lat is not None and entry.lon is not None and entry.kind not in "C":
                found.setdefault((entry.country, entry.admin1), []).append((entry.lat, entry.lon))
        total = sum(map(len, found.values()))
        ranked = sorted(found.items(), key=lambda item: -len(item[1]))[:most]
        return tuple(
            Hint(
                country,
                sorted(p[0] for p in points)[len(points) // 2],
                sorted(p[1] for p in points)[len(points) // 2],
                len(points) / total,
                first,
            )
            for (country, first), points in ranked
        )

    def find(self, text: str) -> list[Mention]:
        """Place names in raw text, in order, not overlapping: for those who have no tagger of names.

        English (capitalised names) and Arabic. Meant to be precise rather than complete: names that are also common
        words or people's names count only where the words beside them speak for a place.
        """
        from ._finder import Finder

        return Finder(self, text).run()

    def exactly(self, name: str) -> list[Match]:
        """Every entry of exactly this name, up to case, marks and signs."""
        return [m for index in self._indexes for m in index.named(name)]

    def resembling(self, name: str, least: float = 78.0) -> list[Match]:
        """Every entry whose name is this one in another romanisation; `least` is the likeness of spelling, 0 to 100."""
        return [m for index in self._indexes for m in index.resembling(name, least)]

    def named(self, name: str) -> list[Match]:
        """Every entry of this name in all indexes; by romanisation too where none has it as its own name or alias."""
        found = [m for index in self._indexes for m in index.named(name)]
        if not any(m.quality >= 2 for m in found):
            seen = {m.entry.n for m in found}
            found += [m for index in self._indexes for m in index.resembling(name) if m.entry.n not in seen]
        return found

    def by_id(self, place_id: str) -> Entry | None:
        """The entry with this id ('geonames:163808', 'iso:IQ-AN', 'iso:SY'), or None."""
        for index in self._indexes:
            if entry := index.by_id(place_id):
                return entry
        return None

    def place(self, entry: Entry, mention: Mention, whole: bool = True) -> Place:
        """The entry as the `Place` of a mention; part of a town, or somewhere near it, is no more than its district."""
        precision = _PRECISION[entry.kind]
        if not whole and entry.kind in "PX":
            precision = "second_order_division"
        first = self._entry(entry.admin1)
        return Place(
            mention.start,
            mention.end,
            mention.text,
            entry.name,
            entry.country or None,
            entry.lat,
            entry.lon,
            precision,
            entry.id,
            entry.name if entry.kind == "1" else first.name if first else None,
        )

    def _entry(self, n: int | None) -> Entry | None:
        return self._indexes[0].entry(n)


@functools.lru_cache(maxsize=4)
def _open(path: Path) -> Index:
    return Index(path)
