"""RFC 3161 timestamps of checkpoints: an authority that the user names attests that the log was so, by then.

Asking sends one hash and nothing else. Checking later needs no network: the certificates are kept beside the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import ModuleType

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from ..errors import CustodyBroken, ModelMissing, VaultError
from ._ots import Calendar

Ask = Callable[[bytes], bytes]
"""Takes a timestamp request (DER) to an authority and brings its response back."""

TIMESTAMPED = "timestamped"
"""Action of the custody event that tells of a timestamp."""

_LIMIT = 1 << 20


def authority_at(address: str, *, seconds: float = 30) -> Ask:
    """An authority that answers at an http(s) address, as RFC 3161 (3.4) says. Raises VaultError if it does not."""

    def ask(request: bytes) -> bytes:
        import httpx

        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            with httpx.stream("POST", address, content=request, headers=headers, timeout=seconds) as answer:
                answer.raise_for_status()
                data = b""
                for piece in answer.iter_bytes():
                    data += piece
                    if len(data) > _LIMIT:
                        raise VaultError(f"{address}: the answer is too long for a timestamp.")
                return data
        except httpx.HTTPError as error:
            raise VaultError(f"{address}: the timestamp authority did not answer ({error}).") from error

    return ask


def calendar_at(address: str, *, seconds: float = 30) -> Calendar:
    """An OpenTimestamps calendar at an http(s) address. A calendar that has nothing yet answers b''."""

    def ask(path: str, body: bytes | None) -> bytes:
        import httpx

        url = f"{address.rstrip('/')}/{path}"
        headers = {"Accept": "application/vnd.opentimestamps.v1", "User-Agent": "marsad"}
        try:
            answer = httpx.request(
                "GET" if body is None else "POST", url, content=body, headers=headers, timeout=seconds
            )
            if body is None and answer.status_code == 404:
                return b""
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise VaultError(f"{address}: the calendar did not answer ({error}).") from error
        if len(answer.content) > _LIMIT:
            raise VaultError(f"{address}: the answer is too long for a timestamp.")
        return answer.content

    return ask


def stamp(data: bytes, ask: Ask, certificates: bytes) -> tuple[bytes, bytes, datetime]:
    """A timestamp of `data`: the response, the certificates that prove it (PEM), and its time.

    `certificates` holds, in PEM, the authority's root and whatever its answer leaves out. Raises VaultError for a
    refusal or an answer that does not verify.
    """
    client = _client()
    builder = client.TimestampRequestBuilder().data(data).hash_algorithm(client.HashAlgorithm.SHA256)
    request = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    response = ask(request.as_bytes())
    try:
        decoded = client.decode_timestamp_response(response)
        chain = _certificates(certificates)
        chain += [
            c for raw in decoded.signed_data.certificates if (c := x509.load_der_x509_certificate(raw)) not in chain
        ]
        pem = b"".join(c.public_bytes(Encoding.PEM) for c in chain)
        if decoded.tst_info.nonce != request.nonce:
            raise VaultError("the timestamp answers another request.")
        return response, pem, check(response, data, pem)
    except (ValueError, CustodyBroken) as error:
        raise VaultError(f"the timestamp authority's answer does not verify ({error}).") from error


def check(response: bytes, data: bytes, certificates: bytes) -> datetime:
    """The time that a response attests for `data`. Raises CustodyBroken if it is not true, by its own certificates."""
    client = _client()
    try:
        decoded = client.decode_timestamp_response(response)
        builder = client.VerifierBuilder()
        for certificate in _certificates(certificates):
            if certificate.issuer == certificate.subject:
                builder = builder.add_root_certificate(certificate)
            elif _is_for_stamping(certificate):
                builder = builder.tsa_certificate(certificate)
            else:
                builder = builder.add_intermediate_certificate(certificate)
        builder.build().verify_message(decoded, data)
        at: datetime = decoded.tst_info.gen_time
    except (ValueError, client.VerificationError) as error:
        raise CustodyBroken(f"a timestamp does not verify ({error}).") from error
    return at.astimezone(UTC)


def _certificates(pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise VaultError(f"the authority's certificates are not PEM ({error}).") from error


def _is_for_stamping(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.TIME_STAMPING in usage


def _client() -> ModuleType:
    try:
        import rfc3161_client
    except ImportError as error:
        raise ModelMissing("timestamps need the package rfc3161-client: pip install 'marsad[timestamps]'.") from error
    return rfc3161_client
