"""Triggers that refuse UPDATE and DELETE. An Alembic batch migration drops them: call `protect` again after one."""

from __future__ import annotations

import sqlalchemy as sa

_SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_no_{action} BEFORE {action} ON "{table}"
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""

_POSTGRES_FUNCTION = """CREATE OR REPLACE FUNCTION marsad_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"""

_POSTGRES = """CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION marsad_append_only()"""


def protect(connection: sa.Connection, table: str) -> None:
    """Make `table` append-only, on either engine."""
    if connection.dialect.name == "sqlite":
        for action in ("update", "delete"):
            connection.exec_driver_sql(_SQLITE.format(table=table, action=action))
    else:
        connection.exec_driver_sql(_POSTGRES_FUNCTION.replace("%%", "%"))
        connection.exec_driver_sql(_POSTGRES.format(table=table))


def unprotected(connection: sa.Connection, tables: tuple[str, ...]) -> list[str]:
    """Those of `tables` whose triggers are missing; a healthy case has none."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {row[0] for row in rows}
        return [t for t in tables if not {f"{t}_no_update", f"{t}_no_delete"} <= names]
    rows = connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
    names = {row[0] for row in rows}
    return [t for t in tables if f"{t}_no_change" not in names]
