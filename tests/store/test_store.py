"""The store, on both engines. All names are fictional."""

import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from marsad.model import Claim, CustodyEvent, Exhibit, Incident, Judgement, Person, Report, Span
from marsad.store import Store
from marsad.store._engine import migrate
from marsad.store._tables import APPEND_ONLY, metadata

AT = "2031-03-02T10:00:00+00:00"
EXHIBIT = Exhibit("a" * 64, 12, "text/plain", "one.txt", AT)
REPORT = Report(
    "r1", EXHIBIT.sha256, title="Shelling in Sarmin", text="Nine people died.", language="en", meta={"b": 1, "a": [2]}
)


def claim(id: str, start: int = 0) -> Claim:
    return Claim(id, "killing", "event", Span(start, start + 4, "Nine"), Span(0, 17, REPORT.text), report="r1")


def event(seq: int) -> CustodyEvent:
    return CustodyEvent(
        seq, EXHIBIT.sha256, "deposited", AT, "p", "/x", "file", "t", {"z": 1, "a": "é"}, "0" * 64, f"{seq:064d}"
    )


def filled(store: Store) -> Store:
    with store.write() as s:
        s.exhibits.add(EXHIBIT)
        s.custody.add(event(1))
        s.reports.add(REPORT, AT)
        s.people.put(Person("layla", "Layla (fictional)", "analyst"))
        s.audit.add(AT, "layla", "signed_in")
        s.claims.put("r1", [claim("c1"), claim("c2", 5)], "structural 1")
    return store


def test_records_come_back_as_they_went_in(store: Store) -> None:
    with filled(store).read() as s:
        assert s.exhibits.get(EXHIBIT.sha256) == EXHIBIT
        assert s.custody.of(EXHIBIT.sha256) == [event(1)]
        assert s.custody.last() == event(1)
        assert s.reports.get("r1") == REPORT
        assert s.claims.of("r1") == [claim("c1"), claim("c2", 5)]
        assert [c.id for c in s.claims.many(["c2", "nope", "c1"])] == ["c2", "c1"]
        assert s.people.get("layla") == Person("layla", "Layla (fictional)", "analyst")


def test_adding_a_report_twice_is_one_report(store: Store) -> None:
    with filled(store).write() as s:
        assert not s.reports.add(replace(REPORT, title="other"), AT)
        assert s.reports.get("r1") == REPORT


def test_a_new_run_retires_claims_but_keeps_them(store: Store) -> None:
    with filled(store).write() as s:
        s.claims.put("r1", [claim("c2", 5), claim("c3", 9)], "structural 3")
        assert [c.id for c in s.claims.of("r1")] == ["c2", "c3"]
        assert [c.id for c in s.claims.of("r1", current=False)] == ["c1", "c2", "c3"]
        assert [c.id for c in s.claims.all(also=["c1"])] == ["c1", "c2", "c3"]
        assert s.claims.engine("c1") == "structural 1"
        assert s.claims.engine("c2") == "structural 3"


def test_incidents_replace_and_find_by_claim(store: Store) -> None:
    with filled(store).write() as s:
        s.incidents.replace([Incident("i1", ("c1",), earliest="2031-03-02"), Incident("i2", ("c2",))])
        assert [i.id for i in s.incidents.all()] == ["i1", "i2"]
        s.incidents.replace([Incident("i1", ("c1", "c2"))], gone=["i2"])
        assert s.incidents.of_claims(["c1", "c2", "c3"]) == {"c1": "i1", "c2": "i1"}
        found = s.incidents.of_claim("c2")
        assert found is not None and found.id == "i1"


