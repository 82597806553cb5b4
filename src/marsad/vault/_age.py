"""The age file format, version 1 (age-encryption.org/v1), for X25519 recipients, over `cryptography`.

Written here, and not taken from a library, because an exhibit has to be read from the middle (a video, a PDF) without
its plaintext ever being put on a disk, which pyrage and age's own tools cannot do. Tests hold it against pyrage.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import io
import os
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..errors import CustodyBroken, Sealed, VaultError

VERSION = b"age-encryption.org/v1"
CHUNK, TAG = 1 << 16, 16
_HEADER_LIMIT = 1 << 20
_WRAP = b"age-encryption.org/v1/X25519"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_NO_NONCE = bytes(12)


class NotForUs(Sealed):
    """None of the identities given opens the file."""


def new_identity() -> tuple[str, str]:
    """A new (identity, recipient): what opens, to be kept secret, and what seals, to be given away."""
    key = X25519PrivateKey.generate()
    return (
        _bech32("age-secret-key-", key.private_bytes_raw()).upper(),
        _bech32("age", key.public_key().public_bytes_raw()),
    )


def recipient_of(text: str) -> X25519PublicKey:
    """The recipient `age1…`. Raises VaultError, in words, for anything else."""
    kind, data = _unbech32(text.strip())
    if kind != "age" or len(data) != 32:
        raise VaultError(f"'{text.strip()[:90]}' is no age recipient of the kind age1… (X25519).")
    return X25519PublicKey.from_public_bytes(data)


def identities_in(text: str, name: str) -> list[X25519PrivateKey]:
    """The identities in the text of an identity file (`AGE-SECRET-KEY-1…`, lines with # are remarks).

    Raises VaultError that names the file for one that holds something else, or nothing.
    """
    found = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        kind, data = _unbech32(line.strip())
        if kind != "age-secret-key-" or len(data) != 32:
            raise VaultError(f"{name}: this is no age identity file (lines AGE-SECRET-KEY-1…); open it with age first.")
        found.append(X25519PrivateKey.from_private_bytes(data))
    if not found:
        raise VaultError(f"{name}: there is no identity in this file.")
    return found


class Sealer:
    """Encrypts a stream for `recipients`: `head`, then `add` for each piece, then `end`, are the bytes to write."""

    def __init__(self, recipients: Sequence[X25519PublicKey]) -> None:
        file_key, nonce = os.urandom(16), os.urandom(16)
        header = VERSION + b"\n"
        for recipient in recipients:
            once = X25519PrivateKey.generate()
            share = once.public_key().public_bytes_raw()
            wrap = _derive(once.exchange(recipient), share + recipient.public_bytes_raw(), _WRAP)
            header += b"-> X25519 " + _b64(share) + b"\n"
            header += _b64(ChaCha20Poly1305(wrap).encrypt(_NO_NONCE, file_key, None)) + b"\n"
        header += b"---"
        self.head = header + b" " + _b64(_mac(file_key, header)) + b"\n" + nonce
        self._cipher = ChaCha20Poly1305(_derive(file_key, nonce, b"payload"))
        self._number = 0
        self._held = b""

    def add(self, data: bytes) -> bytes:
        """What `data` becomes; the last 64 KiB at most are held back, for only the end tells which chunk is last."""
        data = self._held + data
        full = max(0, (len(data) - 1) // CHUNK) * CHUNK
        out = b"".join(self._sealed(data[at : at + CHUNK], False) for at in range(0, full, CHUNK))
        self._held = data[full:]
        return out

    def end(self) -> bytes:
        """The last chunk."""
        return self._sealed(self._held, True)

    def _sealed(self, chunk: bytes, last: bool) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._number, last), chunk, None)
        self._number += 1
        return sealed


class Opened(io.RawIOBase):
    """The plaintext of an age file, for reading and seeking; nothing but the chunk at hand is in memory.

    Raises NotForUs if no identity fits, CustodyBroken for a file that is no age file, was altered or is cut short.
    Closing it closes the file.
    """

    def __init__(self, file: BinaryIO, identities: Iterable[X25519PrivateKey], name: str) -> None:
        self._file, self._name = file, name
        file_key = _file_key(file, identities, name)
        nonce = file.read(16)
        self._start = file.tell()
        sealed = file.seek(0, io.SEEK_END) - self._start
        self._cipher = ChaCha20Poly1305(_derive(file_key, nonce, b"payload"))
        self._chunks = max(1, -(-sealed // (CHUNK + TAG)))
        self.size = sealed - self._chunks * TAG
        # An empty last chunk is allowed in an empty file only.
        if len(nonce) < 16 or self.size < 0 or (self._chunks > 1 and self.size <= (self._chunks - 1) * CHUNK):
            raise self._altered()
        self._at, self._loaded, self._chunk = 0, -1, b""
        # The last chunk says that it is the last: a file that was cut short fails here and not half-way.
        self._load(self._chunks - 1)

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where in the plaintext."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the plaintext."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("seek to before the beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read at most to the end of the chunk."""
        if self._at >= self.size or not len(buffer):
            return 0
        number, offset = divmod(self._at, CHUNK)
        self._load(number)
        piece = self._chunk[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        """Close the file below too."""
        self._file.close()
        super().close()

    def _load(self, number: int) -> None:
        if number == self._loaded:
            return
        self._file.seek(self._start + number * (CHUNK + TAG))
        sealed = self._file.read(CHUNK + TAG)
        try:
            self._chunk = self._cipher.decrypt(_nonce(number, number == self._chunks - 1), sealed, None)
        except InvalidTag:
            raise self._altered() from None
        self._loaded = number

    def _altered(self) -> CustodyBroken:
        return CustodyBroken(f"{self._name}: the encrypted file was altered or cut short.")


def _file_key(file: BinaryIO, identities: Iterable[X25519PrivateKey], name: str) -> bytes:
    header, stanzas = _header(file, name)
    for identity in identities:
        public = identity.public_key().public_bytes_raw()
        for share, body in stanzas:
            try:
                shared = identity.exchange(X25519PublicKey.from_public_bytes(share))
                file_key = ChaCha20Poly1305(_derive(shared, share + public, _WRAP)).decrypt(_NO_NONCE, body, None)
            except (InvalidTag, ValueError):
                continue
            text, _, mac = header.rpartition(b" ")
            if not hmac.compare_digest(_b64(_mac(file_key, text)), mac):
                raise CustodyBroken(f"{name}: the header of the encrypted file was altered.")
            return file_key
    raise NotForUs(f"{name}: none of the identities given opens it: it was encrypted for others.")


def _header(file: BinaryIO, name: str) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The header up to its MAC, without the last newline, and the (share, body) of each X25519 stanza."""
    lines: list[bytes] = []
    size = 0
    while not (lines and lines[-1].startswith(b"--- ")):
        line = file.readline(_HEADER_LIMIT)
        size += len(line)
        if not line.endswith(b"\n") or size > _HEADER_LIMIT or (not lines and line[:-1] != VERSION):
            raise CustodyBroken(f"{name}: this is no whole age file.")
        lines.append(line[:-1])
    stanzas, at = [], 1
    while at < len(lines) - 1:
        words = lines[at].split(b" ")
        body, at = b"", at + 1
        while at < len(lines) - 1 and not lines[at].startswith(b"-> "):
            body += lines[at]
            at += 1
        if words[:2] == [b"->", b"X25519"] and len(words) == 3:
            stanzas.append((_unb64(words[2], name), _unb64(body, name)))
    return b"\n".join(lines), stanzas


def _derive(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(secret)


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derive(file_key, b"", b"header"), header, "sha256")


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _b64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _unb64(text: bytes, name: str) -> bytes:
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise CustodyBroken(f"{name}: the header of the encrypted file is malformed.") from None


def _bech32(kind: str, data: bytes) -> str:
    bits = int.from_bytes(data, "big") << (-len(data) * 8 % 5)
    count = -(-len(data) * 8 // 5)
    values = [bits >> (5 * (count - 1 - n)) & 31 for n in range(count)]
    check = _polymod([*_spread(kind), *values, *[0] * 6]) ^ 1
    values += [check >> (5 * (5 - n)) & 31 for n in range(6)]
    return f"{kind}1" + "".join(_BECH32[v] for v in values)


def _unbech32(text: str) -> tuple[str, bytes]:
    """(prefix, data) of Bech32 (BIP 173), in one case; ('', b'') for what is not."""
    kind, _, rest = text.lower().rpartition("1")
    if text not in (text.lower(), text.upper()) or not kind or len(rest) < 6 or not set(rest) <= set(_BECH32):
        return "", b""
    values = [_BECH32.index(c) for c in rest]
    spare = (len(values) - 6) * 5 % 8
    bits = 0
    for value in values[:-6]:
        bits = bits << 5 | value
    if _polymod([*_spread(kind), *values]) != 1 or spare > 4 or bits & ((1 << spare) - 1):
        return "", b""
    return kind, (bits >> spare).to_bytes((len(values) - 6) * 5 // 8, "big")


def _spread(kind: str) -> list[int]:
    return [ord(c) >> 5 for c in kind] + [0] + [ord(c) & 31 for c in kind]


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    return check
