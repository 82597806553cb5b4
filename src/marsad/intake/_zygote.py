"""The reading side: a small process that imports the parsers once and forks a fresh, confined child for each exhibit.

A child reads one exhibit and ends, so that what one file may do to the process never touches the next. The parent gets
drafts and members as frames (see `_frames`). Nothing here opens an exhibit by name: it comes as an open descriptor.
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import os
import signal
import socket
import sys
from typing import Any, BinaryIO, NoReturn

from marsad.errors import Unreadable

from . import _frames
from ._draft import Draft, Member, Reader, Source
from ._limits import Limits

_CHUNK = 1 << 20
_warm: set[str] = set()


def main(control_fd: int) -> None:
    """Serve the control socket until it closes: a job with its two descriptors, or the wish to reap a child."""
    from ._confine import cut_network, prepare

    control = socket.socket(fileno=control_fd)
    prepare()
    _frames.send_json(control, {"ready": True, "network": cut_network()})
    while True:
        try:
            message, fds, _, _ = socket.recv_fds(control, 65536, 2)
        except OSError:
            break
        if not message:
            break
        request = json.loads(message)
        if "reap" in request:
            _, status = os.waitpid(request["reap"], 0)
            _frames.send_json(control, {"status": os.waitstatus_to_exitcode(status)})
        else:
            _fork(control, request, fds)
    # Ours is gone: so must be what still runs for it.
    os.killpg(0, signal.SIGKILL)


def _fork(control: socket.socket, job: dict[str, Any], fds: list[int]) -> None:
    _preload(job["kind"])
    pid = os.fork()
    if pid == 0:
        control.close()
        _child(job, *fds)
    for fd in fds:
        os.close(fd)
    # The child stays a zombie until reaped, so that its id cannot become another process's while it may be killed.
    _frames.send_json(control, {"pid": pid})


def _preload(kind: str) -> None:
    from ._readers import PRELOAD

    try:
        for needed in (kind, *PRELOAD.get(kind, ())):
            if (name := module_of(needed)) not in _warm:
                _warm.add(name)
                module = importlib.import_module(name, __package__)
                getattr(module, "warm", lambda: None)()
                # What is here now is never freed: kept out of collection, it stays shared with the children.
                gc.collect()
                gc.freeze()
    except Exception as problem:  # noqa: BLE001 - process boundary: the child fails the same way and says so
        sys.stderr.write(f"{problem}\n")


def module_of(kind: str) -> str:
    """The reader's module, relative to this package."""
    from ._readers import MODULES

    return f"._readers.{MODULES[kind]}"


def _child(job: dict[str, Any], sock_fd: int, file_fd: int) -> NoReturn:
    from ._confine import confine, rearm

    sock = socket.socket(fileno=sock_fd)
    code = 0
    try:
        limits = Limits(**job["limits"])
        confine(limits)
        file = _Preserved(os.fdopen(file_fd, "rb", buffering=0), job["size"])
        source = Source(
            io.BufferedReader(file), job["kind"], job["name"], job["size"], limits, job.get("url"), job.get("charset")
        )
        reader: Reader = importlib.import_module(module_of(job["kind"]), __package__)
        for found in reader.read(source):
            if isinstance(found, Member):
                _send_member(sock, found, limits)
            else:
                # One more than is kept, so that ours sees that there was more.
                found.text = found.text[: limits.report_chars + 1]
                _send_draft(sock, found)
            rearm(limits)
        _frames.send_json(sock, {"done": True})
    except Unreadable as problem:
        _frames.send_json(sock, {"unreadable": str(problem)})
    except MemoryError:
        _frames.send_json(sock, {"unreadable": f"needs more than {limits.read_memory >> 20} MiB of memory to read"})
    except RecursionError:
        _frames.send_json(sock, {"unreadable": "nested too deeply"})
    except Exception as problem:  # noqa: BLE001 - process boundary: any parser failure becomes one line
        _frames.send_json(sock, {"unreadable": f"the parser failed: {_one_line(problem)}"})
    except BaseException:  # noqa: BLE001 - an exit asked for by a library must not look like success
        code = 70
    os._exit(code)


def _send_draft(sock: socket.socket, draft: Draft) -> None:
    _frames.send_json(sock, {"draft": {name: getattr(draft, name) for name in Draft.__slots__}})


def _send_member(sock: socket.socket, member: Member, limits: Limits) -> None:
    _frames.send_json(sock, {"member": {"part": member.part, "name": member.name}})
    try:
        while chunk := member.stream.read(_CHUNK):
            _frames.send_bytes(sock, chunk)
    except Unreadable as problem:
        _frames.send_json(sock, {"member_end": False, "why": str(problem)})
        return
    except Exception as problem:  # noqa: BLE001 - process boundary: a broken member must not end its archive
        _frames.send_json(sock, {"member_end": False, "why": f"could not be unpacked: {_one_line(problem)}"})
        return
    _frames.send_json(sock, {"member_end": True})


def _one_line(problem: Exception) -> str:
    words = " ".join(str(problem).split())[:200]
    return f"{type(problem).__name__}: {words}" if words else type(problem).__name__


class _Preserved(io.RawIOBase):
    """The exhibit's bytes; reads by position, because forked processes and ours share one file offset."""

    def __init__(self, file: BinaryIO | io.FileIO, size: int) -> None:
        self._fd = file.fileno()
        self._keep = file
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        data = os.pread(self._fd, len(view), self._at)
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {0: 0, 1: self._at, 2: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at
