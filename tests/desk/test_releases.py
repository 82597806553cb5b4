"""The page of releases: names are approved, a release is made, kept and taken away as a zip. All is fictional."""

import html
import io
import zipfile

import pytest
from desk_fiction import Client

from marsad.errors import ReleaseRefused
from marsad.pipeline import Case


def test_a_name_is_approved_and_the_approval_taken_back(client: Client, case: Case) -> None:
    editor = client("amal")
    name = next(w.name for w in case.names_to_approve() if w.what == "publisher")
    assert html.escape(name) in editor.get("/releases").text
    assert editor.post("/releases/names", data={"name": [name]}).status_code == 303
    assert name not in {w.name for w in case.names_to_approve()}
    editor.post("/releases/names", data={"refuse": name})
    assert name in {w.name for w in case.names_to_approve()}


def test_a_release_is_made_kept_and_compared_with_the_one_before(client: Client, case: Case) -> None:
    editor = client("amal")
    made = editor.post("/releases", data={"profile": "public"})
    assert made.status_code == 200 and "found nothing" in made.text
    (folder,) = (case.folder / "releases").iterdir()
    packed = zipfile.ZipFile(io.BytesIO(editor.get(f"/releases/{folder.name}").content))
    assert {n.split("/")[1] for n in packed.namelist()} == {p.name for p in folder.iterdir()}
    again = editor.post("/releases", data={"profile": "public", "since": folder.name})
    # Within one second the folder has the same name, and a release never goes over another.
    assert again.status_code in (200, 409)
    assert editor.get("/releases/nothing").status_code == 404
    assert editor.get("/releases/..%2f..%2fcase.sqlite").status_code == 404


def test_what_the_leak_check_finds_is_said_and_nothing_is_kept(
    client: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ReleaseRefused("Nothing was released: the leak check found 1 things.\n  index.html: holds a name")

    monkeypatch.setattr(type(case), "publish", refuse)
    answer = client("amal").post("/releases", data={"profile": "public"})
    assert answer.status_code == 409 and "index.html: holds a name" in answer.text
    assert not (case.folder / "releases").exists()


def test_only_editors_come_in(client: Client, case: Case) -> None:
    for path in ("/releases", "/releases/x"):
        assert client("basim").get(path).status_code == 403
    assert client("basim").post("/releases", data={"profile": "public"}).status_code == 403
    assert not (case.folder / "releases").exists()
