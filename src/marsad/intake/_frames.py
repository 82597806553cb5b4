"""What the reading process and ours say to each other: length-prefixed frames of JSON or of raw bytes over a socket.

Never pickle: what comes back was made beside hostile bytes, and is taken as data only.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

JSON, BYTES = 1, 2
_HEAD = struct.Struct(">BI")
MAX_FRAME = 256 * 1024 * 1024


def send_json(sock: socket.socket, value: Any) -> None:
    """Send one JSON frame; lone surrogates travel as escapes."""
    _send(sock, JSON, json.dumps(value, ensure_ascii=True).encode("ascii"))


def send_bytes(sock: socket.socket, data: bytes) -> None:
    """Send one frame of raw bytes."""
    _send(sock, BYTES, data)


def receive(sock: socket.socket) -> tuple[int, bytes]:
    """The next frame; EOFError at the end, ValueError for one that is too long or malformed."""
    kind, length = _HEAD.unpack(_exactly(sock, _HEAD.size))
    if length > MAX_FRAME:
        raise ValueError("frame too long")
    return kind, _exactly(sock, length)


def receive_json(sock: socket.socket) -> Any:
    """The next frame, which must be JSON."""
    kind, data = receive(sock)
    if kind != JSON:
        raise ValueError("expected JSON")
    return json.loads(data)


def _send(sock: socket.socket, kind: int, data: bytes) -> None:
    sock.sendall(_HEAD.pack(kind, len(data)))
    sock.sendall(data)


def _exactly(sock: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = sock.recv(min(size - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
