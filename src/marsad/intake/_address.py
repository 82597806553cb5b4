"""Which network addresses may be fetched from: public ones, unless the user allows the others."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from marsad.errors import IntakeRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# NAT64 (RFC 6052, RFC 8215) and 6to4 (RFC 3056) carry an IPv4 address inside, which is judged as well.
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


def split(url: str) -> SplitResult:
    """An http(s) address in parts; raises IntakeRefused for any other, and for one with a password in it."""
    if any(ord(char) < 33 or ord(char) == 127 for char in url):
        raise IntakeRefused("the address has spaces or control characters in it")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise IntakeRefused("not an address that can be understood") from None
    if parts.scheme not in ("http", "https"):
        raise IntakeRefused(f"only http and https addresses are fetched, not '{parts.scheme}'")
    if not host:
        raise IntakeRefused("the address names no host")
    if parts.username is not None or parts.password is not None:
        raise IntakeRefused("the address holds a user name or password; take it out")
    return parts


def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The IP addresses of `host`, each judged. One that is not public refuses all: a mixed answer is an attack."""
    try:
        ascii_host = host if _literal(host) else host.encode("idna").decode("ascii")
        found = socket.getaddrinfo(ascii_host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise IntakeRefused(f"the host {host!r} has no address that can be found") from None
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    for address in addresses:
        why = None if allow_private else refusal(address)
        if why:
            named = f"{host} is" if host == address else f"{host} leads to {address}, which is"
            raise IntakeRefused(f"{named} {why}; allow private addresses if you mean it")
    return addresses


def refusal(address: str) -> str | None:
    """Why an IP address is not fetched from ('a loopback address'), or None for a public one."""
    try:
        ip: Address = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return "not an address"
    inner = _inner(ip)
    if inner is not None:
        return refusal(str(inner))
    for is_so, words in (
        (ip.is_unspecified, "the unspecified address"),
        (ip.is_loopback, "a loopback address"),
        (ip.is_link_local, "a link-local address"),
        (ip.is_multicast, "a multicast address"),
        (ip.is_private, "a private address"),
        (ip.is_reserved, "a reserved address"),
        (not ip.is_global, "not a public address"),
    ):
        if is_so:
            return words
    return None


def _inner(ip: Address) -> ipaddress.IPv4Address | None:
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip.ipv4_mapped or ip.sixtofour:
        return ip.ipv4_mapped or ip.sixtofour
    if ip.teredo:
        return ip.teredo[1]
    if any(ip in network for network in _NAT64):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


def _literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return False
    return True
