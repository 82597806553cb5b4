"""One address of the desk: its method, the role that it needs, and the page that answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ._api._declare import Operation
from ._desk import Desk
from ._turns import Turn

Page = Callable[[Desk, Request], Response]


@dataclass(frozen=True, slots=True)
class Door:
    """One address; `role` None is for anyone."""

    method: str
    path: str
    role: str | None
    page: Page
    fresh: bool = False
    """Whether the person must have signed in just now: it changes how somebody comes in."""
    api: Operation | None = None
    """What it does for programs; None for a page, which no token opens."""
    roomy: bool = False
    """Whether a form that is sent to it holds files."""
    first: bool = False
    """Whether it goes before pages: people wait for it while they type."""
    writes: bool = False
    """Whether a page of it also writes, and so may have to wait for others that do."""

    @property
    def turn(self) -> Turn:
        """Whose turn it waits for: see `Turns`. What writes waits for others that write, and so for no page."""
        if self.first:
            return "first"
        return "page" if self.method == "GET" and self.api is None and not self.writes else "any"
