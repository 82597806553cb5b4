"""What a decision would change: the incidents that hold its claims, and the totals, before and after."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from ..model import Judgement
from ..store import Session
from ._headline import Headline
from ._read import Total, headlines_of, ledger_totals
from ._refresh import Rules, refresh


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


def foresee(s: Session, judgements: Collection[Judgement], decide: Callable[[], object], rules: Rules) -> Foreseen:
    """What `judgements` change once `decide` has kept them; in a write transaction that is rolled back afterwards."""
    claims = {c for j in judgements for c in (j.target, *j.others)}
    for i in [x for c in claims if (x := s.incidents.get(c))]:
        claims.update(i.claims)
    before = _outlook(s, claims, rules)
    decide()
    return Foreseen(before, _outlook(s, claims, rules))


def _outlook(s: Session, claims: Collection[str], rules: Rules) -> Outlook:
    while refresh(s, rules):
        pass
    ids = dict.fromkeys(i.id for c in sorted(claims) if (i := s.incidents.of_claim(c)))
    return Outlook(tuple(headlines_of(s, ids).values()), tuple(ledger_totals(s, rules.policy)))
