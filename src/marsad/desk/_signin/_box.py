"""A key of the desk's own, apart from the database: it seals what must be read again, and marks what must be known
again. Whoever has the database alone (a shared server, a backup of it) has neither second factors nor addresses."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from functools import cached_property
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from ...errors import CaseError


class Box:
    """The key in `keys/desk.key` of a case folder; made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "keys" / "desk.key"

    def seal(self, text: str) -> str:
        """`text` such that only this key opens it."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """What was sealed. Raises CaseError if the key is another one."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise CaseError(
                f"{self._path}: is not the key that this case's second factors were sealed with. Put the key back "
                "from the backup, or reset how the person signs in: marsad people CASE PERSON --reset"
            ) from error

    def mark(self, text: str) -> str:
        """A keyed digest of `text`, to know it again by."""
        return hmac.new(self._part(b"mark"), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    @cached_property
    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._part(b"seal")))

    def _part(self, purpose: bytes) -> bytes:
        return hmac.new(self._key, b"marsad desk " + purpose, hashlib.sha256).digest()

    @cached_property
    def _key(self) -> bytes:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            pass
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        aside = self._path.with_name(f".{secrets.token_hex(6)}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link fails where another process was first; then its key is the key.
            os.link(aside, self._path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
        return self._path.read_bytes()
