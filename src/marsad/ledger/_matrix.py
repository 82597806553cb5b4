"""The draft matrix of grave violations against children, by violation, party, place and quarter. Nothing is verified.

Source of the codes, the gate and what each violation is counted by: the UN MRM field manual (model/codes).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad.incidents import Element, elements
from marsad.model import Actor, Claim, Incident, Report, codes

from ._tally import Ledger, tally

_PENDING = codes.MRM_STATUSES[0]
_STRUCK = frozenset({"not_mrm", "verification_found_that_incident_did_not_occur"})
_HARM = {
    "killing": "killed",
    "maiming": "injured",
    "recruitment": "recruited",
    "abduction": "abducted",
    "sexual_violence": "sexual_violence",
    "deprivation_liberty": "detained",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """One violation that one incident may amount to, with the elements met and lacking."""

    incident: str
    violation: str
    counted_by: str
    party: str
    place: str
    quarter: str
    min: int | None
    max: int | None
    elements: tuple[Element, ...]
    lacking: tuple[str, ...]
    status: str
    """One of `codes.MRM_STATUSES`, as people set it; 'report_pending_verification' until they do."""
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """The drafts of one violation, party, place and quarter that lack the same elements."""

    violation: str
    counted_by: str
    party: str
    place: str
    """First-order division; else country; 'unknown' where no claim gives either."""
    quarter: str
    """The quarter in which the incidents ended ('2031-Q2'), or 'unknown'."""
    min: int | None
    max: int | None
    incidents: tuple[str, ...]
    lacking: tuple[str, ...]
    """Elements not known; only a cell that lacks none is counted as a draft violation."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Grave violations in `cells`, situations recorded beside them in `beside`, and every draft behind both."""

    cells: tuple[MatrixCell, ...]
    beside: tuple[MatrixCell, ...]
    drafts: tuple[Draft, ...]
    note: str = "A draft. Only United Nations staff verify; nothing here is verified."

    def of(self, incident: str) -> tuple[Draft, ...]:
        """The drafts of one incident."""
        return tuple(d for d in self.drafts if d.incident == incident)


def matrix(
    incidents: Sequence[Incident],
    claims: Mapping[str, Claim] | Sequence[Claim],
    reports: Mapping[str, Report],
    *,
    conflict: str | None = None,
    policy: str = "range",
    statuses: Mapping[str, str] | None = None,
) -> Matrix:
    """The draft matrix over the standing claims. `statuses` gives the MRM status that people set, by incident id.

    Incidents that people found not to be violations are left out; those that lack an element stand in their own cells.
    """
    by_id = claims if isinstance(claims, Mapping) else {c.id: c for c in claims}
    ledger = tally(incidents, by_id, reports, policy=policy)
    drafts: list[Draft] = []
    for incident in incidents:
        status = (statuses or {}).get(incident.id, _PENDING)
        if status not in _STRUCK:
            drafts += _drafts(incident, by_id, ledger, conflict, status if status in codes.MRM_STATUSES else _PENDING)
    grave = [d for d in drafts if d.violation in codes.GRAVE_VIOLATIONS]
    beside = [d for d in drafts if d.violation in codes.BESIDE_VIOLATIONS]
    return Matrix(_cells(grave), _cells(beside), tuple(drafts))


def _drafts(
    incident: Incident, by_id: Mapping[str, Claim], ledger: Ledger, conflict: str | None, status: str
) -> list[Draft]:
    mine = [c for i in incident.claims if (c := by_id.get(i)) is not None and c.certainty != "denied"]
    drafts = []
    for violation in sorted({v for c in mine for v in c.violations}, key=_order):
        told = [c for c in mine if violation in c.violations]
        counted_by = codes.GRAVE_VIOLATIONS.get(violation, {}).get("counted_by", "violations")
        # Who did it and where may be said by another claim of the incident; who was harmed only by these.
        about = elements(mine, conflict)
        young = next(e for e in elements(told, conflict) if e.code == "victim_under_18")
        gate = tuple(young if e.code == "victim_under_18" else e for e in about)
        if not young.met and all(a.children is False for c in told for a in c.victims) and any(c.victims for c in told):
            continue
        low, high = (1, 1) if counted_by == "violations" else _children(incident, violation, told, ledger)
        drafts.append(
            Draft(
                incident.id,
                violation,
                counted_by,
                _party(mine),
                _place(mine),
                _quarter(incident),
                low,
                high,
                gate,
                tuple(e.code for e in gate if not e.met),
                status,
                tuple(c.id for c in told),
            )
        )
    return drafts


def _children(
    incident: Incident, violation: str, told: Sequence[Claim], ledger: Ledger
) -> tuple[int | None, int | None]:
    cell = ledger.figure(incident.id, _HARM.get(violation, violation), "children")
    if cell is not None:
        return cell.min, cell.max
    used = [a for c in told for a in c.perpetrators if a.children is True]
    counts = [
        a.count for a in used if a.count and not (a.count.cumulative or a.count.withdrawn) and a.count.min is not None
    ]
    if counts:
        best = max(counts, key=lambda c: c.min or 0)
        return best.min, best.max
    return None, None


def _cells(drafts: Sequence[Draft]) -> tuple[MatrixCell, ...]:
    groups: dict[tuple[str, str, str, str, tuple[str, ...]], list[Draft]] = defaultdict(list)
    for d in drafts:
        groups[d.violation, d.party, d.place, d.quarter, d.lacking].append(d)
    cells = []
    for key in sorted(groups, key=lambda k: (_order(k[0]), *k[1:])):
        held = groups[key]
        lows = [d.min for d in held if d.min is not None]
        highs = [d.max for d in held if d.max is not None]
        cells.append(
            MatrixCell(
                key[0],
                held[0].counted_by,
                key[1],
                key[2],
                key[3],
                sum(lows) if lows else None,
                sum(highs) if len(highs) == len(held) else None,
                tuple(d.incident for d in held),
                key[4],
            )
        )
    return tuple(cells)


def _party(claims: Sequence[Claim]) -> str:
    def name(a: Actor) -> str:
        return a.name or a.id or ""

    # One name a party: the id tells 'ISIS' and 'Islamic State' as one.
    names = {a.id or name(a): name(a) for c in claims for a in c.perpetrators if name(a)}
    return "; ".join(sorted(set(names.values()))) or "unknown"


def _place(claims: Sequence[Claim]) -> str:
    places = [p for c in claims for p in c.places]
    divisions = {d for p in places if (d := p.admin1 or (p.name if p.precision == "first_order_division" else None))}
    return "; ".join(sorted(divisions or {p.country for p in places if p.country})) or "unknown"


def _quarter(incident: Incident) -> str:
    ended = incident.latest or incident.earliest
    if not ended:
        return "unknown"
    return f"{ended[:4]}-Q{(int(ended[5:7]) + 2) // 3}"


def _order(code: str) -> int:
    order = [*codes.GRAVE_VIOLATIONS, *codes.BESIDE_VIOLATIONS]
    return order.index(code) if code in order else len(order)
