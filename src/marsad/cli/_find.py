"""What a user's id or beginning of one names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import CaseError
from ..model import Exhibit, Report

if TYPE_CHECKING:
    from ..pipeline import Case


def exhibit_of(case: Case, prefix: str) -> str:
    """The digest of the exhibit that `prefix` names, or of the report's that it names. Raises CaseError otherwise."""
    found = case.find(prefix)
    if isinstance(found, Report):
        return found.exhibit
    if isinstance(found, Exhibit):
        return found.sha256
    raise CaseError(f"'{prefix}' is a {type(found).__name__.lower()}; name an exhibit or a report.")
