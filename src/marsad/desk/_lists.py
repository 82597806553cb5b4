"""Lists: one page of rows at a time, and their twins as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.responses import Response

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Pager:
    """Which page of how many."""

    page: int
    last: int
    size: int

    @classmethod
    def over(cls, total: int, page: int, size: int) -> Pager:
        """The page asked for, or the last one where there are fewer."""
        last = max(1, -(-total // size))
        return cls(min(page, last), last, size)

    @property
    def offset(self) -> int:
        """How many rows come before."""
        return (self.page - 1) * self.size


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file to download, with no cell that a spreadsheet would run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([[inert(cell) for cell in row] for row in rows])
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    # The byte order mark is what makes spreadsheets read Arabic as UTF-8.
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def inert(cell: object) -> str:
    """A cell's text; what would begin a formula (=, +, -, @, tab, return) gets an apostrophe before it."""
    text = "" if cell is None else str(cell)
    risky = text.lstrip(" \u00a0\ufeff")[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    return "'" + text if risky and not _NUMBER.fullmatch(text) else text
