"""Work that follows a decision behind the answer to it: the person goes on, and the incidents come after."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager

from ..errors import MarsadError
from ._apart import Apart, Opened, Work

PATIENCE = 5.0
"""Seconds that anybody waits for it at most: after a change of the linker, everything is linked."""


class Following:
    """`work` on reports, in a thread: at once for all that were asked for meanwhile, and never twice at a time.

    That a report waits is kept by the store, so a process that was killed in between loses nothing: the next one asks.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._apart: Apart | None = None
        self._state = threading.Condition()
        self._reports: set[str] = set()
        self._left: set[str] = set()
        """What failed, and is done with the next."""
        self._asked: set[str] = set()
        self._doing: set[str] = set()
        self._thread: threading.Thread | None = None

    def apart(self, opened: Opened, turn: AbstractContextManager[object]) -> None:
        """From now on, have the work that `opened` gives done by a process of its own, which has `turn` meanwhile."""
        with self._state:
            made = self._apart = self._apart or Apart(opened)

            def work(reports: Collection[str]) -> None:
                with turn:
                    made(reports)

            self._work = work

    def ask(self, reports: Iterable[str], people: Iterable[str]) -> None:
        """Have it done for `reports`, after what `people` decided."""
        with self._state:
            self._reports.update(reports)
            if not self._reports:
                return
            self._reports |= self._left
            self._left = set()
            self._asked.update(people)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="following")
                self._thread.start()

    def wait(self, person: str, patience: float = PATIENCE) -> bool:
        """Until what `person` asked for is done, `patience` seconds at most; whether it is."""
        with self._state:
            return self._state.wait_for(lambda: person not in self._asked | self._doing, patience)

    def close(self) -> None:
        """Until nothing is left to do."""
        thread = self._thread
        if thread is not None:
            thread.join()
        if self._apart is not None:
            self._apart.close()

    def _run(self) -> None:
        try:
            while reports := self._next():
                self._do(reports)
        finally:
            with self._state:
                if self._thread is threading.current_thread():
                    self._end()

    def _do(self, reports: set[str]) -> None:
        """Do it, and once more where it fails: a process that was ended from outside is followed by another."""
        try:
            try:
                self._work(reports)
            except MarsadError:
                self._work(reports)
        except MarsadError as error:
            with self._state:
                self._left |= reports
            logging.getLogger(__name__).warning(
                "What was decided is kept, but not linked yet; it is with the next decision, or at the next start: %s",
                error,
            )

    def _next(self) -> set[str]:
        """Take up what was asked for. Where that is nothing, the thread is over."""
        with self._state:
            reports, self._reports = self._reports, set()
            self._doing, self._asked = self._asked, set()
            if not reports:
                self._end()
            self._state.notify_all()
            return reports

    def _end(self) -> None:
        self._asked, self._doing, self._thread = set(), set(), None
        self._state.notify_all()
