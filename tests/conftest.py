"""What many tests share."""

import shutil
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of shared corpora and cases; the test is skipped where it is absent."""
    if not (SHARED / "README.md").is_file():
        pytest.skip("needs ../shared, which is not part of the project")
    return SHARED


@pytest.fixture(scope="session")
def demo_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's case, built once from its bundled (fictional) reports. Copy it; do not change it."""
    from marsad import demo
    from marsad.pipeline import create_case

    folder = tmp_path_factory.mktemp("demo") / "case"
    with create_case(folder, name="Demonstration (fictional)", person="layla") as case:
        for received in case.add([demo.reports()]):
            assert received.exhibit is not None, received.problem
        case.refresh()
    return folder


@pytest.fixture
def demo_case(demo_built: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration's case, to do with as the test likes."""
    return Path(shutil.copytree(demo_built, tmp_path / "case"))
