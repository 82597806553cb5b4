"""Compare two tellings: one named level a feature, and the sum of the levels' weights, in bits."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from ._hours import parts_agree
from ._tellings import Spot, Telling, kilometres
from ._words import data

_FILE = "weights.json"
Levels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """The comparison's weights: `features[name][level]` in bits, and the sums at which pairs join or stay in doubt."""

    prior: float
    join: float
    doubt: float
    features: Mapping[str, Mapping[str, float]]
    veto: Mapping[str, tuple[str, ...]]
    limits: Mapping[str, float]

    @classmethod
    def shipped(cls) -> Weights:
        """The weights that ship beside this code."""
        return _shipped()

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Weights:
        """The weights of a file of the form of weights.json."""
        return cls(
            raw["prior"],
            raw["join"],
            raw["doubt"],
            # Weights that a case learned before a feature came to be say nothing of it.
            {
                f: {**dict.fromkeys(row, 0.0), **raw["features"].get(f, {})}
                for f, row in data(_FILE)["features"].items()
            },
            {k: tuple(v) for k, v in raw["veto"].items()},
            raw["limits"],
        )

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return {
            "prior": self.prior,
            "join": self.join,
            "doubt": self.doubt,
            "features": {f: dict(row) for f, row in self.features.items()},
            "veto": {k: list(v) for k, v in self.veto.items()},
            "limits": dict(self.limits),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing two tellings gave."""

    score: int
    """Thousandths of a bit: whole, so that a sum is the same in whatever order it is made."""
    levels: Levels


def compare(a: Telling, b: Telling, weights: Weights) -> Comparison | None:
    """The comparison of two tellings, the same whichever comes first; None where place or time keeps them apart."""
    setting = _setting(a, b, weights.limits)
    if _vetoed(setting, weights):
        return None
    found = _levels(a, b, setting, weights.limits)
    return Comparison(thousandths(weights.prior + sum(weights.features[f][v] for f, v in found)), found)


def thousandths(bits: float) -> int:
    """Bits as scores are kept."""
    return round(1000 * bits)


def clash(a: Telling, b: Telling, weights: Weights) -> bool:
    """Whether their place or time keeps two tellings apart whatever else they share."""
    return _vetoed(_setting(a, b, weights.limits), weights)


def contributions(found: Levels, weights: Weights) -> tuple[tuple[str, float], ...]:
    """('place: same', 3.0), … strongest first; levels that say nothing are left out."""
    rows = [(f"{f}: {v}", round(weights.features[f][v], 3)) for f, v in found if weights.features[f][v]]
    return tuple(sorted(rows, key=lambda r: (-abs(r[1]), r[0])))


def levels(a: Telling, b: Telling, limits: Mapping[str, float]) -> Levels:
    """The level of every feature."""
    return _levels(a, b, _setting(a, b, limits), limits)


def _vetoed(setting: Levels, weights: Weights) -> bool:
    return any(v in weights.veto.get(f, ()) for f, v in setting)


def _setting(a: Telling, b: Telling, limits: Mapping[str, float]) -> Levels:
    place, facility = _place(a, b, limits)
    time = time_level(a, b, limits)
    # What only the rest of the report says is weaker for a tie, and no ground for holding apart.
    lent = a.lent | b.lent
    if "place" in lent:
        place = "same lent" if place in ("same", "same words") else "unknown"
    if "ago" in lent:
        time = "overlap" if time in ("same day", "same week", "overlap", "published close") else "unknown"
    if "time" in lent:
        time = "same day lent" if time == "same day" else "unknown"
    if a.report == b.report:
        place = place if a.spots or b.spots else "unsaid"
        time = time if a.first is not None or b.first is not None else "unsaid"
    return ("place", place), ("facility", facility), ("time", time)


def _levels(a: Telling, b: Telling, setting: Levels, limits: Mapping[str, float]) -> Levels:
    return (
        *setting,
        ("hour", parts_agree(a.part_of_day, b.part_of_day)),
        ("act", _act(a, b)),
        ("killed", _number(a, b, a.counts.keys() & b.counts.keys() & {"killed"}, limits)),
        ("harmed", _number(a, b, (a.counts.keys() & b.counts.keys()) - {"killed"}, limits)),
        ("name", _names(a, b)),
        ("group", _group(a, b)),
        ("party", _overlap(a.parties, b.parties, "same", "different")),
        ("means", _means(a.means, b.means)),
        # One report's own words are alike whatever they tell of.
        ("text", _text(a, b) if a.report != b.report else "unknown"),
        ("site", _site(a, b) if a.report != b.report else "unknown"),
        ("report", "same report" if a.report == b.report else "two reports"),
    )


_RANK = {
    "same": 6,
    "same words": 5,
    "near": 4,
    "same district": 4,
    "inside": 3,
    "same division": 2,
    "same country": 1,
    "apart": 0,
}


def _place(a: Telling, b: Telling, limits: Mapping[str, float]) -> tuple[str, str]:
    if not a.spots or not b.spots:
        return "unknown", "unknown"
    pairs = [(_spot_level(s, t, limits), s, t) for s in a.spots for t in b.spots]
    known = [p for p in pairs if p[0] != "unknown"]
    if not known:
        return "unknown", "unknown"
    level = max((p[0] for p in known), key=_RANK.__getitem__)
    facilities = {x.facility for x in a.spots if x.facility}, {x.facility for x in b.spots if x.facility}
    if not facilities[0] or not facilities[1]:
        facility = "unknown"
    else:
        facility = "same" if facilities[0] & facilities[1] else "different"
    return level, facility


def _spot_level(s: Spot, t: Spot, limits: Mapping[str, float]) -> str:
    if s.id and s.id == t.id:
        if s.exact:
            return "same"
        return "same district" if s.small else "same division" if s.admin1 or s.lat is not None else "same country"
    if s.country != t.country and (s.words == t.words or (s.said and s.said == t.said)) and s.exact and t.exact:
        # One name that two reports leave to the gazetteer: it may have read one of them wrongly.
        return "same words"
    if s.exact and t.exact:
        km = kilometres(s, t)
        if km is not None and km <= limits["same_km"]:
            return "same"
        return "near" if km is not None and km <= limits["near_km"] else "apart"
    if s.words and s.words == t.words and not (s.country and t.country and s.country != t.country):
        return "same words" if not (s.lat is not None and t.lat is not None) else "same division"
    if s.country and t.country:
        if s.country != t.country:
            return "apart"
        one, two = s.admin1 or _own_division(s), t.admin1 or _own_division(t)
        if one and two:
            return ("inside" if s.exact or t.exact else "same division") if one == two else "apart"
        return "same country"
    return "unknown"


def _own_division(s: Spot) -> str:
    """An area that is itself a first-order division: its own name ('iso:IQ-AN')."""
    return s.words if s.id.startswith("iso:") and "-" in s.id else ""


def time_level(a: Telling, b: Telling, limits: Mapping[str, float]) -> str:
    """How two tellings agree in time; a telling without a day is bounded by when it was published."""
    if a.first is not None and a.last is not None and b.first is not None and b.last is not None:
        gap = max(a.first, b.first) - min(a.last, b.last)
        widest = max(a.last - a.first, b.last - b.first)
        if gap <= 0:
            return "same day" if widest == 0 else "same week" if widest <= 7 else "overlap"
        # Reports of one night in two time zones, or 'on Monday' of a Sunday night, differ by a day.
        if gap == 1:
            return "next day"
        return "days apart" if gap <= limits["days_apart"] else "apart"
    for dated, other in ((a, b), (b, a)):
        if dated.first is not None and other.first is None and other.published is not None:
            if other.published < dated.first - 1:
                return "told before it"
            return _by_publication(other.published - (dated.last or dated.first), limits)
    if a.published is not None and b.published is not None:
        return _by_publication(abs(a.published - b.published), limits)
    return "unknown"


def _by_publication(days: int, limits: Mapping[str, float]) -> str:
    if days <= limits["published_close_days"]:
        return "published close"
    return "published far" if days > limits["published_far_days"] else "unknown"


def _act(a: Telling, b: Telling) -> str:
    if a.acts & b.acts:
        return "same"
    if a.families & b.families:
        return "related"
    # An attack on a hospital is told as a bombardment or as its deaths, and the other way round.
    physical = {"lethal", "facility", "displacement"}
    return "related" if a.families & physical and b.families & physical else "different"


def _number(a: Telling, b: Telling, harms: Set[str], limits: Mapping[str, float]) -> str:
    if not harms:
        return "unknown"
    shared = sorted(harms)
    (low, high), (low2, high2) = a.counts[shared[0]], b.counts[shared[0]]
    least, other = low or 0, low2 or 0
    if (shared[0] in a.singles) != (shared[0] in b.singles) and max(least, other) > 1:
        return "part"
    if least == other and (high == high2 or high is None or high2 is None):
        if high is None and high2 is None and least <= 2:
            return "overlap"
        return "same large" if least >= limits["large_number"] else "same" if least > 1 else "same one"
    bottom = max(least, other)
    top = min(high if high is not None else _open_end(least), high2 if high2 is not None else _open_end(other))
    if bottom <= top:
        return "overlap"
    smaller, larger = sorted((max(1, least), max(1, other)))
    return "close" if larger <= smaller * 1.5 + 1 else "apart" if larger <= 2 * smaller + 2 else "far"


def _open_end(low: int) -> int:
    """How far an open end is taken to reach, for comparing only: 'men' anywhere, 'more than 25' not to 500."""
    return 3 * low + 10 if low > 2 else 1 << 30


def _group(a: Telling, b: Telling) -> str:
    if not a.groups or not b.groups:
        return "unknown"
    for one, two in (("children", "adults"), ("civilians", "combatants")):
        if ({one} == a.groups & {one, two} and {two} == b.groups & {one, two}) or (
            {two} == a.groups & {one, two} and {one} == b.groups & {one, two}
        ):
            return "different"
    return "same" if a.groups & b.groups else "unknown"


def _overlap(a: frozenset[str], b: frozenset[str], yes: str, no: str) -> str:
    if not a or not b:
        return "unknown"
    return yes if a & b else no


def _names(a: Telling, b: Telling) -> str:
    if not a.names or not b.names:
        return "unknown"
    # 'Bahati' is Emmanuel Bahati.
    shared = bool(a.names & b.names) or any(
        set(m.split()) <= set(n.split()) or set(n.split()) <= set(m.split()) for m in a.names for n in b.names
    )
    if "name" in a.lent | b.lent:
        return "shared lent" if shared else "unknown"
    return "shared" if shared else "none shared"


def _means(a: frozenset[str], b: frozenset[str]) -> str:
    level = _overlap(a, b, "same", "different")
    if level == "different" and any(a & kin and b & kin for kin in _kin()):
        return "kin"
    return level


@functools.cache
def _kin() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(k) for k in data("words.json")["means_kin"])


def _site(a: Telling, b: Telling) -> str:
    """Words for what stands there: two in common ('ferry landing') are rarely met in two occurrences of one week."""
    shared = len(a.sites & b.sites)
    if not a.sites or not b.sites:
        return "unknown"
    return "two shared" if shared > 1 else "shared" if shared else "none shared"


def _text(a: Telling, b: Telling) -> str:
    smaller = min(len(a.shingles), len(b.shingles))
    if smaller >= 8 and len(a.shingles & b.shingles) / smaller >= 0.8:
        return "copied"
    if len(a.words) < 3 or len(b.words) < 3:
        return "unknown"
    shared = len(a.words & b.words)
    likeness = shared / (len(a.words) * len(b.words)) ** 0.5
    if shared >= 4 and likeness >= 0.45:
        return "close"
    return "some" if likeness >= 0.22 else "little"


@functools.cache
def _shipped() -> Weights:
    return Weights.from_json(data(_FILE))
