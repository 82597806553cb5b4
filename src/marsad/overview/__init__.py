"""What lists, queue and sums show: rows derived of incidents and claims, made again as those change.

`refresh(session, rules)` brings the rows up to date, reading only what changed; `headlines`, `headlines_of` and
`ledger_totals` read them.
"""

from ._foresee import Foreseen, foresee
from ._headline import Headline, headline_of
from ._ranking import REASONS
from ._read import Total, headlines, headlines_of, ledger_totals
from ._refresh import NOWHERE, Rules, is_stale, refresh

__all__ = [
    "NOWHERE",
    "REASONS",
    "Foreseen",
    "Headline",
    "Rules",
    "Total",
    "foresee",
    "headline_of",
    "headlines",
    "headlines_of",
    "is_stale",
    "ledger_totals",
    "refresh",
]
