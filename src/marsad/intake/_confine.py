"""What a reading process may not do: no network, no writing, no programs, bounded memory and time.

Three layers, each used where the platform has it: resource limits (any Unix), a network namespace of its own (Linux,
where users may make one), and a system-call filter (Linux on x86_64 and arm64, needs no privilege). The filter is a
list of what is refused, not of what is allowed: it closes the ways out of a parser, it is no full sandbox.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import resource
import signal
import struct
import sys
from functools import cache
from importlib import resources

from ._limits import Limits

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_LOAD, _EQUAL, _AND_SET, _GREATER, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
_X32 = 0x40000000


def cut_network() -> str:
    """Leave the network for an empty namespace: 'namespace', or 'open' where the platform does not let us."""
    if not sys.platform.startswith("linux"):
        return "open"
    libc = ctypes.CDLL(None, use_errno=True)
    for flags in (_CLONE_NEWUSER | _CLONE_NEWNET, _CLONE_NEWNET):
        if libc.unshare(flags) == 0:
            return "namespace"
    return "open"


def prepare() -> None:
    """Build the call filter once, before any fork."""
    _program(platform.machine())


def confine(limits: Limits) -> None:
    """Bind the process that calls it, for good: memory, time, no files grown, no core dump, no dangerous calls."""
    for what, bound in (
        (resource.RLIMIT_AS, limits.read_memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 128),
    ):
        _bound(what, bound)
    # Python ignores SIGXFSZ; SIGPROF's default ends the process in the middle of any parser.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    rearm(limits)
    filter_calls()


def rearm(limits: Limits) -> None:
    """Start the clock again: what was handed over shows that the reader makes headway."""
    signal.setitimer(signal.ITIMER_PROF, limits.read_seconds)


def filter_calls() -> bool:
    """Refuse the calls of `syscalls.json` with EPERM from here on; False where the platform has no such filter."""
    program = _program(platform.machine())
    if not sys.platform.startswith("linux") or program is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: unsigned short, padding, pointer.
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code)))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) == 0)


def _bound(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(what, (value, value))
    except (ValueError, OSError):
        # macOS refuses an address-space limit; the other bounds still hold.
        return


@cache
def _program(machine: str) -> bytes | None:
    """The filter in classic BPF over struct seccomp_data {int nr; u32 arch; u64 ip; u64 args[6]}."""
    tables = json.loads(resources.files(__package__).joinpath("syscalls.json").read_text(encoding="utf-8"))
    table = tables.get(machine)
    if table is None:
        return None
    lines = [_op(_LOAD, 4), _op(_EQUAL, table["arch"], 1, 0), _op(_RETURN, _KILL), _op(_LOAD, 0)]
    if machine == "x86_64":
        lines += [_op(_GREATER, _X32, 0, 1), _op(_RETURN, _REFUSE)]
    for number in table["deny"].values():
        lines += [_op(_EQUAL, number, 0, 1), _op(_RETURN, _REFUSE)]
    for number, argument in table["open"].values():
        lines += [
            _op(_EQUAL, number, 0, 4),
            _op(_LOAD, 16 + 8 * argument),
            _op(_AND_SET, _WRITE_FLAGS, 0, 1),
            _op(_RETURN, _REFUSE),
            _op(_RETURN, _ALLOW),
        ]
    return b"".join([*lines, _op(_RETURN, _ALLOW)])


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
