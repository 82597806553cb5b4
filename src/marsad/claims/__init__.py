"""Claims: reports in, what they assert out, every value with its words. `extract(report)` is the door."""

from ._engine import Engine, extract, extract_many

__all__ = ["Engine", "extract", "extract_many"]
