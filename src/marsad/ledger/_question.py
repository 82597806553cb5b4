"""What to count: which incidents a question asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad.incidents import grades
from marsad.model import Claim, Incident, Report
from marsad.text import fold


@dataclass(frozen=True, slots=True)
class Question:
    """Which incidents and figures are asked for; None asks for all. Words are compared folded."""

    place: str | None = None
    """A place's name or id, a first-order division, or a country code, of any claim of the incident."""
    party: str | None = None
    """Name or id of a perpetrator."""
    earliest: str | None = None
    """ISO date: incidents that may have happened on it or later."""
    latest: str | None = None
    """ISO date: incidents that may have happened on it or earlier."""
    act: str | None = None
    harm: str | None = None
    group: str | None = None
    grade: str | None = None
    """An Airwars grade ('fair') or an Iraq Body Count one ('two_origins')."""
    status: str | None = None
    """A verification status that people set."""
    incidents: tuple[str, ...] = ()
    """Ids; empty asks for all."""

    def asks_for(
        self,
        incident: Incident,
        claims: Sequence[Claim],
        reports: Mapping[str, Report],
        statuses: Mapping[str, str],
    ) -> bool:
        """Whether the incident, with its standing claims, is asked for. An undated one is in no period."""
        if self.incidents and incident.id not in self.incidents:
            return False
        if self.act and all(c.act != self.act for c in claims):
            return False
        if self.status and statuses.get(incident.id) != self.status:
            return False
        if (self.earliest and (incident.latest or "") < self.earliest) or (
            self.latest and (incident.earliest or "9999") > self.latest
        ):
            return False
        if self.place and not _any(self.place, _places(claims)):
            return False
        if self.party and not _any(self.party, _parties(claims)):
            return False
        if self.grade:
            found = grades(incident, claims, reports)
            return self.grade in (found.airwars.code, found.ibc.code)
        return True


def _any(wanted: str, names: set[str]) -> bool:
    return fold(wanted) in {fold(n) for n in names}


def _places(claims: Sequence[Claim]) -> set[str]:
    return {n for c in claims for p in c.places for n in (p.name, p.text, p.id, p.admin1, p.country) if n}


def _parties(claims: Sequence[Claim]) -> set[str]:
    return {n for c in claims for a in c.perpetrators for n in (a.name, a.id) if n}
