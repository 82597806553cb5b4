"""What waits for the other half of an exchange with a browser: a challenge to sign, a secret to confirm."""

from __future__ import annotations

import secrets
import threading
import time
from typing import Any

_SECONDS = 600
_MOST = 1000


class Pending:
    """Values under a random name: each is good once, for ten minutes, for one purpose. Kept in memory alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, tuple[float, str, Any]] = {}

    def give(self, purpose: str, value: Any) -> str:
        """A name for the value."""
        name, now = secrets.token_urlsafe(16), time.monotonic()
        with self._lock:
            if len(self._open) >= _MOST:
                kept = [(k, v) for k, v in self._open.items() if v[0] > now]
                self._open = dict(kept[-_MOST // 2 :])
            self._open[name] = (now + _SECONDS, purpose, value)
        return name

    def take(self, name: str, purpose: str) -> Any:
        """The value of that name, used up; None if it is not (or no longer) there for this purpose."""
        with self._lock:
            until, kept, value = self._open.pop(name, (0.0, "", None))
        return value if kept == purpose and until > time.monotonic() else None
