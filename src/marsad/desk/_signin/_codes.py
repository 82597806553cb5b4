"""Second factors: time-based codes (RFC 6238: SHA-1, six digits, thirty seconds, which every app can do), and recovery
codes for when the telephone is lost."""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
from urllib.parse import quote

STEP = 30
DIGITS = 6
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_RECOVERY_LENGTH = 10


def new_secret() -> str:
    """A secret of 160 bits in base 32."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def code_at(secret: str, step: int) -> str:
    """The code of one step of thirty seconds since 1970 (RFC 4226, 5.3)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), "sha1").digest()
    at = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: str, given: str, now: float, after: int) -> int | None:
    """The step whose code was given, of this one and those beside it; None where none is, or it was used (`after`)."""
    shown = "".join(str(int(c)) for c in given if c.isdecimal())
    step = int(now) // STEP
    right = [n for n in (step - 1, step, step + 1) if hmac.compare_digest(code_at(secret, n), shown)]
    return next((n for n in right if n > after), None)


def address(secret: str, person: str, case: str) -> str:
    """The otpauth address that an app reads from the picture."""
    label = quote(f"Marsad {case[:60]}:{person}", safe="")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(f'Marsad {case[:60]}', safe='')}"


def picture(text: str) -> str:
    """A QR code as inline SVG, without style and script; its colours come from the style sheet."""
    import segno

    drawn = segno.make(text, error="m", micro=False)
    return str(drawn.svg_inline(omitsize=True, border=4, svgclass="qr", dark="#000"))


def new_recovery_codes() -> list[str]:
    """Ten codes of 49 bits each, in two groups of five."""
    drawn = ("".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    return [f"{c[:5]}-{c[5:]}" for c in drawn]


def plain_recovery(given: str) -> str | None:
    """A recovery code as it is marked, however it was typed; None if it cannot be one."""
    kept = "".join(c for c in given.lower() if c in _ALPHABET)
    return kept if len(kept) == _RECOVERY_LENGTH else None
