"""Short-lived passes to look at one uncovered exhibit, signed with a key that lives as long as the process."""

from __future__ import annotations

import secrets

from itsdangerous import BadData, URLSafeTimedSerializer

SECONDS = 15 * 60


class Passes:
    """Passes for (person, exhibit)."""

    def __init__(self) -> None:
        self._signer = URLSafeTimedSerializer(secrets.token_bytes(32), salt="marsad-view")

    def give(self, person: str, sha256: str) -> str:
        """A pass, good for a quarter of an hour."""
        return str(self._signer.dumps([person, sha256]))

    def good(self, given: str, person: str, sha256: str) -> bool:
        """Whether `given` is this person's pass for this exhibit, and not too old."""
        try:
            return bool(self._signer.loads(given, max_age=SECONDS) == [person, sha256])
        except BadData:
            return False
