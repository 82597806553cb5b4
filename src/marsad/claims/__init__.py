"""Claims: reports in, what they assert out, every value with its words. `extract(report)` is the door."""

from pathlib import Path

from ._attributions import attributions
from ._engine import Engine, extract, extract_many
from ._learned import weights as weights_in
from ._which import extractable, set_aside

ENGINE = "structural 5"
"""Names the rules that proposed a claim; it changes with them, so that a case knows which reports to read again."""


def engine(*, learned: bool = True, weights: Path | None = None) -> str:
    """What proposes claims here: the rules, and the weights of the learned layer where it is used: the shipped ones, or
    those in the folder `weights`. Raises ModelMissing where that folder's cannot be used."""
    name = weights_in(weights) if learned else None
    return f"{ENGINE}, {name}" if name else ENGINE


__all__ = ["ENGINE", "Engine", "attributions", "engine", "extract", "extract_many", "extractable", "set_aside"]
