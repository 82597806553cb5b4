"""The desk says on every page where text of reports is sent, and nothing where none is."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import desk_fiction
import pytest
from starlette.testclient import TestClient

from marsad.desk import create_app
from marsad.pipeline import open_case
from marsad.settings import Llm, Settings

ADDRESS = "https://models.example.org/v1"


@pytest.mark.parametrize("url", ["", ADDRESS])
def test_pages_say_where_text_is_sent(template: Path, tmp_path: Path, url: str) -> None:
    folder = tmp_path / "case"
    shutil.copytree(template, folder)
    dataclasses.replace(Settings.load(folder), llm=Llm(url, "small-model")).save(folder)
    with open_case(folder, person="amal") as case:
        cookie = desk_fiction.enter(case, "amal")
        client = TestClient(create_app(case), base_url="http://127.0.0.1:8000", headers={"cookie": cookie})
        for page in ("/queue", "/reports", "/ledger"):
            text = client.get(page).text
            assert ("are sent to the language model" in text and ADDRESS in text) == bool(url), page
