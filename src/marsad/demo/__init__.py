"""The demonstration's reports, all fictional, in every kind that intake takes; what an analyst counts in them."""

import json
from pathlib import Path
from typing import Any

__all__ = ["reports", "truth"]


def reports() -> Path:
    """The folder of bundled reports, ready for `receive` like any other folder. Nothing in them is real."""
    return Path(__file__).parent / "reports"


def truth() -> dict[str, Any]:
    """What a careful analyst records from the bundled reports (`truth.json`), for tests to hold the rooms against."""
    data: dict[str, Any] = json.loads((Path(__file__).parent / "truth.json").read_text("utf-8"))
    return data
