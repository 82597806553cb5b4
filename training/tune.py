"""Choose thresholds on the development parts: `python -m training.tune --folder EXPORTED --data CORPORA`."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from marsad.claims.learned import Proposal, Proposals, fillers
from marsad.claims.learned._decode import Tuning, decode
from marsad.claims.learned._labels import labels
from marsad.claims.learned._look import Look, look
from marsad.claims.learned._network import Network, open_network
from marsad.claims.learned._snap import snap
from training import corpora
from training.export import seal
from training.score import Tally, ceaf_ree, exact, regression

OUTSIDE = [-3.0, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
SWITCH = [0.0, 1.0, 2.0]
GATES = [0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]


@dataclass(slots=True)
class Run:
    """An example and what the network put out for it."""

    example: corpora.Example
    look: Look

    @property
    def gate(self) -> float:
        """How likely the text tells of an attack."""
        return self.look.document["gate"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--trusted", type=float, help="score from which attributions go before those that rules find")
    given = parser.parse_args()
    network = open_network(given.folder)
    tuning: dict[str, Tuning] = {}
    scores: dict[str, object] = {}
    muc = run(network, list(corpora.muc4(given.data / "muc4/role_fillers/dev.json")))
    gate = tune_roles(muc, tuning, scores)
    snapped = tune_attribution(run(network, list(corpora.polnear(given.data / "polnear/dev"))), tuning, scores)
    told = run(network, list(corpora.factuality(given.data / "factuality_uw/dev.jsonl")))
    scores["factuality"] = dict(zip(("mae", "r"), factuality(told)))
    violations = tune_document(run(network, list(corpora.hrdsattack(given.data / "hrdsattack/dev.json"))), scores)
    shown = {name: {"outside": t.outside, "switch": t.switch} for name, t in tuning.items()}
    if given.trusted is not None:
        seal(given.folder, {"trusted": given.trusted})
    seal(given.folder, {"tuning": shown, "gate": gate, "snap": snapped, "document": violations, "dev_scores": scores})
    print(
        json.dumps({"tuning": shown, "gate": gate, "snap": snapped, "document": violations, "scores": scores}, indent=1)
    )


def run(network: Network, examples: list[corpora.Example]) -> list[Run]:
    seen = ((example, look(network, example.text, example.segments())) for example in examples)
    return [Run(example, one) for example, one in seen if one is not None]


def spans(one: Run, channel: str, options: list[Tuning]) -> list[list[Proposal]]:
    """The spans of one channel under each option; the options are decoded as if they were channels."""
    at = labels().channels.index(channel)
    found: list[list[Proposal]] = [[] for _ in options]
    seen = one.look
    copies = np.repeat(seen.tags[:, at : at + 1], len(options), axis=1)
    for option, first, last, score in decode(copies, seen.breaks, tuple(options)):
        found[option].append(Proposal(channel, seen.starts[first], seen.ends[last - 1], score))
    return found


def tune_roles(runs: list[Run], tuning: dict[str, Tuning], scores: dict[str, object]) -> float:
    """The best 'outside' of each role under each gate, by CEAF-REE; returns the gate."""
    kinds = {ours: theirs for theirs, ours in corpora.ROLES.items()}
    options = [Tuning(outside) for outside in OUTSIDE]
    entities: dict[tuple[str, Tuning, int], tuple[Tally, Tally]] = {}
    for role, kind in kinds.items():
        for number, one in enumerate(runs):
            gold = [[m for m, _ in entity] for entity in one.example.gold[kind]]
            for option, proposed in zip(options, spans(one, role, options)):
                mine = [[f.text] for f in fillers(one.example.text, Proposals(tuple(proposed)))]
                entities[role, option, number] = (ceaf_ree(mine, gold), Tally(0, 0, len(gold)))
    best: tuple[float, float, dict[str, tuple[Tuning, Tally]]] = (-1.0, 0.0, {})
    for gate in GATES:
        chosen = {}
        for role in kinds:
            tallies = {
                option: sum((entities[role, option, n][one.gate < gate] for n, one in enumerate(runs)), Tally())
                for option in options
            }
            chosen[role] = max(tallies.items(), key=lambda item: item[1].f1)
        micro = sum((tally for _, tally in chosen.values()), Tally()).f1
        if micro > best[0]:
            best = (micro, gate, chosen)
    _, gate, chosen = best
    tuning.update({role: option for role, (option, _) in chosen.items()})
    scores["muc4_ceaf_ree"] = {"micro": shown(sum((t for _, t in chosen.values()), Tally()))} | {
        role: shown(tally) for role, (_, tally) in chosen.items()
    }
    return gate


def tune_attribution(runs: list[Run], tuning: dict[str, Tuning], scores: dict[str, object]) -> bool:
    """The best 'outside' and 'switch' of each channel, by exact spans; returns whether contents are better snapped."""
    result = {}
    others: list[list[Proposal]] = [[] for _ in runs]
    snapped = True
    for channel in labels().groups["attribution"]:
        switches = SWITCH if channel == "content" else SWITCH[:2]
        options = [Tuning(outside, switch) for outside in OUTSIDE for switch in switches]
        ways = (True, False) if channel == "content" else (False,)
        tallies = {(at, way): Tally() for at in range(len(options)) for way in ways}
        for number, one in enumerate(runs):
            gold = [(a, b) for c, a, b in one.example.spans if c == channel]
            for at, proposed in enumerate(spans(one, channel, options)):
                for way in ways:
                    mended = snap(one.example.text, [*others[number], *proposed]) if way else proposed
                    tallies[at, way] += exact([(p.start, p.end) for p in mended if p.channel == channel], gold)
        at, snapped = max(tallies, key=lambda key: tallies[key].f1)
        tuning[channel] = options[at]
        tuning[f"inner_{channel}"] = replace(options[at], outside=0.0)
        result[channel] = shown(tallies[at, snapped])
        for number, one in enumerate(runs):
            others[number] += spans(one, channel, [options[at]])[0]
    scores["polnear_exact"] = result
    return snapped


def factuality(runs: list[Run]) -> tuple[float, float]:
    ours, gold = [], []
    for one in runs:
        for start, _, value in one.example.factuality:
            at = max(n for n, s in enumerate(one.look.starts) if s <= start)
            ours.append(float(np.clip(one.look.values[at], -3, 3)))
            gold.append(value)
    mae, r = regression(ours, gold)
    return round(mae, 4), round(r, 4)


def tune_document(runs: list[Run], scores: dict[str, object]) -> dict[str, float]:
    """One threshold for violation types, by micro F1; perpetrator type by the likeliest."""
    names = [(at, n) for at, n in enumerate(labels().pooled) if n.startswith("violation:")]
    kinds = [(at, n) for at, n in enumerate(labels().pooled) if n.startswith("perpetrator:")]
    best = (-1.0, 0.5)
    for threshold in np.arange(0.15, 0.75, 0.05):
        tally = sum(
            (
                exact(
                    [(at, 0) for at, n in names if one.look.document[n] >= threshold],
                    [(at, 0) for at, n in names if n in one.example.pooled],
                )
                for one in runs
            ),
            Tally(),
        )
        best = max(best, (tally.f1, round(float(threshold), 2)))
    right = sum(max(kinds, key=lambda k: one.look.document[k[1]])[1] in one.example.pooled for one in runs)
    scores["hrdsattack"] = {"violation_micro_f1": round(best[0], 4), "perpetrator_accuracy": right / len(runs)}
    return {"violation": best[1]}


def shown(tally: Tally) -> dict[str, float]:
    return {"p": round(tally.precision, 4), "r": round(tally.recall, 4), "f1": round(tally.f1, 4)}


if __name__ == "__main__":
    main()
