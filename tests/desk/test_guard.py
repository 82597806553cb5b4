"""Hosts, cross-site requests, headers, bodies: what stands before every page."""

import pytest
from desk_fiction import Client

from marsad.desk._guard import _host_name
from marsad.pipeline import Case

HOSTS = ["evil.example", "127.0.0.1.evil.example", "", "evil.example:8000", "[::2]:80", "127.0.0.1@evil.example"]


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_name_is_refused(client: Client, host: str) -> None:
    answer = client("amal", host=host).get("/queue")
    assert answer.status_code == 421
    assert "claim" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9", "localhost:8000", "LOCALHOST", "[::1]:8000"])
def test_loopback_is_answered(client: Client, host: str) -> None:
    assert client("amal", host=host).get("/queue").status_code == 200


def test_host_names() -> None:
    assert _host_name("[::1]:80") == "[::1]" and _host_name("A:80") == "a" and _host_name("") == ""


def _post(client: Client, person: str, **headers: str) -> int:
    return client(person, **headers).post("/preferences", data={"theme": "dark", "next": "/queue"}).status_code


def test_what_other_sites_send_is_refused(client: Client) -> None:
    for site in ("cross-site", "same-site", "none", "", "anything"):
        assert _post(client, "amal", **{"sec-fetch-site": site}) == 403, site
    assert _post(client, "amal", **{"sec-fetch-site": "same-origin"}) == 303


def test_without_sec_fetch_site_the_origin_decides(client: Client, case: Case) -> None:
    def post(**headers: str) -> int:
        made = client("amal", **headers)
        del made.headers["sec-fetch-site"]
        return made.post("/preferences", data={"next": "/queue"}).status_code

    assert post(origin="http://127.0.0.1:8000") == 303
    for origin in ("http://evil.example", "null", "http://127.0.0.1:8001", "http://127.0.0.1:8000.evil.example"):
        assert post(origin=origin) == 403, origin
    assert post() == 403


def test_a_judgement_from_elsewhere_changes_nothing(client: Client, case: Case) -> None:
    with case.store.read() as s:
        claim = next(s.claims.all()).id
    data = {"target": claim, "decision": "accept"}
    assert client("amal", **{"sec-fetch-site": "cross-site"}).post("/judge", data=data).status_code == 403
    with case.store.read() as s:
        assert s.judgements.all() == []


def test_every_answer_has_the_headers(client: Client) -> None:
    for path in ("/queue", "/sign-in", "/nothing", "/reports.json", "/reports.csv"):
        headers = client("amal").get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http:" not in policy
        assert "frame-ancestors 'none'" in policy and "require-trusted-types-for 'script'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"


def test_large_bodies_are_refused(client: Client) -> None:
    amal = client("amal")
    assert amal.post("/judge", data={"target": "x" * 3_000_000}).status_code == 413

    def trickle():  # type: ignore[no-untyped-def]
        for _ in range(40):
            yield b"a=" + b"x" * 100_000

    form = {"content-type": "application/x-www-form-urlencoded"}
    assert amal.post("/judge", content=trickle(), headers=form).status_code == 413


def test_the_session_cookie_is_out_of_reach(client: Client, case: Case) -> None:
    from marsad.desk import Access

    token = Access(case.store, case.folder, 12).link("amal")
    nobody = client(None)
    shown = nobody.get("/sign-in", params={"link": token})
    assert shown.status_code == 200 and "Amal" in shown.text
    entered = nobody.post("/sign-in", data={"link": token})
    cookie = entered.headers["set-cookie"]
    assert entered.status_code == 303 and "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert token not in cookie
    assert nobody.get("/queue").status_code == 200, "the client keeps the cookie"
    assert client(None).post("/sign-in", data={"link": token}).status_code == 410
    assert client(None).get("/sign-in", params={"link": token}).status_code == 410
    assert nobody.post("/sign-out", data={"where": "here"}).status_code == 303
    assert nobody.get("/queue").status_code == 303


def test_redirects_stay_on_the_desk(client: Client) -> None:
    for target in (
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:1",
        "/\r\nX: y",
        "\\\\evil",
    ):
        answer = client("amal").post("/preferences", data={"next": target})
        assert answer.headers["location"] == "/queue", target
    assert (
        client("amal").post("/preferences", data={"next": "/map?act=killing"}).headers["location"] == "/map?act=killing"
    )
