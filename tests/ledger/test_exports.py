from __future__ import annotations

import csv
import io

import pytest
from incident_fixtures import claim, people, report, reports, said

from marsad.errors import MarsadError
from marsad.incidents import link
from marsad.ledger import dictionary, export, priogrid
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
