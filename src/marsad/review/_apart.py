"""Work on reports in a process of its own, on another core: what is drawn meanwhile stays quick."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from ..errors import CaseError, MarsadError

Work = Callable[[Collection[str]], object]
Opened = Callable[[], AbstractContextManager[Work]]
"""Opens what the work needs, in the process that does it; it can be pickled."""


class Apart:
    """The work that `opened` gives, done by a child process, which begins with the first and ends with this one."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._child: tuple[BaseProcess, Connection] | None = None

    def __call__(self, reports: Collection[str]) -> None:
        """Have it done, and wait for it. Raises CaseError in the words of what failed there, or where it ended."""
        _, child = self._child = self._child or self._begun()
        try:
            child.send(sorted(reports))
            fault = child.recv()
        except (EOFError, OSError) as error:
            self.close()
            raise CaseError("The process that links was ended from outside; another begins with the next.") from error
        if fault is not None:
            raise CaseError(fault)

    def close(self) -> None:
        """End the child, once it has done what it is at."""
        if self._child is not None:
            process, child = self._child
            self._child = None
            child.close()
            process.join()

    def _begun(self) -> tuple[BaseProcess, Connection]:
        context = multiprocessing.get_context("spawn")
        mine, its = context.Pipe()
        process = context.Process(target=_work, args=(self._opened, its), name="linking", daemon=True)
        with _no_interrupt():
            process.start()
        # The child alone holds its end, so each sees when the other is gone.
        its.close()
        return process, mine


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl-C is for this process: a child begun within is not stopped while it still loads, before it can say so."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # It is begun with the first child otherwise, and lets the signal through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(opened: Opened, asked: Connection) -> None:
    # Ctrl-C goes to the whole group; what is at work is finished, and the parent's end of the pipe says when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with opened() as work, suppress(EOFError, OSError):
        while True:
            reports = asked.recv()
            try:
                work(reports)
            except MarsadError as error:
                asked.send(str(error))
            else:
                asked.send(None)
