"""Cells that are safe to open: nothing that a spreadsheet would run, nothing that hides its direction."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from ._clean import clean, visible_controls

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """A value as CSV text: None is empty; what a spreadsheet would take for a formula is quoted by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return str(value)
    text = visible_controls(clean(str(value)).replace("\n", " ").replace("\t", " "))
    return f"'{text}" if text.lstrip(" \u00a0\ufeff").startswith(_FORMULA) else text


def to_csv(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> str:
    """RFC 4180 text (UTF-8 when written), with a header."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    columns = list(columns)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(c)) for c in columns])
    return out.getvalue()
