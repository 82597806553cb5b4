"""Turns at drawing pages: Python runs one thread at a time, so ten pages drawn at once are each ten times as slow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Literal

AT_ONCE = 1
"""Pages that are drawn at once."""
PATIENCE = 0.2
"""Seconds after which a page is drawn all the same: one that takes long holds up no other."""

Turn = Literal["page", "first", "any"]


class Turns:
    """Whose turn it is to draw a page: one after the other, and what people wait for while they type before all."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self._state = threading.Condition()
        self._free, self._first = at_once, 0
        self._patience = patience

    def of(self, turn: Turn) -> AbstractContextManager[None]:
        """The turn that an address waits for."""
        return self.page() if turn == "page" else self.first() if turn == "first" else nullcontext()

    @contextmanager
    def page(self) -> Iterator[None]:
        """A turn, once one is free and nothing goes first, or the patience is at its end."""
        with self._state:
            self._state.wait_for(lambda: self._free > 0 and not self._first, self._patience)
            self._free -= 1
        try:
            yield
        finally:
            with self._state:
                self._free += 1
                self._state.notify_all()

    @contextmanager
    def first(self) -> Iterator[None]:
        """A turn at once; no page is begun meanwhile."""
        with self._state:
            self._first += 1
        try:
            yield
        finally:
            with self._state:
                self._first -= 1
                self._state.notify_all()
