"""Where a claim is placed. Every sentence here is made up."""

from __future__ import annotations

import pytest

from marsad.claims import extract
from marsad.model import Report


@pytest.mark.parametrize("pronoun", ["us", "Us", "them"])
def test_a_pronoun_names_no_country(pronoun: str) -> None:
    text = f"On Monday our fighters killed three spies in Maskanah. Whoever comes to {pronoun} will be pardoned."
    places = [p.id for claim in extract(Report("spies", "x", text=text)) for p in claim.places]
    assert "geonames:167080" in places
