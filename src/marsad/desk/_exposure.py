"""How much covered media each person uncovered on a day: counted from the custody chain, shown to that person only."""

from __future__ import annotations

import threading
from collections import Counter

from ..store import Session

REVEALED = "revealed"
"""The custody action of uncovering."""


class Exposure:
    """Counts as far as the chain was read; only what is new is read each time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._after = 0
        self._counts: Counter[tuple[str, str]] = Counter()

    def today(self, s: Session, person: str, day: str) -> int:
        """How many times `person` uncovered something on the UTC `day` (ISO date)."""
        with self._lock:
            for event in s.custody.all(after=self._after):
                self._after = event.seq
                if event.action == REVEALED:
                    self._counts[event.person, event.at[:10]] += 1
            return self._counts[person, day]
