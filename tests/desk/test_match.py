"""The page that holds a case against another body's table; its rows are fiction."""

from __future__ import annotations

import re
from pathlib import Path

from desk_fiction import Client

from marsad.datasets import take_in
from marsad.pipeline import Case
from marsad.text import to_csv

HEAD = "id,date_start,date_end,where_prec,where_coordinates,latitude,longitude,country,best,low,high\n"


def test_the_page_says_how_a_table_is_taken_in(client: Client) -> None:
    page = client("rim").get("/match").text
    assert "No table was taken in" in page and "marsad import" in page


def test_our_own_export_comes_back_whole_and_others_stand_apart(client: Client, case: Case, tmp_path: Path) -> None:
    rows = case.export("ucdp_ged")
    text = to_csv(rows[0], rows)
    own = tmp_path / "ours.csv"
    own.write_text(text, encoding="utf-8")
    take_in("ucdp", own, case.vault, case.store)
    page = client("rim").get("/match?group=same").text
    assert f'<b class="count">{len(rows)}</b>' in page
    theirs = tmp_path / "theirs.csv"
    evil = "<script>alert(1)</script>"
    theirs.write_text(HEAD + f"T1,2031-01-01,2031-01-01,1,{evil},1.5,1.5,Kenya,7,7,9\n", encoding="utf-8")
    take_in("ucdp", theirs, case.vault, case.store)
    page = client("rim").get("/match?group=theirs_only").text
    assert "&lt;script&gt;" in page and evil not in page and "7–9" in page
    got = client("rim").get("/match.csv?table=ucdp")
    assert "theirs_only" in got.text
    items = client("rim").get("/match.json?table=ucdp").json()["items"]
    assert len(items) == len(rows) + 1 and {i["group"] for i in items} == {"same", "theirs_only"}
    (alone,) = client("rim").get("/match.geojson?table=ucdp&group=theirs_only").json()["features"]
    assert alone["properties"]["their_id"] == "T1" and alone["geometry"]["type"] == "Polygon"
    (link,) = set(re.findall(r'href="(/match[.]csv[^"]*)"', page))
    assert link == "/match.csv?group=theirs_only"
