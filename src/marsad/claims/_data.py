"""Reading of the data files beside this code: tab-separated rows, comma-separated cells, '#' lines are notes."""

from __future__ import annotations

import functools
from importlib import resources
from pathlib import Path


def rows(name: str | Path) -> list[list[str]]:
    """The rows of a data file of this room (by name), or of a user's own file (by path)."""
    source = name if isinstance(name, Path) else resources.files(__package__).joinpath("data", name)
    lines = source.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split("\t")] for line in lines if line.strip() and line[0] != "#"]


def cells(cell: str, mark: str = ",") -> list[str]:
    """The entries of one cell, in order, without repeats."""
    return list(dict.fromkeys(x for x in (part.strip() for part in cell.split(mark)) if x))


def words_of(name: str) -> list[str]:
    """All entries of a plain list, whatever the line that they stand on."""
    return [word for row in rows(name) for cell in row for word in cells(cell)]


@functools.cache
def word_set(name: str) -> frozenset[str]:
    """A closed set of grammar.tsv by its name."""
    return _word_sets()[name]


@functools.cache
def _word_sets() -> dict[str, frozenset[str]]:
    return {row[0]: frozenset(cells(row[1])) for row in rows("grammar.tsv")}
