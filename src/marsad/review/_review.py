"""What people decided, applied to what the machine proposed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..errors import JudgementRefused
from ..incidents import standing
from ..model import Claim, Incident, Judgement, codes
from ._correct import corrected

_VERDICTS = ("accept", "reject", "unsure")


@dataclass(frozen=True, slots=True)
class ReviewedClaim:
    """A claim as proposed and as decided, with all that was decided about it."""

    machine: Claim
    """As the machine last proposed it."""
    claim: Claim
    """With the corrections that stand."""
    verdict: str | None
    """'accept', 'reject', 'unsure', or None where nobody has decided."""
    corrected: tuple[str, ...]
    """Paths of the fields that a person set."""
    judgements: tuple[Judgement, ...]
    """Every judgement on it, oldest first, undone ones too."""
    faults: tuple[str, ...] = ()
    """Corrections that no longer fit what the machine now proposes; they are kept, and shown."""


class Review:
    """All claims of a case under all its judgements."""

    def __init__(self, claims: Iterable[Claim], judgements: Sequence[Judgement]) -> None:
        self.judgements = tuple(judgements)
        self.standing = tuple(standing(judgements))
        on_claims: dict[str, list[Judgement]] = defaultdict(list)
        for judgement in judgements:
            if judgement.target_kind == "claim":
                on_claims[judgement.target].append(judgement)
        stands = {j.seq for j in self.standing}
        self._claims = {c.id: _reviewed(c, on_claims.get(c.id, []), stands) for c in claims}
        self.verdicts = {
            j.target: j.decision for j in self.standing if j.target_kind == "claim" and j.decision in _VERDICTS
        }
        """Claim id → the verdict that stands, of the claims that were judged."""
        self._statuses = [j for j in self.standing if j.decision == "set_status"]
        names = {j.target: j.decision for j in self.standing if j.target_kind == "name"}
        self.approved_names = frozenset(name for name, decision in names.items() if decision == "accept")
        """Names that an editor has approved for release; the last decision on each counts."""

    @classmethod
    def of(cls, claims: Iterable[Claim], judgements: Sequence[Judgement]) -> Review:
        """Apply `judgements` (oldest first) to `claims`."""
        return cls(claims, judgements)

    def claim(self, claim_id: str) -> ReviewedClaim | None:
        """One claim as proposed and as decided; None if it is not among the claims given."""
        return self._claims.get(claim_id)

    def all(self) -> list[ReviewedClaim]:
        """Every claim as proposed and as decided."""
        return list(self._claims.values())

    def claims(self) -> list[Claim]:
        """The claims that link and count: as corrected, without the rejected."""
        return [r.claim for r in self._claims.values() if r.verdict != "reject"]

    def status(self, incident: Incident) -> str:
        """The status last set on the incident (or on one whose anchor claim now stands in it)."""
        for judgement in reversed(self._statuses):
            if judgement.target == incident.id or judgement.target[1:] in incident.claims:
                return str(judgement.value)
        return str(codes.INCIDENT_STATUSES[0])

    def history(self, incident: Incident) -> list[Judgement]:
        """Every judgement on the incident itself, oldest first."""
        return [
            j
            for j in self.judgements
            if j.target_kind == "incident" and (j.target == incident.id or j.target[1:] in incident.claims)
        ]


def _reviewed(claim: Claim, judgements: list[Judgement], stands: set[int]) -> ReviewedClaim:
    verdict, result, paths, faults = None, claim, [], []
    for judgement in judgements:
        if judgement.seq not in stands:
            continue
        if judgement.decision in _VERDICTS:
            verdict = judgement.decision
        elif judgement.decision == "correct" and judgement.field is not None:
            try:
                result = corrected(result, judgement.field, judgement.value)
                paths.append(judgement.field)
            except JudgementRefused as error:
                faults.append(str(error))
    return ReviewedClaim(claim, result, verdict, tuple(dict.fromkeys(paths)), tuple(judgements), tuple(faults))
