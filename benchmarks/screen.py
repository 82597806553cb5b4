"""What the screen loses: the share of claims, and of their values, that the engine also makes with the screen on.

    python benchmarks/screen.py --data ../shared/corpora [--most 150] [--show]

Both runs are of the same engine over the same reports; in one every sentence is parsed and read. A claim is held to be
made where its act and trigger are; a value where its claim has it too, with the words that give it: each perpetrator
and victim with who it is (also through a pronoun) and how many, place, time, means, each source, certainty, kind, who
denies it. `whole` are claims of which every such value is.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from _common import measured, table
from _texts import load

from marsad.claims import Engine
from marsad.model import Actor, Claim, Report

CORPORA = {
    "PolNeAR": "polnear/dev",
    "LGL": "geo/dev",
    "MUC-4": "muc4/role_fillers/dev.json",
    "HRDsAttack": "hrdsattack/dev.json",
    "IndiaPoliceEvents": "indiapoliceevents/dev",
}
FIELDS = ("perpetrators", "victims", "means", "places", "time", "attribution", "denied by", "certainty", "kind")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the shared corpora")
    parser.add_argument("--most", type=int, default=150, help="so many reports of each corpus, drawn with a seed (150)")
    parser.add_argument("--show", action="store_true", help="print what is lost")
    given = parser.parse_args()
    rows: list[list[object]] = []
    for name, place in CORPORA.items():
        texts = load(given.data / place)
        if len(texts) > given.most:
            texts = random.Random(3).sample(texts, given.most)
        if texts:
            rows.append([name, len(texts), *compare(texts, given.show)])
    table(["corpus", "reports", "claims", "made too", "whole", "values", *FIELDS, "CPU of screened / all"], rows)


def compare(texts: list[str], show: bool) -> list[object]:
    """Claims of the engine that reads all; shares of them and of their values that the screened engine gives too."""
    reports = [Report(f"r{n}", "0" * 64, text=t, language="en", published="2020-01-01") for n, t in enumerate(texts)]
    screened, every = Engine(learned=False), Engine(screened=False, learned=False)
    screened.extract(reports[0])
    with measured() as quick:
        ours = [{(c.act, c.trigger): c for c in screened.extract(r)} for r in reports]
    with measured() as slow:
        alls = [every.extract(r) for r in reports]
    wanted: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for found, claims in zip(ours, alls, strict=True):
        for claim in claims:
            same = found.get((claim.act, claim.trigger))
            mine, others = set(values(claim)), set(values(same)) if same else set()
            wanted.update(["claims", *(name for name, *_ in mine)])
            kept.update(name for name, *_ in mine & others)
            kept.update(["claims"] * (same is not None) + ["whole"] * (mine <= others))
            if show and not mine <= others:
                print(claim.act, claim.trigger.text, "LOST" if same is None else sorted(map(str, mine - others)))
    shares = [kept[f] / wanted[f] if wanted[f] else None for f in FIELDS]
    both = sum(kept[f] for f in FIELDS) / max(1, sum(wanted[f] for f in FIELDS))
    whole = [kept[k] / max(1, wanted["claims"]) for k in ("claims", "whole")]
    return [wanted["claims"], *whole, both, *shares, quick.cpu / slow.cpu]


def values(claim: Claim) -> Iterator[tuple[str, object]]:
    """A claim's values, each as (field, what it is and which words give it)."""
    for a in claim.perpetrators:
        yield "perpetrators", who(a)
    for a in claim.victims:
        yield "victims", (who(a), a.count and (a.count.min, a.count.max), a.children, a.sex, a.status)
    for m in claim.means:
        yield "means", m
    for p in claim.places:
        yield "places", (p.start, p.end, p.id, p.facility)
    if claim.time:
        yield "time", claim.time
    for s in claim.attribution:
        yield "attribution", (s.source, s.start, s.end)
    for s in claim.denied_by:
        yield "denied by", (s.source, s.start, s.end)
    yield "certainty", claim.certainty
    yield "kind", claim.kind


def who(a: Actor) -> tuple[object, ...]:
    """Which words, and whom they stand for."""
    return a.start, a.end, a.name, a.id, a.kind


if __name__ == "__main__":
    main()
