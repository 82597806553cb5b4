"""One thing at a time: a report's text, a claim, an incident, an exhibit's bytes; and what programs may do.

The words of the sources are given here alone, to analysts, and each reading is written into the exhibit's custody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from ...errors import ReleaseRefused
from ...model import Claim, from_json, to_json
from ...overview import headlines_of
from .._desk import Desk, person_of
from .._door import Door
from .._pages import releases
from .._pages._claims import reviewed_of
from .._sent import file_name
from ._declare import Operation, Param, record
from ._problems import Problem
from ._reading import incident_row, judgement_row, report_row
from ._records import Added, ClaimFull, IncidentFull, JudgementRow, JudgementSent, Released, ReleaseSent, ReportFull

_PURPOSE = Param("purpose", "What the words or bytes are needed for; written into the exhibit's custody", required=True)
_NAME = Param("name", "The file's name, as it is shown", most=120, required=True)
_CHUNK = 1 << 18
_WORDS = ("text", "name", "source", "cue")


def report(desk: Desk, request: Request) -> Response:
    """One report with its text."""
    with desk.case.store.read() as s:
        found = s.reports.get(request.path_params["id"])
        if found is None:
            raise HTTPException(404)
        claims = tuple(c.id for c in s.claims.of(found.id))
    detail = {"purpose": request.state.asked["purpose"], "read": "text", "report": found.id}
    desk.case.vault.record(found.exhibit, "opened", detail=detail, person=person_of(request).id)
    return JSONResponse(to_json(ReportFull(report_row(found), found.text, claims)))


def claim(desk: Desk, request: Request) -> Response:
    """One claim as proposed and decided."""
    with desk.case.store.read() as s:
        found = s.claims.get(request.path_params["id"])
        if found is None:
            raise HTTPException(404)
        reviewed = reviewed_of(s, [found])[0]
        incident = s.incidents.of_claim(found.id)
    child = any(v.children for c in (reviewed.claim, reviewed.machine) for v in c.victims)
    told = to_json(without_words(reviewed.claim) if child else reviewed.claim)
    judged = tuple(judgement_row(j) for j in reviewed.judgements)
    full = ClaimFull(found.id, found.report, incident.id if incident else None, reviewed.verdict, child, told, judged)
    return JSONResponse(to_json(full))


def without_words(claim: Claim) -> Claim:
    """The claim without the words of its report and without anybody's name but a perpetrating party's: codes, figures,
    places and offsets stay."""
    bare = to_json(claim)
    parties = [p.get("name") for p in bare["perpetrators"]]
    _blank(bare)
    for actor, name in zip(bare["perpetrators"], parties, strict=True):
        actor["name"] = name
    for place, whole in zip(bare["places"], claim.places, strict=True):
        place["name"] = whole.name
    return replace(from_json(Claim, bare), why=())


def incident(desk: Desk, request: Request) -> Response:
    """One incident; the id of any claim of it leads here too."""
    with desk.case.look() as s:
        wanted = request.path_params["id"]
        found = s.incidents.get(wanted) or s.incidents.of_claim(wanted)
        heads = headlines_of(s, [found.id]) if found else {}
    if found is None or found.id not in heads:
        raise HTTPException(404)
    origins = tuple(tuple(o.reports) for o in found.origins)
    ties = tuple(other for other, _, _ in found.possibly_same)
    return JSONResponse(to_json(IncidentFull(incident_row(heads[found.id]), tuple(found.claims), origins, ties)))


def content(desk: Desk, request: Request) -> Response:
    """The bytes of an exhibit, always to download."""
    sha256, purpose = request.path_params["sha256"], request.state.asked["purpose"]
    with desk.case.store.read() as s:
        if s.exhibits.get(sha256) is None:
            raise HTTPException(404)
    # Hashed here, once, and recorded, before a byte of it goes out.
    with desk.case.vault.open(sha256, purpose=purpose, person=person_of(request).id, record=True):
        pass
    headers = {
        "content-security-policy": "default-src 'none'; sandbox",
        "content-disposition": f'attachment; filename="{sha256[:16]}.bin"',
    }
    return StreamingResponse(_bytes(desk, sha256), headers=headers, media_type="application/octet-stream")


def judge(desk: Desk, request: Request) -> Response:
    """Make a judgement."""
    sent = record(JudgementSent, request.state.json)
    kept = desk.case.judge(
        sent.target,
        sent.decision,
        field=sent.field,
        value=sent.value,
        others=sent.others,
        reason=sent.reason,
        undoes=sent.undoes,
        person=person_of(request).id,
    )
    return JSONResponse(to_json(judgement_row(kept)), 201)


def add(desk: Desk, request: Request) -> Response:
    """Preserve and read a file."""
    sent = request.state.sent
    if sent is None:
        raise Problem(422, "Send the file's bytes as the body, with content type application/octet-stream.")
    path = sent.rename(sent.with_name(file_name(request.state.asked["name"])))
    received = list(desk.case.take_in(path, person=person_of(request).id))
    exhibits_, reports = [r.exhibit for r in received if r.exhibit], [p for r in received for p in r.reports]
    problems = tuple(r.problem for r in received if r.problem)
    added = Added(tuple(e.sha256 for e in exhibits_), tuple(p.id for p in reports), problems)
    return JSONResponse(to_json(added), 201)


def publish(desk: Desk, request: Request) -> Response:
    """Make a release; what the leak check refuses is said, and nothing is kept."""
    sent = record(ReleaseSent, request.state.json)
    since = releases.folder_of(desk, sent.since) if sent.since else None
    if sent.since and since is None:
        raise Problem(409, "'since' is the name of no release in the case's folder.")
    name = f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}-{sent.profile}"
    try:
        made = desk.case.publish(
            sent.profile, desk.case.folder / releases.FOLDER / name, person=person_of(request).id, since=since
        )
    except ReleaseRefused as error:
        raise Problem(409, str(error)) from error
    return JSONResponse(to_json(Released(name, made.profile, made.incidents, made.files, made.notes)), 201)


def _bytes(desk: Desk, sha256: str) -> Iterator[bytes]:
    with desk.case.vault.open(sha256, purpose="API", record=False, check=False) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _blank(value: Any) -> None:
    """Empty whatever holds words, at any depth."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(value, dict) and key in _WORDS and isinstance(inner, str):
            value[key] = None if key == "name" else ""
        elif isinstance(inner, (dict, list)):
            _blank(inner)


