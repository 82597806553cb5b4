"""The case as it stands at one revision: claims as decided, incidents, headlines and the queue, kept until it changes.

A verdict that links nothing anew (accept, unsure, a status) touches one claim or incident: only that is made again.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ..model import Claim, Incident, Judgement
from ..review import Review, ReviewedClaim
from ..store import Session
from ._headline import Headline, headline_of
from ._ranking import Waiting, pressing, weigh

if TYPE_CHECKING:
    from ..pipeline import Case

_LIGHT = ("accept", "unsure", "set_status")


class Snapshot:
    """Everything that lists, map, timeline and queue need, without the reports."""

    def __init__(
        self, reviewed: Mapping[str, ReviewedClaim], incidents: tuple[Incident, ...], judgements: Sequence[Judgement]
    ) -> None:
        self.reviewed = reviewed
        """Claim id → the claim as proposed and as decided."""
        self.incidents = incidents
        self.decided = Review.of((), judgements)
        """The judgements, without the claims: statuses and histories."""
        self.standing = frozenset(j.seq for j in self.decided.standing)

    @cached_property
    def of_claim(self) -> dict[str, Incident]:
        """Claim id → the incident that it stands in."""
        return {c: i for i in self.incidents for c in i.claims}

    @cached_property
    def headlines(self) -> dict[str, Headline]:
        """Incident id → its headline, in the order of the incidents."""
        return {i.id: self._headline(i) for i in self.incidents}

    @cached_property
    def queue(self) -> list[Waiting]:
        """The claims that nobody settled, most pressing first."""
        return sorted((w for r in self.reviewed.values() if (w := self._weigh(r))), key=pressing)

    @cached_property
    def settled(self) -> int:
        """How many claims were accepted or rejected."""
        return sum(r.verdict in ("accept", "reject") for r in self.reviewed.values())

    def claims(self, incident: Incident) -> dict[str, Claim]:
        """The incident's claims as corrected, by id."""
        return {c: self.reviewed[c].claim for c in incident.claims if c in self.reviewed}

    def after(self, judgements: Sequence[Judgement]) -> Snapshot | None:
        """The snapshot after `judgements` (all of them), or None where the new ones change more than what they name."""
        new = judgements[len(self.decided.judgements) :]
        if any(j.decision not in _LIGHT for j in new):
            return None
        touched = {j.target for j in new}
        on = {t: [j for j in judgements if j.target_kind == "claim" and j.target == t] for t in touched}
        again = [Review.of([self.reviewed[t].machine], on[t]).all()[0] for t in touched if t in self.reviewed]
        later = Snapshot({**self.reviewed, **{r.machine.id: r for r in again}}, self.incidents, judgements)
        later.__dict__["of_claim"] = self.of_claim
        changed = {i.id: i for t in touched if (i := self.of_claim.get(t))}
        changed |= {i.id: i for i in self.incidents if i.id in touched}
        later.__dict__["headlines"] = {**self.headlines, **{i: later._headline(r) for i, r in changed.items()}}
        kept = [w for w in self.queue if w.reviewed.machine.id not in touched]
        later.__dict__["queue"] = sorted([*kept, *(w for r in again if (w := later._weigh(r)))], key=pressing)
        return later

    def _headline(self, incident: Incident) -> Headline:
        reviewed = [self.reviewed[c] for c in incident.claims if c in self.reviewed]
        return headline_of(incident, reviewed, self.decided.status(incident))

    def _weigh(self, reviewed: ReviewedClaim) -> Waiting | None:
        if reviewed.verdict in ("accept", "reject"):
            return None
        incident = self.of_claim.get(reviewed.machine.id)
        return weigh(reviewed, self.headlines[incident.id] if incident else None, self.standing)


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
                self._kept = (s.revision, self._later(s) or self._anew(s))
            return self._kept[1]

    def _later(self, s: Session) -> Snapshot | None:
        if self._kept is None:
            return None
        revision, snapshot = self._kept
        judgements = s.judgements.all()
        # Each change moves the revision by one: if judgements alone account for it, nothing else has changed.
        if s.revision - revision != len(judgements) - len(snapshot.decided.judgements):
            return None
        return snapshot.after(judgements)

    def _anew(self, s: Session) -> Snapshot:
        review = self._case.review(s)
        reviewed = {r.machine.id: r for r in review.all()}
        return Snapshot(reviewed, tuple(s.incidents.all()), review.judgements)
