"""Which reports claims are extracted from, and what becomes of the others."""

from __future__ import annotations

from ..model import Report

LANGUAGES = ("en",)


def extractable(report: Report) -> bool:
    """Whether it has text in a language that is read here."""
    return bool(report.text) and report.language in LANGUAGES


def set_aside(report: Report) -> tuple[str, str]:
    """The status of one that is not, and why, in words."""
    if report.kind == "dataset":
        return "extracted", "A row of another body's table; its claim is read from its cells."
    if not report.text:
        return "extracted", "It has no text of its own."
    return "not_yet_extracted", f"Claims are not yet extracted from the language '{report.language or 'unknown'}'."