def test_judgements_are_numbered_and_keep_their_values(store: Store) -> None:
    with filled(store).write() as s:
        first = s.judgements.add(Judgement(0, AT, "layla", "claim", "c1", "correct", "certainty", {"ab": [1, None]}))
        second = s.judgements.add(Judgement(0, AT, "layla", "claim", "c1", "undo", undoes=first.seq, others=("c2",)))
        assert (first.seq, second.seq) == (1, 2)
        assert s.judgements.of("claim", "c1") == [first, second]


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_append_only_tables_refuse_changes(store: Store, table: str, change: str) -> None:
    column = metadata.tables[table].columns.keys()[0]
    with filled(store).write() as s:
        s.judgements.add(Judgement(0, AT, "layla", "claim", "c1", "accept"))
        s.work.add_note(AT, "layla", "claim", "c1", "Look at this", ())
    with pytest.raises(sa.exc.DatabaseError, match="append-only"):
        with store.write() as s:
            s._connection.exec_driver_sql(change.format(table, column, column))
    assert store.faults() == []


def test_a_missing_guard_is_named(store: Store) -> None:
    with store.write() as s:
        name = "custody_no_delete" if s._connection.dialect.name == "sqlite" else "custody_no_change ON custody"
        s._connection.exec_driver_sql(f"DROP TRIGGER {name}")
    assert store.faults() == ["database: the append-only guard of table 'custody' is missing"]


def test_migrations_make_the_tables_that_the_code_names(store: Store) -> None:
    with store.read() as s:
        context = MigrationContext.configure(s._connection, opts={"include_name": lambda n, *_: "search" not in str(n)})
        assert compare_metadata(context, metadata) == []


def test_an_exception_rolls_everything_back(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        with store.write() as s:
            s.exhibits.add(EXHIBIT)
            raise ZeroDivisionError
    with store.read() as s:
        assert s.exhibits.count() == 0


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sarmin", True),
        ("SHELL", True),
        ("nine shelling", True),
        ("nine absent", False),
        ("", False),
        ('" OR *', False),
    ],
)
def test_search_finds_folded_words(store: Store, query: str, found: bool) -> None:
    with store.write() as s:
        s.search.put("report", "r1", "Shelling in Sarmin", "Nine people died.")
        assert bool(s.search.find(query)) is found


def test_search_folds_arabic(store: Store) -> None:
    with store.write() as s:
        s.search.put("report", "r1", "قصفٌ على المدرسة", "قال المرصد إنّ تسعة أشخاص قُتلوا في ٣ آذار")
        for query in ("قصف", "مدرسه", "المدرسة", "والمدرسة", "اشخاص", "قتلوا", "3"):
            assert [h.ref for h in s.search.find(query)] == ["r1"], query


def test_search_put_again_replaces_and_kinds_filter(store: Store) -> None:
    with store.write() as s:
        s.search.put("report", "r1", "old words", "")
        s.search.put("report", "r1", "new words", "")
        s.search.put("incident", "i1", "new", "")
        assert s.search.find("old") == []
        assert [h.kind for h in s.search.find("new", kinds=["incident"])] == ["incident"]
        s.search.remove("report", "r1")
        assert s.search.find("words") == []


def test_search_gives_the_best_first_and_of_too_many_the_newest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.write() as s:
        s.search.put("report", "r1", "Shelling of the market", "A report.")
        s.search.put("report", "r2", "Rain", "Roads, fields and, far from the town, a market.")
        s.search.put("report", "r3", "Wind", "Roofs, trees and, far from the town, a market.")
        assert s.search.find("market")[0].ref == "r1"
        monkeypatch.setattr("marsad.store._search.MOST_FOUND", 2)
        assert [h.ref for h in s.search.find("market")] == ["r3", "r2"]
        assert [h.ref for h in s.search.find("market", limit=1, offset=1)] == ["r2"]


def test_the_sentences_of_an_incident_are_read_once_each(store: Store) -> None:
    with filled(store).write() as s:
        s.incidents.replace([Incident("i1", ("c1", "c2"))])
        assert s.incidents.sentences(["i1", "i9"], most=5) == {"i1": [claim("c1").sentence.text]}
        assert s.incidents.sentences([], most=5) == {}


