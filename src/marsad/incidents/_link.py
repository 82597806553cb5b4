"""Claims to incidents, all at once: tellings of each report, ties between them, clusters, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from marsad.model import Claim, Incident, Judgement, Report

from ._block import candidates
from ._compare import Weights, compare
from ._echo import echoes
from ._field import Field, doubtful, grouped
from ._incident import in_doubt, incident
from ._judged import Decided, decided, pair
from ._tellings import order
from ._within import Told, tell


def link(
    claims: Sequence[Claim],
    reports: Mapping[str, Report],
    judgements: Sequence[Judgement] = (),
    *,
    weights: Weights | None = None,
) -> tuple[Incident, ...]:
    """The incidents that the claims are about, ordered by anchor, whatever the order of the claims.

    Patterns enter none. Claims whose report is not in `reports` are linked by their own words alone. An incident's id
    is 'i' and the id of its anchor: its earliest claim by publication, report and place in the text. A judgement's
    target is a claim id or an incident id; 'merge' and 'split' are heeded, other decisions left to review.
    """
    weights = weights or Weights.shipped()
    events = {c.id: c for c in claims if c.kind == "event"}
    ordered = sorted(events.values(), key=lambda c: order(c, reports))
    ruling = decided(judgements, frozenset(events))
    if ruling.loose_splits:
        _name_who_stays(ordered, reports, judgements, ruling, weights)
    field = _field(ordered, reports, ruling, weights)
    groups = grouped(field, ruling, weights)
    found = [incident(field, g, set(field.members(g)), events, reports, ruling, weights) for g in groups]
    ties: dict[int, list[tuple[str, float, str]]] = defaultdict(list)
    for (g, h), (score, why) in doubtful(field, groups, ruling, weights).items():
        ties[g].append((found[h].id, score / 1000, why))
        ties[h].append((found[g].id, score / 1000, why))
    tied = (replace(i, possibly_same=in_doubt(ties[g])) if g in ties else i for g, i in enumerate(found))
    place = {c.id: n for n, c in enumerate(ordered)}
    return tuple(sorted(tied, key=lambda i: place[i.claims[0]]))


def _field(ordered: Sequence[Claim], reports: Mapping[str, Report], ruling: Decided, weights: Weights) -> Field:
    copied = echoes(ordered, reports, ruling)
    place = {c.id: n for n, c in enumerate(ordered)}
    by_report: dict[str, list[Claim]] = defaultdict(list)
    for c in ordered:
        by_report[c.report].append(c)
    told: list[Told] = []
    for report, claims in by_report.items():
        told += tell(claims, reports.get(report), {c.id: copied[c.id] for c in claims if c.id in copied}, ruling)
    told.sort(key=lambda t: place[t.telling.id])
    of = {c: i for i, t in enumerate(told) for c in t.telling.claims}
    of |= {c: of[original] for c, original in copied.items()}
    tellings = [t.telling for t in told]
    pairs = ((e, compare(tellings[e[0]], tellings[e[1]], weights)) for e in candidates(tellings))
    return Field(told, {e: c.score for e, c in pairs if c is not None}, of, copied)


def _name_who_stays(
    ordered: Sequence[Claim],
    reports: Mapping[str, Report],
    judgements: Sequence[Judgement],
    ruling: Decided,
    weights: Weights,
) -> None:
    """Hold those who leave apart from whoever would stand with the target, where a split does not say who stays."""
    splits = {seq for _, _, seq in ruling.loose_splits}
    before = decided([j for j in judgements if j.seq not in splits], frozenset(c.id for c in ordered))
    field = _field(ordered, reports, before, weights)
    group_of = {c: n for n, g in enumerate(grouped(field, before, weights)) for c in field.members(g)}
    together: dict[int, list[str]] = defaultdict(list)
    for c, g in group_of.items():
        together[g].append(c)
    for target, leave, seq in ruling.loose_splits:
        for stays in together[group_of[target]]:
            for o in leave:
                if stays not in leave and ruling.together.get(pair(stays, o), -1) < seq:
                    ruling.hold_apart(pair(stays, o), seq)
