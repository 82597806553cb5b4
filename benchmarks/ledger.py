"""How well linking, origins and counting do where the truth is known: simulated worlds, half of their reports copies.

usage: python benchmarks/ledger.py [--seeds 1 2 3] [--incidents 300] [--scale 1000 10000 100000] [--doubtful]
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from simulator import Settings, World, simulate

from marsad.incidents import link
from marsad.ledger import tally
from marsad.model import Incident


@dataclass(frozen=True, slots=True)
class Scores:
    """What one world gave."""

    claims: int
    reports: int
    precision: float
    recall: float
    origins: float
    """Origins found, all incidents together, over those that there are."""
    origin_error: float
    """Mean over true incidents of |found − true| / true, of the incident that holds most of its claims."""
    exact: float
    """Share of true incidents whose origins are counted rightly."""
    covered: float
    """Share of true incidents whose toll lies within the range of the incident that holds most of its claims."""
    raw_covered: float
    """The same for the least and the most of all reports, copies too."""
    width: float
    """Mean width of the range over the mean width of the least and the most of all reports."""
    naive: float
    """The sum of all reports' least figures over the true toll."""
    total: tuple[int, int]
    truth: int
    seconds: float

    @property
    def f1(self) -> float:
        """Of pairs of claims that stand in one incident."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def measure(world: World) -> Scores:
    """Link and count a world, and hold the result against its truth."""
    begun = time.perf_counter()
    claims = list(world.claims.values())
    incidents = link(claims, world.reports)
    ledger = tally(incidents, world.claims, world.reports)
    seconds = time.perf_counter() - begun
    precision, recall = pair_scores(world, incidents)
    holder = _holders(world, incidents)
    covered = raw_covered = 0
    widths, raw_widths, errors = [], [], []
    for h in world.happened:
        incident = holder[h.id]
        cell = ledger.figure(incident.id, "killed")
        said = world.said[h.id]
        # An open end ('at least 9') is as wide as the highest figure that anybody gives.
        top = max(x for low, high in said for x in (low, high) if x is not None)
        raw = min(low for low, _ in said), top
        if any(high is None and low >= top for low, high in said):
            raw_covered += raw[0] <= h.killed
        else:
            raw_covered += raw[0] <= h.killed <= raw[1]
        errors.append(abs(_credited(incident) - h.origins) / h.origins)
        if cell is None or cell.min is None:
            continue
        covered += cell.min <= h.killed and (cell.max is None or h.killed <= cell.max)
        high = cell.max if cell.max is not None else max(b.max or b.min or 0 for b in cell.bases)
        widths.append(high - cell.min)
        raw_widths.append(raw[1] - raw[0])
    n = len(world.happened)
    total = next(t for t in ledger.totals() if (t.harm, t.group) == ("killed", "total"))
    toll = sum(h.killed for h in world.happened)
    return Scores(
        len(claims),
        len(world.reports),
        precision,
        recall,
        sum(_credited(i) for i in incidents) / sum(h.origins for h in world.happened),
        sum(errors) / n,
        sum(e == 0 for e in errors) / n,
        covered / n,
        raw_covered / n,
        (sum(widths) / len(widths)) / max(1e-9, sum(raw_widths) / len(raw_widths)),
        sum(low for said in world.said.values() for low, _ in said) / toll,
        (total.min, total.most_said),
        toll,
        seconds,
    )


def pair_scores(world: World, incidents: tuple[Incident, ...]) -> tuple[float, float]:
    """(precision, recall) over pairs of claims that stand in one incident."""
    both = Counter((n, world.about[c]) for n, i in enumerate(incidents) for c in i.claims)
    pairs = sum(v * (v - 1) // 2 for v in both.values())
    found = sum(len(i.claims) * (len(i.claims) - 1) // 2 for i in incidents)
    true = sum(v * (v - 1) // 2 for v in Counter(world.about.values()).values())
    return pairs / max(1, found), pairs / max(1, true)


def _credited(incident: Incident) -> int:
    """Origins other than a party's own word (denials, in these worlds)."""
    return sum(o.kind not in ("party", "perpetrator") for o in incident.origins)


def _holders(world: World, incidents: tuple[Incident, ...]) -> dict[int, Incident]:
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for n, i in enumerate(incidents):
        for c in i.claims:
            votes[world.about[c]][n] += 1
    return {h: incidents[max(v, key=lambda n: (v[n], -n))] for h, v in votes.items()}


def _scale(sizes: list[int]) -> None:
    print("   claims   reports incidents  seconds   CPU s CPU ms/claim  peak MB  pair F1")
    for size in sizes:
        world = simulate(
            1, Settings(incidents=max(20, size // 34), days=max(90, size // 60), towns=max(60, size // 100))
        )
        claims = list(world.claims.values())
        begun, cpu = time.perf_counter(), time.process_time()
        incidents = link(claims, world.reports)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        p, r = pair_scores(world, incidents)
        print(
            f"{len(claims):>9,} {len(world.reports):>9,} {len(incidents):>9,} {seconds:>8.1f} {cpu:>7.1f} "
            f"{cpu / len(claims) * 1000:>12.2f} {peak:>8.0f}  {2 * p * r / (p + r):.3f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--incidents", type=int, default=300)
    parser.add_argument("--scale", type=int, nargs="*", help="also print the cost curve over about so many claims")
    args = parser.parse_args()
    print("seed claims reports  pairP  pairR pairF1  origins  |err| exact covered (raw)  width  naive  total / truth")
    for seed in args.seeds:
        s = measure(simulate(seed, Settings(incidents=args.incidents)))
        print(
            f"{seed:>4} {s.claims:>6} {s.reports:>7}  {s.precision:.3f}  {s.recall:.3f}  {s.f1:.3f}  "
            f"{s.origins:>7.3f}  {s.origin_error:.3f} {s.exact:.3f}   {s.covered:.3f} ({s.raw_covered:.3f})  "
            f"{s.width:.2f}  {s.naive:5.1f}  {s.total[0]}–{s.total[1]} / {s.truth}  {s.seconds:.1f} s",
            flush=True,
        )
    if args.scale:
        _scale(args.scale)


if __name__ == "__main__":
    main()
