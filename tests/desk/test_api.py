"""The API: tokens and scopes, pages, tables, areas, and that it is what its description says."""

import csv
import io
import itertools
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api_help import Bearer, filled, issue
from desk_fiction import Client, enter
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from marsad.desk import create_app
from marsad.desk._access import SCOPES, allows
from marsad.desk._api._answers import _RADIUS_KM, area
from marsad.desk._api._lists import LISTS
from marsad.desk._api._openapi import describe
from marsad.desk._api._paging import everything, page
from marsad.desk._api._problems import Problem
from marsad.desk._routes import ROUTES
from marsad.model import Person, Place
from marsad.pipeline import Case

ROLES = {"reader": "rim", "analyst": "basim", "editor": "amal"}
LISTED = [listing.path for listing in LISTS]


def bodies(scope: str) -> dict[str, Any]:
    return (
        {"content": b"x", "headers": {"content-type": "application/octet-stream"}} if scope == "add" else {"json": {}}
    )


# What is described


def test_the_description_is_of_the_doors_and_of_nothing_else(client: Client) -> None:
    told = client(None).get("/api/openapi.json").json()
    described = {(method.upper(), path) for path, ops in told["paths"].items() for method in ops}
    open_doors = {(d.method, d.path) for d in ROUTES if d.api is not None}
    assert described == open_doors
    meant = re.compile(r"^/api/(?!openapi\.json$)|\.(json|csv|geojson)$")
    for door in ROUTES:
        assert bool(meant.search(door.path)) == (door.api is not None) or door.path == "/api/openapi.json", door.path
    assert told["openapi"] == "3.1.0" and told == describe(ROUTES, "desk")
    names = [op["operationId"] for ops in told["paths"].values() for op in ops.values()]
    assert len(names) == len(set(names)) > 25


def test_every_page_that_lists_has_its_twins() -> None:
    paths = {d.path for d in ROUTES}
    for page_ in (
        "queue",
        "reports",
        "incidents",
        "ledger",
        "children",
        "exhibits",
        "judgements",
        "search",
        "map",
        "timeline",
        "match",
        "releases",
        "people",
        "audit",
    ):
        assert {f"/{page_}", f"/{page_}.json", f"/{page_}.csv"} <= paths
    placed = ("queue", "reports", "incidents", "map", "timeline", "ledger", "children", "match", "search")
    assert {f"/{p}.geojson" for p in placed} <= paths


def test_the_description_tells_nothing_of_the_case(client: Client) -> None:
    assert "Warda" not in client(None).get("/api/openapi.json").text


# Tokens


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("role", ROLES)
def test_a_token_opens_what_its_scope_and_its_persons_role_open(
    bearer: Bearer, case: Case, role: str, scope: str
) -> None:
    program = bearer(ROLES[role], scope)
    opened = 0
    for door in ROUTES:
        path = filled(door.path, case)
        answer = program.get(path) if door.method == "GET" else program.post(path, **bodies(scope))
        if door.role is None:
            continue
        allowed = door.api is not None and door.api.scope == scope and allows(Person("x", "x", role), door.role)
        assert (answer.status_code not in (401, 403)) == allowed, (door.method, path, answer.status_code)
        assert answer.status_code < 500, path
        assert answer.headers["content-type"] == "application/problem+json" or allowed, path
        opened += allowed
    assert (opened > 0) == (scope == "read" or role == "editor" or (role == "analyst" and scope != "publish"))


def test_without_a_token_or_a_session_nothing_is_given(client: Client, bearer: Bearer, case: Case) -> None:
    for wrong in (client(None), bearer("amal", token="marsad_" + "x" * 43), bearer("amal", token="")):
        for door in ROUTES:
            if door.api is None or door.role is None:
                continue
            path = filled(door.path, case)
            answer = wrong.get(path) if door.method == "GET" else wrong.post(path, json={})
            assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer", path
            assert answer.headers["content-type"] == "application/problem+json"


