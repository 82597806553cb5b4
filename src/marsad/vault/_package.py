"""Evidence packages: exhibits, their custody and the proof of both, for someone who has neither Marsad nor a network.

The custody lines are the very bytes that were hashed. The log comes as its leaf hashes, 32 bytes an event, from which
anyone can compute the signed root, and the root of any older checkpoint: inclusion, consistency and completeness at
once, without proofs that a reader must understand. The hashes tell nothing of events that are not in the package.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..errors import CustodyBroken, VaultError
from ..model import CustodyEvent, canonical
from ..store import Store
from . import _merkle as merkle
from ._bag import Bag
from ._blobs import Blobs
from ._custody import ERASED, record, timestamp
from ._log import LOG_STARTED, Log, SignedCheckpoint, entry_of
from ._pages import Told, pages
from ._rotation import ROTATED

FORMAT = "marsad evidence 1"
CASE_EVENTS = frozenset({LOG_STARTED, ROTATED})
"""Events about the log itself, which every package carries."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What was asked for: some exhibits with all their custody, or all events from one number to another."""

    exhibits: tuple[str, ...]
    """With `events`, those that the events are about."""
    events: tuple[int, int] | None

    def takes(self, event: CustodyEvent) -> bool:
        """Whether an event belongs into the package."""
        if event.action in CASE_EVENTS:
            return True
        if self.events is not None:
            inside = self.events[0] <= event.seq <= self.events[1]
            # Why bytes are not there has to be told, also where they were destroyed later.
            return inside or (event.action == ERASED and event.exhibit in self.exhibits)
        return event.exhibit in self.exhibits


def write_package(
    target: Path,
    scope: Scope,
    store: Store,
    blobs: Blobs,
    log: Log,
    covering: SignedCheckpoint,
    *,
    now: datetime,
    tool: str,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Write the package at `target` against the checkpoint `covering`. Raises CustodyBroken rather than write a lie."""
    events, hashes = _gather(store, scope, covering)
    taken = list(dict.fromkeys(e.exhibit for e in events if e.exhibit))
    erased = {e.exhibit for e in events if e.action == ERASED}
    with store.read() as s:
        found = {sha256: s.exhibits.get(sha256) for sha256 in taken}
    exhibits = [exhibit for exhibit in found.values() if exhibit is not None]
    missing = set(scope.exhibits) - {e.sha256 for e in exhibits}
    if missing:
        raise VaultError(f"there is no exhibit {min(missing)} in this case; the package was not made.")
    bag = Bag(target)
    try:
        held = [exhibit for exhibit in exhibits if exhibit.sha256 not in erased]
        for number, exhibit in enumerate(held, 1):
            with blobs.open(exhibit.sha256) as stream:
                bag.add(f"exhibits/{exhibit.sha256}", stream, sha256=exhibit.sha256)
            if progress:
                progress(number, len(held))
        bag.add("custody.jsonl", b"".join(canonical(record(event)) + b"\n" for event in events))
        bag.add("log/checkpoint", covering.data)
        bag.add("log/hashes", b"".join(hashes))
        bag.add("log/vkeys", "".join(f"{v}\n" for v in log.verifiers()).encode())
        for path in log.attestations():
            bag.add(f"log/attested/{path.parent.name}/{path.name}", path.read_bytes())
        asked: dict[str, Any] = {"format": FORMAT, "made_at": timestamp(now), "tool": tool}
        asked |= {"events": list(scope.events)} if scope.events else {"exhibits": sorted(scope.exhibits)}
        bag.add("scope.json", canonical(asked))
        for name, page in pages(Told(exhibits, events, erased, covering, asked, str(log.verifiers()[0]))).items():
            bag.add(name, page)
        info = {
            "Bagging-Date": timestamp(now)[:10],
            "Bag-Software-Agent": tool,
            "External-Identifier": f"{covering.checkpoint.origin} {covering.checkpoint.size}",
        }
        return bag.finish(info, lambda digest: _signed(log, covering, digest))
    except BaseException:
        bag.abandon()
        raise


def _gather(store: Store, scope: Scope, covering: SignedCheckpoint) -> tuple[list[CustodyEvent], list[bytes]]:
    events: list[CustodyEvent] = []
    hashes: list[bytes] = []
    size = covering.checkpoint.size
    with store.read() as s:
        for event in s.custody.all():
            if event.seq > size:
                break
            hashes.append(merkle.leaf_hash(entry_of(event.seq, event.sha256)))
            if scope.takes(event):
                events.append(event)
    root = merkle.root(size, _subtree(hashes)) if len(hashes) == size else b""
    if root != covering.checkpoint.root:
        raise CustodyBroken("custody is not what the log signed; the package was not made. Run 'marsad verify'.")
    return events, hashes


def _subtree(hashes: Sequence[bytes]) -> merkle.Subtree:
    return lambda level, index: merkle.complete_root(hashes[index << level : (index + 1) << level])


def _signed(log: Log, covering: SignedCheckpoint, digest: str) -> bytes:
    text = f"{FORMAT}\n{covering.checkpoint.origin}\n{covering.checkpoint.size}\ntagmanifest-sha256 {digest}\n"
    return f"{text}\n{log.sign(text)}".encode()
