"""What stands before every page: the host check, cross-site protection, the session, and the headers of every answer.

Rules: Host must be one that the desk serves (DNS rebinding); a request that changes something must come from the
desk's own pages, by Sec-Fetch-Site, or by Origin where a browser does not send it; bodies are small.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..model import Person
from ._access import Visit

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_SAFE = ("GET", "HEAD", "OPTIONS")
_BODY_LIMIT = 2_000_000
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: with it browsers send 'Origin: null', and the fallback of the cross-site check would refuse.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "cache-control": "no-store",
}


Who = Callable[[str, str], tuple[Person, Visit] | None]


class BodyTooLarge(Exception):
    """More bytes were sent than any form of the desk has."""


class Guard:
    """ASGI middleware; `who` gives the person and the visit of a token and its kind ('session', 'token').

    `roomy` are the addresses that take more than a form does: path → bytes.
    """

    def __init__(
        self, app: ASGIApp, hosts: Collection[str], cookie: str, who: Who, roomy: Mapping[str, int] | None = None
    ) -> None:
        self._app = app
        self._roomy = roomy or {}
        self._hosts = frozenset(h.lower() for h in hosts)
        self._cookie = cookie
        self._who = who

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass the request on with `state.person` set."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        request = Request(scope)
        refusal = self._refusal(request)
        if refusal:
            await PlainTextResponse(refusal[1] + "\n", status_code=refusal[0])(scope, receive, _dressed(send))
            return
        bearer = _bearer(request.headers)
        # With a token the cookie does not count, so that nothing is ever done by the one that the other may not.
        token, kind = (bearer, "token") if bearer is not None else (request.cookies.get(self._cookie, ""), "session")
        found = await run_in_threadpool(self._who, token, kind) if token else None
        request.state.person, request.state.visit = found or (None, None)
        await self._app(scope, _limited(receive, self._limit(scope)), _dressed(send, _lasting(request)))

    def _refusal(self, request: Request) -> tuple[int, str] | None:
        host = request.headers.get("host", "")
        if _host_name(host) not in self._hosts:
            return 421, "This desk does not answer to that host name."
        # No browser sends a token by itself, so another site cannot make it do so.
        if request.method not in _SAFE and _bearer(request.headers) is None and not _same_site(request.headers, host):
            return 403, "Refused: this request did not come from the desk's own pages."
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._limit(request.scope):
            return 413, "Refused: too much was sent."
        return None

    def _limit(self, scope: Scope) -> int:
        return self._roomy.get(scope["path"], _BODY_LIMIT)


def _host_name(host: str) -> str:
    name = host.lower().rsplit("@", 1)[-1]
    if name.startswith("["):
        return name[: name.find("]") + 1]
    return name.split(":", 1)[0]


def _bearer(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _same_site(headers: Headers, host: str) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() == host.lower()


def _limited(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def count() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise BodyTooLarge
        return message

    return count


def _lasting(request: Request) -> bool:
    """Whether browsers may be told to use TLS alone from now on: of a loopback name they would do so in other programs
    too."""
    return request.url.scheme == "https" and _host_name(request.headers.get("host", "")) not in LOOPBACK


def _dressed(send: Send, secure: bool = False) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if secure:
                headers.setdefault("strict-transport-security", "max-age=31536000")
        await send(message)

    return with_headers