def test_a_token_does_not_borrow_the_cookie(case: Case) -> None:
    app = create_app(case)
    headers = {"authorization": "Bearer nonsense", "cookie": enter(case, "amal"), "sec-fetch-site": "same-origin"}
    assert TestClient(app, base_url="http://127.0.0.1", headers=headers).get("/reports.json").status_code == 401
    headers["authorization"] = f"Bearer {issue(case, 'rim', 'read')}"
    assert TestClient(app, base_url="http://127.0.0.1", headers=headers).get("/people.json").status_code == 403


def test_another_site_cannot_use_the_cookie_on_the_api(client: Client, case: Case) -> None:
    with case.store.read() as s:
        claim = next(s.claims.all()).id
    sent = {"json": {"target": claim, "decision": "accept"}}
    assert client("amal", **{"sec-fetch-site": "cross-site"}).post("/api/judgements", **sent).status_code == 403
    assert client("amal").post("/api/judgements", **sent).status_code == 201


def test_a_token_is_made_shown_once_listed_and_ended(client: Client, bearer: Bearer, case: Case) -> None:
    basim = client("basim")
    made = basim.post("/account/tokens", data={"name": "weekly table", "scope": ["read", "judge"], "days": "30"})
    token = re.search(r"<code data-token>(marsad_[\w-]{43})</code>", made.text)[1]  # type: ignore[index]
    assert token not in basim.get("/account/security").text
    assert token.encode() not in b"".join(p.read_bytes() for p in case.folder.glob("case.sqlite*"))
    assert bearer("basim", token=token).get("/reports.json").status_code == 200
    assert bearer("basim", token=token).post("/api/reports?name=x", content=b"x").status_code == 403
    with case.store.read() as s:
        kept = s.logins.open("token", "2000-01-01", "basim")
        trail = [(e.action, e.detail.get("scopes")) for e in s.audit.newest(limit=1)]
    assert [(k.label, k.scopes) for k in kept] == [("weekly table", "read judge")]
    assert trail == [("token_made", "read judge")]
    assert basim.post("/account/logins/end", data={"id": kept[0].id}).status_code == 303
    assert bearer("basim", token=token).get("/reports.json").status_code == 401


@pytest.mark.parametrize(
    "form",
    [{"name": "x"}, {"scope": "read"}, {"name": "x", "scope": "all"}, {"name": "x", "scope": "read", "days": "9999"}],
)
def test_a_token_without_bounds_is_refused(client: Client, case: Case, form: dict[str, str]) -> None:
    assert client("basim").post("/account/tokens", data={"days": "30", **form}).status_code == 422
    with case.store.read() as s:
        assert s.logins.open("token", "2000-01-01") == []


def test_a_token_ends_by_itself_and_with_its_person(bearer: Bearer, case: Case) -> None:
    then = datetime.now(UTC) - timedelta(days=2)
    assert bearer("basim", token=issue(case, "basim", days=1, now=then)).get("/reports.json").status_code == 401
    program = bearer("rim")
    assert program.get("/reports.json").status_code == 200
    with case.store.write() as s:
        s.people.put(Person("rim", "Rim", "reader", active=False))
    assert program.get("/reports.json").status_code == 401


def test_a_token_loses_what_its_person_loses(bearer: Bearer, client: Client, case: Case) -> None:
    program = bearer("basim")
    form = {"id": "basim", "name": "Basim", "role": "reader", "active": "1"}
    assert client("amal").post("/people", data=form).status_code == 303
    assert program.get("/reports.json").status_code == 401


# Pages, tables, areas


@pytest.mark.parametrize("path", LISTED)
def test_pages_make_up_the_whole_list(bearer: Bearer, case: Case, path: str) -> None:
    program = bearer("amal")
    asked = {"q": "Warda"} if path == "/search" else {}
    whole = program.get(f"{path}.json", params=asked | {"limit": "1000"}).json()
    assert whole["next"] is None
    for limit in (1, 2, 3):
        found: list[Any] = []
        cursor: dict[str, str] = {}
        for _ in range(200):
            told = program.get(f"{path}.json", params={**asked, "limit": str(limit), **cursor})
            found += told.json()["items"]
            if told.json()["next"] is None:
                assert "link" not in told.headers
                break
            assert len(told.json()["items"]) == limit and 'rel="next"' in told.headers["link"]
            cursor = {"cursor": told.json()["next"]}
        assert found == whole["items"]


