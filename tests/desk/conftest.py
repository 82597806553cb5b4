"""The fictional case, made once and copied for each test that changes it, and clients that are signed in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import desk_fiction
import pytest
from api_help import Bearer, issue
from argon2 import PasswordHasher
from desk_fiction import Client
from starlette.testclient import TestClient

from marsad.desk import create_app
from marsad.desk._signin import _passwords
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


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The real cost is measured by no test here, and some tests sign in many times."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(_passwords, "_hasher", lambda: cheap)
    _passwords._nobody.cache_clear()
    yield
    _passwords._nobody.cache_clear()


@pytest.fixture
def bearer(case: Case) -> Bearer:
    """`bearer('amal', 'read')`: a program with a token, and no cookie."""
    app = create_app(case)

    def make(person: str, scopes: str = "read judge add publish", token: str | None = None) -> TestClient:
        headers = {"authorization": f"Bearer {issue(case, person, scopes) if token is None else token}"}
        return TestClient(app, base_url="http://127.0.0.1:8000", headers=headers, follow_redirects=False)

    return make
