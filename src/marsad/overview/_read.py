"""Reading the rows: headlines by filter, and totals under a policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..ledger import policy_named
from ..model import codes, from_json
from ..store import Filter, Session
from ._headline import Headline


@dataclass(frozen=True, slots=True)
class Total:
    """One figure over all incidents, as the ledger's own `Total` counts it."""

    harm: str
    group: str
    min: int
    max: int | None
    best: int | None
    incidents: int
    open: int
    most_said: int
    silent: int
    """How many of the incidents give no number."""


def headlines(
    s: Session,
    narrowed: Filter,
    limit: int | None,
    offset: int = 0,
    span: tuple[str, str] = ("", ""),
    dated: bool | None = None,
) -> list[Headline]:
    """Incidents' headlines, earliest first; `span` (ISO dates, '' for open) keeps what may have happened in it."""
    return [from_json(Headline, h) for h in s.overview.headlines(narrowed, limit, offset, span, dated)]


def headlines_of(s: Session, incidents: Iterable[str]) -> dict[str, Headline]:
    """Incident id → headline, for those that exist, in the order given."""
    return {i: from_json(Headline, h) for i, h in s.overview.headlines_of(incidents).items()}


def ledger_totals(s: Session, policy: str) -> list[Total]:
    """The figures over all incidents not discarded, by harm and group. Raises MarsadError for an unknown policy."""
    best = policy_named(policy).name == "ucdp"
    found = []
    for t in s.overview.totals(policy):
        most = None if t.open else max(t.most, t.least)
        found.append(
            Total(t.harm, t.grp, t.least, most, t.best if best else None, t.incidents, t.open, t.said, t.silent)
        )
    return sorted(found, key=_rank)


def _rank(t: Total) -> tuple[int, int]:
    groups = ("total", *codes.GROUPS)
    return (
        codes.HARMS.index(t.harm) if t.harm in codes.HARMS else len(codes.HARMS),
        groups.index(t.group) if t.group in groups else len(groups),
    )
