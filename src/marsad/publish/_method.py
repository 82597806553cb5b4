"""The method statement of a release, filled in from the case: method.json's lines with the view's facts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from ..model import codes

_DATA = json.loads(resources.files(__package__).joinpath("method.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the statement: its title and its lines."""

    id: str
    title: str
    lines: tuple[str, ...]


def method(
    facts: Mapping[str, Any], language: str = "en", label: Callable[[str], str] | None = None
) -> tuple[Section, ...]:
    """The statement in 'en' or 'ar', with every fact filled in; `label` says a code in that language."""
    said = {name: _said(value, label or _label) for name, value in facts.items()}
    sections = []
    for section in _DATA["sections"]:
        lines = [
            line[language].format_map(said)
            for line in section["lines"]
            if (facts.get(line["when"]) if "when" in line else not facts.get(line.get("unless", "")))
        ]
        if lines:
            sections.append(Section(section["id"], section["title"][language], tuple(lines)))
    return tuple(sections)


def method_words() -> list[str]:
    """The statement's own words in every language, without facts."""
    entries = (e for s in _DATA["sections"] for e in (s["title"], *s["lines"]))
    return [text for entry in entries for language in ("en", "ar") if (text := entry.get(language))]


def tallied(values: Sequence[str | None]) -> dict[str, int]:
    """How often each value stands, most often first; None is 'unknown'."""
    return dict(Counter(v or "unknown" for v in values).most_common())


def _said(value: Any, label: Callable[[str], str]) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{label(name)} ({n})" for name, n in value.items()) or "–"
    return str(value)


def _label(code: str) -> str:
    return codes.ACTS[code].label if code in codes.ACTS else code.replace("_", " ")
