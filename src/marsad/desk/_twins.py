"""The twins of a list's page: the same list, narrowed as the page is, for a spreadsheet, a program or a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from ._door import Door

_FORMS = ((".csv", "CSV"), (".json", "JSON"), (".geojson", "GeoJSON"))
_PAGING = ("limit", "cursor")


@dataclass(frozen=True, slots=True)
class Twin:
    """One form of a page's list: what it is called, its address, and the filters that it takes."""

    name: str
    path: str
    takes: frozenset[str]

    def address(self, request: Request) -> str:
        """The address of the list as the page of `request` is narrowed."""
        kept = {k: v for k, v in request.query_params.items() if k in self.takes and v}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path


def twins_of(page: Door, doors: Sequence[Door]) -> tuple[Twin, ...]:
    """The twins of a page among the doors of the desk; of what is no list there are none."""
    there = {d.path: d.api for d in doors if d.api is not None and d.method == page.method == "GET"}
    return tuple(
        Twin(name, page.path + ending, frozenset(p.name for p in op.params if p.name not in _PAGING))
        for ending, name in _FORMS
        if (op := there.get(page.path + ending))
    )
