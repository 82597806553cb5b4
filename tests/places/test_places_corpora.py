"""What the shared corpora say of the places room; skipped where they are absent."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from marsad.places import Gazetteer

pytestmark = pytest.mark.shared
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_the_palmyra_case(gazetteer: Gazetteer, shared: Path) -> None:
    text = (shared / "cases/palmyra-2015/article.txt").read_text("utf-8")
    found = {p.text: p.id for p in gazetteer.resolve(gazetteer.find(text), text)}
    assert found["Palmyra"] == "geonames:163808"
    assert found["Anbar"] == "iso:IQ-AN"
    assert found["Diyala"] == "iso:IQ-DI"


def test_local_news_stays_above_its_bar(gazetteer: Gazetteer, shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    specification = importlib.util.spec_from_file_location("geo_benchmark", BENCHMARKS / "geo.py")
    assert specification
    assert specification.loader
    geo = importlib.util.module_from_spec(specification)
    monkeypatch.setitem(sys.modules, "geo_benchmark", geo)
    specification.loader.exec_module(geo)
    score, _ = geo.given(gazetteer, geo.read(shared / "corpora/geo/dev/lgl.xml"), {})
    assert score.right / score.all >= 0.80
    assert score.right / score.resolved >= 0.88


def test_every_span_over_the_corpora(gazetteer: Gazetteer, shared: Path) -> None:
    documents = [
        json.loads(line)["text"]
        for path in sorted((shared / "corpora/re3d/dev").glob("*/documents.json"))
        for line in path.read_text("utf-8").splitlines()
    ]
    assert documents
    for text in documents:
        mentions = gazetteer.find(text)
        assert all(text[m.start : m.end] == m.text for m in mentions)
        assert len(gazetteer.resolve(mentions, text)) == len(mentions)
