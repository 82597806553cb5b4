"""Faults put into a case one by one: each is named, or nothing is lost by it. None is silent.

The table in docs/explanation/faults.md is what this run found; `MARSAD_WRITE_DOCS=1 pytest tests/vault/test_faults.py`
writes it.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from marsad.errors import MarsadError
from marsad.store import Store
from marsad.vault import Parcel, Vault

from .conftest import deposit

DOCS = Path(__file__).parents[2] / "docs" / "explanation" / "faults.md"
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"
CHANCE = random.Random(5)
COUNT = 270


@dataclass
class Case:
    folder: Path
    sha256: str

    @property
    def database(self) -> Path:
        return self.folder / "case.sqlite"

    @property
    def blob(self) -> Path:
        return self.folder / "vault" / "blobs" / "sha256" / self.sha256[:2] / self.sha256

    @property
    def log(self) -> Path:
        return self.folder / "vault" / "log"

    def open(self) -> Vault:
        return Vault(Store.open(f"sqlite:///{self.database}"), self.folder / "vault", person="amal")

    def sql(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.database)) as connection:
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)
            for _, create in triggers:
                connection.execute(create)
            connection.commit()


def flip(path: Path, at: int | None = None) -> None:
    data = bytearray(path.read_bytes())
    data[CHANCE.randrange(len(data)) if at is None else at] ^= 1
    write(path, data)


def write(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def restore_older(case: Case) -> None:
    with closing(sqlite3.connect(case.database)) as source, closing(sqlite3.connect(case.folder / "old")) as target:
        source.backup(target)
    vault = case.open()
    deposit(vault, b"since then")
    vault._store.close()
    for left in case.folder.glob("case.sqlite*"):
        left.unlink()
    (case.folder / "old").rename(case.database)


def lose_write_ahead_log(case: Case) -> None:
    vault = case.open()
    deposit(vault, b"in the write-ahead log only")
    kept = case.database.read_bytes()
    vault._store.close()
    for left in case.folder.glob("case.sqlite*"):
        left.unlink()
    case.database.write_bytes(kept)


Fault = Callable[[Case], object]
FAULTS: list[tuple[str, Fault, str]] = []


def fault(name: str, expected: str) -> Callable[[Fault], Fault]:
    """Enter a fault, with the kind of finding that must name it ('nothing lost' where none should)."""

    def enter(function: Fault) -> Fault:
        FAULTS.append((name, function, expected))
        return function

    return enter


@fault("One bit of an exhibit's bytes flips", "altered")
def _(c: Case) -> None:
    flip(c.blob)


@fault("An exhibit's bytes are cut short", "altered")
def _(c: Case) -> None:
    write(c.blob, c.blob.read_bytes()[:-1])


@fault("An exhibit's bytes are gone", "missing")
def _(c: Case) -> None:
    c.blob.unlink()


@fault("An exhibit's bytes are replaced by a link to a copy", "unreadable")
def _(c: Case) -> None:
    shutil.move(c.blob, c.folder / "elsewhere")
    c.blob.symlink_to(c.folder / "elsewhere")


@fault("A file is planted among the exhibits", "unknown_file")
def _(c: Case) -> None:
    c.blob.with_name("0" * 64).write_bytes(b"planted")


@fault("An exhibit's row is altered", "row_altered")
def _(c: Case) -> None:
    c.sql(f"UPDATE exhibit SET name = 'x' WHERE sha256 = '{c.sha256}'")


@fault("An exhibit's row is deleted", "exhibit_row_missing")
def _(c: Case) -> None:
    c.sql(f"DELETE FROM exhibit WHERE sha256 = '{c.sha256}'")


@fault("A custody event is altered", "chain")
def _(c: Case) -> None:
    c.sql("UPDATE custody SET person = 'x' WHERE seq = 5")


@fault("A custody event is deleted", "chain")
def _(c: Case) -> None:
    c.sql("DELETE FROM custody WHERE seq = 5")


@fault("The last custody events are deleted", "events_missing")
def _(c: Case) -> None:
    c.sql("DELETE FROM custody WHERE seq > 260")


@fault("Two custody events are exchanged", "chain")
def _(c: Case) -> None:
    c.sql("UPDATE custody SET seq = -seq WHERE seq IN (5, 6)", "UPDATE custody SET seq = 11 + seq WHERE seq < 0")


@fault("A guard of the database is taken off", "database")
def _(c: Case) -> None:
    with closing(sqlite3.connect(c.database)) as connection:
        connection.execute("DROP TRIGGER custody_no_delete")


@fault("The database is cut in half", "raised")
def _(c: Case) -> None:
    write(c.database, c.database.read_bytes()[: c.database.stat().st_size // 2])


@fault("The database's first page is overwritten", "raised")
def _(c: Case) -> None:
    write(c.database, bytes(4096) + c.database.read_bytes()[4096:])


@fault("An older copy of the database is put back", "events_missing")
def _(c: Case) -> None:
    restore_older(c)


@fault("The database's write-ahead log is lost", "events_missing")
def _(c: Case) -> None:
    lose_write_ahead_log(c)


@fault("One bit of the checkpoint flips", "checkpoint")
def _(c: Case) -> None:
    flip(c.log / "checkpoint", 0)


@fault("The checkpoint is gone", "checkpoint")
def _(c: Case) -> None:
    (c.log / "checkpoint").unlink()


@fault("The log's public key is altered", "checkpoint")
def _(c: Case) -> None:
    flip(c.log / "vkeys", 0)


@fault("One bit of a full tile flips", "tile_altered")
def _(c: Case) -> None:
    flip(c.log / "tile" / "0" / "000")


@fault("One bit of a bundle of entries flips", "tile_altered")
def _(c: Case) -> None:
    flip(c.log / "tile" / "entries" / "000")


@fault("One bit of a partial tile flips", "tile_altered")
def _(c: Case) -> None:
    flip(next((c.log / "tile" / "0").glob("*.p/*")))


@fault("A full tile is gone", "tile_missing")
def _(c: Case) -> None:
    (c.log / "tile" / "0" / "000").unlink()


@fault("Partial tiles are cut off (power loss)", "nothing lost")
def _(c: Case) -> None:
    for path in c.log.rglob("*.p/*"):
        write(path, b"")


@fault("The whole log is gone", "log_missing")
def _(c: Case) -> None:
    shutil.rmtree(c.log)


@fault("The signing key is gone", "nothing lost")
def _(c: Case) -> None:
    (c.folder / "keys" / "log.key").unlink()


@fault("A half-written file is left by a crash", "nothing lost")
def _(c: Case) -> None:
    (c.folder / "vault" / "tmp" / "1-dead").write_bytes(b"half")


@fault("Bytes are left in place without custody by a crash", "nothing lost")
def _(c: Case) -> None:
    digest = hashlib.sha256(b"orphan").hexdigest()
    (c.folder / "vault" / "blobs" / "sha256" / digest[:2] / digest).write_bytes(b"orphan")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A case of 270 exhibits, so that the log has full tiles and partial ones."""
    case = Case(tmp_path_factory.mktemp("whole") / "case", "")
    case.folder.mkdir()
    vault = case.open()
    for _, done in vault.deposit_all(Parcel(b"exhibit %d" % n, "n", "test", "file") for n in range(COUNT)):
        case.sha256 = done.exhibit.sha256  # type: ignore[union-attr]
    assert vault.verify().ok
    vault._store.close()
    return case


