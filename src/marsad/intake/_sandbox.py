"""Our side of the reading process: starts it, hands it exhibits, takes drafts and members, ends what runs too long."""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

from marsad.errors import IntakeRefused, Unreadable

from . import _frames
from ._draft import Draft, Member
from ._limits import Limits

_GRACE = 5.0
# Not 'unreadable': it says nothing about the file, which stays preserved and waits to be read.
_NO_START = "kept, but not read yet: the reading process could not be started ({}); try again"
_SIGNALS = {
    signal.SIGPROF: "took longer than {seconds:.0f} seconds to read",
    signal.SIGXCPU: "took longer than {seconds:.0f} seconds to read",
    signal.SIGKILL: "the reading process was ended, most likely for want of memory",
}


class Sandbox:
    """A reading process that is started when first needed and again after it was ended."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = os.getpid()
        self.network = "unknown"
        """'namespace' where the reading process has no network device at all, else 'open' (the call filter remains)."""

    def read(self, file: BinaryIO, job: dict[str, Any], limits: Limits) -> Iterator[Draft | Member]:
        """What the reader for `job['kind']` finds in `file`, which must have a descriptor. Raises Unreadable, and
        IntakeRefused where the reading process cannot be started.

        A member's stream is good until the next item is asked for. Jobs may overlap, in one thread or in several.
        """
        ours, pid = self._begin(file, job, limits)
        done = False
        try:
            with ours:
                ours.settimeout(limits.read_seconds + _GRACE)
                yield from _items(ours, limits)
            done = True
        except TimeoutError:
            raise Unreadable(_SIGNALS[signal.SIGPROF].format(seconds=limits.read_seconds)) from None
        except (EOFError, ConnectionError):
            status, pid = self._end(pid, kill=False), 0
            raise Unreadable(_died(status, limits)) from None
        except ValueError as problem:
            raise Unreadable(f"the reading process sent nonsense ({problem})") from None
        finally:
            if pid:
                self._end(pid, kill=not done)

    def close(self) -> None:
        """End the reading process and its children, if there are any."""
        with self._lock:
            process, control, self._process, self._control = self._process, self._control, None, None
            if control is not None:
                control.close()
            # After a fork the process is our parent's, not ours.
            if process is not None and self._owner == os.getpid():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _begin(self, file: BinaryIO, job: dict[str, Any], limits: Limits) -> tuple[socket.socket, int]:
        with self._lock:
            ours, theirs = socket.socketpair()
            message = json.dumps({**job, "limits": dataclasses.asdict(limits)}).encode()
            # A second try: the process may have ended since the last job.
            for attempt in (1, 2):
                control = self._started()
                try:
                    socket.send_fds(control, [message], [theirs.fileno(), file.fileno()])
                    pid = int(_frames.receive_json(control)["pid"])
                except (EOFError, OSError, ValueError) as problem:
                    self.close()
                    if attempt == 2:
                        ours.close()
                        theirs.close()
                        raise IntakeRefused(_NO_START.format(problem)) from problem
                else:
                    break
            theirs.close()
            return ours, pid

    def _end(self, pid: int, kill: bool) -> int:
        """Reap a child; returns its exit status as `os.waitstatus_to_exitcode` does."""
        with self._lock:
            try:
                if self._control is None:
                    return -int(signal.SIGKILL)
                if kill:
                    os.kill(pid, signal.SIGKILL)
                self._control.sendall(json.dumps({"reap": pid}).encode())
                return int(_frames.receive_json(self._control)["status"])
            except (OSError, EOFError, ValueError):
                self.close()
                return -int(signal.SIGKILL)

    def _started(self) -> socket.socket:
        if self._owner != os.getpid():
            self._process, self._control, self._owner = None, None, os.getpid()
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._control is None:
            self._start()
        assert self._control is not None
        return self._control

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        # -P: a file named like one of our imports, in a folder full of evidence, must not be run.
        code = f"from marsad.intake._zygote import main; main({theirs.fileno()})"
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-c", code],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=_environment(),
                    start_new_session=True,
                )
            except OSError as problem:
                ours.close()
                raise IntakeRefused(_NO_START.format(problem.strerror)) from problem
        self._control = ours
        ours.settimeout(60)
        try:
            self.network = str(_frames.receive_json(ours)["network"])
        except (EOFError, OSError, ValueError) as problem:
            self.close()
            raise IntakeRefused(_NO_START.format(problem)) from problem


def _items(sock: socket.socket, limits: Limits) -> Iterator[Draft | Member]:
    budget = limits.member_bytes
    while True:
        message = _frames.receive_json(sock)
        if "done" in message:
            return
        if "unreadable" in message:
            raise Unreadable(str(message["unreadable"])[:500])
        if "draft" in message:
            yield _draft(message["draft"])
        elif "member" in message:
            with tempfile.SpooledTemporaryFile(max_size=1 << 22) as spool:
                budget, problem = _spool(sock, spool, budget)
                part, name = str(message["member"]["part"]), str(message["member"]["name"])
                if problem is None:
                    spool.seek(0)
                    yield Member(part, name, spool)  # type: ignore[arg-type]
                else:
                    yield Draft(part=part, kind="document", title=name, reason=problem)


def _spool(sock: socket.socket, spool: IO[bytes], budget: int) -> tuple[int, str | None]:
    while True:
        kind, data = _frames.receive(sock)
        if kind == _frames.JSON:
            message = json.loads(data)
            return budget, None if message.get("member_end") else str(message.get("why", "incomplete"))[:500]
        budget -= len(data)
        if budget < 0:
            raise Unreadable("holds more unpacked bytes than are taken out of one archive; unpack it yourself")
        spool.write(data)


def _draft(fields: Any) -> Draft:
    """A draft from the reading process, with every field held to its type: that process is not trusted."""
    draft = Draft()
    for name in Draft.__slots__:
        value = fields.get(name)
        if name == "meta":
            draft.meta = value if isinstance(value, dict) else {}
        elif isinstance(value, str):
            setattr(draft, name, value)
    return draft


def _died(status: int, limits: Limits) -> str:
    if status < 0:
        words = _SIGNALS.get(signal.Signals(-status))
        return words.format(seconds=limits.read_seconds) if words else f"the parser crashed (signal {-status})"
    return f"the reading process ended early (exit {status})"


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG", "TZ") if name in os.environ}
    # One thread: a process with threads cannot be forked safely, and limits are per process.
    return {
        **kept,
        "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


shared = Sandbox()
atexit.register(shared.close)
