"""Setting pages as PDF in English and Arabic, by typst (the extra 'pdf'). Data goes in as JSON and is never markup.

for language in LANGUAGES:
    if families := fonts(language):
        page = pdf(template, {"lang": language, "fonts": families, ...}, at="2031-03-02T10:00:00+00:00")
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from importlib.util import find_spec
from typing import Any

__all__ = ["LANGUAGES", "apart", "fonts", "pdf"]

_DATA = json.loads(resources.files(__package__).joinpath("fonts.json").read_text(encoding="utf-8"))
_FONTS: dict[str, list[str]] = _DATA["fonts"]

LANGUAGES = tuple(_FONTS)
"""Languages that pages may be set in."""


@cache
def fonts(language: str) -> tuple[str, ...]:
    """The font families of this system for a page in `language`, best first, then those for words of the other.

    Empty where the language cannot be set: no font for it, or the extra 'pdf' is not installed.
    """
    if find_spec("typst") is None or not (own := _there(language)):
        return ()
    return tuple(dict.fromkeys((own[0], *(family for other in LANGUAGES for family in _there(other)))))


def pdf(template: bytes, content: Mapping[str, Any], at: str) -> bytes:
    """The PDF that `template` makes of `content` (what JSON can say); the same bytes for the same time `at` (ISO 8601).

    The template finds the content with `json(bytes(sys.inputs.data))`.
    """
    import typst

    made: bytes = typst.compile(
        template,
        format="pdf",
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
        timestamp=int(datetime.fromisoformat(at).timestamp()),
    )
    return made


def apart(text: str, language: str) -> str:
    """`text` set apart in a line of `language`: in one from right to left, '2031-Q1' would be turned round."""
    return f"\u2066{text}\u2069" if language == "ar" and text.isascii() else text


@cache
def _there(language: str) -> tuple[str, ...]:
    import typst

    families = {family.casefold() for family in typst.Fonts().families()}
    return tuple(family for family in _FONTS[language] if family.casefold() in families)
