"""Which other incidents have something to do with one: its place, its days or its perpetrator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..overview import Headline, headlines
from ..store import Session
from ..text import fold
from ._axis import span_of
from ._mapping import key_of
from ._titles import title
from ._words import Words

REASONS = ("place", "days", "party")
_NEAR = 30
_OF_DAYS = 60
_MONTH = 31
"""Days over which a date is too vague for 'of the same days' to say much."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Related:
    """Another incident, and what of `REASONS` it shares with this one."""

    headline: Headline
    title: Mapping[str, str]
    shares: tuple[str, ...]


def candidates(s: Session, headline: Headline) -> list[Headline]:
    """Incidents that may share something with this one; of a place or a perpetrator with many, those near in time."""
    span, days = _bounds(headline), _days(headline)
    around = ((days[0] - _WEEK).isoformat(), (days[1] + _WEEK).isoformat()) if days else ("", "")
    asked: list[tuple[str, str, tuple[str, str], int]] = []
    for place in dict.fromkeys(p.name or p.text for p in headline.places):
        # Of a place with many incidents, those of its days first.
        asked += [("place", place, span, _NEAR)] * bool(days) + [("place", place, ("", ""), _NEAR)]
    if days:
        # By the months in which they began, so that what may have been at any time of a year comes last.
        asked += [("period", month, span, _OF_DAYS) for month in dict.fromkeys(d[:7] for d in span)]
        asked.append(("", "", (span[0], span[0]), _NEAR))
    for party in headline.parties:
        asked += [("party", party, around, _NEAR)] * bool(days) + [("party", party, ("", ""), _NEAR)]
    found: dict[str, Headline] = {}
    for kind, value, during, most in asked:
        if narrowed := s.marks.narrowed("incident", [(kind, value)]):
            found.update((h.id, h) for h in headlines(s, narrowed, most, span=during))
    found.pop(headline.id, None)
    return list(found.values())


def related(headline: Headline, candidates: Sequence[Headline], words: Words) -> list[Related]:
    """Those of the candidates that share a place, days or a perpetrator with this one: what shares most first, then
    what is nearest in time."""
    found = []
    for other in candidates:
        shares = tuple(reason for reason in REASONS if _shares(headline, other, reason))
        if other.id != headline.id and shares:
            found.append(Related(other, title(other, words), shares))
    return sorted(found, key=lambda r: (-len(r.shares), _apart(headline, r.headline), r.headline.id))


def _shares(a: Headline, b: Headline, reason: str) -> bool:
    if reason == "party":
        return bool({fold(p) for p in a.parties} & {fold(p) for p in b.parties})
    if reason == "place":
        here, there = ({key_of(p) for p in h.places if p.precision != "country"} for h in (a, b))
        return bool(here & there)
    mine, theirs = _days(a), _days(b)
    if not mine or not theirs or any((d[1] - d[0]).days > _MONTH for d in (mine, theirs)):
        return False
    return mine[0] <= theirs[1] and theirs[0] <= mine[1]


def _days(headline: Headline) -> tuple[date, date] | None:
    return span_of(headline.earliest, headline.latest)


def _bounds(headline: Headline) -> tuple[str, str]:
    return headline.earliest or headline.latest or "", headline.latest or headline.earliest or ""


def _apart(a: Headline, b: Headline) -> int:
    mine, theirs = _days(a), _days(b)
    return max(0, (mine[0] - theirs[1]).days, (theirs[0] - mine[1]).days) if mine and theirs else 1 << 20