def _one(summary: str, gives: Any, *params: Param) -> Operation:
    return Operation("read", summary, gives, "one", params)


_BYTES = Operation("read", "The bytes of an exhibit", bytes, "file", (_PURPOSE,))
_JUDGE = Operation("judge", "Make a judgement", JudgementRow, sends=JudgementSent, status=201)
_ADD = Operation("add", "Preserve and read a file", Added, params=(_NAME,), sends=bytes, status=201)
_PUBLISH = Operation("publish", "Make a release in the case's folder", Released, sends=ReleaseSent, status=201)
_RELEASE = Operation("publish", "One release as a zip file", bytes, "file")

DOORS = (
    Door("GET", "/api/reports/{id}", "analyst", report, api=_one("One report with its text", ReportFull, _PURPOSE)),
    Door("GET", "/api/claims/{id}", "analyst", claim, api=_one("One claim as proposed and decided", ClaimFull)),
    Door("GET", "/api/incidents/{id}", "reader", incident, api=_one("One incident", IncidentFull)),
    Door("GET", "/api/exhibits/{sha256}/bytes", "analyst", content, api=_BYTES),
    Door("POST", "/api/judgements", "analyst", judge, api=_JUDGE),
    Door("POST", "/api/reports", "analyst", add, api=_ADD),
    Door("POST", "/api/releases", "editor", publish, api=_PUBLISH),
    Door("GET", "/api/releases/{name}", "editor", releases.content, api=_RELEASE),
)
"""Doors that are not lists."""
