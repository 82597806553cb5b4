"""From a sealed exhibit to a covered copy that somebody answers for."""

from __future__ import annotations

from dataclasses import dataclass

from PIL.Image import Image, frombytes

from ..errors import VaultError
from ..intake import read_picture
from ..model import CustodyEvent
from ..vault import Vault
from ._cover import Covered, cover
from ._faces import DETECTOR, Box, find_faces

METHOD = "marsad cover"
"""How a covered copy was made, as its custody names it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A picture of an exhibit, and where the machine sees faces in it."""

    sha256: str
    at: float | None
    """Seconds into a video, or None."""
    image: Image
    boxes: tuple[Box, ...]

    def covered(self, boxes: tuple[Box, ...] | None = None) -> Covered:
        """The picture with the machine's boxes filled, or with those given."""
        return cover(self.image, self.boxes if boxes is None else boxes)


def propose(
    vault: Vault, sha256: str, *, at: float | None = None, purpose: str = "cover faces", person: str | None = None
) -> Proposal:
    """The picture of an exhibit (of a video: the frame `at` seconds) and what may be faces in it.

    That it was opened, by whom and for what, goes into its custody. Raises Unreadable where it holds no picture,
    NoDetector where faces cannot be looked for, CustodyBroken where the exhibit is missing or altered.
    """
    with vault.open(sha256, purpose=purpose, person=person) as stream:
        picture = read_picture(stream, at=at)
    image = frombytes("RGB", (picture.width, picture.height), picture.rgb)
    return Proposal(sha256, at, image, tuple(find_faces(image)))


def sign_off(vault: Vault, proposal: Proposal, boxes: tuple[Box, ...], *, person: str) -> str:
    """Deposit the picture with `boxes` filled as a derivative that `person` answers for; returns its digest.

    Raises VaultError where nobody is named, ValueError for a box outside the picture.
    """
    made = cover(proposal.image, boxes)
    still = f", frame at {proposal.at:g} s" if proposal.at is not None else ""
    done = vault.derive(
        made.png,
        original=proposal.sha256,
        name=f"{proposal.sha256[:12]}-covered.png",
        changed=made.says() + still,
        signed_off_by=person,
        method=f"{METHOD} ({DETECTOR})",
    )
    return done.exhibit.sha256


def signed_off(vault: Vault, sha256: str, custody: list[CustodyEvent]) -> bytes:
    """The PNG of a covered copy, for a release. `custody` is the exhibit's. Raises VaultError where it is none."""
    # The sealed original's custody tells of the copy, too, but not of being one.
    made = [e for e in custody if (e.method or "").startswith(METHOD) and "derived_from" in e.detail]
    if not made:
        raise VaultError(f"{sha256[:12]}… is no covered copy that somebody signed off; make one with 'marsad cover'.")
    with vault.open(sha256, purpose="release", record=False) as stream:
        return stream.read()
