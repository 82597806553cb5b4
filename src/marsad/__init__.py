"""Marsad: preserve reports, read claims, link incidents, count ranges, publish safely.

case = marsad.create_case("cases/aleppo", name="Aleppo")
for received in case.add(["articles/"]):
    print(received.source, received.problem or "kept")
case.refresh()
print(case.incidents())
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pipeline import Case, create_case, open_case, read_file

__all__ = ["Case", "__version__", "create_case", "open_case", "read_file"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Late, so that `marsad --help` and a part of the package do not wait for all of it.
    if name in __all__:
        from . import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module 'marsad' has no attribute '{name}'")
