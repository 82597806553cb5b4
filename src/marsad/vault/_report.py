"""What verification finds, as it finds it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that verification found. `subject` is a digest, an event number, a file or 'database'."""

    kind: str
    subject: str
    message: str


class Report:
    """Findings in the making: problems, and notes on what is no fault."""

    def __init__(self) -> None:
        self.problems: list[Finding] = []
        self.notes: list[Finding] = []
        self.first_break: int | None = None

    def problem(self, kind: str, subject: object, message: str) -> None:
        """Add a fault."""
        self.problems.append(Finding(kind, str(subject), message))

    def note(self, kind: str, subject: object, message: str) -> None:
        """Add what has to be said and is no fault."""
        self.notes.append(Finding(kind, str(subject), message))
