"""Claims: reports in, what they assert out, every value with its words. `extract(report)` is the door."""

from ._attributions import attributions
from ._engine import Engine, extract, extract_many
from ._learned import weights
from ._which import extractable, set_aside

ENGINE = "structural 4"
"""Names the rules that proposed a claim; it changes with them, so that a case knows which reports to read again."""


def engine(*, learned: bool = True) -> str:
    """What proposes claims here: the rules, and the weights of the learned layer where it is used."""
    name = weights() if learned else None
    return f"{ENGINE}, {name}" if name else ENGINE


__all__ = ["ENGINE", "Engine", "attributions", "engine", "extract", "extract_many", "extractable", "set_aside"]
