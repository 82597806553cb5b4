"""Claims: reports in, what they assert out, every value with its words. `extract(report)` is the door."""

from ._engine import Engine, extract, extract_many

ENGINE = "structural 1"
"""Names what proposed a claim; it changes with the rules, so that a case knows which reports to read again."""

__all__ = ["ENGINE", "Engine", "extract", "extract_many"]
