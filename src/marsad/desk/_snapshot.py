"""The case as it stands at one revision: incidents and the review, read once and kept until something changes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from textwrap import shorten
from typing import TYPE_CHECKING

from ..incidents import Figure, headcount
from ..model import Claim, Incident, Place, Report, codes
from ..review import Review
from ..store import Session

if TYPE_CHECKING:
    from ..pipeline import Case


_BEGINNING = 120


@dataclass(frozen=True, slots=True)
class Headline:
    """What a list says of one incident. `killed` and `harmed` are read over all claims that do not deny, not counted
    under a policy: the ledger does that."""

    incident: Incident
    acts: tuple[str, ...]
    places: tuple[Place, ...]
    parties: tuple[str, ...]
    status: str
    children: bool
    denied: bool
    judged: int
    tolls: tuple[tuple[str, int | None, int | None], ...]
    """(harm, least, most) over the claims."""
    reports: int
    words: str
    """The beginning of the sentence that tells of it first."""

    @property
    def place(self) -> Place | None:
        """The most exact of its places; one that is not located only where no other is."""
        return min(self.places, key=_vagueness, default=None)


class Snapshot:
    """Everything that lists, map, timeline and queue need, without the texts of reports."""

    def __init__(self, review: Review, incidents: tuple[Incident, ...], reports: Mapping[str, Report]) -> None:
        self.review = review
        self.incidents = incidents
        self.reports = reports
        """With no more than the beginning of their texts."""
        self.standing = frozenset(j.seq for j in review.standing)
        self.of_claim = {c: i.id for i in incidents for c in i.claims}

    @cached_property
    def headlines(self) -> dict[str, Headline]:
        """Incident id → its headline, in the order of the incidents."""
        return {i.id: self._headline(i) for i in self.incidents}

    def claims(self, incident: Incident) -> dict[str, Claim]:
        """The incident's claims as corrected, by id."""
        found = ((c, self.review.claim(c)) for c in incident.claims)
        return {c: r.claim for c, r in found if r is not None}

    def _headline(self, incident: Incident) -> Headline:
        claims = list(self.claims(incident).values())
        told = [c for c in claims if c.certainty != "denied"] or claims
        places = {p.id or p.text: p for c in told for p in c.places}
        verdicts = [self.review.claim(c.id) for c in claims]
        return Headline(
            incident=incident,
            acts=tuple(dict.fromkeys(c.act for c in told)),
            places=tuple(places.values()),
            parties=tuple(dict.fromkeys(a.name or a.text for c in told for a in c.perpetrators)),
            status=self.review.status(incident),
            children=any(a.children for c in told for a in c.victims),
            denied=len(told) < len(claims) or any(c.denied_by for c in claims),
            judged=sum(v is not None and v.verdict is not None for v in verdicts),
            tolls=_tolls([f for c in told for f in headcount(c) if f.group == "total" and not f.cumulative]),
            reports=len({c.report for c in claims}),
            words=shorten(told[0].sentence.text if told else "", 110, placeholder=" …"),
        )


class Snapshots:
    """The newest snapshot, made again when the case's revision has moved."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._lock = threading.Lock()
        self._kept: tuple[int, Snapshot] | None = None

    def now(self, s: Session) -> Snapshot:
        """The snapshot of this transaction's revision."""
        with self._lock:
            if self._kept is None or self._kept[0] != s.revision:
                reports = {r.id: replace(r, text=r.text[:_BEGINNING]) for r in s.reports.all()}
                self._kept = (s.revision, Snapshot(self._case.review(s), tuple(s.incidents.all()), reports))
            return self._kept[1]


def _vagueness(place: Place) -> tuple[bool, int]:
    unknown = place.id is None and place.lat is None
    return unknown, codes.PRECISIONS.index(place.precision) if place.precision in codes.PRECISIONS else 99


def _tolls(figures: list[Figure]) -> tuple[tuple[str, int | None, int | None], ...]:
    found: dict[str, tuple[int | None, int | None]] = {}
    for figure in figures:
        if figure.min is None and figure.max is None:
            continue
        if figure.harm not in found:
            found[figure.harm] = (figure.min, figure.max)
            continue
        least, most = found[figure.harm]
        said = [n for n in (least, most, figure.min, figure.max) if n is not None]
        lows = [n for n in (least, figure.min) if n is not None]
        # An open end closes only where somebody else names a higher figure.
        open_end = None in (most, figure.max) and max(said) == max(lows, default=0)
        found[figure.harm] = (min(lows, default=None), None if open_end else max(said))
    return tuple((harm, least, most) for harm, (least, most) in found.items())
