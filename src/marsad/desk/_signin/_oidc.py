"""Another organisation's word for who somebody is: OpenID Connect, code flow with PKCE. Optional (`marsad[oidc]`).

Nobody is let in because of a name or an address in such an account: a person who is in already ties theirs to it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...errors import CaseError, JudgementRefused
from ...settings import Settings

_SECONDS = 10
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
SECRET_VARIABLE = "MARSAD_OIDC_SECRET"


class Provider:
    """The provider that a case's settings name; asked only when somebody chooses to come in by it."""

    def __init__(self, issuer: str, client: str, secret: str | None) -> None:
        self.issuer = issuer
        self._client = client
        self._secret = secret

    @classmethod
    def of(cls, settings: Settings, folder: Path) -> Provider | None:
        """The provider of a case, or None. Its secret is in MARSAD_OIDC_SECRET, else in `keys/oidc.secret`.

        Raises CaseError where the address is no https one, or authlib is not installed.
        """
        if not settings.oidc_issuer:
            return None
        address = urlsplit(settings.oidc_issuer)
        if address.scheme != "https" and address.hostname not in _LOOPBACK:
            raise CaseError("settings.toml: 'oidc_issuer' should begin with https://, so that nobody between can lie.")
        if not settings.oidc_client:
            raise CaseError(
                "settings.toml: 'oidc_issuer' needs 'oidc_client', the id that the provider gave this desk."
            )
        if find_spec("authlib") is None:
            raise CaseError("Signing in by OpenID Connect needs authlib: pip install 'marsad[oidc]'.")
        kept = folder / "keys" / "oidc.secret"
        secret = os.environ.get(SECRET_VARIABLE) or (kept.read_text("utf-8").strip() if kept.is_file() else None)
        return cls(settings.oidc_issuer.rstrip("/"), settings.oidc_client, secret)

    @property
    def name(self) -> str:
        """How the provider is called on the page."""
        return urlsplit(self.issuer).netloc

    def start(self, back: str) -> tuple[str, dict[str, str]]:
        """Where to send the browser, and what to remember until it comes `back`. Raises JudgementRefused."""
        flow = {"state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24), "back": back}
        flow["verifier"] = secrets.token_urlsafe(48)
        with self._session(back) as session:
            place = self._metadata(session)["authorization_endpoint"]
            to, _ = session.create_authorization_url(
                place, state=flow["state"], nonce=flow["nonce"], code_verifier=flow["verifier"]
            )
        return str(to), flow

    def finish(self, flow: Mapping[str, str], returned: str) -> tuple[str, str]:
        """(id of the credential, its label) of the account that the provider vouches for at the address `returned`.

        Raises JudgementRefused if the answer does not verify.
        """
        from authlib.common.errors import AuthlibBaseError
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        with self._session(flow["back"]) as session:
            metadata = self._metadata(session)
            try:
                token = session.fetch_token(
                    metadata["token_endpoint"],
                    authorization_response=returned,
                    state=flow["state"],
                    code_verifier=flow["verifier"],
                )
                keys = KeySet.import_key_set(self._get(session, metadata["jwks_uri"]))
                told = jwt.decode(token["id_token"], keys, algorithms=_ALGORITHMS).claims
                registry = jwt.JWTClaimsRegistry(
                    leeway=60,
                    iss={"essential": True, "value": self.issuer},
                    aud={"essential": True, "value": self._client},
                    exp={"essential": True},
                    sub={"essential": True},
                    nonce={"essential": True, "value": flow["nonce"]},
                )
                registry.validate(told)
            except (AuthlibBaseError, JoseError, KeyError, ValueError, TypeError, OSError) as error:
                raise JudgementRefused(f"{self.name} did not vouch for you. Try again.") from error
        mark = hashlib.sha256(f"{self.issuer}\n{told['sub']}".encode()).hexdigest()
        return f"oidc:{mark}", self.name

    def _session(self, back: str) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            self._client,
            self._secret,
            scope="openid",
            redirect_uri=back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
            timeout=_SECONDS,
            follow_redirects=False,
        )

    def _metadata(self, session: Any) -> Mapping[str, str]:
        found: Mapping[str, str] = self._get(session, f"{self.issuer}/.well-known/openid-configuration")
        if found.get("issuer", "").rstrip("/") != self.issuer:
            raise JudgementRefused(f"{self.name} calls itself {found.get('issuer')!r}, not what the settings say.")
        return found

    def _get(self, session: Any, address: str) -> Any:
        from httpx import HTTPError

        try:
            answer = session.request("GET", address, withhold_token=True)
            answer.raise_for_status()
            return answer.json()
        except (HTTPError, ValueError) as error:
            raise JudgementRefused(
                f"{self.name} does not answer as it should. Try again, or come in otherwise."
            ) from error
