"""Exhibits: the list, one with its custody, and its bytes: covered until somebody gives a reason, which is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from ...errors import JudgementRefused
from ...model import Exhibit
from ...text import clean
from .._desk import PAGE, Desk, page_number, person_of
from .._exposure import REVEALED
from .._lists import Pager
from ._claims import names_of

_PLAYED = frozenset(
    {
        *("image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/webm"),
        *("audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav"),
    }
)
"""What a browser may show by itself: no type that can hold script."""
_SOURCE_LIMIT = 200_000
_CHUNK = 1 << 18
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


def listing(desk: Desk, request: Request) -> Response:
    """Exhibits in the order of deposit."""
    with desk.case.store.read() as s:
        total = s.exhibits.count()
        pager = Pager.over(total, page_number(request), PAGE)
        found = list(s.exhibits.all(PAGE, pager.offset))
        rows = [(e, kind_of(e), len(s.reports.of(e.sha256))) for e in found]
    context = {"exhibits": rows, "total": total, "pager": pager, "folder": desk.case.folder.name}
    return desk.render(request, "exhibits.html", context)


def show(desk: Desk, request: Request) -> Response:
    """One exhibit: what it is, its custody, what was read from it, and its bytes if uncovered."""
    exhibit = _exhibit(desk, request)
    pass_ = request.query_params.get("view", "")
    uncovered = bool(pass_) and desk.passes.good(pass_, person_of(request).id, exhibit.sha256)
    with desk.case.store.read() as s:
        custody, names = s.custody.of(exhibit.sha256), names_of(s)
        reports = s.reports.of(exhibit.sha256)
        found_in = [e.source.removeprefix("exhibit:") for e in custody if e.source.startswith("exhibit:")]
    kind = kind_of(exhibit)
    context = {
        "exhibit": exhibit,
        "kind": kind,
        "custody": custody,
        "names": names,
        "reports": reports,
        "found_in": list(dict.fromkeys(found_in)),
        "view": pass_ if uncovered else None,
        "source": _source(desk, exhibit) if uncovered and kind == "text" else None,
        "playable": exhibit.media_type in _PLAYED,
        "limit": _SOURCE_LIMIT,
    }
    return desk.render(request, "exhibit.html", context)


def reveal(desk: Desk, request: Request) -> Response:
    """Record who uncovers it and why, then show it: for a quarter of an hour, to this person."""
    exhibit, person = _exhibit(desk, request), person_of(request)
    reason = clean(str(request.state.form.get("reason", ""))).strip()[:500]
    if not reason:
        raise JudgementRefused("Give a reason: it is written into the exhibit's custody.")
    # Hashed here, once, so that the parts of a long video need not be.
    with desk.case.vault.open(exhibit.sha256, purpose=reason, person=person.id, record=False):
        desk.case.vault.record(exhibit.sha256, REVEALED, detail={"purpose": reason}, person=person.id)
    view = desk.passes.give(person.id, exhibit.sha256)
    report = str(request.state.form.get("report", ""))
    with desk.case.store.read() as s:
        read = s.reports.get(report) if report else None
    if read is not None and read.exhibit == exhibit.sha256:
        return RedirectResponse(f"/reports/{read.id}?view={view}#preserved", status_code=303)
    return RedirectResponse(f"/exhibits/{exhibit.sha256}?view={view}#preview", status_code=303)


def content(desk: Desk, request: Request) -> Response:
    """The bytes, for who has just uncovered them. What could run is only ever downloaded."""
    exhibit = _exhibit(desk, request)
    if not desk.passes.good(request.query_params.get("view", ""), person_of(request).id, exhibit.sha256):
        raise HTTPException(403)
    played = exhibit.media_type in _PLAYED and "download" not in request.query_params
    headers = {
        "content-security-policy": "default-src 'none'; sandbox",
        "content-disposition": "inline" if played else f'attachment; filename="{exhibit.sha256[:16]}.bin"',
        "accept-ranges": "bytes",
    }
    start, end, status = _range(request.headers.get("range", ""), exhibit.size)
    if status == 416:
        return Response(status_code=416, headers={"content-range": f"bytes */{exhibit.size}"})
    if status == 206:
        headers["content-range"] = f"bytes {start}-{end - 1}/{exhibit.size}"
    headers["content-length"] = str(end - start)
    media_type = exhibit.media_type if played else "application/octet-stream"
    return StreamingResponse(_bytes(desk, exhibit, start, end), status, headers, media_type)


def kind_of(exhibit: Exhibit) -> str:
    """'image', 'video', 'audio', 'text' (anything written, markup too) or 'other'."""
    major, _, minor = exhibit.media_type.partition("/")
    if major in ("image", "video", "audio") and "svg" not in minor:
        return major
    written = ("json", "xml", "html", "csv", "rss", "atom", "javascript")
    return "text" if major == "text" or any(w in minor for w in written) else "other"


def _exhibit(desk: Desk, request: Request) -> Exhibit:
    with desk.case.store.read() as s:
        found = s.exhibits.get(request.path_params["sha256"])
    if found is None:
        raise HTTPException(404)
    return found


def _source(desk: Desk, exhibit: Exhibit) -> str:
    with desk.case.vault.open(exhibit.sha256, purpose="source view", record=False, check=False) as stream:
        return stream.read(_SOURCE_LIMIT).decode("utf-8", "replace").replace("\x00", "␀")


def _bytes(desk: Desk, exhibit: Exhibit, start: int, end: int) -> Iterator[bytes]:
    with desk.case.vault.open(exhibit.sha256, purpose="view", record=False, check=False) as stream:
        stream.seek(start)
        left = end - start
        while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _range(asked: str, size: int) -> tuple[int, int, int]:
    match = _RANGE.fullmatch(asked.strip())
    if not match:
        return 0, size, 200
    start = int(match[1][:18])
    end = min(int(match[2][:18]) + 1, size) if match[2] else size
    return (start, end, 206) if start < end else (0, 0, 416)
