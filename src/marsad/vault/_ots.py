"""OpenTimestamps proofs (`.ots`): a checkpoint's hash led, step by step, into the root of a Bitcoin block.

A calendar answers at once with a promise (a pending attestation), and some hours later with the way into a block. What
can be computed is: the way, and the root at its end. That this root is in a block of Bitcoin's, and when, only a
Bitcoin node or a copy of the block headers can say. Written from the format's description: the library is LGPL.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..errors import CustodyBroken

MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"
OTS = "opentimestamps"
"""Action of the custody event that tells of an OpenTimestamps proof, pending or led into a block."""
_PENDING, _BITCOIN = bytes.fromhex("83dfe30d2ef90c8e"), bytes.fromhex("0588960d73d71901")
_HASHES = {0x02: "sha1", 0x03: "ripemd160", 0x08: "sha256"}
_APPEND, _PREPEND, _REVERSE, _HEX = 0xF0, 0xF1, 0xF2, 0xF3
_DEPTH, _LONGEST = 256, 4096

Calendar = Callable[[str, bytes | None], bytes]
"""Takes (path, body) to a calendar, a POST where there is a body, and brings its answer."""


@dataclass(slots=True)
class Step:
    """A message on its way, what was done to it next, and who attests it."""

    message: bytes
    after: list[tuple[bytes, Step]] = field(default_factory=list)
    """(the operation as it is written, what came of it)."""
    attested: list[tuple[bytes, bytes]] = field(default_factory=list)
    """(kind, payload)."""

    def walk(self) -> Iterator[Step]:
        """This one, and all that follow."""
        yield self
        for _, step in self.after:
            yield from step.walk()


@dataclass(frozen=True, slots=True)
class State:
    """What a proof amounts to."""

    pending: tuple[str, ...]
    """The calendars that have promised."""
    blocks: tuple[tuple[int, str], ...]
    """(height, Merkle root as Bitcoin shows it) of the blocks that it leads into; a node has to confirm them."""


def ask(data: bytes, calendars: dict[str, Calendar]) -> bytes:
    """A proof of `data` with the promise of each calendar. Raises CustodyBroken for an answer that is none."""
    start = Step(hashlib.sha256(data).digest())
    salted = _apply(start, _written(_APPEND, os.urandom(16)))
    digest = _apply(salted, bytes([0x08]))
    for name, calendar in calendars.items():
        answer = calendar("digest", digest.message)
        _merge(digest, _parse(answer, digest.message, f"the answer of {name}"))
    return MAGIC + b"\x01\x08" + start.message + _serialised(start)


def upgrade(proof: bytes, calendars: dict[str, Calendar]) -> bytes:
    """The proof with what the calendars have led into blocks since; the same bytes where that is nothing."""
    start = parse(proof)
    for step in list(start.walk()):
        for kind, payload in list(step.attested):
            calendar = calendars.get(_address(payload)) if kind == _PENDING else None
            if calendar and (answer := calendar(f"timestamp/{step.message.hex()}", None)):
                _merge(step, _parse(answer, step.message, f"the answer of {_address(payload)}"))
                if state(step).blocks:
                    step.attested.remove((kind, payload))
    return MAGIC + b"\x01\x08" + start.message + _serialised(start)


def check(proof: bytes, data: bytes) -> State:
    """What a proof says of `data`. Raises CustodyBroken if it is of something else, or no proof."""
    start = parse(proof)
    if start.message != hashlib.sha256(data).digest():
        raise CustodyBroken("the OpenTimestamps proof is of something else.")
    return state(start)


def parse(proof: bytes) -> Step:
    """The way from a file's SHA-256. Raises CustodyBroken for what is no proof."""
    head = MAGIC + b"\x01\x08"
    if not proof.startswith(head) or len(proof) < len(head) + 32:
        raise CustodyBroken("this is no OpenTimestamps proof of a SHA-256 hash.")
    return _parse(proof[len(head) + 32 :], proof[len(head) : len(head) + 32], "the proof")


def state(start: Step) -> State:
    """What a way amounts to."""
    found = [(kind, payload, step.message) for step in start.walk() for kind, payload in step.attested]
    pending = tuple(_address(payload) for kind, payload, _ in found if kind == _PENDING)
    blocks = {(_Reader(p, "block").number(), m[::-1].hex()) for kind, p, m in found if kind == _BITCOIN}
    return State(pending, tuple(sorted(blocks)))


class _Reader:
    def __init__(self, data: bytes, what: str) -> None:
        self.data, self.at, self._what = data, 0, what

    def take(self, count: int) -> bytes:
        piece = self.data[self.at : self.at + count]
        if len(piece) < count:
            raise self.broken()
        self.at += count
        return piece

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return value
            shift += 7
            if shift > 63:
                raise self.broken()

    def string(self) -> bytes:
        length = self.number()
        if length > _LONGEST * 2:
            raise self.broken()
        return self.take(length)

    def broken(self) -> CustodyBroken:
        return CustodyBroken(f"{self._what} is no whole OpenTimestamps proof.")


def _parse(data: bytes, message: bytes, what: str) -> Step:
    reader = _Reader(data, what)
    start = Step(message)
    _read(reader, start, 0)
    if reader.at != len(data):
        raise reader.broken()
    return start


def _read(reader: _Reader, step: Step, depth: int) -> None:
    if depth > _DEPTH:
        raise reader.broken()
    more = True
    while more:
        tag = reader.take(1)[0]
        more = tag == 0xFF
        if more:
            tag = reader.take(1)[0]
        if tag == 0:
            step.attested.append((reader.take(8), reader.string()))
            continue
        if tag in (_APPEND, _PREPEND):
            operation = _written(tag, reader.string())
        elif tag in _HASHES or tag in (_REVERSE, _HEX):
            operation = bytes([tag])
        else:
            raise reader.broken()
        _read(reader, _apply(step, operation), depth + 1)


def _apply(step: Step, operation: bytes) -> Step:
    """What an operation makes of a message, entered after it."""
    tag, message = operation[0], step.message
    if tag in _HASHES:
        try:
            made = hashlib.new(_HASHES[tag], message).digest()
        except ValueError as error:
            raise CustodyBroken(f"the proof needs {_HASHES[tag]}, which this machine does not compute.") from error
    elif tag in (_APPEND, _PREPEND):
        given = _Reader(operation[1:], "an operation").string()
        made = message + given if tag == _APPEND else given + message
    else:
        made = message[::-1] if tag == _REVERSE else message.hex().encode()
    if len(made) > _LONGEST:
        raise CustodyBroken("the proof makes too long a message.")
    following = Step(made)
    step.after.append((operation, following))
    return following


def _merge(into: Step, other: Step) -> None:
    into.attested += [a for a in other.attested if a not in into.attested]
    for operation, step in other.after:
        same = next((s for o, s in into.after if o == operation), None)
        if same is None:
            into.after.append((operation, step))
        else:
            _merge(same, step)


def _serialised(step: Step) -> bytes:
    items = [b"\x00" + kind + _counted(payload) for kind, payload in sorted(step.attested)]
    items += [operation + _serialised(after) for operation, after in step.after]
    return b"".join(b"\xff" + item for item in items[:-1]) + items[-1]


def _written(tag: int, given: bytes) -> bytes:
    return bytes([tag]) + _counted(given)


def _counted(data: bytes) -> bytes:
    count, number = b"", len(data)
    while number > 0x7F:
        count += bytes([number & 0x7F | 0x80])
        number >>= 7
    return count + bytes([number]) + data


def _address(payload: bytes) -> str:
    return _Reader(payload, "a promise").string().decode("utf-8", "replace")