def suffer(whole: Case, folder: Path, inject: Fault) -> tuple[str, str]:
    """(kind, message) of what verification says first: 'nothing lost' if it finds all that was acknowledged."""
    shutil.copytree(whole.folder, folder)
    case = Case(folder, whole.sha256)
    inject(case)
    try:
        result = case.open().verify()
    except MarsadError as error:
        return "raised", str(error)
    except Exception as error:  # noqa: BLE001 - whatever the database's library raises is not silent
        return "raised", f"{type(error).__name__}: {error}".splitlines()[0]
    if result.ok:
        assert result.exhibits >= COUNT
        return "nothing lost", "; ".join(sorted({n.message for n in result.notes}))
    return result.problems[0].kind, result.problems[0].message


def test_every_fault_is_named_or_loses_nothing(whole: Case, tmp_path: Path):
    rows = []
    for number, (name, inject, expected) in enumerate(FAULTS):
        kind, message = suffer(whole, tmp_path / str(number), inject)
        assert kind == expected, f"{name}: {kind}: {message}"
        # What is random in each case (its log's name and key) is left out.
        said = re.sub(r"(arsad/)[0-9a-f]{16}[^']*", r"\1…", message)
        said = re.sub(r"\b([0-9a-f]{8})[0-9a-f]{56}\b", r"\1…", said)
        said = said.replace(str(tmp_path / str(number)), "CASE")
        rows.append(f"| {name} | {'named' if kind != 'nothing lost' else 'nothing lost'} | {said or 'all verifies'} |")
        shutil.rmtree(tmp_path / str(number))
    table = "\n".join(["| fault | outcome | what `marsad verify` says first |", "| --- | --- | --- |", *rows])
    page = DOCS.read_text(encoding="utf-8") if DOCS.exists() else f"{BEGIN}\n{END}\n"
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = f"{before}{BEGIN}\n{table}\n{END}{after}"
    if os.environ.get("MARSAD_WRITE_DOCS"):
        DOCS.write_text(wanted, encoding="utf-8")
    assert page == wanted, "docs/explanation/faults.md is not what this run found: run it with MARSAD_WRITE_DOCS=1"


@pytest.mark.parametrize("seed", range(25))
def test_random_bytes_of_the_database_are_found_or_harmless(whole: Case, tmp_path: Path, seed: int):
    chance = random.Random(seed)

    def inject(case: Case) -> None:
        data = bytearray(case.database.read_bytes())
        for _ in range(chance.choice([1, 1, 8])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        case.database.write_bytes(data)

    # `suffer` itself asserts that what is called sound holds every exhibit, and each is hashed over its words.
    kind, message = suffer(whole, tmp_path / "case", inject)
    assert kind == "nothing lost" or message
