"""What linking costs: from nothing, and one report more, over cases of growing size in simulated worlds, on SQLite.

usage: python benchmarks/linking.py [--sizes 1000 10000 100000 1000000] [--more 40] [--folder DIR] [--dense]

One more: a report's claims are put and linked in one transaction, as the pipeline does after extraction; the reports
are drawn from all over the world's time. Each stage runs in a process of its own, so that its memory is its own. With
--dense, a few towns hold all within 90 days.

Pairs a claim, from nothing: pairs of tellings that a key brings near one another; those of them that are compared,
since their days do not keep them apart; and pairs of reports of which it is asked whether one copies the other.
"""

from __future__ import annotations

import argparse
import functools
import math
import multiprocessing
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from simulator import Settings, World, simulate

from marsad.incidents import _recompare, _retell
from marsad.model import Claim, Exhibit
from marsad.review import link_changed
from marsad.store import Store

AT = "2031-01-01T00:00:00+00:00"
Left = dict[str, list[Claim]]


def world_of(size: int, dense: bool) -> World:
    """A world of about so many claims: its towns and its time grow with it, unless it is to be dense."""
    wide = Settings(incidents=max(20, size // 34), days=max(90, size // 60), towns=max(60, size // 100))
    return simulate(1, replace(wide, days=90, towns=60) if dense else wide)


def fill(url: str, size: int, dense: bool, more: int) -> tuple[int, int, Left]:
    """Put a world into a new case; returns how many claims and reports, and the claims of reports that are left out."""
    world = world_of(size, dense)
    by_report: Left = defaultdict(list)
    for c in world.claims.values():
        by_report[c.report].append(c)
    left = set(random.Random(1).sample(sorted(by_report), min(more, len(by_report) // 10)))
    store = Store.open(url)
    with store.write() as s:
        s.exhibits.add(Exhibit("0" * 64, 1, "text/plain", "x", AT))
    reports = list(world.reports.values())
    for i in range(0, len(reports), 1000):
        with store.write() as s:
            for r in reports[i : i + 1000]:
                s.reports.add(replace(r, exhibit="0" * 64), AT)
                if r.id not in left:
                    s.claims.put(r.id, by_report[r.id], "simulator")
    store.close()
    return len(world.claims), len(reports), {r: by_report[r] for r in sorted(left)}


def counted() -> Counter[str]:
    """Have the linker's comparisons counted from now on, in this process."""
    found: Counter[str] = Counter()
    near, compare, is_copy = _recompare.near_in_time, _recompare.compare, _retell.is_copy

    def of_pairs(pairs: Any, *rest: Any) -> Any:
        found["near"] += len(pairs)
        return near(pairs, *rest)

    def of_tellings(*args: Any) -> Any:
        found["compared"] += 1
        return compare(*args)

    def of_reports(*args: Any) -> bool:
        found["held"] += 1
        return is_copy(*args)

    _recompare.near_in_time, _recompare.compare, _retell.is_copy = of_pairs, of_tellings, of_reports
    return found


def link_all(url: str) -> tuple[float, float, float, int, Counter[str]]:
    """CPU seconds, seconds and peak MiB of linking a case from nothing, its incidents, and the comparisons made."""
    made = counted()
    store = Store.open(url)
    cpu, wall, more = time.process_time(), time.perf_counter(), True
    while more:
        with store.write() as s:
            more = link_changed(s)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    with store.read() as s:
        incidents = s.incidents.count()
    store.close()
    return cpu, wall, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, incidents, made


def link_more(url: str, left: Left) -> list[tuple[float, float]]:
    """(CPU, wall) milliseconds of each report more."""
    store = Store.open(url)
    spent = []
    for n, (report, claims) in enumerate(left.items()):
        cpu, wall = time.process_time(), time.perf_counter()
        with store.write() as s:
            s.claims.put(report, claims, "simulator")
            link_changed(s, [report])
        if n:
            # The first also opens the database and fills its cache and the statements'.
            spent.append((1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - wall)))
    store.close()
    return spent


def apart(work: Callable[..., Any], *args: Any) -> Any:
    """What `work` returns, done in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, args)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--more", type=int, default=41)
    parser.add_argument("--folder", type=Path, help="where the databases are made (default: a temporary folder)")
    parser.add_argument("--dense", action="store_true")
    args = parser.parse_args()
    print(
        "   claims  reports incidents | from nothing: CPU s   wall s  µs/claim  µs/(claim·log2 n)  "
        "pairs a claim: near  compared  held  peak MiB  on disk MiB | one more, ms: CPU median  p95  wall median  p95"
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.folder or Path(temporary)
        for size in args.sizes:
            path = folder / f"linking-{size}{'-dense' if args.dense else ''}.sqlite"
            path.unlink(missing_ok=True)
            url = f"sqlite:///{path}"
            claims, reports, left = apart(fill, url, size, args.dense, args.more)
            cpu, wall, peak, incidents, made = apart(link_all, url)
            spent = apart(functools.partial(link_more, url), left)
            own, all_ = sorted(c for c, _ in spent), sorted(w for _, w in spent)
            p95 = int(0.95 * (len(spent) - 1))
            near, compared, held = (made[m] / claims for m in ("near", "compared", "held"))
            print(
                f"{claims:>9,} {reports:>8,} {incidents:>9,} | {cpu:>20.1f} {wall:>8.1f} {cpu / claims * 1e6:>9.0f} "
                f"{cpu / claims * 1e6 / math.log2(claims):>18.1f} {near:>20.1f} {compared:>9.1f} {held:>5.1f} "
                f"{peak:>9.0f} {path.stat().st_size / 2**20:>12.0f} | "
                f"{statistics.median(own):>24.0f} {own[p95]:>4.0f} {statistics.median(all_):>12.0f} {all_[p95]:>4.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
