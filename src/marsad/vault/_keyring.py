"""Who the bytes of a case are encrypted for, and what opens them again."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from ..errors import Sealed, VaultError
from ._age import identities_in, recipient_of

IDENTITY = "MARSAD_IDENTITY"
"""The environment variable that names the identity file; it goes before the case's setting."""
ENCRYPTED_TO = "encrypted_to"
"""Action of the custody event whose detail names the recipients for whom bytes are encrypted from then on."""
ENCRYPTED = "encrypted"
"""Action of the event of one exhibit whose bytes were encrypted (again) after their deposit."""


class Keyring:
    """The recipients, as custody names them, and the identities in a file that is read when it is first needed."""

    def __init__(self, identity: Path | str | None = None) -> None:
        named = os.environ.get(IDENTITY) or identity
        self._file = Path(named) if named else None
        self._identities: list[X25519PrivateKey] | None = None
        self.names: tuple[str, ...] = ()
        self.recipients: tuple[X25519PublicKey, ...] = ()

    def seal_for(self, names: Iterable[str]) -> None:
        """Take these recipients (`age1…`) from now on."""
        if (names := tuple(names)) != self.names:
            self.recipients = tuple(recipient_of(name) for name in names)
            self.names = names

    @property
    def opens(self) -> bool:
        """Whether an identity file was named."""
        return self._file is not None

    def identities(self, what: str) -> list[X25519PrivateKey]:
        """What opens `what`. Raises Sealed if no identity file was named, VaultError if it cannot be
        read."""
        if self._file is None:
            raise Sealed(
                f"{what} is encrypted, and no identity was given. Name the identity file of one of its recipients in "
                f"{IDENTITY}, or as 'identity' in settings.toml. Once every recipient lost theirs, nobody can."
            )
        if self._identities is None:
            try:
                text = self._file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                why = getattr(error, "strerror", None) or "it is not text"
                raise VaultError(f"{self._file}: the identity file cannot be read ({why}).") from error
            self._identities = identities_in(text, str(self._file))
        return self._identities
