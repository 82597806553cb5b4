"""A new key for the log: the old one vouches for it in custody, signs a last time beside it, and is gone.

The steps are ordered so that a crash between any two leaves a log that verifies, and the next call finishes the work.
"""

from __future__ import annotations

from pathlib import Path

from ..errors import CustodyBroken
from ..model import CustodyEvent
from ._durable import replace
from ._log import KEY_FILE, Log
from ._notes import Note, Signer, Verifier

ROTATED = "log_key_rotated"
"""Action of the custody event whose detail names the new key, and holds the old one's signature over it."""


def propose(log: Log, keys: Path) -> dict[str, str]:
    """Make the next key, and the detail of the event that brings it in."""
    successor = Signer.new(log.verifiers()[0].name)
    replace(keys / f"{KEY_FILE}.next", f"{successor}\n".encode(), mode=0o600)
    text = statement(log, successor.verifier)
    return {"verifier": str(successor.verifier), "statement": f"{text}\n{log.sign(text)}"}


def pending(keys: Path) -> Signer | None:
    """The next key, if a change of keys was begun and not finished."""
    try:
        return Signer.parse((keys / f"{KEY_FILE}.next").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def finish(log: Log, keys: Path, successor: Signer) -> None:
    """Hand the log over to the next key. The event that brings it in must be in a signed checkpoint."""
    log.hand_over(successor, keys / f"{KEY_FILE}.next")


def drop(keys: Path) -> None:
    """Forget a next key that custody was never told of."""
    (keys / f"{KEY_FILE}.next").unlink(missing_ok=True)


def statement(log: Log, successor: Verifier) -> str:
    """What the old key signs about the new one."""
    return f"marsad log key\n{log.verifiers()[0].name}\n{successor}\n"


def check_keys(verifiers: list[Verifier], events: list[CustodyEvent]) -> None:
    """Raise CustodyBroken unless each key after the first was brought in by an event and the key before it."""
    brought = [event.detail for event in events if event.action == ROTATED]
    known = [str(detail.get("verifier")) for detail in brought]
    # A change that was committed and not finished is in custody before it is in the list of keys.
    if [str(v) for v in verifiers[1:]] not in (known, known[:-1]):
        raise CustodyBroken("the log's keys are not those that custody tells of.")
    for old, new, detail in zip(verifiers, verifiers[1:], brought):
        note = Note.parse(str(detail.get("statement")))
        if note.text != f"marsad log key\n{verifiers[0].name}\n{new}\n" or not note.signed_by(old):
            raise CustodyBroken("a key of the log was not brought in by the one before.")
