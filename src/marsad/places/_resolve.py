"""Resolves the place names of one report together: readings, the words beside them, context, choice."""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from marsad.model import Place

from ._index import Entry, Match, km_between
from ._keys import key
from ._rank import WEIGHTS, Group, name_fits, own_score, rank
from ._words import CONTEXT, IN_GAP, OF_GAP, REGIONS, Cues, around, outer_names

if TYPE_CHECKING:
    from ._gazetteer import Gazetteer, Hint, Mention, Reading

_CAPITALISED = re.compile(r"\b[A-Z][\w-]+(?:\s[A-Z][\w-]+)?")
_LONGEST_GAP = 60
_SUBURB_KM = 40.0
_SEAT_KM = 100.0
_SEAT_DEGREES = _SEAT_KM / 111.0
"""Of latitude: no less than so many kilometres."""


class Resolver:
    """One report's resolution; `run` gives a reading for each mention."""

    def __init__(
        self, gazetteer: Gazetteer, mentions: Sequence[Mention], text: str, hints: Sequence[Hint | Place | str]
    ) -> None:
        self._gazetteer = gazetteer
        self._mentions = mentions
        self._text = text
        self._cues = [around(text, m.start, m.end, m.text) for m in mentions]
        self._groups: dict[tuple[str, str | None, str | None], Group] = {}
        self._of: list[Group | None] = []
        self._hints = hints
        self._cased = any(map(str.isupper, text))

    def run(self) -> list[Reading]:
        for i, cues in enumerate(self._cues):
            self._of.append(self._group(i, cues))
        self._containment()
        self._spread()
        context = self._context()
        rank([*self._groups.values(), *context], self._gazetteer.sizes())
        return [self._reading(i) for i in range(len(self._mentions))]

    def _group(self, i: int, cues: Cues) -> Group | None:
        name = key(cues.names[0]) if cues.names else ""
        identity = (name, cues.level, cues.state or cues.fixed)
        group = self._groups.get(identity)
        if group is None:
            matches = self._matches(cues)
            if not matches:
                return None
            capitals = self._gazetteer.capitals()
            own = [own_score(m, cues.level, m.entry.n in capitals) for m in matches]
            if cues.level is None:
                own = _towns_first(matches, own, directed=not cues.whole and cues.directed is not None)
            if cues.state:
                holder = self._gazetteer.by_id(cues.state)
                own = [
                    s + WEIGHTS["inside_named"] * (holder is not None and inside(m.entry, holder))
                    for m, s in zip(matches, own)
                ]
            most = WEIGHTS["most_candidates"]
            order = sorted(range(len(matches)), key=lambda k: -own[k])[:most]
            group = Group([matches[k] for k in order], [own[k] for k in order])
            self._groups[identity] = group
        return group

    def _matches(self, cues: Cues) -> list[Match]:
        if cues.fixed and (entry := self._gazetteer.by_id(cues.fixed)):
            return [Match(entry, 3)]
        if cues.people and (entry := self._gazetteer.by_id(f"iso:{cues.people}")):
            return [Match(entry, 3)]
        if not cues.names or key(cues.names[0]) in REGIONS or (self._cased and not _proper(cues.names[0])):
            return []
        found: dict[int, Match] = {}
        if cues.directed:
            found.update({m.entry.n: m for m in self._gazetteer.exactly(cues.directed) if m.entry.kind in "12"})
        for k, name in enumerate(cues.names):
            if k and found and cues.level is None:
                break
            for match in self._gazetteer.named(name):
                found.setdefault(match.entry.n, match)
        if not found and cues.holder:
            found = {m.entry.n: m for m in self._gazetteer.named(cues.holder)}
        return list(found.values())

    def _only_holder(self, cues: Cues) -> bool:
        return not any(self._gazetteer.named(name) for name in cues.names)

    def _containment(self) -> None:
        """Where the words between two mentions say that one lies in the other, readings that do so gain."""
        if not self._text:
            return
        order = sorted(range(len(self._mentions)), key=lambda i: self._mentions[i].start)
        starts = sorted(m.start for m in self._mentions)
        for mention, group in zip(self._mentions, self._of, strict=True):
            end = mention.end if "," not in mention.text else mention.start + mention.text.index(",")
            at, names = outer_names(self._text, end)
            after = bisect.bisect_left(starts, end)
            if names and (after == len(starts) or starts[after] > at):
                self._contained(group, self._outer(names))
        for i, j in pairwise(order):
            first, second = self._mentions[i], self._mentions[j]
            if not 0 <= second.start - first.end <= _LONGEST_GAP:
                continue
            gap = self._text[first.end : second.start]
            inner, outer = (i, j) if IN_GAP.match(gap) else (j, i) if OF_GAP.match(gap) else (-1, -1)
            if inner >= 0:
                self._contained(self._of[inner], self._of[outer])

    def _outer(self, names: Sequence[str]) -> Group | None:
        """The country or division that is named right after a mention, where the caller has no mention of it."""
        for name in names:
            matches = [m for m in self._gazetteer.exactly(name) if m.entry.kind in "C1" and m.quality >= 2]
            if matches:
                return Group(matches, [0.0] * len(matches))
        return None

    @staticmethod
    def _contained(inner: Group | None, outer: Group | None) -> None:
        if inner is None or outer is None or inner is outer:
            return
        gains_in, gains_out = [0.0] * len(inner.matches), [0.0] * len(outer.matches)
        for b, holder in enumerate(outer.matches):
            for a, held in enumerate(inner.matches):
                if inside(held.entry, holder.entry):
                    gain = WEIGHTS["inside_named"] * (1.0 if holder.entry.kind in "C12" else 0.5)
                    gains_in[a] = max(gains_in[a], gain)
                    gains_out[b] = max(gains_out[b], gain)
        for group, gains in ((inner, gains_in), (outer, gains_out)):
            group.own = [s + g for s, g in zip(group.own, gains)]

    def _spread(self) -> None:
        """A name that is placed once in a report is meant so elsewhere in it."""
        by_name: dict[str, list[Group]] = {}
        for (name, _, _), group in self._groups.items():
            by_name.setdefault(name, []).append(group)
        for (name, _, state), group in self._groups.items():
            if state is not None:
                continue
            for other in by_name[name]:
                if other is group:
                    continue
                best = {m.entry.n: s for m, s in zip(other.matches, other.own)}
                top = max(best.values())
                for k, match in enumerate(group.matches):
                    if best.get(match.entry.n) == top:
                        group.own[k] += WEIGHTS["inside_named"] / 2

    def _context(self) -> list[Group]:
        """Groups that only speak for others: peoples and countries in the text, and the caller's hints."""
        groups = []
        counts: dict[str, int] = {}
        mentioned = {m.start for m in self._mentions}
        for hit in _CAPITALISED.finditer(self._text):
            for word in {hit[0], hit[0].split()[0]}:
                if code := CONTEXT.get(key(word)) or (None if hit.start() in mentioned else self._country(word)):
                    counts[code] = counts.get(code, 0) + 1
        for code, count in counts.items():
            if entry := self._gazetteer.by_id(f"iso:{code}"):
                groups.append(Group([Match(entry, 3)], [0.0], WEIGHTS["people_context"] * min(3, count)))
        return groups + [found for hint in self._hints if (found := self._hint(hint))]

    def _country(self, word: str) -> str | None:
        countries = (m.entry.country for m in self._gazetteer.exactly(word) if m.entry.kind == "C" and m.quality >= 2)
        return next(countries, None)

    def _hint(self, hint: Hint | Place | str) -> Group | None:
        if isinstance(hint, str):
            entry = self._gazetteer.by_id(hint if ":" in hint else f"iso:{hint.upper()}")
            return Group([Match(entry, 3)], [0.0], WEIGHTS["hint"]) if entry else None
        if isinstance(hint, Place):
            entry = self._gazetteer.by_id(hint.id) if hint.id else None
            return Group([Match(entry, 3)], [0.0], WEIGHTS["hint"]) if entry else None
        if hint.lat is None or hint.lon is None:
            entry = self._gazetteer.by_id(f"iso:{hint.country}")
            return Group([Match(entry, 3)], [0.0], hint.weight * WEIGHTS["hint"]) if entry else None
        entry = Entry(-1, "", "", "P", hint.country, hint.admin1, None, hint.lat, hint.lon, 0)
        return Group([Match(entry, 3)], [0.0], hint.weight * WEIGHTS["hint"])

    def _reading(self, i: int) -> Reading:
        from ._gazetteer import Reading

        mention, cues, group = self._mentions[i], self._cues[i], self._of[i]
        from_holder = group is not None and group.chosen >= 0 and cues.holder is not None and self._only_holder(cues)
        if group is None or group.chosen < 0 or group.probability < WEIGHTS["least_probability"]:
            return Reading(Place(mention.start, mention.end, mention.text), 0.0, len(group.matches) if group else 0)
        entry = group.matches[group.chosen].entry
        place = self._gazetteer.place(entry, mention, whole=cues.whole and not from_holder)
        return Reading(place, group.probability, len(group.matches))


