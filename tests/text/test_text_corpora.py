"""Spans and bounds over the shared corpora; skipped where they are absent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from marsad.text import clean, find_ages, find_dates, find_numbers, fold, fold_with_map

pytestmark = pytest.mark.shared


def test_every_span_of_every_report(shared: Path) -> None:
    reports = json.loads((shared / "corpora/hrdsattack/dev.json").read_text("utf-8"))
    lines = (shared / "corpora/muc4/role_fillers/dev.json").read_text("utf-8").splitlines()
    texts = [clean(str(r["html"])) for r in reports] + [clean(str(json.loads(line))) for line in lines]
    found = 0
    for text in texts:
        mentions = [*find_dates(text, "1990-01-05"), *find_ages(text), *find_numbers(text)]
        found += len(mentions)
        assert all(text[m.start : m.end] == m.text for m in mentions)
        assert fold_with_map(text).text == fold(text)
    assert found > len(texts)
