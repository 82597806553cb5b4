"""CSV and TSV tables of posts: the columns are found by their names; each row with words is a report."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from marsad.errors import Unreadable

from .._decode import decode
from .._draft import Draft, Source
from .._when import iso
from ._fields import table

_SAMPLE = 8192
_LONGEST_CELL = 1_000_000


def read(source: Source) -> Iterator[Draft]:
    """One draft a row. Raises Unreadable where no column holds the words."""
    decoded = decode(source.whole(), source.charset)
    csv.field_size_limit(_LONGEST_CELL)
    rows = csv.reader(io.StringIO(decoded.text.lstrip("\ufeff").replace("\x00", "")), _dialect(decoded.text))
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        places = {
            name: next((header.index(spelling) for spelling in spellings if spelling in header), None)
            for name, spellings in table("table").items()
        }
        if places["text"] is None:
            raise Unreadable("a table without a column named 'text', 'content', 'message' or the like")
        given = 0
        for number, row in enumerate(rows, 2):
            cells = {name: row[at].strip() for name, at in places.items() if at is not None and at < len(row)}
            if cells.get("text"):
                given += 1
                yield _draft(cells, number)
    except csv.Error as problem:
        raise Unreadable(f"a table that is broken ({problem})") from None
    if not given:
        raise Unreadable("a table without a row that has words")


def _draft(cells: dict[str, str], number: int) -> Draft:
    draft = Draft(part=cells.get("id") or f"row {number}", kind="post", text=cells["text"])
    for name in ("title", "author", "publisher", "url", "language"):
        setattr(draft, name, cells.get(name) or None)
    if stamp := cells.get("published"):
        draft.published, draft.meta["published_from"] = iso(stamp), "table"
        if draft.published is None:
            draft.note(f"its date is absurd or unclear and was not taken: {stamp[:60]}")
    return draft


def _dialect(text: str) -> type[csv.Dialect] | csv.Dialect:
    first = text[:_SAMPLE].split("\n", 1)[0]
    # The delimiter that the header has most of; quoting is the same in all.
    delimiter = max(",;\t|", key=first.count)

    class Found(csv.excel):
        pass

    Found.delimiter = delimiter
    return Found
