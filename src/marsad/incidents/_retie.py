"""The last part of linking anew what changed: which incidents may be the same, where that may be otherwise now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from marsad.model import Incident
from marsad.store import Session

from ._compare import Weights, thousandths
from ._field import PLACED, Field, doubtful, in_order
from ._incident import in_doubt
from ._recompare import Compared
from ._record import from_text
from ._regroup import Regrouped, Tie
from ._retell import Retold

Both = tuple[str, str]
"""Two incidents, in order."""


def retie(s: Session, retold: Retold, compared: Compared, result: Regrouped, weights: Weights) -> dict[str, Incident]:
    """The incidents that changed, and those whose doubtful ties did, with these ties as they are now."""
    again, alike = _between(s, retold, compared, result)
    if not result.changed and not result.gone and not again:
        return {}
    was = dict(result.ties)
    was |= s.incidents.ties({i for p in again for i in p} - was.keys())
    # As strong as the weights of the pairs could make the tie; `doubtful` weighs it.
    most = s.linking.tied_by(result.changed.keys() | {a for a, _ in again}, thousandths(weights.doubt), PLACED)
    spoken = _spoken(s, result)
    wanted = set()
    for both, above in most.items():
        if "" in both or (result.changed.keys().isdisjoint(both) and both not in again):
            continue
        tied = any(o == both[1] for o, _, _ in was.get(both[0], ()))
        if above >= 0 or both in spoken or both in alike or tied:
            wanted.add(both)
    found: dict[str, list[Tie]] = defaultdict(list)
    for (one, two), (score, why) in _found(s, wanted, retold, result, weights).items():
        found[one].append((two, score, why))
        found[two].append((one, score, why))
    others = {o for ties in was.values() for o, _, _ in ties} | found.keys() | {i for p in again for i in p}
    was |= s.incidents.ties(others - was.keys() - result.changed.keys())
    tied_now = {i: replace(made, possibly_same=in_doubt(found[i])) for i, made in result.changed.items()}
    moved: dict[str, tuple[Tie, ...]] = {}
    for i in was.keys() - result.changed.keys() - result.gone:
        stay = [t for t in was[i] if not _settled_anew(i, t[0], result, again)]
        if (ties := in_doubt([*stay, *found.get(i, ())])) != was[i]:
            moved[i] = ties
    return tied_now | {i.id: replace(i, possibly_same=moved[i.id]) for i in s.incidents.many(moved)}


def _settled_anew(one: str, two: str, result: Regrouped, again: Collection[Both]) -> bool:
    return two in result.changed or two in result.gone or _ordered(one, two) in again


def _ordered(a: str, b: str) -> Both:
    return (a, b) if a < b else (b, a)


def _between(s: Session, retold: Retold, compared: Compared, result: Regrouped) -> tuple[set[Both], set[Both]]:
    """Pairs of incidents, neither of which changed, between which a compared pair or a decision did; and those between
    which a pair of one report's tellings did."""
    again: set[Both] = set()
    alike: set[Both] = set()
    pairs = {*compared.gained, *compared.dropped}
    if retold.judged:
        of = {c.claim: c.telling for c in s.linking.claims({c for p in retold.judged for c in p})}
        pairs |= {(of[a], of[b]) for a, b in retold.judged if a in of and b in of}
    home = s.linking.homes({t for p in pairs for t in p})
    for a, b in pairs:
        if a in home and b in home:
            both = _ordered(home[a][0], home[b][0])
            if both[0] and both[0] != both[1] and result.changed.keys().isdisjoint(both):
                again.add(both)
                if home[a][1] == home[b][1]:
                    alike.add(both)
    return again, alike


def _spoken(s: Session, result: Regrouped) -> set[Both]:
    """Pairs of incidents that a report says may be one, by the tellings that were read."""
    claims = {c for t in result.told.values() for p in t.doubted for c in p}
    if not claims:
        return set()
    telling = {c.claim: c.telling for c in s.linking.claims(claims)}
    home = {t: i for t, (i, _) in s.linking.homes(set(telling.values())).items()}
    pairs = {p for t in result.told.values() for p in t.doubted}
    of = {c: home[t] for c, t in telling.items() if t in home}
    return {_ordered(of[a], of[b]) for a, b in pairs if a in of and b in of}


def _found(
    s: Session, wanted: Collection[Both], retold: Retold, result: Regrouped, weights: Weights
) -> Mapping[Both, tuple[float, str]]:
    """Those of these pairs of incidents that may be the same, with score and reason."""
    if not wanted:
        return {}
    rows = {r.id: r for r in s.linking.tellings_in({i for p in wanted for i in p})}
    told = {t: result.told.get(t) or from_text(r.body) for t, r in rows.items()}
    places = {c.claim: c for c in s.linking.told_in(rows.keys())}
    order = sorted(rows, key=lambda t: places[told[t].telling.id].at)
    index = {t: n for n, t in enumerate(order)}
    names = sorted({r.incident for r in rows.values()})
    groups: dict[str, list[int]] = {n: [] for n in names}
    for n, t in enumerate(order):
        groups[rows[t].incident].append(n)
    scores = {}
    for a, b, score in s.linking.within(rows.keys()):
        if _ordered(rows[a].incident, rows[b].incident) in wanted:
            scores[in_order(index[a], index[b])] = score
    of = {c: index[p.telling] for c, p in places.items()}
    field = Field([told[t] for t in order], dict(sorted(scores.items())), of, {})
    ties = doubtful(field, list(groups.values()), retold.ruling, weights)
    return {_ordered(names[g], names[h]): (score / 1000, why) for (g, h), (score, why) in ties.items()}