@given(st.data())
def test_a_list_that_changes_is_neither_read_twice_nor_past_a_gap(data: st.DataObject) -> None:
    records = data.draw(st.lists(st.integers(0, 10**6), min_size=1, max_size=40, unique=True))
    records.sort()
    there_throughout, seen = set(records), []
    cursor: str | None = None
    last = None
    while True:
        try:
            shown, cursor = page(lambda limit, offset: records[offset : offset + limit], str, 3, cursor)
        except Problem as gone:
            assert gone.status == 410 and last not in records
            return
        seen += shown
        if cursor is None:
            break
        last = shown[-1]
        for new in data.draw(st.lists(st.integers(0, 10**6), max_size=3)):
            if new not in records:
                records.append(new)
        for old in data.draw(st.lists(st.sampled_from(records), max_size=2)):
            if old in records:
                records.remove(old)
                there_throughout.discard(old)
        records.sort()
    assert len(seen) == len(set(seen)) and there_throughout <= set(seen)


@given(st.text(max_size=60))
def test_no_text_is_a_cursor_by_chance(text: str) -> None:
    with pytest.raises(Problem) as refused:
        page(lambda limit, offset: [1, 2, 3][offset : offset + limit], str, 2, text or "x")
    assert refused.value.status == 410


@given(st.integers(0, 1200), st.one_of(st.none(), st.integers(1, 1300)))
def test_everything_is_everything(total: int, limit: int | None) -> None:
    records = list(range(total))
    assert list(everything(lambda n, offset: records[offset : offset + n], limit)) == records[:limit]


@pytest.mark.parametrize("listing", LISTS, ids=lambda listing: listing.path)
def test_tables_hold_the_same_as_the_pages(bearer: Bearer, case: Case, listing: Any) -> None:
    program, asked = bearer("amal"), {"q": "Warda"} if listing.path == "/search" else {}
    items = program.get(f"{listing.path}.json", params=asked | {"limit": "1000"}).json()["items"]
    answer = program.get(f"{listing.path}.csv", params=asked)
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8" and answer.text.startswith("\ufeff")
    assert len(rows) == (sum(len(i["figures"]) for i in items) if listing.path == "/ledger" else len(items))
    for row in rows:
        assert not any(
            str(cell).lstrip().startswith(("=", "+", "-", "@")) for cell in row.values() if not _number(cell)
        )


def _number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell or "") is not None


def test_areas_are_as_wide_as_the_place_is_vague(bearer: Bearer, case: Case) -> None:
    told = bearer("rim").get("/incidents.geojson")
    assert told.headers["content-type"] == "application/geo+json"
    features = told.json()["features"]
    assert told.json()["type"] == "FeatureCollection" and len(features) > 1
    assert any(f["geometry"] for f in features)
    assert all(f["geometry"] is None or f["geometry"]["type"] == "Polygon" for f in features), "never a false point"


@given(st.floats(-80, 80), st.floats(-170, 170), st.sampled_from(sorted(_RADIUS_KM)))
def test_an_area_is_a_circle_of_the_precisions_radius(lat: float, lon: float, precision: str) -> None:
    drawn = area(Place(0, 1, "x", lat=lat, lon=lon, precision=precision))
    assert drawn is not None
    (ring,) = drawn["coordinates"]
    assert ring[0] == ring[-1] and len(ring) > 12
    for east, north in ring:
        a, b, turn = math.radians(lat), math.radians(north), math.radians(east - lon)
        h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
        km = 2 * 6371.0088 * math.asin(math.sqrt(h))
        assert abs(km - _RADIUS_KM[precision]) < 0.02 + _RADIUS_KM[precision] * 0.01
    # RFC 7946: the outer ring runs against the clock.
    assert sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in itertools.pairwise(ring)) < 0


def test_what_is_nowhere_has_no_area() -> None:
    nowhere, country = Place(0, 1, "x"), Place(0, 1, "Syria", lat=35.0, lon=38.0, precision="country")
    assert area() is None and area(nowhere, country) is None


