"""Witnesses: another party countersigns checkpoints, so that no single machine can show two histories.

Requests and answers are the bodies of C2SP tlog-witness (`old N`, proof lines, an empty line, the checkpoint; and a
signature line back), carried by hand or by mail. A witness learns how many events the log has, and nothing else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ..errors import CustodyBroken, VaultError
from . import _merkle as merkle
from ._durable import locked, make_folder, replace
from ._notes import COSIGNATURE, Checkpoint, Note, Signer, Verifier


def request(old: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
    """What to hand to a witness that has seen the log at `old` events."""
    lines = [f"old {old}", *(base64.b64encode(h).decode() for h in proof)]
    return ("\n".join(lines) + "\n\n").encode() + checkpoint


class Witness:
    """Someone who countersigns: a lawyer, a partner. Keeps a key and what it saw last of each log in `folder`.

    It signs a checkpoint only if it is signed by the log and extends the one it signed before: whoever holds its
    signatures holds a promise that it was shown one history.
    """

    def __init__(self, folder: Path | str, *, name: str, clock: Callable[[], float] = time.time) -> None:
        self._folder = Path(folder)
        self._name = name
        self._clock = clock

    @property
    def verifier(self) -> Verifier:
        """The public key, to be given to those who check."""
        return self._signer().verifier

    def countersign(self, asked: bytes, log: str) -> bytes:
        """Answer a request about the log whose public key is `log`, with a signature line.

        Raises CustodyBroken for a checkpoint that the log did not sign or that rewrites what this witness has seen,
        VaultError for a request that does not begin where this witness left off.
        """
        verifier = Verifier.parse(log)
        old, proof, note = _parse(asked)
        checkpoint = Checkpoint.parse(note.text)
        if checkpoint.origin != verifier.name or not note.signed_by(verifier):
            raise CustodyBroken("the checkpoint is not signed by the log that it names; it is not countersigned.")
        make_folder(self._folder)
        with locked(self._folder / "lock"):
            # By the log's name and not its key, which may change: what was seen under the old key still binds.
            state = self._folder / f"{hashlib.sha256(verifier.name.encode()).hexdigest()[:32]}.seen"
            seen = Checkpoint.parse(state.read_text(encoding="utf-8")) if state.exists() else None
            if (seen.size if seen else 0) != old:
                raise VaultError(
                    f"this witness has seen {seen.size if seen else 0} events of the log and the request begins at "
                    f"{old}. Ask for a request that begins there."
                )
            before = seen.root if seen else merkle.EMPTY_ROOT
            if not merkle.verify_consistency(old, checkpoint.size, proof, before, checkpoint.root):
                raise CustodyBroken(
                    f"the log of {checkpoint.size} events does not begin with the {old} that this witness signed: "
                    "its history was rewritten. It is not countersigned; keep this request."
                )
            # Kept before it is signed: a crash must not let two histories be signed.
            replace(state, checkpoint.text.encode())
            return self._signer().sign(note.text, int(self._clock())).encode()

    def _signer(self) -> Signer:
        make_folder(self._folder)
        path = self._folder / "witness.key"
        with locked(self._folder / "key.lock"):
            if not path.exists():
                replace(path, f"{Signer.new(self._name, COSIGNATURE)}\n".encode(), mode=0o600)
            return Signer.parse(path.read_text(encoding="utf-8"))


def countersigned(checkpoint: bytes, answer: bytes, verifier: Verifier) -> bytes:
    """The checkpoint with the witness's signature line added. Raises CustodyBroken if it is not that witness's."""
    note = Note.parse(checkpoint + answer)
    if len(note.signatures) != len(Note.parse(checkpoint).signatures) + 1 or not note.signed_by(verifier):
        raise CustodyBroken(f"the answer is not a signature of '{verifier.name}' over this checkpoint.")
    return checkpoint + answer


def _parse(asked: bytes) -> tuple[int, list[bytes], Note]:
    head, blank, rest = asked.partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    match = re.fullmatch(r"old (0|[1-9]\d{0,18})", lines[0])
    try:
        proof = [base64.b64decode(line, validate=True) for line in lines[1:]]
    except (binascii.Error, ValueError):
        match = None
        proof = []
    if not blank or match is None or any(len(h) != 32 for h in proof) or len(proof) > 63:
        raise CustodyBroken("this is no request to a witness.")
    return int(match[1]), proof, Note.parse(rest)
