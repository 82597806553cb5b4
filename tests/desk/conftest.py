"""The fictional case, made once and copied for each test that changes it, and clients that are signed in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import desk_fiction
import pytest
from desk_fiction import Client
from starlette.testclient import TestClient

from marsad.desk import create_app
from marsad.pipeline import Case, open_case


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "case"
    desk_fiction.make(folder).close()
    return folder


@pytest.fixture
def case(template: Path, tmp_path: Path) -> Iterator[Case]:
    shutil.copytree(template, tmp_path / "case")
    with open_case(tmp_path / "case", person="amal") as opened:
        yield opened


@pytest.fixture
def client(case: Case) -> Client:
    """`client('amal')` is signed in as amal; `client(None)` is nobody."""
    app = create_app(case)

    def make(person: str | None, **headers: str) -> TestClient:
        given = {"sec-fetch-site": "same-origin", **headers}
        if person:
            given["cookie"] = desk_fiction.enter(case, person)
        return TestClient(
            app, base_url="http://127.0.0.1:8000", headers=given, follow_redirects=False, raise_server_exceptions=True
        )

    return make
