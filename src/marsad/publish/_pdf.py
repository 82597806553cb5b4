"""The release as a PDF in English and Arabic, set by typst from JSON; the same bytes for the same view and time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import Any

from .. import typeset
from ..model import codes
from ._drawing import WIDTH, draw_map, draw_timeline
from ._method import method, method_words
from ._page import Ring, environment
from ._view import Figure, View

_DATA = json.loads(resources.files(__package__).joinpath("report.json").read_text(encoding="utf-8"))


def reports(view: View, at: str, version: str, outlines: Sequence[Ring] = ()) -> dict[str, bytes]:
    """File name → PDF, for each language that can be set: none without the extra 'pdf', no Arabic without a font."""
    template = resources.files(__package__).joinpath("templates/report.typ").read_bytes()
    return {
        f"report-{language}.pdf": typeset.pdf(template, _content(view, at, version, outlines, language), at)
        for language in typeset.LANGUAGES
        if typeset.fonts(language)
    }


def report_words() -> list[str]:
    """Every word that a report holds whatever the case: no leak by itself."""
    entries = (*_DATA["words"].values(), *_DATA["codes"].values())
    return [text for entry in entries for text in entry.values()] + method_words()


def _content(view: View, at: str, version: str, outlines: Sequence[Ring], lang: str) -> dict[str, Any]:
    words = {name: forms[lang] for name, forms in _DATA["words"].items()}
    groups = [g for g in ("total", *codes.GROUPS) if any(f.group == g for f in view.totals)]
    harms = dict.fromkeys(f.harm for f in view.totals)
    totals = {(f.harm, f.group): f for f in view.totals}
    fonts = typeset.fonts(lang)
    drawn = draw_map(view.incidents, outlines)
    bars, ticks, height = draw_timeline(view.incidents)

    def code(value: str) -> str:
        return str(_DATA["codes"].get(value, {}).get(lang) or apart(value.replace("_", " ")))

    def apart(text: str) -> str:
        return typeset.apart(text, lang)

    def figure(f: Figure | None) -> str:
        return _figure(f, words, apart) if f else "–"

    stated = method({k: apart(v) if isinstance(v, str) else v for k, v in view.facts.items()}, lang, code)

    return {
        "lang": lang,
        "fonts": fonts,
        "title": view.name,
        "release": words["release"].format(
            profile=view.profile.name, at=apart(at[:16].replace("T", " ")), version=apart(version)
        ),
        "words": words,
        "rule": [line for s in stated if s.id == "counting" for line in s.lines[:1]],
        "totals": {
            "head": [words["harm"], *map(code, groups)],
            "rows": [[code(h), *(figure(totals.get((h, g))) for g in groups)] for h in harms],
        },
        "map": _svg(map=drawn, height=drawn.height, font=fonts[0]) if drawn else None,
        "timeline": _svg(map=None, bars=bars, ticks=ticks, height=height, font=fonts[0]) if bars else None,
        "incidents": {
            "head": [words[w] for w in ("id", "act", "place", "time", "people", "party", "origins")],
            "rows": [
                [
                    apart(i.id),
                    "، ".join(map(code, i.acts)) if lang == "ar" else ", ".join(map(code, i.acts)),
                    (i.place and (i.place.name or i.place.text)) or "–",
                    apart(" - ".join(dict.fromkeys(t for t in (i.earliest, i.latest) if t)))
                    if i.earliest or i.latest
                    else words["undated"],
                    "; ".join(f"{code(f.harm)}: {figure(f)}" for f in i.figures if f.group == "total") or "–",
                    "; ".join(i.parties) or "–",
                    str(i.origins),
                ]
                for i in view.incidents
            ],
        },
        "matrix": {
            "head": [words[w] for w in ("violation", "party", "place", "quarter", "figure")],
            "rows": [
                [
                    *(code(str(r[c])) for c in ("violation", "party", "place", "quarter")),
                    figure(Figure("", "", r["min"], r["max"], bool(r.get("withheld")))),
                ]
                for r in view.matrix
            ],
        },
        "method": [{"title": s.title, "lines": s.lines} for s in stated],
    }


def _figure(f: Figure, words: Mapping[str, str], apart: Callable[[str], str]) -> str:
    if f.withheld:
        return words["withheld"]
    if f.min is None and f.max is None:
        return words["unknown"]
    if f.min == f.max:
        return str(f.min)
    if f.max is None:
        return f"{f.min} {words['or_more']}"
    return f"{words['up_to']} {f.max}" if f.min is None else apart(f"{f.min}-{f.max}")


def _svg(**given: Any) -> str:
    return environment().get_template("drawing.svg").render(width=WIDTH, **given)
