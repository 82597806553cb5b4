"""The API in use: what it withholds and records, what a program may do, and how often."""

import json
from pathlib import Path
from typing import Any

import pytest
from api_help import Bearer, filled, issue
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from marsad.desk import create_app
from marsad.desk._api._lists import LISTS
from marsad.desk._api._rates import Rates
from marsad.pipeline import Case, open_case

LISTED = [listing.path for listing in LISTS]


# What is withheld, and what is recorded


def words_of(case: Case) -> set[str]:
    """The words of the sources that a list must not give: sentences, and what is said of victims."""
    found = set()
    with case.store.read() as s:
        for c in s.claims.all():
            found |= {c.sentence.text} | {v.text for v in c.victims} | {v.name or "" for v in c.victims}
    return {w for w in found if len(w) > 8}


@pytest.mark.parametrize("path", LISTED)
def test_lists_hold_no_words_of_the_sources(bearer: Bearer, case: Case, path: str) -> None:
    program, said = bearer("amal"), words_of(case)
    assert len(said) > 10
    for ending in (".json", ".csv", ".geojson"):
        answer = program.get(path + ending, params={"q": "Warda"} if path == "/search" else {})
        if answer.status_code == 200:
            text = answer.text + json.dumps(answer.json(), ensure_ascii=False) if ending != ".csv" else answer.text
            assert not [w for w in said if w in text], path


def test_a_childs_claim_comes_without_words_or_names(bearer: Bearer, case: Case) -> None:
    basim, seen = bearer("basim"), 0
    with case.store.read() as s:
        claims = list(s.claims.all())
    for c in claims:
        answer = basim.get(f"/api/claims/{c.id}")
        child = any(v.children for v in c.victims)
        assert answer.json()["withheld"] is child
        if child:
            seen += 1
            told = answer.json()["claim"]
            texts = {c.sentence.text, c.trigger.text, *(v.text for v in c.victims)}
            assert not [t for t in texts if json.dumps(t, ensure_ascii=False).strip('"') in answer.text and " " in t]
            assert [v["count"] and v["count"]["min"] for v in told["victims"]] == [
                v.count and v.count.min for v in c.victims
            ]
            assert all(v["name"] is None and v["text"] == "" for v in told["victims"]) and told["act"] == c.act
        else:
            assert answer.json()["claim"]["sentence"]["text"] == c.sentence.text
    assert seen > 2


def test_readers_get_no_words_at_all(bearer: Bearer, case: Case) -> None:
    for path in ("/api/reports/{id}", "/api/claims/{id}", "/api/exhibits/{sha256}/bytes"):
        assert bearer("rim").get(filled(path, case)).status_code == 403


def test_reading_words_and_bytes_is_written_into_custody(bearer: Bearer, case: Case) -> None:
    basim = bearer("basim")
    text, content = (filled(p, case) for p in ("/api/reports/{id}", "/api/exhibits/{sha256}/bytes"))
    for path in (text, content):
        assert basim.get(path.split("?")[0]).status_code == 422, "a purpose is asked for"
    assert "three boys" in basim.get(text).json()["text"]
    given = basim.get(content)
    assert given.status_code == 200 and "attachment" in given.headers["content-disposition"]
    assert "sandbox" in given.headers["content-security-policy"]
    with case.store.read() as s:
        last = list(s.custody.all())[-2:]
    assert [(e.action, e.person, e.detail["purpose"]) for e in last] == [("opened", "basim", "check")] * 2


# Doing


def test_a_program_judges_under_its_persons_name(bearer: Bearer, case: Case) -> None:
    with case.store.read() as s:
        claim = next(s.claims.all()).id
    program = bearer("basim", "judge")
    made = program.post("/api/judgements", json={"target": claim, "decision": "accept", "reason": "=checked"})
    assert made.status_code == 201 and made.json()["person"] == "basim"
    status = program.post("/api/judgements", json={"target": claim, "decision": "set_status", "value": "documented"})
    assert status.status_code == 409 and "may not" in status.json()["detail"]
    assert program.post("/api/judgements", json={"target": "nothing", "decision": "accept"}).status_code == 409
    undone = program.post("/api/judgements", json={"target": claim, "decision": "undo", "undoes": made.json()["seq"]})
    assert undone.status_code == 201
    table = bearer("basim").get("/judgements.csv").text
    assert "'=checked" in table


BAD: list[Any] = [
    {}, [], None, "x", 5, {"target": 1, "decision": "accept"}, {"target": "x"}, {"target": "x", "decision": "dance"},
    {"target": "x", "decision": "accept", "more": 1}, {"target": "x", "decision": "undo", "undoes": True},
    {"target": "x", "decision": "merge", "others": [1]},
]  # fmt: skip


