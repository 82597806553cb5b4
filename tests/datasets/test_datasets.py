"""Other bodies' tables, held against a case's own; every row, place and party is fiction."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.datasets import (
    Entry,
    Problem,
    entry,
    held,
    kinds,
    match,
    match_columns,
    match_rows,
    ours,
    read_table,
    record,
    report_of,
    spec,
    take_in,
)
from marsad.errors import MarsadError
from marsad.ledger import dictionary
from marsad.pipeline import create_case
from marsad.text import to_csv

ACLED = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,country,admin1,location,"
    "latitude,longitude,geo_precision,fatalities\n"
)
UCDP = (
    "id,date_start,date_end,date_prec,side_a,side_b,where_prec,where_coordinates,adm_1,latitude,longitude,country,"
    "best,high,low\n"
)
AIRWARS = "Unique Reference Code,Incident date,Location,Country,Lat,Lon,Civilian deaths min,Civilian deaths max\n"


def entries(kind: str, text: str) -> list[Entry]:
    return [e for e in read_table(kind, text) if isinstance(e, Entry)]


def one(id: str = "a", day: str = "2031-05-03", killed: tuple[int, int] = (9, 14), **more: object) -> Entry:
    row = {"id": id, "date_start": day, "where_coordinates": "Qasrabad", "latitude": "34.5", "longitude": "38.2"}
    row |= {"where_prec": "1", "best": str(killed[0]), "low": str(killed[0]), "high": str(killed[1])}
    return entry("ucdp", row | {k: str(v) for k, v in more.items()})


def acled(
    day: str, precision: int, deaths: int, where: str = "Qasr,34.5,38.2,1", sides: str = "Ember Front,Guard"
) -> str:
    return f"{ACLED}ZZZ1,{day},{precision},Battles,Armed clash,{sides},Syria,Aleppo,{where},{deaths}\n"


def test_each_body_s_own_columns_and_dates_are_read() -> None:
    (exact,) = entries("acled", acled("05 May 2031", 1, 9))
    assert (exact.first, exact.last, exact.figures["killed"]) == ("2031-05-05", "2031-05-05", (9, 9))
    assert exact.precision == "populated_place" and exact.parties == ("Ember Front", "Guard")
    (week,) = entries("acled", acled("2031-05-05", 2, 0, "Qasr,34.5,38.2,3"))
    assert (week.first, week.last, week.precision) == ("2031-04-29", "2031-05-11", "first_order_division")
    (month,) = entries("acled", acled("2031-02-05", 3, 0, "Qasr,,,3"))
    assert (month.first, month.last) == ("2031-02-01", "2031-02-28")
    row = "17,2031-05-03 00:00:00.000,2031-05-04 00:00:00.000,1,Ember Front,Civilians,3,Qasr,Aleppo governorate,34.5,"
    (ucdp,) = entries("ucdp", f"{UCDP}{row}38.2,Syria,9,14,9\n")
    assert (ucdp.first, ucdp.last, ucdp.figures["killed"], ucdp.best) == ("2031-05-03", "2031-05-04", (9, 14), 9)
    assert ucdp.parties == ("Ember Front",) and ucdp.precision == "second_order_division"
    (airwars,) = entries("airwars", AIRWARS + 'CS1,"May 3, 2031",Qasr,Syria,34.5,38.2,9,14\n')
    assert airwars.first == "2031-05-03" and airwars.figures["killed"] == (9, 14)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("ZZZ1,03/04/2031,1,B,A,x,y,Syria,Aleppo,Qasr,34.5,38.2,1,9", "no date"),
        ("ZZZ1,2031-05-03,1,B,A,x,y,Syria,Aleppo,Qasr,94.5,38.2,1,9", "beyond 90"),
        ("ZZZ1,2031-05-03,1,B,A,x,y,Syria,Aleppo,Qasr,34.5,,1,9", "without a longitude"),
        ("ZZZ1,2031-05-03,1,B,A,x,y,Syria,Aleppo,Qasr,34.5,38.2,1,-3", "no number of people"),
        ("ZZZ1,2031-05-03,1,B,A,x,y,Syria,Aleppo,Qasr,34.5,38.2,1,many", "no number of people"),
        (",2031-05-03,1,B,A,x,y,Syria,Aleppo,Qasr,34.5,38.2,1,3", "no id"),
        ("ZZZ1,2031-05-03,1,B,A,x", "6 cells where the header has 14"),
        ("ZZZ0,2031-05-03,1,B,A,x,y,Syria,Aleppo,Qasr,34.5,38.2,1,3", "earlier row"),
    ],
)
def test_a_bad_row_is_told_by_its_line_and_the_rest_goes_on(row: str, why: str) -> None:
    good = "ZZZ0,2031-05-03,1,B,A,x,y,Syria,Aleppo,Qasr,34.5,38.2,1,9\n"
    last = good.replace("ZZZ0", "ZZZ9")
    found = list(read_table("acled", ACLED + good + row + "\n" + last))
    assert [type(f) for f in found] == [Entry, Problem, Entry]
    assert isinstance(found[1], Problem) and found[1].line == 3 and why in found[1].why


def test_figures_that_contradict_themselves_are_bad() -> None:
    bad = UCDP + "17,2031-05-03,2031-05-03,1,A,B,1,Qasr,,34.5,38.2,Syria,20,14,9\n"
    (problem,) = list(read_table("ucdp", bad))
    assert isinstance(problem, Problem) and "outside 9 to 14" in problem.why


@pytest.mark.parametrize("kind", kinds())
def test_another_table_is_refused_in_words(kind: str) -> None:
    with pytest.raises(MarsadError, match="lacks"):
        list(read_table(kind, "name,age\nx,3\n", name="people.csv"))


def test_every_value_of_a_row_points_at_its_cell() -> None:
    (found,) = entries(
        "acled",
        ACLED
        + 'ZZZ1,2031-05-05,1,Battles,Armed clash,Ember Front,"Guard\nof the Lake",Syria,Aleppo,Qasr,34.5,38.2,1,9\n',
    )
    report = report_of("acled", found, "e" * 64)
    again, claim = record(report)
    assert replace(again, line=found.line) == found
    assert (report.kind, claim.kind) == ("dataset", "record")
    spans = [claim.trigger, claim.sentence, claim.time, *claim.places, *claim.perpetrators, *claim.victims]
    spans += [v.count for v in claim.victims] + list(claim.attribution)
    for s in spans:
        assert s is not None and report.text[s.start : s.end] == s.text
    assert claim.victims[0].count is not None and claim.victims[0].count.text == "9"
    assert claim.places[0].text == "Qasr" and claim.attribution[0].kind == "dataset"


def test_pairs_by_place_day_and_number() -> None:
    mine = [one("i1"), one("i2", "2031-06-01"), one("i3", "2031-07-01")]
    theirs = [one("t1"), one("t2", "2031-06-01", (20, 25)), one("t4", "2031-09-01")]
    found = match(mine, theirs)
    assert [(p.ours.id, p.theirs.id) for p in found.both if p.ours and p.theirs] == [("i1", "t1"), ("i2", "t2")]
    assert [p.theirs.id for p in found.theirs_only if p.theirs] == ["t4"]
    assert [p.ours.id for p in found.ours_only if p.ours] == ["i3"]
    (differing,) = found.differing()
    assert [(d.field, d.ours, d.theirs) for d in differing.differences] == [("killed", "9 to 14", "20 to 25")]
    assert all(p.why for p in (*found.both, *found.theirs_only, *found.ours_only))


def test_two_attacks_on_one_town_in_one_week_are_paired_by_day() -> None:
    mine = [one("i1", "2031-05-03"), one("i2", "2031-05-04")]
    found = match(mine, [one("t1", "2031-05-04"), one("t2", "2031-05-03")])
    assert {(p.ours.id, p.theirs.id) for p in found.both if p.ours and p.theirs} == {("i1", "t2"), ("i2", "t1")}


def test_far_places_other_countries_and_far_days_are_no_pair() -> None:
    here = one("i1", country="Syria")
    for other in (
        one("t", country="Iraq"),
        one("t", latitude=36.5),
        one("t", "2031-05-20"),
    ):
        found = match([here], [other])
        assert not found.both and not found.perhaps and len(found.ours_only) == len(found.theirs_only) == 1


def test_a_weak_pair_is_left_to_a_person() -> None:
    vague = one("t", where_prec=4, latitude="", longitude="", where_coordinates="", adm_1="Furat province")
    found = match([one("i", adm_1="Furat")], [replace(vague, last="2031-05-12")])
    assert not found.both and [p.theirs.id for p in found.perhaps if p.theirs] == ["t"]


def test_nothing_is_run_by_the_spreadsheet_that_opens_the_pairs() -> None:
    found = match([], [one("=cmd()")])
    rows = list(csv.DictReader(io.StringIO(to_csv(match_columns(), match_rows(found)))))
    assert rows[0]["their_id"] == "'=cmd()" and rows[0]["group"] == "theirs_only"


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
days = st.dates().map(lambda d: d.isoformat()) | st.none()
degrees = st.tuples(st.floats(-89, 89), st.floats(-179, 179)) | st.none()
counts = st.lists(st.integers(0, 10**6), min_size=2, max_size=2).map(sorted) | st.none()


@given(st.lists(st.tuples(days, degrees, counts, words, words), max_size=12), st.sampled_from(kinds()))
def test_what_we_export_comes_back_and_is_paired_row_by_row(rows: list[tuple], kind: str) -> None:  # type: ignore[type-arg]
    table = spec(kind)

    def row(n: int, told: tuple) -> dict[str, object]:  # type: ignore[type-arg]
        day, at, count, place, party = told
        values: dict[str, object] = {"id": f"i{n}", "first": day, "last": day, "place": place, "parties": party}
        if at is not None:
            values |= {"lat": at[0], "lon": at[1]}
        if count is not None:
            values |= {"killed_min": count[0], "killed_best": count[0], "killed_max": count[1]}
        names = dictionary(table.export)
        held_in = {f: next((c for c in table.columns.get(f, ()) if c in names), None) for f in values}
        return dict.fromkeys(names) | {c: values[f] for f, c in held_in.items() if c is not None}

    exported = [row(n, told) for n, told in enumerate(rows)]
    back = entries(kind, to_csv(dictionary(table.export), exported))
    mine = ours(kind, exported)
    assert len(back) == len(mine) == len(rows)
    found = match(mine, back)
    assert len(found.both) == len(rows) and not found.theirs_only and not found.ours_only
    assert all(p.ours and p.theirs and p.ours.id == p.theirs.id for p in found.both)
    assert not found.differing()


@given(st.lists(st.tuples(days, degrees, counts), max_size=8), st.randoms())
def test_order_changes_nothing_and_everything_stands_once(rows: list[tuple], random) -> None:  # type: ignore[no-untyped-def,type-arg]
    made = []
    for n, (day, at, count) in enumerate(rows):
        low, high = count or (None, None)
        values = {"id": f"x{n}", "date_start": day, "low": low, "best": low, "high": high, "where_prec": 1}
        made.append(values | ({"latitude": at[0], "longitude": at[1]} if at else {}))
    mine = ours("ucdp", made)
    theirs = [replace(e, id="t" + e.id) for e in mine]
    found = match(mine, theirs)
    shuffled = list(theirs)
    random.shuffle(shuffled)
    assert match(mine[::-1], shuffled) == found
    assert len(found.both) + len(found.ours_only) == len(mine)
    assert len(found.both) + len(found.theirs_only) == len(theirs)


def test_a_file_is_taken_in_once_and_stays_out_of_counts(tmp_path: Path) -> None:
    case = create_case(tmp_path / "case", person="tester")
    file = tmp_path / "acled.csv"
    good = "".join(
        f"ZZZ{n},2031-05-0{n},1,Battles,Armed clash,Ember Front,Guard,Syria,Aleppo,Qasr,34.5,38.2,1,{n}\n"
        for n in range(1, 6)
    )
    file.write_text(ACLED + good + "ZZZ8,soon,1,B,A,x,y,Syria,Aleppo,Qasr,34.5,38.2,1,9\n", encoding="utf-8")
    with case:
        first = take_in("acled", file, case.vault, case.store)
        assert (first.added, first.already, len(first.problems)) == (5, 0, 1)
        again = take_in("acled", file, case.vault, case.store)
        assert (again.added, again.already) == (0, 5)
        case.refresh(again=True)
        with case.store.read() as s:
            assert len(held(s, "acled")) == 5
            assert {(r.kind, r.status) for r in s.reports.all()} == {("dataset", "extracted")}
        assert not case.incidents() and not case.ledger().totals()
        assert case.verify().ok
        assert len(case.search("Qasr")) == 5


def test_what_was_cut_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marsad.datasets._intake._TOGETHER", 2)
    case = create_case(tmp_path / "case", person="tester")
    file = tmp_path / "acled.csv"
    rows = "".join(f"Z{n},2031-05-03,1,B,A,x,y,Syria,Aleppo,Qasr,34.5,38.2,1,{n}\n" for n in range(6))
    file.write_text(ACLED + rows, encoding="utf-8")

    def stop(done: int, total: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with case:
        with pytest.raises(KeyboardInterrupt):
            take_in("acled", file, case.vault, case.store, stop)
        assert take_in("acled", file, case.vault, case.store).added == 2
        with case.store.read() as s:
            assert len(held(s, "acled")) == 6