def test_several_places_are_several_areas() -> None:
    towns = [Place(0, 1, "x", lat=lat, lon=38.0, precision="populated_place") for lat in (35.0, 36.0)]
    drawn = area(*towns, Place(0, 1, "x"))
    one = [area(t) for t in towns]
    assert drawn == {"type": "MultiPolygon", "coordinates": [o["coordinates"] for o in one if o]}


def test_reports_finds_and_the_map_are_drawn(bearer: Bearer, case: Case) -> None:
    program = bearer("rim")
    reports = {f["id"]: f for f in program.get("/reports.geojson").json()["features"]}
    with case.store.read() as s:
        for r in s.reports.all():
            told = {p.name or p.text for c in s.claims.of(r.id) for p in c.places if p.lat is not None}
            said = reports[r.id]["properties"].get("place")
            assert set(said.split("; ")) <= told if said else reports[r.id]["geometry"] is None
    found = program.get("/search.geojson?q=Warda").json()["features"]
    assert {f["properties"]["kind"] for f in found if f["geometry"]} == {"report", "incident"}
    spots, incidents = program.get("/map.json").json()["items"], program.get("/incidents.json").json()["items"]
    assert sum(s["incidents"] for s in spots) == len(incidents)
    for spot in spots:
        there = program.get("/incidents.json", params={"spot": spot["spot"]}).json()["items"]
        assert len(there) == spot["incidents"]


def test_a_page_leads_to_its_list_as_it_is_narrowed(client: Client) -> None:
    amal = client("amal")
    for path, ending, kept in (
        ("/incidents?act=killing&page=1", ".geojson", "?act=killing"),
        ("/search?q=Warda&kind=report", ".json", "?q=Warda&amp;kind=report"),
        ("/queue?act=killing", ".csv", "?act=killing"),
        ("/timeline", ".csv", ""),
        ("/map", ".geojson", ""),
        ("/people", ".json", ""),
        ("/judgements?person=basim", ".csv", "?person=basim"),
        ("/exhibits", ".json", ""),
    ):
        page_, asked = amal.get(path).text, path.partition("?")[0]
        assert f'href="{asked}{ending}{kept}"' in page_, path
    assert ".csv" not in amal.get("/account").text


FILTERS = [
    ("/incidents.json?act=killing&children=1", lambda i: "killing" in i["acts"] and i["children"]),
    ("/incidents.json?status=unreviewed&place=Tell+Warda", lambda i: "Tell Warda" in i["places"]),
    ("/incidents.json?earliest=2031-03-09&latest=2031-03-09", lambda i: i["earliest"] == "2031-03-09"),
    ("/reports.json?status=not_yet_extracted", lambda r: r["language"] == "ar"),
    ("/queue.json?act=abduction", lambda c: c["act"] == "abduction"),
    ("/ledger.json?policy=lowest&harm=killed", lambda r: all(f["harm"] == "killed" for f in r["figures"])),
    ("/search.json?q=Warda&kind=incident", lambda r: r["kind"] == "incident"),
    ("/children.json?violation=abduction", lambda r: r["violation"] == "abduction"),
]


@pytest.mark.parametrize(("path", "holds"), FILTERS, ids=[p for p, _ in FILTERS])
def test_lists_are_narrowed(bearer: Bearer, path: str, holds: Callable[[Any], bool]) -> None:
    items = bearer("rim").get(path).json()["items"]
    assert items and all(holds(i) for i in items)


WRONG = [
    "limit=0",
    "limit=1001",
    "limit=x",
    "limit=٣",
    "act=murder",
    "earliest=2031-13-01",
    "earliest=1",
    "children=maybe",
    "nonsense=1",
    "place=" + "x" * 600,
]


@pytest.mark.parametrize("query", WRONG)
def test_a_query_that_is_not_as_described_is_refused_in_words(bearer: Bearer, query: str) -> None:
    answer = bearer("rim").get(f"/incidents.json?{query}")
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"
    assert query.split("=")[0] in answer.json()["detail"] and answer.json()["status"] == 422
