"""The gazetteer: names in, places out."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from marsad.model import Place

from ._cache import built, extra_path, index_path
from ._index import Entry, Index, Match, km_between

_PRECISION = {
    "C": "country",
    "1": "first_order_division",
    "2": "second_order_division",
    "P": "populated_place",
    "X": "populated_place",
    "S": "point",
}


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


_NOWHERE = Mention(0, 0, "")


class Gazetteer:
    """Places by name, offline. Open one and share it: it is read-only and safe between threads."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        self._indexes = tuple(indexes)

    @classmethod
    def default(cls) -> Gazetteer:
        """The gazetteer of GeoNames' cities and the divisions of ISO 3166-2; built on the first start (about 20 s)."""
        return cls([_open(index_path())])

    @classmethod
    def at_hand(cls) -> Gazetteer | None:
        """The default gazetteer where it was built before; None rather than to wait for it."""
        path = built()
        return _at_hand(path) if path else None

    def with_extra(self, path: str | Path) -> Gazetteer:
        """This gazetteer and a user's own places: a GeoNames dump (`.txt`, or its `.zip`), a CSV or TSV with a header
        (as OCHA's COD gazetteers), or GeoJSON points, in UTF-8. Country and divisions are the nearest known place's.

        Raises GazetteerRefused, naming the file and the row, where it cannot be read.
        """
        return Gazetteer([*self._indexes, _open(extra_path(Path(path), self._within))])

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

    def find(self, text: str, *, peoples: bool = False) -> list[Mention]:
        """Place names in raw text, in order, not overlapping: for those who have no tagger of names.

        English (capitalised names) and Arabic. Meant to be precise rather than complete: names that are also common
        words or people's names count only where the words beside them, or its other mentions in this text, speak for a
        place. An adjective or a people ('Syrian', 'Syrians') is no place and is left out, save where `peoples` asks for
        it: it resolves to its country.
        """
        from ._finder import Finder

        return Finder(self, text, peoples).run()

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

    def search(self, name: str, most: int = 10) -> list[Place]:
        """Places that a user may mean by a name as typed so far: of this name first, then beginning so, then alike in
        another romanisation; the most populous first. Offsets are 0."""
        exact = sorted(self.named(name), key=lambda m: (-(m.quality >= 1), -m.entry.population))
        more = [m for index in self._indexes for m in index.beginning(name, most)]
        entries = {m.entry.id: m.entry for m in [*exact, *more]}
        return [self.place(entry, _NOWHERE) for entry in list(entries.values())[:most]]

    def nearest(self, lat: float, lon: float, most: int = 1, within_km: float = 100.0) -> list[tuple[Place, float]]:
        """The nearest populated places to a point, with their distance in kilometres."""
        found: list[tuple[float, Entry]] = []
        for reach in (within_km / 10, within_km):
            around = [e for index in self._indexes for e in index.around(lat, lon, reach)]
            found = sorted(((km_between((lat, lon), (e.lat or 0.0, e.lon or 0.0)), e) for e in around), key=_distance)
            found = [f for f in found if f[0] <= reach]
            if len(found) >= most:
                break
        return [(self.place(entry, _NOWHERE), km) for km, entry in found[:most]]

    def divisions(self, country: str) -> list[Place]:
        """First-order divisions of a country (ISO 3166-1 alpha-2), by name."""
        entries = sorted(self._indexes[0].divisions(country.upper()), key=lambda e: e.name)
        return [self.place(entry, _NOWHERE) for entry in entries]

    def coarsen(self, place: Place, precision: str) -> Place:
        """The 'first_order_division' or 'country' that holds a place, for publication.

        The words, their offsets and the facility are left out, since they would tell what was coarsened. A place that
        cannot be placed so finely becomes its country, or nowhere; never anything finer than asked for.
        """
        if precision not in ("first_order_division", "country"):
            raise ValueError(f"{precision!r}: coarsen to 'first_order_division' or 'country'")
        entry = self.by_id(place.id) if place.id else None
        country = entry.country if entry else place.country
        first = self._entry(entry.admin1) if entry else None
        if precision == "first_order_division" and first is not None:
            return self.place(first, _NOWHERE)
        held = self.by_id(f"iso:{country}") if country else None
        return self.place(held, _NOWHERE) if held else Place(0, 0, "")

    def by_id(self, place_id: str) -> Entry | None:
        """The entry with this id ('geonames:163808', 'iso:IQ-AN', 'iso:SY'), or None."""
        for index in self._indexes:
            if entry := index.by_id(place_id):
                return entry
        return None

    def place(self, entry: Entry, mention: Mention, whole: bool = True) -> Place:
        """The entry as the `Place` of a mention; part of a town, or somewhere near it, is no more than its district."""
        precision = _PRECISION[entry.kind]
        if not whole and entry.kind in "PXS":
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

    def in_arabic(self, place: Place) -> tuple[str | None, str | None]:
        """The place's name in Arabic and that of the division that holds it, each None where it has none; of a `Place`
        whose name is not the entry's own, nothing is known."""
        for index in self._indexes:
            entry = index.by_id(place.id) if place.id else None
            if entry is None and place.id is None and place.name and place.lat is not None and place.lon is not None:
                entry = index.at(place.lat, place.lon, place.name)
            if entry is not None and entry.name == place.name:
                held = self._indexes[0].arabic(entry.admin1) if entry.admin1 is not None else None
                return index.arabic(entry.n), held
        return None, None

    def sizes(self) -> dict[str, int]:
        """How many places each country has in the default index: the more, the less its name tells."""
        return self._indexes[0].sizes()

    def capitals(self) -> frozenset[int]:
        """Numbers of the entries that are capitals of countries."""
        return self._indexes[0].capitals()

    def _within(self, lat: float, lon: float) -> tuple[str, int | None, int | None]:
        around = self._indexes[0].around(lat, lon, 25.0) or self._indexes[0].around(lat, lon, 150.0)
        if not around:
            return "", None, None
        nearest = min(around, key=lambda e: km_between((lat, lon), (e.lat or 0.0, e.lon or 0.0)))
        return nearest.country, nearest.admin1, nearest.admin2

    def _entry(self, n: int | None) -> Entry | None:
        return self._indexes[0].entry(n)


def _distance(found: tuple[float, Entry]) -> float:
    return found[0]


@functools.lru_cache(maxsize=4)
def _open(path: Path) -> Index:
    return Index(path)


@functools.lru_cache(maxsize=4)
def _at_hand(path: Path) -> Gazetteer:
    return Gazetteer([_open(path)])
