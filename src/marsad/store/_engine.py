"""Opening the database: durable settings for SQLite, and the migration to the schema of this version."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ..errors import CaseError

WRITE, READ_ONLY = "marsad_write", "marsad_read_only"
HEAD = "0003"
"""The newest migration; a database that is at it is opened without loading Alembic."""


def open_engine(url: str) -> sa.Engine:
    """An engine for `url` (sqlite:///… or postgresql+pg8000://…), with one writer at a time on SQLite."""
    engine = sa.create_engine(url, future=True)
    if engine.dialect.name != "sqlite":
        return engine
    path = Path(engine.url.database or "")
    sa.event.listen(engine, "handle_error", _explain)
    if path.is_file() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        engine = _read_only(path)
    else:
        sa.event.listen(engine, "connect", _configure_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _read_only(path: Path) -> sa.Engine:
    """An engine for a database on media that cannot be written, where SQLite can make no file beside it."""
    beside = path.with_name(f"{path.name}-wal")
    if beside.exists() and beside.stat().st_size:
        raise CaseError(
            f"{path}: this copy was made while the case was open ({beside.name} lies beside it), so it cannot be read "
            "where it cannot be written. Copy the folder to a disk that can be written, and open it there."
        )
    address = f"{path.resolve().as_uri()}?immutable=1"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection

    return sa.create_engine("sqlite://", creator=connect, poolclass=sa.pool.QueuePool).execution_options(
        **{READ_ONLY: str(path)}
    )


def snapshot(engine: sa.Engine, target: Path) -> str:
    """See `Store.snapshot`."""
    if engine.dialect.name != "sqlite":
        _dump(engine.url, target)
        return engine.dialect.name
    source = engine.raw_connection()
    try:
        with contextlib.closing(sqlite3.connect(target)) as copy:
            source.driver_connection.backup(copy)  # type: ignore[union-attr]
            # One file, which can be opened where nothing can be written beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        source.close()
    return engine.dialect.name


def _dump(url: sa.URL, target: Path) -> None:
    """What `pg_dump` writes of a PostgreSQL database, which is consistent by itself."""
    address = url.set(drivername="postgresql", password=None).render_as_string()
    command = ["pg_dump", "--format=custom", f"--file={target}", f"--dbname={address}"]
    # In the environment and not on the command line, where every user of the machine could read it.
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except OSError as error:
        raise CaseError(
            f"{address}: a PostgreSQL case is copied by 'pg_dump', which cannot be run ({error.strerror}). Install "
            "PostgreSQL's client programs of the server's version."
        ) from error
    if done.returncode:
        raise CaseError(f"{address}: pg_dump failed: {done.stderr.strip()[:500]}")


def migrate(engine: sa.Engine) -> None:
    """Bring the database to this version's schema. Raises CaseError if a later version of Marsad made it."""
    try:
        if _version(engine) == HEAD:
            return
    except sa.exc.DatabaseError as error:
        raise CaseError(
            f"{engine.url.database}: the case database cannot be read ({error.orig}). "
            "Keep the folder as it is and restore the database from a backup; the vault's bytes are not touched."
        ) from error
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise CaseError(
                f"{engine.url.database}: this case was made by a later version of Marsad ({error}). "
                "Update Marsad, or open it with the version that made it."
            ) from error
        connection.commit()


def _version(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def _configure_sqlite(connection: Any, _record: object) -> None:
    # SQLAlchemy's own BEGIN is deferred, which loses the race for the write lock; ours is issued in _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout = 60000",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "fullfsync = ON",
        "trusted_schema = OFF",
        "cache_size = -65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _explain(context: sa.engine.ExceptionContext) -> None:
    """Faults of the disk, in words: SQLite's own name neither the file nor what to do."""
    code = getattr(context.original_exception, "sqlite_errorcode", 0) & 0xFF
    if code in _FAULTS and context.engine is not None:
        raise CaseError(f"{context.engine.url.database}: {_FAULTS[code]}") from context.original_exception


_FAULTS = {
    sqlite3.SQLITE_FULL: "the disk is full. Free some space on it and do the same again: it goes on, and nothing that "
    "was kept is lost.",
    sqlite3.SQLITE_IOERR: "the disk does not answer as it should. Copy the case's folder to another disk, and run "
    "marsad verify on the copy.",
    sqlite3.SQLITE_READONLY: "it can no longer be written (its permissions changed, or the disk is read-only now).",
}


def _begin_sqlite(connection: sa.Connection) -> None:
    write = connection.get_execution_options().get(WRITE)
    if write and (path := connection.get_execution_options().get(READ_ONLY)):
        raise CaseError(
            f"{path}: this cannot be written here (read-only media, or not your file). What reads works; to change the "
            "case, copy its folder to a disk that can be written."
        )
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
