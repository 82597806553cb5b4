from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import pytest
from incident_fixtures import claim, people, report, reports, said

from marsad.errors import MarsadError
from marsad.incidents import link
from marsad.ledger import dictionary, export, priogrid, write_table
from marsad.text import to_csv

SHELF = reports(
    report("r1", "2031-05-04", "Daily Lamp", title="=Nine killed"),
    report("r2", "2031-05-05", "Evening Post", title="Market hit"),
)
NINE = people("nine civilians", 9, 9, status="civilian")
FOUR = people("four children", 4, 4, children=True, status="civilian", part_of=0)
TOLD = [
    claim("a", "r1", victims=(NINE, FOUR), by="Black Banner", means="airstrike", violations=("killing",)),
    claim("b", "r2", victims=(people("11 civilians", 11, 11, status="civilian"),), by="Black Banner", means="airstrike",
          denied_by=(said("Black Banner", "perpetrator"),)),
]  # fmt: skip
INCIDENTS = link(TOLD, SHELF)
CLAIMS = {c.id: c for c in TOLD}


def row(table: str) -> dict[str, object]:
    (only,) = export(table, INCIDENTS, CLAIMS, SHELF, conflict="the river war")
    assert list(only) == list(dictionary(table)), "every column of the dictionary, in its order"
    return only


def test_ucdp() -> None:
    r = row("ucdp_ged")
    assert (r["low"], r["best"], r["high"], r["deaths_civilians"], r["deaths_unknown"]) == (9, 9, 11, 9, 0)
    assert (r["type_of_violence"], r["side_a"], r["side_b"]) == (3, "Black Banner", "Civilians")
    assert (r["number_of_sources"], r["date_prec"], r["event_clarity"], r["where_prec"]) == (2, 1, 1, 1)
    assert r["priogrid_gid"] == priogrid(34.5, 38.2) == 249 * 720 + 437


def test_priogrid_corners() -> None:
    assert priogrid(-90, -180) == 1
    assert priogrid(90, 180) == 360 * 720
    assert priogrid(0.1, 0.1) == 180 * 720 + 361


def test_acled_airwars_and_mrm() -> None:
    acled = row("acled_like")
    assert (acled["sub_event_type"], acled["fatalities"], acled["geo_precision"]) == ("Air/drone strike", 9, 1)
    airwars = row("airwars_like")
    assert (airwars["civilians_killed_min"], airwars["civilians_killed_max"]) == (9, 11)
    assert (airwars["grade"], airwars["own_account"]) == ("fair", "denies")
    mrm = row("mrm_draft")
    assert (mrm["violation"], mrm["min"], mrm["max"], mrm["party_known"]) == ("killing", 4, 4, "met")
    assert mrm["status"] == "report_pending_verification"


def test_csv_reads_back_and_runs_no_formula() -> None:
    text = to_csv(dictionary("ucdp_ged"), export("ucdp_ged", INCIDENTS, CLAIMS, SHELF))
    (read,) = list(csv.DictReader(io.StringIO(text)))
    assert read["source_headline"].startswith("'=Nine killed")
    assert read["conflict_name"] == ""


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(MarsadError, match="ucdp_ged"):
        export("guess", INCIDENTS, CLAIMS, SHELF)


@pytest.mark.parametrize("table", ["ucdp_ged", "acled_like", "airwars_like", "mrm_draft"])
def test_parquet_holds_what_csv_holds_with_its_columns_told(table: str, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = export(table, INCIDENTS, CLAIMS, SHELF, conflict="the river war")
    beside = write_table(tmp_path / "t.parquet", table, rows)
    read = parquet.read_table(tmp_path / "t.parquet")
    assert read.to_pylist() == [{c: _plain(v, read.schema.field(c).type) for c, v in r.items()} for r in rows]
    assert read.schema.field(1).metadata[b"description"].decode() == list(dictionary(table).values())[1]
    told = list(csv.DictReader(io.StringIO(beside.read_text("utf-8"))))
    assert [t["column"] for t in told] == list(dictionary(table)) == read.column_names
    assert all(t["holds"] and t["source"] for t in told)


def _plain(value: object, kind: object) -> object:
    return str(value) if str(kind) == "string" and value is not None else value


def test_an_empty_case_gives_a_table_without_rows(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write_table(tmp_path / "t.parquet", "ucdp_ged", [])
    read = parquet.read_table(tmp_path / "t.parquet")
    assert read.num_rows == 0 and read.column_names == list(dictionary("ucdp_ged"))


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MarsadError, match=r"marsad\[parquet\]"):
        write_table(tmp_path / "t.parquet", "ucdp_ged", [])
