"""The transparency log: custody events as leaves of a Merkle tree whose root is signed.

A leaf is a digest record, `{"event": sha256, "seq": n}`: the log may be handed to anyone without telling what is in the
case. The database is the record; the log only commits to it, and signs nothing that does not extend what it signed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ..errors import CustodyBroken, VaultError
from ..model import CustodyEvent, canonical
from . import _merkle as merkle
from ._durable import locked, make_folder, refusing, replace, sync_folder
from ._growth import Growth
from ._notes import Checkpoint, Note, Signer, Verifier
from ._tiles import WIDTH, Tiles

Events = Callable[[int], Iterable[CustodyEvent]]
"""`events(after)`: the custody events whose seq is greater, oldest first."""

KEY_FILE = "log.key"
LOG_STARTED = "log_started"
"""Action of the first custody event, whose detail names the log's first public key."""

_OLDER = (
    "the log signed more custody events than the database has: an older copy of the database was put back, or the last "
    "events were removed. Nothing is added to it. Run 'marsad verify'."
)
_FORK = "the database does not hold the events that the log signed. Nothing is added to it. Run 'marsad verify'."


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint and the note that carries its signatures."""

    checkpoint: Checkpoint
    note: Note
    data: bytes


def entry_of(seq: int, sha256: str) -> bytes:
    """The leaf that stands for an event."""
    return canonical({"event": sha256, "seq": seq})


class Log:
    """The log in `folder`, signed with the key in `keys`. Safe for several processes at once."""

    def __init__(self, folder: Path, keys: Path) -> None:
        self.folder = folder
        self.tiles = Tiles(folder)
        self._keys = keys
        self._grown: Growth | None = None

    @property
    def started(self) -> bool:
        """Whether the log has a key."""
        return (self.folder / "vkeys").exists()

    def start(self) -> Verifier:
        """Make the key and the empty log, once; returns the public key. Finishes what a crash left half-done."""
        if self.started:
            return self.verifiers()[0]
        make_folder(self.folder)
        make_folder(self._keys)
        with locked(self.folder / "lock"):
            if not self.started:
                if not (self._keys / KEY_FILE).exists():
                    signer = Signer.new(f"marsad/{secrets.token_hex(8)}")
                    replace(self._keys / KEY_FILE, f"{signer}\n".encode(), mode=0o600)
                replace(self.folder / "vkeys", f"{self._signer().verifier}\n".encode(), mode=0o644)
        return self.verifiers()[0]

    def verifiers(self) -> list[Verifier]:
        """The public keys of the log, oldest first; the last one signs."""
        try:
            lines = (self.folder / "vkeys").read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CustodyBroken(f"{self.folder / 'vkeys'}: the log's public keys cannot be read ({error}).") from error
        if not lines:
            raise CustodyBroken(f"{self.folder / 'vkeys'}: the log's public keys are gone.")
        return [Verifier.parse(line) for line in lines]

    def latest(self) -> SignedCheckpoint | None:
        """The newest checkpoint, its signature checked; None before the first. Raises CustodyBroken if it is false."""
        path = self.folder / "checkpoint"
        while True:
            keys = self.verifiers()
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                return None
            except OSError as error:
                raise VaultError(f"{path}: cannot be read ({error.strerror}).") from error
            # The log may be handed to another key between the two reads.
            if keys == self.verifiers():
                return self._checked(data, keys[-1:])

    def check(self, data: bytes) -> SignedCheckpoint:
        """A checkpoint of this log, signed by any key that it ever had. Raises CustodyBroken if it is not."""
        return self._checked(data, self.verifiers())

    def _checked(self, data: bytes, verifiers: list[Verifier]) -> SignedCheckpoint:
        note = Note.parse(data)
        checkpoint = Checkpoint.parse(note.text)
        if checkpoint.origin != verifiers[0].name:
            raise CustodyBroken(f"a checkpoint is of another log, '{checkpoint.origin}'.")
        if not any(note.signed_by(verifier) for verifier in verifiers):
            raise CustodyBroken("a checkpoint is not signed by this log's key.")
        return SignedCheckpoint(checkpoint, note, data)

    def cover(self, event: CustodyEvent, events: Events) -> SignedCheckpoint:
        """A checkpoint, on the disk, over at least the events up to `event`, which must be committed.

        One process signs for all that wait: whoever gets the lock takes in every event that is committed by then.
        Raises CustodyBroken rather than sign anything that does not extend the last checkpoint.
        """
        latest = self.latest()
        if latest and latest.checkpoint.size >= event.seq and self._holds(event):
            return latest
        with locked(self.folder / "lock"):
            latest = self.latest()
            if latest is None or latest.checkpoint.size < event.seq:
                latest = self._extend(latest, events)
            elif not self._holds(event):
                # Power loss takes partial tiles, so they are made again before anyone is accused.
                self._write_partials(self._edge(latest, events))
                if not self._holds(event):
                    raise CustodyBroken(_FORK)
            return latest

    def refuse_older(self, last: CustodyEvent | None, latest: SignedCheckpoint | None) -> None:
        """Raise CustodyBroken if custody ends before `latest`, a checkpoint that was read before `last` was."""
        if latest and latest.checkpoint.size > (last.seq if last else 0):
            raise CustodyBroken(_OLDER)

    def inclusion(self, seq: int, size: int) -> list[bytes]:
        """The proof that event `seq` is in the log of `size` leaves."""
        return merkle.inclusion_proof(seq - 1, size, self.tiles.subtree(size))

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the log of `new` leaves begins with the log of `old`."""
        return merkle.consistency_proof(old, new, self.tiles.subtree(new))

    def hand_over(self, successor: Signer, successor_file: Path) -> None:
        """Let another key sign from now on: both sign the checkpoint, the new one joins the list, the old one goes."""
        with locked(self.folder / "lock"):
            if str(successor.verifier) not in map(str, self.verifiers()):
                latest = self.latest()
                if latest is None:
                    raise CustodyBroken("the log has no checkpoint to hand over.")
                text = latest.note.text
                both = f"{text}\n{self._signer().sign(text)}{successor.sign(text)}".encode()
                replace(self.folder / "checkpoint", both, mode=0o644)
                keys = "".join(f"{v}\n" for v in [*self.verifiers(), successor.verifier])
                replace(self.folder / "vkeys", keys.encode(), mode=0o644)
            with refusing(successor_file, "put the new key in place"):
                successor_file.replace(self._keys / KEY_FILE)
            sync_folder(self._keys)

    def sign(self, text: str) -> str:
        """The signature line of the log's key over a note that is no checkpoint: only `cover` signs those."""
        if text.startswith(f"{self.verifiers()[0].name}\n"):
            raise ValueError("this text could be read as a checkpoint")
        return self._signer().sign(text)

    def attestations(self) -> list[Path]:
        """What others said about checkpoints: files in `attested/<size>/`, which hold timestamps and cosignatures."""
        return sorted((self.folder / "attested").glob("*/*")) if (self.folder / "attested").is_dir() else []

    def attest(self, about: SignedCheckpoint, name: str, data: bytes) -> None:
        """Keep what someone said about a checkpoint, and the checkpoint beside it. Nothing kept is replaced."""
        folder = self.folder / "attested" / str(about.checkpoint.size)
        make_folder(folder)
        for path, content in ((folder / "checkpoint", about.data), (folder / name, data)):
            if not path.exists():
                replace(path, content, mode=0o444)
            elif path.read_bytes() != content:
                raise VaultError(f"{path}: is there already, and is something else.")

    def _extend(self, latest: SignedCheckpoint | None, events: Events) -> SignedCheckpoint:
        signer = self._signer()
        grown = self._edge(latest, events)
        size = grown.size
        written: dict[tuple[int | str, int], int] = {}
        for event in events(size):
            if event.seq != grown.size + 1:
                raise CustodyBroken(f"event {grown.size + 1} is missing from the database. Run 'marsad verify'.")
            for level, index, data in grown.add(entry_of(event.seq, event.sha256)):
                self.tiles.write(level, index, WIDTH, data)
                written[level, index] = WIDTH
        if latest and grown.size == size:
            return latest
        written |= self._write_partials(grown)
        text = Checkpoint(self.verifiers()[0].name, grown.size, grown.root()).text
        data = f"{text}\n{signer.sign(text)}".encode()
        replace(self.folder / "checkpoint", data, mode=0o644)
        self._grown = grown
        for (level, index), width in written.items():
            self.tiles.tidy(level, index, width)
        return SignedCheckpoint(Checkpoint.parse(text), Note.parse(data), data)

    def _write_partials(self, grown: Growth) -> dict[tuple[int | str, int], int]:
        written: dict[tuple[int | str, int], int] = {}
        for level, index, width, data in grown.partials():
            self.tiles.write(level, index, width, data)
            written[level, index] = width
        return written

    def _holds(self, event: CustodyEvent) -> bool:
        index, offset = divmod(event.seq - 1, WIDTH)
        hashes = self.tiles.hashes(0, index, offset + 1)
        leaf = merkle.leaf_hash(entry_of(event.seq, event.sha256))
        return len(hashes) > offset and hashes[offset] == leaf

    def _edge(self, latest: SignedCheckpoint | None, events: Events) -> Growth:
        """The right edge at the last checkpoint, proven against its root; made again from the database if need be."""
        if latest is None:
            return Growth()
        size, signed = latest.checkpoint.size, latest.checkpoint.root
        last = next(iter(events(size - 1)), None) if size else None
        if size and last is None:
            raise CustodyBroken(_OLDER)
        for candidate in (self._grown, Growth.load(self.tiles, size)):
            if candidate is None or candidate.size != size or candidate.root() != signed:
                continue
            if last is None or not candidate.entries or candidate.entries[-1] == entry_of(last.seq, last.sha256):
                return candidate.copy()
        grown = Growth()
        for event in events(0):
            if event.seq > size:
                break
            for level, index, data in grown.add(entry_of(event.seq, event.sha256)):
                if not self.tiles.expected_path(level, index, WIDTH).exists():
                    self.tiles.write(level, index, WIDTH, data)
        if grown.root() != signed:
            raise CustodyBroken(_FORK)
        return grown

    def _signer(self) -> Signer:
        path = self._keys / KEY_FILE
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise CustodyBroken(
                f"{path}: the log's signing key is gone. Put the copy that you keep elsewhere back in its place."
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise VaultError(f"{path}: the log's signing key cannot be read ({error}).") from error
        signer = Signer.parse(text)
        if self.started and str(signer.verifier) != str(self.verifiers()[-1]):
            raise CustodyBroken(f"{path}: this key is not the one that signs this log.")
        return signer
