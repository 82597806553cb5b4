"""What many tests share."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of shared corpora and cases; the test is skipped where it is absent."""
    if not (SHARED / "README.md").is_file():
        pytest.skip("needs ../shared, which is not part of the project")
    return SHARED
