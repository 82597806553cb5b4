"""Passwords by Argon2id (RFC 9106), made anew at the next sign-in when the cost has been raised."""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from .._i18n import _

LEAST, MOST = 12, 256
"""Characters of a password."""
_DISTINCT = 5
_AT_ONCE = threading.BoundedSemaphore(4)
"""Each check takes 64 MiB for a moment; more at once would let anybody fill the memory."""


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _hasher().hash(password)


def good(password: str, kept: str | None) -> bool:
    """Whether `kept` is of this password. It takes as long where nothing is kept, so that nobody learns who has one."""
    with _AT_ONCE:
        try:
            return _hasher().verify(kept or _nobody(), password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Whether a hash was made at another cost than is asked for now."""
    return _hasher().check_needs_rehash(kept)


def weakness(password: str, *known: str) -> str | None:
    """Why a password is not taken (a message of the catalog), or None. `known` are words that others would try."""

    if len(password) < LEAST:
        return _("Take at least 12 characters; a few words in a row do well.")
    if len(password) > MOST:
        return _("Take at most 256 characters.")
    folded = password.casefold()
    told = [w.casefold() for k in known for w in (k, *k.split()) if len(w) > 3]
    for word in told:
        folded = folded.replace(word, "")
    left = "".join(folded.split())
    if len(set(left)) < _DISTINCT or len(left) < LEAST // 2:
        return _("That is easy to guess: it repeats itself, or is made of your name or the case's.")
    return None


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")
