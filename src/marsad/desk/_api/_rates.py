"""How many requests a person or token may make: a bucket each, in memory, since a minute later it says nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_MOST = 10_000
_ROUNDING = 1e-9
"""Seconds by which sums of shares of a minute may be off."""


class Rates:
    """At most `per_minute` requests of each key in a minute, all at once if need be."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._every = 60 / max(1, per_minute)
        self._clock = clock
        self._lock = threading.Lock()
        self._full_at: dict[str, float] = {}

    def spend(self, key: str) -> float:
        """Take one; 0 if there was one, else the seconds to wait."""
        now = self._clock()
        with self._lock:
            if len(self._full_at) >= _MOST:
                self._full_at = {k: at for k, at in self._full_at.items() if at > now}
            full_at = max(now, self._full_at.get(key, now)) + self._every
            if full_at - now > 60 + _ROUNDING:
                return full_at - now - 60
            self._full_at[key] = full_at
            return 0.0
