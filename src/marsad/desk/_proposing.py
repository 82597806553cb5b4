"""Proposing claims for what was added, in a process of its own: the engine is large, and pages must stay quick."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path


class Proposing:
    """At most one such process for a desk; it ends by itself, and goes on where another was cut off."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._work: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, unless it is at work."""
        with self._lock:
            if self._work is None or self._work.poll() is not None:
                command = [sys.executable, "-m", "marsad", "refresh", str(self._folder)]
                quiet = subprocess.DEVNULL
                self._work = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)

    @property
    def running(self) -> bool:
        """Whether it is at work."""
        with self._lock:
            return self._work is not None and self._work.poll() is None

    @property
    def failed(self) -> bool:
        """Whether the last one ended in an error."""
        with self._lock:
            return self._work is not None and bool(self._work.poll())
