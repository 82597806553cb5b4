"""The release's page in each language: one HTML file, its style inside, no script, no request; opens from a folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from ..ledger import policies
from ..model import codes
from ..text import visible_controls
from ._drawing import WIDTH, draw_map, draw_timeline
from ._method import method
from ._said import Said
from ._view import Figure, View

PAGES: Mapping[str, str] = {"en": "index.html", "ar": "index-ar.html"}
"""Language → the page's file."""
_CHANGES = {"added": "added", "withdrawn": "withdrawn", "changed": "changed_values", "figure": "changed_figures"}
_TAKE = (
    ("report-en.pdf", "report_file"),
    ("report-ar.pdf", "report_file"),
    ("incidents.csv", "incidents_file"),
    ("incidents.geojson", "geojson_file"),
    ("ledger.csv", "ledger_file"),
    ("matrix.csv", "matrix_file"),
    ("sources.csv", "sources_file"),
    ("claims.json", "claims_file"),
    ("README.txt", "readme_file"),
)
_FOREMOST = 3
Ring = Sequence[tuple[float, float]]


def pages(
    view: View, released_at: str, version: str, outlines: Sequence[Ring] = (), beside: Sequence[str] = ()
) -> dict[str, str]:
    """File name → HTML, for each language. `beside` are the reports to print that the release holds."""
    return {
        name: _page(view, released_at, version, outlines, beside, Said(lang, view.arabic, view.months))
        for lang, name in PAGES.items()
    }


def headline(view: View) -> list[Figure]:
    """The first figures that are given: how many were killed, then what else was done."""
    told = [f for f in view.totals if f.group == "total" and not f.withheld and f.min]
    return told[:_FOREMOST]


def facts_in(view: View, said: Said) -> dict[str, Any]:
    """What the method statement says of the case, with the counting rule in the language."""
    rule = {p.name: p.said(said.language, "rule") for p in policies()}.get(view.policy, view.rule)
    facts = {k: said.name(v) if isinstance(v, str) else v for k, v in view.facts.items()}
    return facts | {"rule": rule, "policy": said.code(view.policy)}


def _page(
    view: View, released_at: str, version: str, outlines: Sequence[Ring], beside: Sequence[str], said: Said
) -> str:
    bars, months, height = draw_timeline(view.incidents, said.right_to_left)
    totals: dict[str, dict[str, Figure]] = {}
    for figure in view.totals:
        totals.setdefault(figure.harm, {})[figure.group] = figure
    facts = facts_in(view, said)
    profile = view.profile
    return (
        environment()
        .get_template("release.html")
        .render(
            view=view,
            said=said,
            words=said.words,
            pages=PAGES,
            release=said.words["about_release"].format(
                profile=said.code(profile.name),
                label=profile.label_ar if said.language == "ar" else profile.label,
                at=released_at[:16].replace("T", " ") + " UTC",
                version=version,
            ),
            headline=headline(view),
            totals=totals,
            groups=[g for g in ("total", *codes.GROUPS) if any(g in row for row in totals.values())],
            rule=facts["rule"],
            policy=facts["policy"],
            map=draw_map(view.incidents, outlines),
            bars=bars,
            ticks=[(x, said.day(month, "MMM y")) for x, month in months],
            timeline_height=height,
            width=WIDTH,
            method=method(facts, said.language, said.code),
            changes=Counter(said.words[_CHANGES[c["change"]]] for c in view.corrections or ()),
            take=[(f, w) for f, w in _TAKE if not f.endswith(".pdf") or f in beside],
        )
    )


@cache
def environment() -> Environment:
    """The templates, with all values escaped."""
    made = Environment(
        loader=PackageLoader("marsad.publish"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    made.filters["plain"] = lambda text: visible_controls(str(text))
    return made
