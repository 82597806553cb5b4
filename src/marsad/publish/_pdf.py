"""The release as a PDF in English and Arabic, set by typst from JSON; the same bytes for the same view and time."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import Any

from .. import typeset
from ..model import codes
from ._drawing import WIDTH, draw_map, draw_timeline
from ._method import method
from ._page import Ring, environment, facts_in, headline
from ._said import Said
from ._view import Figure, View


def reports(view: View, at: str, version: str, outlines: Sequence[Ring] = ()) -> dict[str, bytes]:
    """File name → PDF, for each language that can be set: none without the extra 'pdf', no Arabic without a font."""
    template = resources.files(__package__).joinpath("templates/report.typ").read_bytes()
    return {
        f"report-{language}.pdf": typeset.pdf(template, _content(view, at, version, outlines, language), at)
        for language in typeset.LANGUAGES
        if typeset.fonts(language)
    }


def _content(view: View, at: str, version: str, outlines: Sequence[Ring], lang: str) -> dict[str, Any]:
    said = Said(lang, view.arabic, view.months)
    words, code, apart = said.words, said.code, said.apart
    groups = [g for g in ("total", *codes.GROUPS) if any(f.group == g for f in view.totals)]
    harms = dict.fromkeys(f.harm for f in view.totals)
    totals = {(f.harm, f.group): f for f in view.totals}
    fonts = typeset.fonts(lang)
    drawn = draw_map(view.incidents, outlines)
    bars, months, height = draw_timeline(view.incidents, said.right_to_left)
    ticks = [(x, said.day(month, "MMM y")) for x, month in months]
    named = [(b, said.title(b.incident)) for b in bars]
    facts = {k: apart(v) if isinstance(v, str) else v for k, v in facts_in(view, said).items()}
    stated = method(facts, lang, code)
    return {
        "lang": lang,
        "fonts": fonts,
        "title": view.name,
        "release": words["release"].format(
            profile=code(view.profile.name), at=apart(at[:16].replace("T", " ") + " UTC"), version=apart(version)
        ),
        "words": words,
        "headline": [{"figure": said.figure(f), "harm": code(f.harm)} for f in headline(view)],
        "in_short": words["in_short"].format(incidents=len(view.incidents), reports=len(view.sources)),
        "checked": said.checked(view.facts),
        "rule": [line for s in stated if s.id == "counting" for line in s.lines[:1]],
        "totals": {
            "head": [words["harm"], *map(code, groups)],
            "rows": [[code(h), *(said.figure(totals.get((h, g))) for g in groups)] for h in harms],
        },
        "map": _svg(map=drawn, height=drawn.height, font=fonts[0], said=said) if drawn else None,
        "timeline": _svg(map=None, bars=named, ticks=ticks, height=height, font=fonts[0], said=said) if bars else None,
        "incidents": {
            "head": [words[w] for w in ("id", "act", "place", "time", "people", "party", "origins")],
            "rows": [
                [
                    apart(i.id),
                    said.acts(i),
                    (i.place and said.located(i.place)) or "–",
                    said.when(i),
                    said.harms(i) or "–",
                    "; ".join(map(said.name, i.parties)) or "–",
                    str(i.origins),
                ]
                for i in view.incidents
            ],
        },
        "matrix": {
            "head": [words[w] for w in ("violation", "party", "place", "quarter", "figure")],
            "rows": [
                [
                    code(str(r["violation"])),
                    code(str(r["party"])),
                    said.place_name(str(r["place"])),
                    said.quarter(str(r["quarter"])),
                    said.figure(Figure("", "", r["min"], r["max"], bool(r.get("withheld")))),
                ]
                for r in view.matrix
            ],
        },
        "method": [{"title": s.title, "lines": s.lines} for s in stated],
    }


def _svg(**given: Any) -> str:
    return environment().get_template("drawing.svg").render(width=WIDTH, **given)
