"""An entry to a report of kind 'dataset' and a claim of kind 'record': its words are cells, its origin is a dataset.

Such a report is preserved and searched like any other. Its claim is made again from it whenever it is looked at, and
stands in no incident: nothing of another body's table can slip into a count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from marsad.model import Actor, Attribution, Claim, Count, Place, Report, Span, When

from ._table import Entry, Spec, columns_of, entry, spec


def report_of(kind: str, found: Entry, exhibit: str) -> Report:
    """The report of one row of the table preserved as `exhibit`: a line 'column: cell' for each cell that is filled."""
    text = "\n".join(f"{name}: {value}" for name, value in found.cells.items())
    part = f"line {found.line}"
    digest = hashlib.sha256("\0".join((exhibit, part, text)).encode()).hexdigest()
    label = spec(kind).label
    return Report(
        id="r" + digest[:24],
        exhibit=exhibit,
        part=part,
        kind="dataset",
        title=f"{label} {found.id}",
        publisher=label,
        text=text,
        status="extracted",
        meta={"dataset": kind, "entry": found.id, "line": found.line},
    )


def record(report: Report) -> tuple[Entry, Claim]:
    """The entry and the claim of a report of kind 'dataset'; every span points at the cells that say it."""
    kind = str(report.meta["dataset"])
    table = spec(kind)
    cells = dict(line.split(": ", 1) for line in report.text.split("\n"))
    found = replace(entry(kind, cells), line=int(report.meta["line"]))
    words = _Cells(table, cells, report.text)
    least, most = found.figures.get("killed", (None, None))
    figure = words.span("killed_min", "killed_best", "killed_max")
    victims: tuple[Actor, ...] = ()
    if figure is not None and (least, most) != (None, None):
        count = Count(least, most, figure.text, figure.start, figure.end)
        victims = (Actor(figure.start, figure.end, figure.text, count=count),)
    place, day = words.span("place") or words.span("admin1") or words.span("country"), words.span("first", "last")
    key = words.span("id") or Span(0, len(report.text), report.text)
    trigger = words.span("type") or figure or key
    claim = Claim(
        id="c" + hashlib.sha256(f"{report.id} {table.act}".encode()).hexdigest()[:16],
        act=table.act,
        kind="record",
        trigger=trigger,
        sentence=Span(0, len(report.text), report.text),
        perpetrators=tuple(
            Actor(s.start, s.end, s.text, name=p)
            for p in found.parties
            if (s := words.within("parties", p)) is not None
        ),
        victims=victims,
        places=(
            Place(
                place.start,
                place.end,
                place.text,
                found.place or None,
                None,
                found.lat,
                found.lon,
                found.precision,
                None,
                found.admin1 or None,
            ),
        )
        if place
        else (),
        time=When(found.first, found.last, day.start, day.end, day.text) if day and found.first else None,
        attribution=(Attribution(table.label, "dataset", key.start, key.end, "dataset", key.text),),
        report=report.id,
    )
    return found, claim


class _Cells:
    """Where each cell stands in the report's text."""

    def __init__(self, table: Spec, cells: Mapping[str, str], text: str) -> None:
        self._text = text
        self._at: dict[str, tuple[int, int]] = {}
        start = 0
        for name, value in cells.items():
            start += len(name) + 2
            self._at[name] = (start, start + len(value))
            start += len(value) + 1
        self._columns = columns_of(table, list(cells))

    def span(self, *fields: str) -> Span | None:
        """The cells of the fields: as one span where they stand side by side, else the first of them."""
        held = sorted({self._at[c] for f in fields for c in self._columns.get(f, ())[:1]})
        if not held:
            return None
        order = sorted(self._at.values())
        first = order.index(held[0])
        start, end = held[0][0], held[-1][1] if order[first : first + len(held)] == held else held[0][1]
        return Span(start, end, self._text[start:end])

    def within(self, field: str, words: str) -> Span | None:
        """Words within a cell of the field."""
        for column in self._columns.get(field, ()):
            start, end = self._at[column]
            at = self._text.find(words, start, end)
            if at >= 0:
                return Span(at, at + len(words), words)
        return None
