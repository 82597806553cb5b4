"""Releases: the names that wait for approval, a new release under a profile, and those made before. For editors."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...errors import ReleaseRefused
from ...publish import PROFILES
from .._desk import Desk, person_of

FOLDER = "releases"
"""Folder of the case that holds what the desk has released."""
_PROFILES = tuple(reversed(PROFILES))


@dataclass(frozen=True, slots=True)
class Made:
    """A release that lies in the case's folder."""

    name: str
    profile: str
    at: str = ""
    notes: tuple[str, ...] = ()


def show(desk: Desk, request: Request) -> Response:
    """What waits for approval, and the releases made so far."""
    return _page(desk, request)


def approve(desk: Desk, request: Request) -> Response:
    """Approve the names that were ticked, or take the approval of one back."""
    form, me = request.state.form, person_of(request)
    refused = str(form.get("refuse", ""))
    chosen = [refused] if refused else [str(n) for n in form.getlist("name")]
    desk.case.approve_names(chosen, "reject" if refused else "accept", person=me.id)
    return RedirectResponse("/releases#names", status_code=303)


def make(desk: Desk, request: Request) -> Response:
    """A new release in the case's folder; what the leak check refuses is said, and nothing is kept."""
    form, me = request.state.form, person_of(request)
    profile = str(form.get("profile", ""))
    profile = profile if profile in PROFILES else "public"
    since = folder_of(desk, str(form.get("since", "")))
    name = f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}-{profile}"
    try:
        released = desk.case.publish(profile, desk.case.folder / FOLDER / name, person=me.id, since=since)
    except ReleaseRefused as error:
        return _page(desk, request, refused=str(error).splitlines(), status=409)
    return _page(desk, request, made=Made(name, profile, notes=released.notes))


def content(desk: Desk, request: Request) -> Response:
    """A release as one zip file."""
    folder = folder_of(desk, request.path_params["name"])
    if folder is None:
        raise HTTPException(404)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.iterdir()):
            packed.write(path, f"{folder.name}/{path.name}")
    headers = {"content-disposition": f'attachment; filename="{folder.name}.zip"'}
    return Response(out.getvalue(), media_type="application/zip", headers=headers)


def _page(
    desk: Desk, request: Request, *, made: Made | None = None, refused: list[str] | None = None, status: int = 200
) -> Response:
    with desk.case.store.read() as s:
        approved = sorted(desk.case.review(s).approved_names)
    context = {
        "waiting": desk.case.names_to_approve(),
        "approved": approved,
        "profiles": [PROFILES[p] for p in _PROFILES],
        "earlier": earlier(desk),
        "made": made,
        "refused": refused or [],
    }
    return desk.render(request, "releases.html", context, status)


def earlier(desk: Desk) -> list[Made]:
    """What was released from the desk, newest first; a folder without a manifest is none."""
    found = []
    for path in sorted((desk.case.folder / FOLDER).glob("*/manifest.json"), reverse=True):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        found.append(Made(path.parent.name, manifest["profile"], manifest["released_at"]))
    return found


def folder_of(desk: Desk, name: str) -> Path | None:
    """The folder of a release that was made from the desk, or None."""
    return next((desk.case.folder / FOLDER / m.name for m in earlier(desk) if m.name == name), None)
