"""Quotations that are signed: “They took my son.” — Amna Idris, farmer. Reports of organisations set them so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ._spans import Span

_QUOTE = r"^[ \t]*(?P<quote>[\"“”„«][^\n]{15,}[\"”“»])"
_DASH = r"[ \t\xa0]*\n?[ \t\xa0]*(?P<dash>[‐-―−]|--?)[ \t\xa0]*"
_WORD = r"[^\W\d_][\w.'’-]*"
_NAME = rf"(?P<name>(?:[^\W\d_a-z]|[aA]n? |[oO]ne |[tT]he )(?:[\w.'’-]*)(?: {_WORD}){{0,7}})"
_SIGNED = re.compile(rf"{_QUOTE}{_DASH}(?P<who>{_NAME}(?: ?[,(][^\n\"“”]{{1,80}}?)?)[.]?[ \t\xa0]*$", re.MULTILINE)

_STOP = re.compile(r"\w\w\.$")


@dataclass(frozen=True, slots=True)
class Signed:
    """A quotation with its marks, the dash, who signed it, and of that the name; in code points of the text."""

    quote: Span
    dash: Span
    who: Span
    name: Span


def signed(text: str) -> list[Signed]:
    """The quotations that fill a line and are followed, on it or the next, by a dash and who said them."""
    groups = ("quote", "dash", "who", "name")
    return [Signed(*(_ended(text, m.span(g)) for g in groups)) for m in _SIGNED.finditer(text)]


def _ended(text: str, span: Span) -> Span:
    """Without the full stop of the line, which an initial keeps: 'Amna Idris.', but 'Amna I.'"""
    return (span[0], span[1] - 1) if _STOP.search(text, *span) else span