def _proper(name: str) -> bool:
    """Whether a name is written as one: with a capital, or in a script that has none; 'the camp' is no name."""
    return any(c.isupper() for c in name) or any(c.isalpha() and c.lower() == c.upper() for c in name)


def _towns_first(matches: Sequence[Match], own: Sequence[float], directed: bool) -> list[float]:
    """Without a word for the division, a name that a town shares with the division around it is the town's; after a
    direction ('northern Idlib') it is the division's."""
    margin = WEIGHTS["town_first"]
    divisions = [k for k, m in enumerate(matches) if m.entry.kind in "12"]
    if not divisions:
        return list(own)
    scores, seats = list(own), _Seats(matches, own)
    for k in divisions:
        best = seats.best(matches[k].entry)
        if best is not None:
            scores[k] = max(scores[k], best + margin) if directed else min(scores[k], best - margin)
    return scores


class _Seats:
    """The towns among the readings of a name, by division and from south to north: a name may have hundreds of each."""

    def __init__(self, matches: Sequence[Match], own: Sequence[float]) -> None:
        self._in: dict[tuple[str, int | None], float] = {}
        self._by_lat: dict[str, list[tuple[float, float, Entry]]] = defaultdict(list)
        for match, score in zip(matches, own, strict=True):
            town = match.entry
            if town.kind != "P" or name_fits(match) <= WEIGHTS["alternative"]:
                continue
            held = town.country, town.admin1
            self._in[held] = max(score, self._in.get(held, score))
            if town.lat is not None:
                self._by_lat[town.country].append((town.lat, score, town))
        for towns in self._by_lat.values():
            towns.sort(key=_latitude)

    def best(self, division: Entry) -> float | None:
        """The highest score of a town that the division is named after: in it, or cut out of it."""
        found = [self._in[held]] if (held := (division.country, division.admin1)) in self._in else []
        if division.lat is not None:
            towns = self._by_lat.get(division.country, [])
            first = bisect.bisect_left(towns, division.lat - _SEAT_DEGREES, key=_latitude)
            last = bisect.bisect_right(towns, division.lat + _SEAT_DEGREES, key=_latitude)
            there = division.lat, division.lon or 0.0
            found += [s for lat, s, t in towns[first:last] if km_between((lat, t.lon or 0.0), there) <= _SEAT_KM]
        return max(found, default=None)


def _latitude(town: tuple[float, float, Entry]) -> float:
    return town[0]


def inside(held: Entry, holder: Entry) -> bool:
    """Whether the first entry lies in the second: by its divisions, or as a part of a town by nearness."""
    if held.n == holder.n or held.country != holder.country:
        return False
    if holder.kind == "C":
        return held.kind != "C"
    if holder.kind == "1":
        return held.kind != "1" and held.admin1 == holder.n
    if holder.kind == "2":
        return held.kind in "PXS" and held.admin2 == holder.n
    if held.kind not in "PXS" or holder.population <= held.population or None in (held.lat, holder.lat):
        return False
    return km_between((held.lat or 0, held.lon or 0), (holder.lat or 0, holder.lon or 0)) <= _SUBURB_KM
