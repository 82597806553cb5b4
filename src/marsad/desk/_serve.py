"""Serving the desk: bind first, then say the address with a one-time link, until Ctrl-C."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import CaseError
from ._access import LINK_MINUTES
from ._app import create_app
from ._guard import LOOPBACK

if TYPE_CHECKING:
    from ..pipeline import Case

PORT = 8765


def serve(
    case: Case,
    person: str | None = None,
    host: str = "127.0.0.1",
    port: int = PORT,
    announce: Callable[[str], None] | None = None,
    hosts: tuple[str, ...] = (),
) -> None:
    """Serve `case` until interrupted. `announce` gets the address: a link that signs `person` (who opened the case,
    where None) in once; printed with a few words where `announce` is None.

    `hosts` are further host names that the desk answers to (behind a proxy). Port 0 takes any free one.
    Raises CaseError where the address cannot be bound, JudgementRefused where nobody of that id works on the case.
    """
    import uvicorn

    listening = _bind(host, port)
    bound = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    app = create_app(case, hosts=(*LOOPBACK, shown, *hosts))
    token = app.state.desk.access.link(person or case.person)
    (announce or _print)(f"http://{shown}:{bound}/sign-in?link={token}")
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # a log of addresses would hold links and who looked at what
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=3,
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        # uvicorn raises the signal again once it has stopped cleanly.
        return
    finally:
        listening.close()


def _print(address: str) -> None:
    minutes = f"It works once, within {LINK_MINUTES} minutes; Ctrl-C stops the desk."
    print(f"The desk is open. Sign in with this link:\n\n  {address}\n\n{minutes}", flush=True)


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
