"""What the ledger says of its figures, in a reader's language."""

from __future__ import annotations

import functools
from importlib import resources

from ..text import Phrasebook


def said(line: str, language: str) -> str:
    """An assumption of a total, the rule of a basis or why a claim is set aside, in `language` ('en', 'ar'); as it
    stands where it has no translation."""
    return _book().said(line, language)


def sayings() -> tuple[str, ...]:
    """Everything that the ledger may say, in every language, with holes for what it names."""
    return tuple(phrase for p in _book().phrases for phrase in p.values())


@functools.cache
def _book() -> Phrasebook:
    return Phrasebook.of(resources.files(__package__).joinpath("sayings.json").read_text("utf-8"))
