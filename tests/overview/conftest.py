"""The desk's fictional case, and small simulated worlds."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "desk"), str(ROOT / "benchmarks")]

import desk_fiction  # noqa: E402

from marsad.pipeline import Case  # noqa: E402


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = desk_fiction.make(tmp_path / "case")
    yield made
    made.close()
