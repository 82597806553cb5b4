"""Opening the database: durable settings for SQLite, and the migration to the schema of this version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ..errors import CaseError

WRITE = "marsad_write"
HEAD = "0001"
"""The newest migration; a database that is at it is opened without loading Alembic."""


def open_engine(url: str) -> sa.Engine:
    """An engine for `url` (sqlite:///… or postgresql+pg8000://…), with one writer at a time on SQLite."""
    engine = sa.create_engine(url, future=True)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _configure_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


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


def _begin_sqlite(connection: sa.Connection) -> None:
    write = connection.get_execution_options().get(WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
