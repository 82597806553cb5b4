"""The second half of linking anew what changed: the units that it touches, grouped again, and their incidents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from marsad.model import Claim, Incident
from marsad.store import LinkClaim, LinkTelling, Session

from ._block import handle
from ._cluster import Edge
from ._compare import Weights, thousandths
from ._field import PLACED, Field, doubtful, grouped
from ._incident import in_doubt, incident
from ._recompare import Compared
from ._record import from_text, to_text
from ._retell import Retold
from ._within import Told

ById = Callable[[Collection[str]], Sequence[Claim]]
"""Claims by their ids, as people corrected them."""


@dataclass(slots=True)
class Regrouped:
    """What became of the incidents that the change touches."""

    changed: dict[str, Incident] = field(default_factory=dict)
    """Those that are new or made again, without their doubtful ties."""
    gone: set[str] = field(default_factory=set)
    old: dict[str, Incident] = field(default_factory=dict)
    """Those of the touched units, as they were."""


def regroup(
    s: Session,
    retold: Retold,
    removed: Mapping[int, LinkTelling],
    added: Mapping[int, Told],
    compared: Compared,
    claims: ById,
    weights: Weights,
) -> Regrouped:
    """Group the touched units again, keep their incidents, and give those that changed."""
    rows = _units(s, retold, removed, added, compared, weights)
    field_, places = _field(s, rows, {})
    groups = grouped(field_, retold.ruling, weights)
    unit = _unit_of(field_, retold, weights)
    was_in = {r.incident for r in (*rows.values(), *removed.values())} - {""}
    held = dict.fromkeys(was_in, frozenset[str]()) | s.linking.members(was_in)
    dirty = _dirty(field_, rows, retold, compared)
    parted = {r.incident for r in removed.values()} | {rows[t].incident for t in retold.moved if t in rows}
    result = Regrouped(gone=set(held), old={i.id: i for i in s.incidents.many(held)})
    ids = list(rows)
    kept: list[LinkTelling] = []
    sets = [set(field_.members(group)) for group in groups]
    anchors = ["i" + min((places[c] for c in mine), key=lambda c: c.at).claim for mine in sets]
    fresh = [
        n
        for n, mine in enumerate(sets)
        if held.get(anchors[n]) != mine or anchors[n] in parted or not mine.isdisjoint(dirty)
    ]
    by_id = {c.id: c for c in claims({c for n in fresh for c in sets[n]})}
    reports = {r.id: r for r in s.reports.many({c.report for c in by_id.values()})}
    result.gone -= set(anchors) - {anchors[n] for n in fresh}
    for n in fresh:
        # Claims of reports that wait to be linked again may be gone already.
        there = sets[n] & by_id.keys()
        anchors[n] = ""
        if there:
            made = incident(field_, groups[n], there, by_id, reports, retold.ruling, weights)
            result.changed[made.id] = made
            anchors[n] = made.id
    for n, group in enumerate(groups):
        kept += [replace(rows[ids[t]], unit=unit[t], incident=anchors[n]) for t in group]
    result.gone -= result.changed.keys()
    s.linking.put_tellings([r for r in kept if r != rows[r.id] or r.id in added])
    return result


def retie(s: Session, retold: Retold, compared: Compared, result: Regrouped, weights: Weights) -> dict[str, Incident]:
    """The incidents that are touched by the change or tied to one that is, with their doubtful ties as they are now."""
    ends = {t for p in (*compared.gained, *compared.dropped) for t in p}
    ends |= {c.telling for c in s.linking.claims({c for p in retold.judged for c in p})} if retold.judged else set()
    near = {r.incident for r in s.linking.tellings(ends)} - {""}
    of_interest = result.changed.keys() | near
    if not of_interest and not result.gone:
        return {}
    rows = {r.id: r for r in s.linking.tellings_in(of_interest)}
    told = {t: from_text(r.body) for t, r in rows.items()}
    if far := _beside(s, rows, told, weights) - of_interest:
        rows |= {r.id: r for r in s.linking.tellings_in(far)}
    field_, _ = _field(s, rows, told)
    of: dict[str, list[int]] = defaultdict(list)
    for n, r in enumerate(rows.values()):
        of[r.incident].append(n)
    names = list(of)
    found = (
        {}
        if not of_interest
        else doubtful(
            field_, list(of.values()), retold.ruling, weights, [n for n, i in enumerate(names) if i in of_interest]
        )
    )
    ties: dict[str, list[tuple[str, float, str]]] = defaultdict(list)
    for (g, h), (score, why) in found.items():
        ties[names[g]].append((names[h], score / 1000, why))
        ties[names[h]].append((names[g], score / 1000, why))
    old = result.old | {i.id: i for i in s.incidents.many(of_interest - result.old.keys())}
    others = {o for id in of_interest | result.gone if id in old for o, _, _ in old[id].possibly_same} | ties.keys()
    old |= {i.id: i for i in s.incidents.many(others - old.keys())}
    tied: dict[str, Incident] = {}
    for id in (of_interest | others) - result.gone:
        now = result.changed.get(id) or old.get(id)
        if now is None:
            continue
        stay = () if id in of_interest else [t for t in now.possibly_same if t[0] not in of_interest | result.gone]
        now = replace(now, possibly_same=in_doubt([*stay, *ties[id]]))
        if id in result.changed or now != old.get(id):
            tied[id] = now
    return tied


def _units(
    s: Session,
    retold: Retold,
    removed: Mapping[int, LinkTelling],
    added: Mapping[int, Told],
    compared: Compared,
    weights: Weights,
) -> dict[int, LinkTelling]:
    """Every telling of the units that the change touches, in order of nothing."""
    join = thousandths(weights.join)
    # A pair may be both, where one of the two changed.
    pairs = [*compared.gained.items(), *compared.dropped.items()]
    ends = {t for p, score in pairs if score >= join for t in p} | retold.moved
    judged = {c for p in retold.judged for c in p} | {c for t in added.values() for p in t.across for c in p}
    ends |= {c.telling for c in s.linking.claims(judged)} if judged else set()
    weak = {t for p, score in pairs if score < join for t in p}
    at = {r.id: r for r in s.linking.tellings((ends | weak) - added.keys() - removed.keys())}
    units = {r.unit for r in removed.values()} | {at[t].unit for t in ends if t in at}
    units |= {at[a].unit for (a, b), _ in pairs if a in at and b in at and at[a].unit == at[b].unit}
    rows = {r.id: r for r in s.linking.units(units) if r.id not in removed or r.id in added}
    was = {t: r.incident for t, r in removed.items()}
    for t, told in added.items():
        rows[t] = LinkTelling(t, told.telling.report, t, was.get(t, ""), to_text(told))
    return rows


def _field(s: Session, rows: dict[int, LinkTelling], known: Mapping[int, Told]) -> tuple[Field, dict[str, LinkClaim]]:
    """The field of these tellings; `rows` come to stand in its order."""
    places = {c.claim: c for c in s.linking.told_in(rows.keys())}
    told = {t: known.get(t) or from_text(r.body) for t, r in rows.items()}
    ordered = sorted(rows, key=lambda t: places[told[t].telling.id].at)
    sorted_rows = {t: rows[t] for t in ordered}
    rows.clear()
    rows.update(sorted_rows)
    index = {t: n for n, t in enumerate(ordered)}
    scores: dict[Edge, int] = {}
    for a, b, score in s.linking.pairs(rows.keys()):
        i, j = index.get(a), index.get(b)
        if i is not None and j is not None:
            scores[(i, j) if i < j else (j, i)] = score
    of = {c: index[p.telling] for c, p in places.items()}
    echoes = {c: p.original for c, p in places.items() if p.original is not None}
    return Field([told[t] for t in ordered], dict(sorted(scores.items())), of, echoes), places


def _unit_of(field_: Field, retold: Retold, weights: Weights) -> list[int]:
    """The unit of each telling: the handle of one of those that are tied, directly or not."""
    parent = list(range(len(field_.told)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    join = thousandths(weights.join)
    ties: Iterable[Edge] = (e for e, score in field_.scores.items() if score >= join)
    words = field_.edges(p for t in field_.told for p in t.across)
    for i, j in (*ties, *words, *field_.edges(retold.ruling.together)):
        a, b = root(i), root(j)
        parent[max(a, b)] = min(a, b)
    return [handle(field_.told[root(i)].telling.id) for i in range(len(parent))]


def _dirty(field_: Field, rows: Mapping[int, LinkTelling], retold: Retold, compared: Compared) -> set[str]:
    """Claims of which the incident must be made again, though it may hold the same ones."""
    dirty = retold.touched | {c for p in retold.judged for c in p}
    ids = list(rows)
    group_of = {t: n for n, t in enumerate(ids)}
    for p in (*compared.gained, *compared.dropped):
        if p[0] in group_of and p[1] in group_of and rows[p[0]].incident == rows[p[1]].incident:
            dirty |= set(field_.told[group_of[p[0]]].telling.claims)
    return dirty


def _beside(s: Session, rows: Mapping[int, LinkTelling], told: Mapping[int, Told], weights: Weights) -> set[str]:
    """Incidents that may be tied to one of these: by the scores of the pairs compared, or by a report's own doubt."""
    pairs = s.linking.pairs(rows.keys())
    spoken = {c.telling for c in s.linking.claims({c for t in told.values() for p in t.doubted for c in p})}
    others = ({t for a, b, _ in pairs for t in (a, b)} | spoken) - rows.keys()
    home = {r.id: r.incident for r in (*s.linking.tellings(others), *rows.values())}
    sums: dict[tuple[str, str], list[int]] = defaultdict(list)
    for a, b, score in pairs:
        one, two = home[a], home[b]
        if one != two:
            sums[min(one, two), max(one, two)].append(score)
    doubt = thousandths(weights.doubt)
    # As strong as the weights of the pairs could make the tie; `doubtful` weighs it.
    found = {
        i
        for both, scores in sums.items()
        if sum((s - doubt) * (PLACED if s > doubt else 1) for s in scores) >= 0
        for i in both
    }
    return found | {home[t] for t in spoken if t in home}
