"""Adding files in the browser: preserved as sent by whoever sent them, read at once, and what fails is said."""

from __future__ import annotations

import hashlib

import pytest
from desk_fiction import Client

from marsad.desk._proposing import Proposing
from marsad.desk._sent import file_name
from marsad.pipeline import Case

TEXT = b"A fictional bulletin of Tell Warda. The market opened at nine, and nobody was hurt.\n"


@pytest.fixture(autouse=True)
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The engine is not started; that it would have been is noted."""
    calls: list[str] = []
    monkeypatch.setattr(Proposing, "start", lambda self: calls.append("start"))
    return calls


def test_files_are_preserved_by_whoever_sent_them(case: Case, client: Client, begun: list[str]) -> None:
    files = [("files", ("bulletin.txt", TEXT)), ("files", ("../../empty.pdf", b"%PDF-1.4 broken"))]
    page = client("basim").post("/add", files=files)
    assert page.status_code == 200 and "bulletin.txt" in page.text and ".._.._empty.pdf" not in page.text
    sha256 = hashlib.sha256(TEXT).hexdigest()
    with case.store.read() as s:
        event = s.custody.of(sha256)[0]
        assert (event.person, event.method) == ("basim", "sent")
        (report,) = s.reports.of(sha256)
        assert report.status == "read"
        assert s.exhibits.get(hashlib.sha256(b"%PDF-1.4 broken").hexdigest()) is not None
    assert f"/reports/{report.id}" in page.text and "not read" in page.text
    assert begun == ["start"]


def test_nothing_sent_is_said_and_a_reader_may_not(client: Client, begun: list[str]) -> None:
    assert client("basim").post("/add", files=[("files", ("", b""))]).status_code == 422
    assert client("rim").get("/add").status_code == 403
    assert client("rim").post("/add", files=[("files", ("a.txt", TEXT))]).status_code == 403
    assert begun == []


def test_too_much_is_refused_before_it_is_read(client: Client) -> None:
    headers = {"content-length": str(10**12), "content-type": "multipart/form-data; boundary=x"}
    assert client("basim").post("/add", content=b"", headers=headers).status_code == 413


def test_claims_are_proposed_by_a_process_of_its_own(case: Case, client: Client, begun: list[str]) -> None:
    client("basim").post("/add", files=[("files", ("bulletin.txt", TEXT))])
    assert "no claims proposed yet" in client("basim").get("/add").text
    answer = client("basim").post("/add/propose")
    assert (answer.status_code, answer.headers["location"]) == (303, "/add")
    assert begun == ["start", "start"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("a/b\\c.txt", "a_b_c.txt"), ("...", "unnamed"), ("", "unnamed"), (".hidden", "hidden"), ("x\n.html", "x_.html")],
)
def test_a_name_leads_nowhere(sent: str, kept: str) -> None:
    assert file_name(sent) == kept
    assert len(file_name("ع" * 300 + ".html").encode()) < 255 and file_name("ع" * 300 + ".html").endswith(".html")
