"""What the benchmark scripts share: --data, a table, seconds and memory."""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Cost:
    """CPU seconds of this process, wall seconds, and the most memory it held, in MiB."""

    cpu: float = 0.0
    wall: float = 0.0
    memory: float = 0.0


def arguments(about: str | None, data: str) -> argparse.ArgumentParser:
    """A parser with --data FOLDER; `data` says which layout is meant."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--data", type=Path, required=True, help=data)
    return parser


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure what happens inside."""
    cost = Cost()
    cpu, wall = time.process_time(), time.perf_counter()
    yield cost
    cost.cpu, cost.wall = time.process_time() - cpu, time.perf_counter() - wall
    cost.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a plain table; floats with three decimals, None as a dash."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(line[at]) for line in [list(head), *cells]) for at in range(len(head))]
    for line in [list(head), ["-" * width for width in widths], *cells]:
        print("  ".join(value.ljust(width) for value, width in zip(line, widths)).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
