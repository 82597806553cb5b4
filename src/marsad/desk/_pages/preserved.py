"""The preserved page beside a report's text: a web page as an inert snapshot, a PDF's pages as pictures.

Of a web page only words and structure are shown, in a frame that can neither run nor load anything. A PDF's pages may
hold pictures, so they are covered like other media until somebody gives a reason.
"""

from __future__ import annotations

import base64
import hashlib
import io
from importlib import resources

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ...errors import Unreadable
from ...intake import Preview, read_preview
from ...model import Exhibit
from .._desk import Desk, person_of
from .._door import Door

_LARGEST = 30_000_000
"""Bytes of an exhibit that is shown beside its text."""


def kind_of_page(exhibit: Exhibit | None) -> str | None:
    """'html' or 'pdf' where the exhibit can be shown beside its text."""
    if exhibit is None or exhibit.size > _LARGEST:
        return None
    return {"text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf"}.get(exhibit.media_type)


def snapshot(desk: Desk, request: Request) -> Response:
    """A web page as words and structure, for a frame."""
    exhibit = _exhibit(desk, request, "html")
    html = _preview(desk, exhibit, 1).html
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    body = f'<!doctype html><meta charset="utf-8"><title>-</title><style>{style}</style>{html or ""}'
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'self'; sandbox"
    return HTMLResponse(body, headers={"content-security-policy": policy, "x-frame-options": "SAMEORIGIN"})


def page(desk: Desk, request: Request) -> Response:
    """One page of a PDF as a picture, for who has just uncovered it."""
    exhibit = _exhibit(desk, request, "pdf")
    if not desk.passes.good(request.query_params.get("view", ""), person_of(request).id, exhibit.sha256):
        raise HTTPException(403)
    number = request.path_params["number"]
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        raise HTTPException(404)
    picture = _preview(desk, exhibit, int(number)).picture
    if picture is None:
        raise HTTPException(404)
    from PIL import Image

    drawn = io.BytesIO()
    Image.frombytes("RGB", (picture.width, picture.height), picture.rgb).save(drawn, "PNG")
    return Response(drawn.getvalue(), media_type="image/png")


def pages_of(desk: Desk, exhibit: Exhibit) -> int:
    """How many pages a PDF has; 0 where it cannot be shown."""
    try:
        return _preview(desk, exhibit, 1).pages
    except HTTPException:
        return 0


def _exhibit(desk: Desk, request: Request, kind: str) -> Exhibit:
    with desk.case.store.read() as s:
        found = s.exhibits.get(request.path_params["sha256"])
    if found is None or kind_of_page(found) != kind:
        raise HTTPException(404)
    return found


def _preview(desk: Desk, exhibit: Exhibit, number: int) -> Preview:
    try:
        with desk.case.vault.open(exhibit.sha256, purpose="beside its text", record=False, check=False) as stream:
            return read_preview(stream, name=exhibit.name, page=number)
    except Unreadable as error:
        raise HTTPException(404) from error


def _style() -> str:
    return resources.files("marsad.desk").joinpath("data/snapshot.css").read_text("utf-8")


DOORS = (
    Door("GET", "/exhibits/{sha256}/page", "reader", snapshot),
    Door("GET", "/exhibits/{sha256}/pages/{number}", "reader", page),
)
