"""The command line as a user and a script meet it. All reports are the bundled, fictional ones."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from marsad.cli import _COMMANDS, main

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Run `marsad` with these words and expect this exit code."""

    def invoke(*words: object, code: int = 0, input: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(main, [str(w) for w in words], input=input, catch_exceptions=False)
        assert result.exit_code == code, f"marsad {' '.join(map(str, words))}: {result.exit_code}\n{result.output}"
        return result

    return invoke


def as_json(result: Result) -> Any:
    return json.loads(result.stdout)


def test_help_names_every_command_in_the_order_of_the_work(run: Run) -> None:
    out = run("--help").output
    listed = out[out.index("Commands, in the order") :]
    places = [listed.index(f"\n  {name} ") for name in _COMMANDS]
    assert places == sorted(places)
    assert "Exit codes" in out


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    out = run(command, "--help").output
    assert out.startswith(f"Usage: main {command}")
    assert len(out.splitlines()) >= 7


def test_an_unknown_command_says_which_there_are(run: Run) -> None:
    assert "incidents" in run("incident", code=2).output


def test_a_first_case_by_commands_alone(run: Run, tmp_path: Path) -> None:
    case, reports = tmp_path / "case", tmp_path / "reports"
    reports.mkdir()
    (reports / "one.txt").write_text(
        "Mortar shells killed nine people, including four children, in Maskanah on 14 March 2031, medics said.",
        encoding="utf-8",
    )
    (reports / "broken.pdf").write_bytes(b"%PDF-1.4 and then nothing")
    run("init", case, "--name", "First", "--conflict", "a fictional armed conflict", "--person", "layla")
    added = run("add", case, reports, code=5)
    assert "broken.pdf" in added.stderr and "Traceback" not in added.output
    assert len(as_json(run("reports", case, "--json"))) == 2
    incidents = as_json(run("incidents", case, "--json"))
    assert len(incidents) == 1
    shown = run("show", case, incidents[0]["id"][:10], "--explain").output
    assert "nine people" in shown and "because" in shown
    ledger = as_json(run("ledger", case, "--json"))
    killed = next(c for c in ledger["cells"] if (c["harm"], c["group"]) == ("killed", "total"))
    assert (killed["min"], killed["max"]) == (9, 9)
    assert "Maskanah" in run("search", case, "maskanah").output
    run("verify", case)


def test_init_twice_is_refused(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "c")
    assert "there is a case here already" in run("init", tmp_path / "c", code=1).stderr


@pytest.mark.parametrize("command", ["incidents", "reports", "ledger", "matrix", "verify", "refresh", "desk", "people"])
def test_no_case_is_one_clear_line(run: Run, tmp_path: Path, command: str) -> None:
    result = run(command, tmp_path / "nowhere", code=1)
    assert result.stderr.startswith("marsad: ") and "marsad init" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_fault_of_the_machine_names_the_file_and_what_to_do(run: Run, tmp_path: Path, monkeypatch: Any) -> None:
    for fault, advice in ((errno.EACCES, "permissions"), (errno.ENOSPC, "space"), (errno.EROFS, "another")):

        def fails(*_: object, fault: int = fault, **__: object) -> None:
            raise OSError(fault, os.strerror(fault), str(tmp_path / "somewhere"))

        monkeypatch.setattr("marsad.pipeline.create_case", fails)
        line = run("init", tmp_path / "case", code=1).stderr
        assert line.startswith(f"marsad: {tmp_path / 'somewhere'}: ") and advice in line and line.count("\n") == 1


def test_stopping_says_that_nothing_is_lost(run: Run, tmp_path: Path, monkeypatch: Any) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("marsad.pipeline.create_case", stopped)
    assert "goes on" in run("init", tmp_path / "case", code=130).stderr


def test_no_backup_there_is_named(run: Run, tmp_path: Path) -> None:
    assert str(tmp_path / "none") in run("restore", tmp_path / "none", tmp_path / "case", code=1).stderr


def test_standard_input_is_a_source(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "c")
    run("add", tmp_path / "c", "-", input="Shells killed three men in Tadif on 2 April 2031.")
    assert as_json(run("reports", tmp_path / "c", "--json"))[0]["status"] == "extracted"


def test_adding_again_is_one_exhibit_with_two_events(run: Run, demo_case: Path) -> None:
    from marsad import demo

    source = demo.reports() / "01-eastern-wire-ferry.html"
    before = as_json(run("reports", demo_case, "--json"))
    run("add", demo_case, source, "--person", "layla")
    assert as_json(run("reports", demo_case, "--json")) == before
    digest = next(r["exhibit"] for r in before if r["title"] and "ferry" in r["title"].lower() and r["publisher"])
    exhibit = run("show", demo_case, digest).output
    assert exhibit.count("deposited") >= 1


def test_read_prints_claims_with_spans_that_hold(run: Run) -> None:
    from marsad import demo
    from marsad.intake import read_file

    source = demo.reports() / "01-eastern-wire-ferry.html"
    text = read_file(source)[0].text
    out = as_json(run("read", source, "--json"))
    assert out["claims"]
    for claim in out["claims"]:
        for part in (claim["trigger"], *claim["victims"], *claim["perpetrators"], *claim["places"], *claim["means"]):
            assert text[part["start"] : part["end"]] == part["text"]
    assert {c["incident"] for c in out["claims"] if c["kind"] == "event"} <= {i["id"] for i in out["incidents"]}
    assert "because" in run("read", source, "--explain").output


def test_read_of_what_is_not_there_or_not_a_day(run: Run, tmp_path: Path) -> None:
    assert "nope.txt" in run("read", tmp_path / "nope.txt", code=1).stderr
    (tmp_path / "a.txt").write_text("Nothing happened.", encoding="utf-8")
    run("read", tmp_path / "a.txt", "--published", "yesterday", code=2)
    assert "No claims" in run("read", tmp_path / "a.txt").output


def test_a_judgement_is_made_shown_and_undone(run: Run, demo_case: Path) -> None:
    incident = as_json(run("incidents", demo_case, "--json"))[0]
    claim = incident["claims"][0]
    kept = as_json(run("judge", demo_case, claim, "reject", "--person", "layla", "--reason", "a drill", "--json"))
    everywhere = [c for i in as_json(run("incidents", demo_case, "--json")) for c in i["claims"]]
    assert claim not in everywhere
    run("judge", demo_case, kept["seq"], "undo", "--person", "layla")
    assert as_json(run("incidents", demo_case, "--json"))[0] == incident
    run("refresh", demo_case, "--again")
    assert as_json(run("incidents", demo_case, "--json"))[0] == incident


def test_merge_then_split_comes_back(run: Run, demo_case: Path) -> None:
    before = as_json(run("incidents", demo_case, "--json"))
    one, other = before[0], before[1]
    run("judge", demo_case, one["id"], "merge", other["id"], "--person", "layla")
    merged = as_json(run("incidents", demo_case, "--json"))
    together = next(i for i in merged if one["claims"][0] in i["claims"])
    assert set(other["claims"]) <= set(together["claims"])
    run("judge", demo_case, together["id"], "split", *other["claims"], "--person", "layla")
    assert {tuple(i["claims"]) for i in as_json(run("incidents", demo_case, "--json"))} == {
        tuple(i["claims"]) for i in before
    }


def test_a_stranger_and_a_reader_may_not_judge(run: Run, demo_case: Path) -> None:
    claim = as_json(run("incidents", demo_case, "--json"))[0]["claims"][0]
    assert "not an active person" in run("judge", demo_case, claim, "accept", "--person", "nobody", code=1).stderr
    run("people", demo_case, "rami", "--role", "reader")
    assert "may not accept" in run("judge", demo_case, claim, "accept", "--person", "rami", code=1).stderr
    assert "only an editor may publish" in run("publish", demo_case, demo_case / "r", "--person", "rami", code=1).stderr


def test_a_case_keeps_an_editor(run: Run, demo_case: Path) -> None:
    assert "at least one active editor" in run("people", demo_case, "layla", "--leave", code=1).stderr


def test_a_case_is_published_once_into_a_folder(run: Run, demo_case: Path, tmp_path: Path) -> None:
    run("publish", demo_case, tmp_path / "out", "--person", "layla")
    assert (tmp_path / "out" / "index.html").is_file()
    assert "not empty" in run("publish", demo_case, tmp_path / "out", "--person", "layla", code=4).stderr


def test_an_altered_exhibit_is_named(run: Run, demo_case: Path) -> None:
    blob = max((p for p in (demo_case / "vault").rglob("*") if p.is_file() and len(p.name) > 50), key=lambda p: p.name)
    blob.chmod(0o600)
    data = bytearray(blob.read_bytes())
    data[len(data) // 2] ^= 1
    blob.write_bytes(data)
    result = run("verify", demo_case, code=3)
    assert blob.name[:12] in result.output


def test_nothing_found_is_exit_1(run: Run, demo_case: Path) -> None:
    run("search", demo_case, "xyzzyplugh", code=1)
    assert run("search", demo_case, "مسكنة", "--limit", 3).output


def test_what_a_report_says_never_steers_the_terminal(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "c")
    (tmp_path / "x.html").write_text(
        "<title>\x1b[2J\u202egnp.exe\x07</title><p>Shells killed two men in Tadif on 2 April 2031.</p>",
        encoding="utf-8",
    )
    out = run("add", tmp_path / "c", tmp_path / "x.html").output + run("reports", tmp_path / "c").output
    assert not {"\x1b", "\x07", "\u202e"} & set(out)


@pytest.mark.shared
def test_the_palmyra_case(run: Run, shared: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    folder = shared / "cases" / "palmyra-2015"
    (tmp_path / "out.json").write_text(run("read", folder / "article.txt", "--json").stdout, encoding="utf-8")
    check = [sys.executable, shared / "cases" / "check.py", folder, tmp_path / "out.json"]
    told = subprocess.run(check, capture_output=True, text=True, check=True).stdout
    held = int(told.strip().splitlines()[-1].split()[0])
    assert held >= 7, told
    assert not [line for line in told.splitlines() if line.startswith(("MISSES  apart", "MISSES  pattern"))], told


def test_evidence_leaves_in_a_package_that_the_verifier_accepts(run: Run, demo_case: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    report = as_json(run("reports", demo_case, "--json"))[0]
    package = tmp_path / "for-court.zip"
    run("evidence", "export", demo_case, package, "--purpose", "a test", "--exhibit", report["exhibit"][:12])
    key = run("evidence", "key", demo_case).output.strip()
    verifier = Path(__file__).parents[2] / "tools" / "marsad_verify.py"
    checked = subprocess.run([sys.executable, verifier, package, "--key", key], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    other = key[:-6] + ("AAAAA=" if not key.endswith("AAAAA=") else "BBBBB=")
    assert subprocess.run([sys.executable, verifier, package, "--key", other], capture_output=True).returncode == 1


def test_a_witness_countersigns_and_its_answer_is_kept(run: Run, demo_case: Path, tmp_path: Path) -> None:
    from marsad.vault import Witness

    witness = tmp_path / "witness"
    their_key = str(Witness(witness, name="example.org/lawyer").verifier)
    log = run("evidence", "key", demo_case).output.strip()
    asked, answer = tmp_path / "asked", tmp_path / "answer"
    run("evidence", "witness-ask", demo_case, their_key, asked)
    run("evidence", "witness-sign", witness, asked, log, answer, "--name", "example.org/lawyer")
    assert "countersigned" in run("evidence", "witness-accept", demo_case, asked, answer, their_key).output
    answer.write_bytes(b"forged\n")
    run("evidence", "witness-accept", demo_case, asked, answer, their_key, code=3)


def test_an_erased_exhibit_leaves_its_custody_and_no_words(run: Run, demo_case: Path) -> None:
    reports = as_json(run("reports", demo_case, "--json"))
    ferry = next(r for r in reports if r["title"] and "denies shelling" in r["title"])
    run(
        "evidence",
        "erase",
        demo_case,
        ferry["exhibit"],
        "--reason",
        "court order 7",
        "--yes",
        "--person",
        "rami",
        code=1,
    )
    run("evidence", "erase", demo_case, ferry["exhibit"], "--reason", "court order 7", "--yes", "--person", "layla")
    assert "court order 7" in run("show", demo_case, ferry["id"]).output
    run("search", demo_case, "batteries", code=1)
    assert not [p for p in demo_case.rglob("*") if p.is_file() and b"batteries did not fire" in p.read_bytes()]
    run("verify", demo_case)


@pytest.mark.parametrize("table", ["ucdp_ged", "acled_like", "airwars_like", "mrm_draft"])
def test_tables_of_other_bodies_have_the_columns_of_their_dictionary(run: Run, demo_case: Path, table: str) -> None:
    import csv
    import io

    rows = list(csv.reader(io.StringIO(run("export", demo_case, table).stdout)))
    assert rows[0] == list(as_json(run("export", demo_case, table, "--dictionary", "--json")))
    assert len(rows) > 1 and {len(r) for r in rows} == {len(rows[0])}


def test_names_are_listed_approved_and_refused_by_an_editor(run: Run, demo_case: Path) -> None:
    waiting = as_json(run("names", demo_case, "--json"))
    name = next(w["name"] for w in waiting if w["what"] == "publisher")
    assert name in run("names", demo_case).output
    run("people", demo_case, "rami", "--role", "analyst")
    assert "only an editor" in run("names", demo_case, name, "--approve", "--person", "rami", code=1).stderr
    run("names", demo_case, name, "--approve", "--person", "layla")
    assert name not in {w["name"] for w in as_json(run("names", demo_case, "--json"))}
    run("names", demo_case, name, "--refuse", "--person", "layla")
    assert as_json(run("names", demo_case, "--json")) == waiting
    assert "together with" in run("names", demo_case, name, code=2).stderr


def test_a_picture_is_covered_looked_at_and_signed(run: Run, demo_case: Path, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (64, 48), "red").save(tmp_path / "wall.png")
    run("add", demo_case, tmp_path / "wall.png", "--person", "layla")
    sealed = hashlib.sha256((tmp_path / "wall.png").read_bytes()).hexdigest()
    look = run("cover", demo_case, sealed[:12], "--preview", tmp_path / "look.png", "--person", "layla")
    assert "sees no face" in look.output and Image.open(tmp_path / "look.png").size == (64, 48)
    assert "outside" in run("cover", demo_case, sealed[:12], "--box", "64,0,5,5", code=2).stderr
    assert "whole pixels" in run("cover", demo_case, sealed[:12], "--box", "a,b", code=2).stderr
    made = as_json(run("cover", demo_case, sealed[:12], "--box", "1,2,3,4", "--sign", "--person", "layla", "--json"))
    run("publish", demo_case, tmp_path / "out", "--still", made["covered"][:16], "--person", "layla")
    assert len(list((tmp_path / "out").glob("still-*.png"))) == 1
    assert (
        "signed off" in run("publish", demo_case, tmp_path / "b", "--still", sealed, "--person", "layla", code=1).stderr
    )
