"""Serving the desk: bind first, then say the address with a one-time link, until Ctrl-C."""

from __future__ import annotations

import socket
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CaseError
from ._access import LINK_MINUTES
from ._app import create_app
from ._guard import LOOPBACK

if TYPE_CHECKING:
    from ..pipeline import Case

PORT = 8765
_SLICE = 0.0005
"""Seconds that one thread runs before another has its turn. Whenever a page asks the database it gives its turn away;
by Python's default (0.005) it then waits for as long as other pages take to be drawn."""


def serve(
    case: Case,
    person: str | None = None,
    host: str = "127.0.0.1",
    port: int = PORT,
    announce: Callable[[str], None] | None = None,
    hosts: tuple[str, ...] = (),
    certificate: Path | None = None,
    key: Path | None = None,
) -> None:
    """Serve `case` until interrupted. `announce` gets the address: a link that signs `person` (who opened the case,
    where None) in once; printed with a few words where `announce` is None.

    `hosts` are further host names that the desk answers to, beside those of the settings. With a `certificate` and its
    `key` (PEM) it speaks TLS. Port 0 takes any free one. Raises CaseError where the address cannot be bound or the
    certificate not be used, JudgementRefused where nobody of that id works on the case.
    """
    import uvicorn

    _check_certificate(certificate, key)
    listening = _bind(host, port)
    bound = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    app = create_app(case, hosts=(*LOOPBACK, shown, *hosts))
    token = app.state.desk.access.link(person or case.person)
    known = (*hosts, *case.settings.hosts)
    name = known[0] if certificate and known else shown
    address = f"{'https' if certificate else 'http'}://{name}:{bound}/sign-in?link={token}"
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # a log of addresses would hold links and who looked at what
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=3,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    case.follow()
    sys.setswitchinterval(_SLICE)
    try:
        (announce or _print)(address)
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        # uvicorn raises the signal again once it has stopped cleanly.
        return
    finally:
        listening.close()


def _print(address: str) -> None:
    minutes = f"It works once, within {LINK_MINUTES} minutes; Ctrl-C stops the desk."
    print(f"The desk is open. Sign in with this link:\n\n  {address}\n\n{minutes}", flush=True)


def _check_certificate(certificate: Path | None, key: Path | None) -> None:
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        raise CaseError("TLS needs both the certificate and its key: --certificate FILE --key FILE.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise CaseError(
            f"{certificate}, {key}: are not a certificate and its key that can be used ({error})."
        ) from error


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise CaseError(
            f"{host}:{port}: the desk cannot listen there ({error.strerror}). Give another port with --port."
        ) from error
    return listening
