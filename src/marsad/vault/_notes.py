"""Signed notes and checkpoints, in the formats of C2SP: signed-note, tlog-checkpoint and tlog-cosignature.

A note is text whose last line ends in a newline, an empty line, and signature lines `— name base64(key id, signature)`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ..errors import CustodyBroken

ED25519, COSIGNATURE = 1, 4
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name: `name+keyid+base64(kind, key)`, as Go's sumdb/note and C2SP write it."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Read a key. Raises CustodyBroken if it is not one."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        try:
            data = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            data = b""
        found = cls(name, data[0], data[1:]) if len(data) == 33 and data[0] in (ED25519, COSIGNATURE) else None
        if found is None or not name or found.key_id.hex() != key_id:
            raise CustodyBroken(f"{text.strip()[:120]!r} is not a verifier key of the form name+id+key.")
        return found

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256 over name and key."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public).digest()[:4]

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether `signature` (without its key id) is this key's over a note's text."""
        message = text.encode()
        if self.kind == COSIGNATURE:
            if len(signature) != 72:
                return False
            message = _cosigned(text, int.from_bytes(signature[:8], "big"))
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name; `str()` of it is the secret, in the form of Go's sumdb/note."""

    name: str
    kind: int
    seed: bytes

    @classmethod
    def new(cls, name: str, kind: int = ED25519) -> Signer:
        """A new random key. The name may have neither space nor plus sign."""
        if not re.fullmatch(r"[^\s+]+", name):
            raise ValueError(f"{name!r}: the name of a key has neither spaces nor plus signs")
        return cls(name, kind, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> Signer:
        """Read a key that `str()` wrote. Raises CustodyBroken if it is not one."""
        parts = text.strip().split("+", 4)
        try:
            data = base64.b64decode(parts[4], validate=True) if len(parts) == 5 else b""
        except (binascii.Error, ValueError):
            data = b""
        if parts[:2] != ["PRIVATE", "KEY"] or len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):
            raise CustodyBroken(
                "the signing key is not readable. Put the copy that you keep elsewhere back in its place."
            )
        found = cls(parts[2], data[0], data[1:])
        if found.verifier.key_id.hex() != parts[3]:
            raise CustodyBroken("the signing key is damaged. Put the copy that you keep elsewhere back in its place.")
        return found

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.kind, self._key().public_key().public_bytes_raw())

    def sign(self, text: str, at: int = 0) -> str:
        """The signature line over a note's text; a cosignature states `at`, seconds since 1970."""
        if self.kind == COSIGNATURE:
            signature = at.to_bytes(8, "big") + self._key().sign(_cosigned(text, at))
        else:
            signature = self._key().sign(text.encode())
        return f"— {self.name} {base64.b64encode(self.verifier.key_id + signature).decode()}\n"

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def __str__(self) -> str:
        secret = base64.b64encode(bytes([self.kind]) + self.seed).decode()
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{secret}"

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"


@dataclass(frozen=True, slots=True)
class Note:
    """A note's text and its signatures as (name, key id, signature); none is verified by reading it."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def parse(cls, data: bytes | str) -> Note:
        """Read a note. Raises CustodyBroken if it is not one."""
        try:
            whole = data if isinstance(data, str) else data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise CustodyBroken("a signed note is not UTF-8.") from error
        text, blank, tail = whole.rpartition("\n\n")
        lines = tail.split("\n")
        if not blank or lines.pop() != "" or not lines or re.search(r"[\x00-\x09\x0b-\x1f]", whole):
            raise CustodyBroken("a signed note is cut short or malformed.")
        signatures = []
        for line in lines:
            match = _SIGNATURE.fullmatch(line)
            raw = _decode(match[2]) if match else b""
            if match is None or len(raw) < 5:
                raise CustodyBroken("a signed note has a malformed signature line.")
            signatures.append((match[1], raw[:4], raw[4:]))
        return cls(text + "\n", tuple(signatures))

    def signed_by(self, verifier: Verifier) -> bool:
        """Whether a signature of that key is there and true. One that is there and false raises CustodyBroken."""
        found = False
        for name, key_id, signature in self.signatures:
            if name == verifier.name and key_id == verifier.key_id:
                if not verifier.verifies(self.text, signature):
                    raise CustodyBroken(
                        f"the signature of '{name}' on a checkpoint is false: it was forged or altered."
                    )
                found = True
        return found


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log commits to: its name, how many leaves it has, and their root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a note. Raises CustodyBroken if it is no checkpoint."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() != "" or not all(lines) or not _NUMBER.fullmatch(lines[1]):
            raise CustodyBroken("a checkpoint is malformed.")
        root = _decode(lines[2])
        if len(root) != 32:
            raise CustodyBroken("a checkpoint is malformed: its root is not a hash.")
        return cls(lines[0], int(lines[1]), root, tuple(lines[3:]))

    @property
    def text(self) -> str:
        """The text that is signed."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions]
        return "\n".join(lines) + "\n"


def seconds_of(signature: bytes) -> int:
    """The time that a cosignature states, in seconds since 1970."""
    return int.from_bytes(signature[:8], "big")


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    # Unused bits of the last character could differ and still decode alike: one spelling only.
    return data if base64.b64encode(data).decode() == text else b""
