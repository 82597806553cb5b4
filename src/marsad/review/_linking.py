"""Incidents kept in step with what people and the machine say: what changed is linked, under all judgements."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..incidents import Weights, fingerprint, relink
from ..model import Claim, Judgement, codes
from ..store import Session
from ._standing import standing_among, standing_in

_LINKER = "linker"
_MEMBERSHIP = ("merge", "split", "undo")


def link_changed(s: Session, only: Collection[str] | None = None) -> bool:
    """Link some of the reports whose standing claims changed, and search's index with them; whether more are left.

    With `only`, these reports (those of them that wait) and what people decided since. Where the linker or its weights
    are others than before, everything is linked, so that no one ever sees half of it.
    """
    learned = s.learned.current()
    weights = Weights.from_json(learned) if learned is not None else Weights.shipped()
    if _other_linker(s, fingerprint(weights)):
        while _once(s, weights):
            pass
        return False
    return _once(s, weights, only)


def _once(s: Session, weights: Weights, only: Collection[str] | None = None) -> bool:
    read = _Read(s)
    done = relink(s, read.of_reports, read.among, s.judgements.on_membership(), weights=weights, only=only)
    for gone in done.gone:
        s.search.remove("incident", gone)
    for incident in done.changed:
        told = read.among(incident.claims)
        s.search.put("incident", incident.id, _words(told), " ".join(c.sentence.text for c in told))
    return done.more


class _Read:
    """Standing claims, each read once."""

    def __init__(self, s: Session) -> None:
        self._s = s
        self._claims: dict[str, Claim] = {}
        self._of: dict[str, list[Claim]] = {}

    def of_reports(self, reports: Collection[str]) -> list[Claim]:
        new = [r for r in reports if r not in self._of]
        self._of |= {r: [] for r in new}
        for c in standing_in(self._s, new):
            self._of[c.report].append(c)
            self._claims[c.id] = c
        return [c for r in reports for c in self._of[r]]

    def among(self, ids: Collection[str]) -> list[Claim]:
        self._claims |= {c.id: c for c in standing_among(self._s, [i for i in ids if i not in self._claims])}
        return [self._claims[i] for i in ids if i in self._claims]


def link_judged(s: Session, judgements: Collection[Judgement]) -> None:
    """Link what these judgements, just kept, change."""
    reports = waiting(s, judgements)
    if reports or any(moves_claims(j) for j in judgements):
        link_changed(s, reports)


def waiting(s: Session, judgements: Collection[Judgement]) -> set[str]:
    """The reports of claims that these judgements, just kept, are on, as far as they wait to be linked."""
    undone = [u for j in judgements if j.undoes is not None and (u := s.judgements.get(j.undoes))]
    claims = s.claims.many([j.target for j in (*judgements, *undone) if j.target_kind == "claim"])
    return set(s.linking.waiting({c.report for c in claims}))


def moves_claims(judgement: Judgement) -> bool:
    """Whether it may move claims between incidents without changing any."""
    return judgement.decision in _MEMBERSHIP


def _other_linker(s: Session, now: int) -> bool:
    """Whether another linker, or other weights, made what is kept; then it is forgotten, and all waits to be linked."""
    was = s.state(_LINKER)
    if was == now:
        return False
    s.set_state(_LINKER, now)
    if was is not None:
        s.incidents.replace(())
        s.search.clear("incident")
        s.linking.clear()
    return was is not None


def _words(claims: Sequence[Claim]) -> str:
    words = [codes.ACTS[c.act].label for c in claims]
    words += [p.name or p.text for c in claims for p in c.places]
    words += [p.name or p.text for c in claims for p in c.perpetrators]
    return " ".join(dict.fromkeys(words))
