"""The API against its own description, by schemathesis; MARSAD_API_EXAMPLES makes it try more of each operation."""

import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import ignored_auth

from marsad.desk import Access, create_app
from marsad.desk._access import SCOPES
from marsad.pipeline import Case, open_case

EXAMPLES = int(os.environ.get("MARSAD_API_EXAMPLES", "4"))
# A cursor is a text by its description, and few texts are one.
EXPECTED = ["2xx", "401", "403", "404", "409", "410", "429"]
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": EXPECTED}}}


@pytest.fixture(scope="module")
def fuzzed(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """One case for all operations: what one of them wrote, the next has to bear."""
    folder = tmp_path_factory.mktemp("fuzzed") / "case"
    shutil.copytree(template, folder)
    text = (folder / "settings.toml").read_text("utf-8").replace("api_per_minute = 600", "api_per_minute = 1000000")
    (folder / "settings.toml").write_text(text, "utf-8")
    with open_case(folder, person="amal") as opened:
        yield opened


@pytest.fixture(scope="module")
def schema(fuzzed: Case) -> Any:
    config = schemathesis.config.SchemathesisConfig.from_dict(CONFIG)
    app = create_app(fuzzed, hosts=("testserver",))
    return schemathesis.openapi.from_asgi("/api/openapi.json", app, config=config)


@pytest.fixture(scope="module")
def token(fuzzed: Case) -> str:
    with fuzzed.store.read() as s:
        amal = s.people.get("amal")
    assert amal is not None
    return Access(fuzzed.store, fuzzed.folder, 12).issue(amal, "fuzz", frozenset(SCOPES), 1)


def operations(schema: Any) -> list[Any]:
    return [result.ok() for result in schema.get_all_operations()]


def known(fuzzed: Case) -> dict[str, list[str]]:
    """Ids that are there, by the parameter that takes them: chance alone would find none."""
    with fuzzed.store.read() as s:
        return {
            "/api/reports/{id}": [r.id for r in s.reports.all()],
            "/api/claims/{id}": [c.id for c in s.claims.all()],
            "/api/incidents/{id}": [i.id for i in s.incidents.all()],
            "/api/exhibits/{sha256}/bytes": [e.sha256 for e in s.exhibits.all()],
        }


def faults_of(operation: Any, ids: list[str], headers: dict[str, str]) -> str | None:
    """What schemathesis finds wrong with one operation, or None."""
    turn = itertools.count()

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def holds(case: Any) -> None:
        n = next(turn)
        if ids and n % 2 == 0:
            case.path_parameters[next(iter(case.path_parameters))] = ids[n % len(ids)]
        # Whether a token is asked for is tried door by door in test_api.py.
        case.call_and_validate(headers=headers, excluded_checks=[ignored_auth])

    try:
        holds()
    except (BaseExceptionGroup, AssertionError) as failed:
        return f"{operation.label}: {failed}"
    return None if next(turn) >= 1 else f"{operation.label}: was not tried"


def test_every_operation_does_what_its_description_says(schema: Any, fuzzed: Case, token: str) -> None:
    headers, ids = {"authorization": f"Bearer {token}"}, known(fuzzed)
    found = [faults_of(operation, ids.get(operation.path, []), headers) for operation in operations(schema)]
    assert len(found) > 25
    assert not any(found), "\n\n".join(filter(None, found))


def test_the_case_is_sound_after_all_of_that(schema: Any, fuzzed: Case) -> None:
    assert fuzzed.store.faults() == []
    assert fuzzed.verify().problems == ()
