"""Passkeys (WebAuthn, level 2): the browser keeps the key, and asks for a finger, a face or a PIN before it signs."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from ...errors import JudgementRefused
from ...store import Credential


def new_challenge() -> bytes:
    """Bytes for a browser to sign."""
    return secrets.token_bytes(32)


def host_of(origin: str) -> str | None:
    """The name that passkeys of this origin belong to; None for a bare address, for which browsers make none."""
    host = urlsplit(origin).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return host or None
    return None


def creation(
    origin: str, case: str, handle: bytes, person: str, name: str, have: Sequence[str], challenge: bytes
) -> Any:
    """What the browser needs to make a passkey; `have` are the ids of those that the person has."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=host_of(origin) or "",
        rp_name=f"Marsad · {case}",
        user_id=handle,
        user_name=person,
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(i)) for i in have],
    )
    return json.loads(options_to_json(options))


def created(answer: Any, origin: str, challenge: bytes) -> tuple[str, str, int]:
    """(id, public key, counter) of the passkey that a browser made. Raises JudgementRefused if it does not verify."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host_of(origin) or "",
            expected_origin=origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise JudgementRefused("The passkey could not be verified. Try again.") from error
    return bytes_to_base64url(made.credential_id), bytes_to_base64url(made.credential_public_key), made.sign_count


def request(origin: str, challenge: bytes) -> Any:
    """What the browser needs to sign with whichever of its passkeys the person chooses."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    required = UserVerificationRequirement.REQUIRED
    options = generate_authentication_options(
        rp_id=host_of(origin) or "", challenge=challenge, user_verification=required
    )
    return json.loads(options_to_json(options))


def signed(answer: Any, kept: Credential, origin: str, challenge: bytes) -> int | None:
    """The passkey's new counter if it signed this challenge here, else None (a counter that fell back: a copy)."""
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host_of(origin) or "",
            expected_origin=origin,
            credential_public_key=base64url_to_bytes(kept.secret),
            credential_current_sign_count=kept.counter,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return verified.new_sign_count