@pytest.mark.parametrize("sent", BAD)
def test_a_body_that_is_not_as_described_is_refused(bearer: Bearer, sent: Any) -> None:
    answer = bearer("basim").post("/api/judgements", json=sent)
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b""])
def test_a_body_that_is_no_json_is_refused(bearer: Bearer, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    assert bearer("basim").post("/api/judgements", content=body, headers=headers).status_code == 422


def send(program: TestClient, name: str, content: bytes) -> Any:
    headers = {"content-type": "application/octet-stream"}
    return program.post("/api/reports", params={"name": name}, content=content, headers=headers)


def test_a_program_adds_a_report_under_its_persons_name(bearer: Bearer, case: Case) -> None:
    text = b"Shells hit a bakery in Tell Warda on 6 March 2031, killing two men, medics said."
    added = send(bearer("basim", "add"), "bakery.txt", text)
    assert added.status_code == 201 and added.json()["problems"] == []
    with case.store.read() as s:
        report = s.reports.get(added.json()["reports"][0])
        event = list(s.custody.all())[-1]
    assert report is not None and "bakery" in report.text
    assert (event.action, event.person, event.source, event.method) == ("deposited", "basim", "sent:bakery.txt", "sent")
    assert case.verify().problems == ()


NAMES = [
    "../../../etc/passwd",
    "..",
    ".",
    "a/b\\c",
    "\u202egpj.exe",
    "=cmd|x",
    "ـ" * 120,
    "<script>fired()</script>",
    "-",
    "x" * 120,
]


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_never_a_path(bearer: Bearer, case: Case, tmp_path: Path, name: str) -> None:
    before = {p for p in case.folder.parent.iterdir()}
    added = send(bearer("basim"), name, b"Two men were shot in Nahr al-Safi on Friday.")
    assert added.status_code == 201 and len(added.json()["exhibits"]) == 1
    assert {p for p in case.folder.parent.iterdir()} == before
    assert "<script>" not in bearer("amal").get("/exhibits.csv").text or "script" in name


def test_what_cannot_be_read_is_kept_and_said(bearer: Bearer) -> None:
    added = send(bearer("basim"), "broken.pdf", b"%PDF-1.7 nonsense")
    assert added.status_code == 201 and added.json()["exhibits"] and added.json()["problems"]


def test_too_much_is_refused(case: Case) -> None:
    (case.folder / "settings.toml").write_text("fetch_max_megabytes = 1\n", "utf-8")
    with open_case(case.folder) as small:
        headers = {"authorization": f"Bearer {issue(small, 'basim')}"}
        program = TestClient(create_app(small), base_url="http://127.0.0.1", headers=headers)
        assert send(program, "big", b"x" * (2**20 + 1)).status_code == 413
        assert send(program, "fits", b"x" * 2**19).status_code == 201
        wrong = program.post("/api/reports?name=x", data={"a": "b"})
        assert wrong.status_code == 422


def test_a_program_publishes_and_fetches_the_release(bearer: Bearer, case: Case) -> None:
    made = bearer("amal", "publish").post("/api/releases", json={"profile": "public"})
    assert made.status_code == 201 and "incidents.csv" in made.json()["files"]
    fetched = bearer("amal", "publish").get(f"/api/releases/{made.json()['name']}")
    assert fetched.status_code == 200 and fetched.content.startswith(b"PK")
    assert bearer("amal").post("/api/releases", json={"profile": "public", "since": "../.."}).status_code == 409


# Rates


def test_too_many_requests_are_told_when_to_go_on(case: Case) -> None:
    (case.folder / "settings.toml").write_text("api_per_minute = 5\n", "utf-8")
    with open_case(case.folder) as again:
        app = create_app(again)

        def program(person: str) -> TestClient:
            headers = {"authorization": f"Bearer {issue(again, person)}"}
            return TestClient(app, base_url="http://127.0.0.1", headers=headers)

        one = program("basim")
        answers = [one.get("/reports.json") for _ in range(7)]
        assert [a.status_code for a in answers] == [200] * 5 + [429] * 2
        assert 0 < int(answers[-1].headers["retry-after"]) <= 60
        assert program("rim").get("/reports.json").status_code == 200, "nobody else waits"


@given(st.integers(1, 600), st.lists(st.floats(0, 30), max_size=80))
def test_no_more_requests_pass_in_a_minute_than_are_allowed(per_minute: int, gaps: list[float]) -> None:
    now = [0.0]
    rates, passed = Rates(per_minute, lambda: now[0]), []
    for gap in gaps:
        now[0] += gap
        passed += [now[0] for _ in range(3) if rates.spend("k") == 0]
    for i, first in enumerate(passed):
        for j in range(i, len(passed)):
            assert j - i + 1 <= per_minute + (passed[j] - first) * per_minute / 60 + 1e-6
