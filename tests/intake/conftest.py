"""A deposit that remembers in memory what it was given."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pytest

from marsad.model import Exhibit


@dataclass
class Kept:
    data: bytes
    name: str
    source: str
    method: str
    detail: dict[str, Any]
    times: int = 1


@dataclass
class Deposited:
    exhibit: Exhibit
    new: bool


@dataclass
class Deposits:
    kept: dict[str, Kept] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)

    def __call__(self, content: BinaryIO, /, *, name: str, source: str, method: str, detail: Any) -> Deposited:
        data = content.read()
        sha256 = hashlib.sha256(data).hexdigest()
        new = sha256 not in self.kept
        if new:
            self.kept[sha256] = Kept(data, name, source, method, dict(detail))
        else:
            self.kept[sha256].times += 1
        self.order.append(sha256)
        return Deposited(Exhibit(sha256, len(data), "application/octet-stream", name, "2026-01-01T00:00:00+00:00"), new)


@pytest.fixture
def deposits() -> Deposits:
    return Deposits()
