from __future__ import annotations

import pytest

from marsad.places import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The shipped gazetteer, from the cache of this machine; the first run builds it."""
    return Gazetteer.default()
