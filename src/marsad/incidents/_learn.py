"""Learn the comparison's weights from labelled pairs: of a corpus, or of people's judgements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from marsad.model import Claim, Judgement, Report

from ._block import candidates
from ._compare import Levels, Weights, levels
from ._judged import Decided, decided
from ._tellings import order
from ._within import tell

LabelledPair = tuple[Levels, bool]


def labelled_pairs(
    claims: Sequence[Claim], reports: Mapping[str, Report], truth: Mapping[str, object]
) -> list[LabelledPair]:
    """The levels of every candidate pair of tellings whose claims `truth` labels, and whether the labels are one.

    `truth` maps claim ids to any label of an occurrence; claims that it lacks are left aside, and so are tellings whose
    own claims differ in label.
    """
    limits = Weights.shipped().limits
    by_report: dict[str, list[Claim]] = defaultdict(list)
    for c in sorted((c for c in claims if c.kind == "event" and c.id in truth), key=lambda c: order(c, reports)):
        by_report[c.report].append(c)
    told = [t.telling for r, group in by_report.items() for t in tell(group, reports.get(r), {}, Decided())]
    kept = [t for t in told if len({truth[c] for c in t.claims}) == 1]
    labels = [truth[t.id] for t in kept]
    return [(levels(kept[i], kept[j], limits), labels[i] == labels[j]) for i, j in candidates(kept)]


def judged_pairs(
    claims: Sequence[Claim],
    reports: Mapping[str, Report],
    judgements: Sequence[Judgement],
    documented: Iterable[Sequence[str]] = (),
) -> list[LabelledPair]:
    """The pairs of tellings that people judged: those that they merged or split, and those that documented incidents
    (each its claims) hold together or apart. What was said of a pair itself goes before what follows from a status.
    """
    limits = Weights.shipped().limits
    by_report: dict[str, list[Claim]] = defaultdict(list)
    for c in sorted((c for c in claims if c.kind == "event"), key=lambda c: order(c, reports)):
        by_report[c.report].append(c)
    told = [t.telling for r, group in by_report.items() for t in tell(group, reports.get(r), {}, Decided())]
    of = {c: n for n, t in enumerate(told) for c in t.claims}
    home = {c: n for n, members in enumerate(documented) for c in members}
    homes = [{home.get(c) for c in t.claims} for t in told]
    sure = [n for n, h in enumerate(homes) if len(h) == 1 and None not in h]
    labels: dict[tuple[int, int], bool] = {}
    for x, y in candidates([told[n] for n in sure]):
        labels[sure[x], sure[y]] = homes[sure[x]] == homes[sure[y]]
    ruling = decided(judgements, frozenset(of))
    for pairs, same in ((ruling.apart, False), (ruling.together, True)):
        for a, b in pairs:
            i, j = sorted((of[a], of[b]))
            if i != j:
                labels[i, j] = same
    return [(levels(told[i], told[j], limits), same) for (i, j), same in sorted(labels.items())]


def agreement(pairs: Sequence[LabelledPair], weights: Weights) -> float:
    """The share of the pairs that these weights join where people did, and keep apart where people did."""
    good = 0
    for found, same in pairs:
        vetoed = any(v in weights.veto.get(f, ()) for f, v in found)
        score = weights.prior + sum(weights.features[f][v] for f, v in found)
        good += (not vetoed and score >= weights.join) == same
    return good / len(pairs) if pairs else 1.0


def held_out(pairs: Sequence[LabelledPair], *, start: Weights, pull: float = 20.0, folds: int = 5) -> float:
    """The agreement on pairs that the weights were not learned from: each fifth judged by what the others teach."""
    good = 0.0
    for n in range(folds):
        kept, rest = [p for i, p in enumerate(pairs) if i % folds != n], pairs[n::folds]
        if rest:
            taught = learn(kept, start=start, pull=pull) if len({same for _, same in kept}) == 2 else start
            good += agreement(rest, taught) * len(rest)
    return good / len(pairs) if pairs else 1.0


def learn(pairs: Iterable[LabelledPair], *, start: Weights | None = None, pull: float = 20.0) -> Weights:
    """Weights, in bits, that tell the pairs apart best: logistic regression over the levels, pulled towards `start`.

    `pull` is how many pairs the present weight of a level is worth: a level that no pair shows keeps it. Levels that
    veto keep theirs. Raises ValueError where the pairs are all alike.
    """
    import numpy as np

    start = start or Weights.shipped()
    data = list(pairs)
    if len({same for _, same in data}) < 2:
        raise ValueError(
            "Weights are learned from pairs of both kinds: some that are one occurrence, some that are two."
        )
    columns = [(f, v) for f, row in start.features.items() for v in row if v not in start.veto.get(f, ())]
    at = {c: n + 1 for n, c in enumerate(columns)}
    x = np.zeros((len(data), len(columns) + 1))
    y = np.zeros(len(data))
    kept = []
    for n, (found, same) in enumerate(data):
        if any(v in start.veto.get(f, ()) for f, v in found):
            continue
        kept.append(n)
        x[n, 0] = 1.0
        x[n, [at[c] for c in found]] = 1.0
        y[n] = same
    x, y = x[kept], y[kept]
    bits = np.log(2.0)
    prior = np.array([start.prior, *(start.features[f][v] for f, v in columns)]) * bits
    w = prior.copy()
    # Newton's method; the pull makes the Hessian regular.
    for _ in range(30):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (y - p) - pull * 0.25 * (w - prior)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + pull * 0.25 * np.eye(len(w))
        step = np.linalg.solve(hessian, gradient)
        w += step
        if float(np.abs(step).max()) < 1e-6:
            break
    learned = {f: dict(row) for f, row in start.features.items()}
    for (f, v), n in at.items():
        learned[f][v] = round(float(w[n] / bits), 2)
    return replace(start, prior=round(float(w[0] / bits), 2), features=learned)
