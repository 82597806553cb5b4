"""Every address of the desk, its method, the role that it needs (None: anyone) and the page that answers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ._api import _doors
from ._desk import Desk
from ._door import Door
from ._pages import (
    account,
    adding,
    exhibits,
    foresee,
    incidents,
    judging,
    ledger,
    match,
    notes,
    people,
    places,
    preserved,
    queue,
    releases,
    reports,
    search,
    security,
    signing_in,
    views,
)


def _home(desk: Desk, request: Request) -> Response:
    return RedirectResponse("/queue", status_code=303)


ROUTES = (
    *_doors.DOORS,
    *signing_in.DOORS,
    *security.DOORS,
    Door("POST", "/preferences", None, account.prefer),
    Door("POST", "/sign-out", "reader", account.sign_out),
    Door("GET", "/account", "reader", account.show),
    Door("GET", "/", "reader", _home),
    Door("GET", "/queue", "reader", queue.show, writes=True),
    Door("POST", "/queue/release", "reader", queue.release),
    Door("GET", "/reports", "reader", reports.listing),
    Door("GET", "/reports/{id}", "reader", reports.show),
    Door("GET", "/claims/{id}", "reader", reports.claim),
    Door("GET", "/incidents", "reader", incidents.listing),
    Door("GET", "/incidents/{id}", "reader", incidents.show),
    Door("GET", "/map", "reader", places.map_page),
    Door("GET", "/timeline", "reader", places.timeline),
    Door("GET", "/ledger", "reader", ledger.show),
    Door("GET", "/match", "reader", match.show),
    Door("GET", "/children", "reader", ledger.children),
    Door("GET", "/exhibits", "reader", exhibits.listing),
    Door("GET", "/exhibits/{sha256}", "reader", exhibits.show),
    Door("POST", "/exhibits/{sha256}/reveal", "reader", exhibits.reveal),
    Door("GET", "/exhibits/{sha256}/bytes", "reader", exhibits.content),
    Door("GET", "/search", "reader", search.show, first=True),
    Door("GET", "/judgements", "reader", judging.history),
    Door("POST", "/judge", "analyst", judging.judge),
    Door("POST", "/correct", "analyst", judging.correct),
    Door("POST", "/point", "analyst", judging.point),
    Door("GET", "/releases", "editor", releases.show),
    Door("POST", "/releases", "editor", releases.make),
    Door("POST", "/releases/names", "editor", releases.approve),
    Door("GET", "/releases/{name}", "editor", releases.content),
    *adding.DOORS,
    *people.DOORS,
    *foresee.DOORS,
    *notes.DOORS,
    *preserved.DOORS,
    *views.DOORS,
)