def _append(url: str, worker: int, times: int) -> None:
    store = Store.open(url)
    for i in range(times):
        with store.write() as s:
            s.judgements.add(Judgement(0, AT, "layla", "claim", f"c{worker}-{i}", "accept"))


def test_four_writers_lose_nothing(store: Store) -> None:
    url = filled(store)._engine.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_append, args=(url, n, 25)) for n in range(4)]
    for w in workers:
        w.start()
    for w in workers:
        w.join(120)
    with store.read() as s:
        assert [j.seq for j in s.judgements.all()] == list(range(1, 101))


def test_a_later_version_is_refused_with_a_clear_line(tmp_path: Path) -> None:
    from marsad.errors import CaseError

    url = f"sqlite:///{tmp_path / 'case.sqlite'}"
    store = Store.open(url)
    with store.write() as s:
        s._connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CaseError, match="later version of Marsad"):
        Store.open(url)


def test_the_revision_grows_with_every_change(store: Store) -> None:
    with store.read() as s:
        assert s.revision == 0
    with filled(store).read() as s:
        before = s.revision
        assert before > 0
    with store.write() as s:
        s.judgements.add(Judgement(0, AT, "layla", "claim", "c1", "accept"))
        assert s.revision == before + 1


def test_the_newest_migration_is_the_one_that_the_code_names() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from marsad.store import _engine

    config = Config()
    config.set_main_option("script_location", str(Path(_engine.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == _engine.HEAD


@pytest.mark.parametrize("bytes_kept", [10, 2000, 5000])
def test_a_damaged_database_is_named_in_one_line(tmp_path: Path, bytes_kept: int) -> None:
    from marsad.errors import CaseError

    path = tmp_path / "case.sqlite"
    Store.open(f"sqlite:///{path}").close()
    path.write_bytes(b"\x00garbage" + path.read_bytes()[8:bytes_kept])
    with pytest.raises(CaseError, match=r"case\.sqlite: the case database cannot be read"):
        Store.open(f"sqlite:///{path}")


def test_what_is_forgotten_is_gone_from_search_and_disk(store: Store) -> None:
    with filled(store).write() as s:
        s.incidents.replace([Incident("i1", ("c1",))])
        s.search.put("report", "r1", "Shelling in Sarmin", REPORT.text)
        s.claims.forget("r1")
        s.reports.forget("r1", "a court order")
        s.search.remove("report", "r1")
    store.compact()
    with store.read() as s:
        report = s.reports.get("r1")
        assert report is not None and (report.text, report.title, report.reason) == ("", None, "a court order")
        assert s.claims.of("r1", current=False) == []
        assert s.search.find("sarmin") == []
    if store._engine.dialect.name == "sqlite":
        assert b"Nine people died" not in Path(store._engine.url.database or "").read_bytes()


def test_a_full_disk_is_told_with_the_file_and_what_to_do(tmp_path: Path) -> None:
    from marsad.errors import CaseError

    path = tmp_path / "case.sqlite"
    small = Store.open(f"sqlite:///{path}")
    with pytest.raises(CaseError, match="the disk is full") as told, small.write() as s:
        pages = s._connection.exec_driver_sql("PRAGMA page_count").scalar()
        s._connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        for n in range(2000):
            s.people.put(Person(f"p{n}", "x" * 400, "reader"))
    assert str(path) in str(told.value)
    with small.read() as s:
        assert not list(s.people.all())


def test_a_case_of_the_first_schema_keeps_what_waits_to_be_linked(store: Store) -> None:
    filled(store)
    with store._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE link_telling ADD COLUMN unit INTEGER")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    migrate(store._engine)
    with store.read() as s:
        assert s.linking.todo(5) == ["r1"]
    assert "unit" not in {c["name"] for c in sa.inspect(store._engine).get_columns("link_telling")}
