"""The release's page: one HTML file with its style inside, no script, no request; opens from a folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from ..model import codes
from ..text import visible_controls
from ._drawing import WIDTH, draw_map, draw_timeline
from ._method import method
from ._tables import figure_words
from ._view import Figure, View

_CHANGES = {
    "added": "incidents added",
    "withdrawn": "incidents withdrawn",
    "changed": "values changed",
    "figure": "figures changed",
}
Ring = Sequence[tuple[float, float]]


def page(view: View, released_at: str, version: str, outlines: Sequence[Ring] = ()) -> str:
    """The HTML of the page."""
    bars, ticks, height = draw_timeline(view.incidents)
    totals: dict[str, dict[str, Figure]] = {}
    for figure in view.totals:
        totals.setdefault(figure.harm, {})[figure.group] = figure
    return (
        environment()
        .get_template("release.html")
        .render(
            view=view,
            totals=totals,
            groups=[g for g in ("total", *codes.GROUPS) if any(g in row for row in totals.values())],
            released_at=released_at,
            version=version,
            map=draw_map(view.incidents, outlines),
            bars=bars,
            ticks=ticks,
            timeline_height=height,
            width=WIDTH,
            method=method(view.facts),
            changes=Counter(_CHANGES[c["change"]] for c in view.corrections or ()),
            acts={code: act.label for code, act in codes.ACTS.items()},
            violations={code: v["label"] for code, v in (codes.GRAVE_VIOLATIONS | codes.BESIDE_VIOLATIONS).items()},
        )
    )


@cache
def environment() -> Environment:
    """The templates, with all values escaped."""
    made = Environment(
        loader=PackageLoader("marsad.publish"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    made.filters["figure"] = figure_words
    made.filters["plain"] = lambda text: visible_controls(str(text))
    return made
