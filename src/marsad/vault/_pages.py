"""The custody report of a package, for people: one page of HTML, and a PDF in each language that can be set."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from .. import typeset
from ..model import CustodyEvent, Exhibit
from ..text import visible_controls
from ._log import SignedCheckpoint


@dataclass(frozen=True, slots=True)
class Told:
    """What a custody report tells."""

    exhibits: Sequence[Exhibit]
    events: Sequence[CustodyEvent]
    erased: set[str]
    covering: SignedCheckpoint
    asked: Mapping[str, Any]
    verifier: str

    def of(self) -> dict[str, list[CustodyEvent]]:
        """The events by exhibit; '' for those about the whole case."""
        found: dict[str, list[CustodyEvent]] = {}
        for event in self.events:
            found.setdefault(event.exhibit, []).append(event)
        return found


def pages(told: Told) -> dict[str, bytes]:
    """File name → page."""
    made = {"custody.html": _html(told)}
    for language in typeset.LANGUAGES:
        if families := typeset.fonts(language):
            template = resources.files(__package__).joinpath("custody.typ").read_bytes()
            content = _content(told, language) | {"fonts": families}
            made[f"custody-{language}.pdf"] = typeset.pdf(template, content, str(told.asked["made_at"]))
    return made


@cache
def _words() -> Any:
    return json.loads(resources.files(__package__).joinpath("custody_words.json").read_text(encoding="utf-8"))


def _html(told: Told) -> bytes:
    import jinja2

    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(resources.files(__package__).joinpath("custody.html").read_text("utf-8"))
    return template.render(
        words=_words(),
        exhibits=told.exhibits,
        of=told.of(),
        erased=told.erased,
        checkpoint=told.covering,
        asked=told.asked,
        verifier=told.verifier,
    ).encode()


def _content(told: Told, language: str) -> dict[str, Any]:
    words, actions, of = _words()[language], _words()["actions"], told.of()

    def shown(text: object) -> str:
        # Set apart, so that a name in one script does not turn the line of another round.
        return f"\u2068{visible_controls(str(text))}\u2069" if text != "" else ""

    def row(e: CustodyEvent) -> list[str]:
        what = str(actions.get(e.action, {}).get(language) or shown(e.action))
        why = [shown(e.detail[key]) for key in ("purpose", "reason") if e.detail.get(key)]
        return [str(e.seq), shown(e.at[:19]), ": ".join([what, *why]), *map(shown, (e.person, e.source, e.method))]

    return {
        "lang": language,
        "title": words["title"],
        "check": words["check"],
        "about": [
            [words["made"], shown(f"{told.asked['made_at'][:19]}, {told.asked['tool']}")],
            [words["key"], shown(told.verifier)],
            [words["log"], shown(told.covering.checkpoint.size)],
        ],
        "log": told.covering.note.text,
        "head": [words[key] for key in ("number", "when", "what", "who", "whence", "how")],
        "exhibits": [
            {
                "title": f"{words['exhibit']} {shown(x.sha256)}",
                "erased": words["erased"] if x.sha256 in told.erased else "",
                "facts": [
                    [words["name"], shown(x.name)],
                    [words["type"], shown(x.media_type)],
                    [words["size"], shown(x.size)],
                    [words["received"], shown(x.deposited_at[:19])],
                ],
                "events": [row(e) for e in of.get(x.sha256, ())],
            }
            for x in told.exhibits
        ],
        "case_title": words["case"],
        "case": [row(e) for e in of.get("", ())],
    }
