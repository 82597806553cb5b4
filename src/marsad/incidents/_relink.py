"""Link what changed, and only that: reports that are new, read again or judged, and the incidents that they touch."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from marsad.model import Incident, Judgement
from marsad.store import Session

from ._block import handle
from ._compare import Weights
from ._recompare import recompare
from ._record import from_text, to_text
from ._regroup import ById, regroup
from ._retell import Standing, retell
from ._retie import retie

BATCH = 400
"""Reports that are linked in one go."""


VERSION = 5
"""Grows with every change of the linker that may link the same claims otherwise, or keeps them in another form."""


@dataclass(frozen=True, slots=True)
class Relinked:
    """What one go changed."""

    changed: tuple[Incident, ...]
    """Incidents that are new or differ, as they are kept."""
    gone: frozenset[str]
    more: bool
    """Whether reports are left that wait to be linked."""


def relink(
    s: Session,
    standing: Standing,
    claims: ById,
    judgements: Sequence[Judgement],
    *,
    weights: Weights | None = None,
    most: int = BATCH,
    only: Collection[str] | None = None,
) -> Relinked:
    """Link the reports that wait, at most about `most` of them, under `judgements` (all merges, splits and undos).

    With `only`, none but these wait.

    Once none is left, the kept incidents are those that `link` gives for all claims that stand, whatever came in
    which order. A split must name who stays, as `decide` has it do.
    """
    weights = weights or Weights.shipped()
    todo = s.linking.todo(most) if only is None else s.linking.waiting(only)
    retold = retell(s, todo, standing, judgements)
    was = {r.id: r for r in s.linking.tellings_of(retold.reports.keys())}
    now = {t: to_text(told) for t, told in retold.told.items()}
    removed = {t: r for t, r in was.items() if now.get(t) != r.body}
    added = {t: retold.told[t] for t, body in now.items() if t not in was or was[t].body != body}
    compared = recompare(s, {t: from_text(r.body) for t, r in removed.items()}, added, weights)
    s.linking.drop_tellings(removed.keys() - added.keys())
    result = regroup(s, retold, removed, added, compared, claims, weights)
    tied = retie(s, retold, compared, result, weights)
    s.incidents.replace([i for i in tied.values() if i.id in result.changed], gone=result.gone)
    s.incidents.retie([i for i in tied.values() if i.id not in result.changed])
    s.linking.done(retold.changed)
    return Relinked(tuple(tied.values()), frozenset(result.gone), bool(s.linking.todo(1)))


def fingerprint(weights: Weights) -> int:
    """A number that says which linker links by which weights: where it changes, everything is to be linked again."""
    return handle(f"{VERSION} {json.dumps(weights.to_json(), sort_keys=True)}") >> 33
