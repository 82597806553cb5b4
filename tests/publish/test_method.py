"""The method statement is filled in from the case, in both languages, and every column is explained."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from test_release import material

from marsad.publish import PROFILES, release
from marsad.publish._method import method
from marsad.publish._readme import columns_of
from marsad.publish._view import view_of


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_part_of_the_standards_list_is_there(profile: str, language: str) -> None:
    sections = method(view_of(material(), PROFILES[profile]).facts, language)
    wanted = ["sources", "evaluation", "corroboration", "definitions", "inclusion", "counting", "corrections"]
    assert [s.id for s in sections] == [*wanted, "withheld", "credits"]
    for section in sections:
        assert section.title and all(line and "{" not in line for line in section.lines)


def test_the_lines_say_what_the_case_holds() -> None:
    view = view_of(replace(material(verdict="accept"), conflict="The war of Sarqan", small_cell=5), PROFILES["public"])
    said = {s.id: " ".join(s.lines) for s in method(view.facts)}
    assert "2 reports were read" in said["sources"]
    assert "Of 3 claims, people accepted 2" in said["evaluation"] and "not yet decided on 1" in said["evaluation"]
    assert "0 of 3 incidents have two origins or more" in said["corroboration"]
    assert "The war of Sarqan" in said["inclusion"] and "least to most" in said["counting"]
    assert "below 5" in said["withheld"] and "2 of 3 incidents" in said["withheld"]
    internal = {s.id: " ".join(s.lines) for s in method(view_of(material(), PROFILES["internal"]).facts)}
    assert "Treat" not in said["withheld"] and "treat this release as the case itself" in internal["withheld"]
    assert "names no conflict" in internal["inclusion"]


def test_every_column_of_every_table_is_explained(tmp_path: Path) -> None:
    release(material(), "public", tmp_path / "out", version="1")
    readme = (tmp_path / "out/README.txt").read_text(encoding="utf-8")
    for path in (tmp_path / "out").glob("*.csv"):
        header = next(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        assert list(columns_of()[path.name]) == header
        assert path.name in readme and all(f"  {column}: " in readme for column in header)


def test_geonames_is_named_wherever_coordinates_are(tmp_path: Path) -> None:
    release(material(), "public", tmp_path / "out", version="1")
    for name in ("README.txt", "index.html", "manifest.json", "incidents.geojson"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert "GeoNames" in text and "CC BY 4.0" in text, name
    assert json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))["method"][0]["id"] == "sources"


def test_the_reference_explains_every_column() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/release.md").read_text(encoding="utf-8")
    for columns in columns_of().values():
        for column, what in columns.items():
            assert f"| `{column}` | {what} |" in page
