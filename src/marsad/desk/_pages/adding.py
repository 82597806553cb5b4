"""Adding reports from the desk: files are preserved and read at once, and their claims are then proposed."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .._desk import Desk, person_of
from .._door import Door
from .._sent import file_name

MOST_FILES = 20
"""At once; more are added by the command line."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One file that was sent: how it is called, the report to open, how many reports, and what went wrong."""

    name: str
    exhibit: str | None
    reports: tuple[str, ...]
    problem: str


def show(desk: Desk, request: Request) -> Response:
    """The form, and how far proposing claims has come."""
    return _page(desk, request)


def take(desk: Desk, request: Request) -> Response:
    """Preserve and read the files that were sent; what cannot be read is kept, with the reason."""
    sent = [f for f in request.state.form.getlist("files") if isinstance(f, UploadFile) and f.filename]
    taken = []
    for file in sent:
        with tempfile.TemporaryDirectory(prefix="marsad-sent-") as folder:
            path = Path(folder) / file_name(file.filename or "")
            with path.open("wb") as kept:
                shutil.copyfileobj(file.file, kept)
            received = list(desk.case.take_in(path, person=person_of(request).id))
        exhibit = next((r.exhibit.sha256 for r in received if r.exhibit), None)
        problem = "; ".join(r.problem for r in received if r.problem)
        reports = tuple(p.id for r in received for p in r.reports if p.status != "unreadable")
        taken.append(Taken(path.name, exhibit, reports, problem))
    if any(t.reports for t in taken):
        desk.proposing.start()
    return _page(desk, request, taken, status=200 if taken else 422)


def propose(desk: Desk, request: Request) -> Response:
    """Propose claims for whatever was added and has none yet."""
    desk.proposing.start()
    return RedirectResponse("/add", status_code=303)


def _page(desk: Desk, request: Request, taken: list[Taken] | None = None, status: int = 200) -> Response:
    with desk.case.store.read() as s:
        counts = s.reports.counts()
    context = {
        "taken": taken,
        "left": counts.get("read", 0),
        "done": counts.get("extracted", 0),
        "running": desk.proposing.running,
        "failed": desk.proposing.failed,
        "most": MOST_FILES,
        "megabytes": desk.case.settings.fetch_max_megabytes,
        "folder": desk.case.folder.name,
    }
    return desk.render(request, "add.html", context, status)


DOORS = (
    Door("GET", "/add", "analyst", show),
    Door("POST", "/add", "analyst", take, roomy=True),
    Door("POST", "/add/propose", "analyst", propose),
)
