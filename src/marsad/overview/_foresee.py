"""What a decision would change: the incidents that hold its claims, and the totals, before and after."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..store import Session
from ._headline import Headline
from ._read import Total, headlines_of, ledger_totals


@dataclass(frozen=True, slots=True)
class Outlook:
    """The incidents that hold some claims, and the totals over the whole case."""

    incidents: tuple[Headline, ...]
    totals: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How it stands, and how it would."""

    before: Outlook
    after: Outlook

    def changed(self) -> list[tuple[Total | None, Total | None]]:
        """The totals that would change, as (now, then); None where there is or would be none."""
        was = {(t.harm, t.group): t for t in self.before.totals}
        then = {(t.harm, t.group): t for t in self.after.totals}
        return [(was.get(k), then.get(k)) for k in {**was, **then} if was.get(k) != then.get(k)]


def outlook(s: Session, claims: Collection[str], policy: str) -> Outlook:
    """How it stands in this transaction, whose rows are up to date."""
    ids = dict.fromkeys(i.id for c in sorted(claims) if (i := s.incidents.of_claim(c)))
    return Outlook(tuple(headlines_of(s, ids).values()), tuple(ledger_totals(s, policy)))
