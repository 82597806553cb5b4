"""A vault over a real SQLite case, in a temporary folder."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from marsad.store import Store
from marsad.vault import Vault


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """In memory where that is to be had: a sync costs a disk milliseconds, and none of these tests cuts the power."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="marsad-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty case, made once: migrating takes longer than most of these tests."""
    path = tmp_path_factory.mktemp("migrated") / "case.sqlite"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def open_vault(tmp_path: Path, migrated: Path) -> Iterator[Callable[..., Vault]]:
    """Opens the test's vault, as another process would: a new engine, the same folder."""
    stores: list[Store] = []
    shutil.copy(migrated, tmp_path / "case.sqlite")

    def opened(**options: object) -> Vault:
        store = Store.open(f"sqlite:///{tmp_path / 'case.sqlite'}")
        stores.append(store)
        return Vault(store, tmp_path / "vault", **{"person": "amal", **options})

    yield opened
    for store in stores:
        store.close()


@pytest.fixture
def vault(open_vault: Callable[..., Vault]) -> Vault:
    return open_vault()


@pytest.fixture
def tamper(tmp_path: Path) -> Callable[..., None]:
    """Runs SQL as someone with the database file would, who takes the triggers off first and puts them back."""

    def run(sql: str, *values: object) -> None:
        with closing(sqlite3.connect(tmp_path / "case.sqlite")) as connection:
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute(sql, values)
            for _, create in triggers:
                connection.execute(create)
            connection.commit()

    return run


def blob(vault: Vault, sha256: str) -> Path:
    return vault.folder / "blobs" / "sha256" / sha256[:2] / sha256


def deposit(vault: Vault, content: bytes, name: str = "note.txt"):
    return vault.deposit(content, name=name, source=f"/field/{name}", method="file")
