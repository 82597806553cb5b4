"""A number that grows with every change to reports, claims, incidents, people or judgements, so that what is computed
from them can be kept until it does."""

from __future__ import annotations

import sqlalchemy as sa

from ._tables import state

_NAME = "revision"


def bump(connection: sa.Connection) -> None:
    """Note that something changed, in the transaction that changes it."""
    changed = connection.execute(state.update().where(state.c.name == _NAME).values(value=state.c.value + 1))
    if not changed.rowcount:
        connection.execute(state.insert().values(name=_NAME, value=1))


def kept(connection: sa.Connection, name: str) -> int | None:
    """A number kept under a name; None where there is none."""
    return connection.execute(sa.select(state.c.value).where(state.c.name == name)).scalar()


def keep(connection: sa.Connection, name: str, value: int) -> None:
    """Keep a number under a name."""
    changed = connection.execute(state.update().where(state.c.name == name).values(value=value))
    if not changed.rowcount:
        connection.execute(state.insert().values(name=name, value=value))


def revision(connection: sa.Connection) -> int:
    """The number as this transaction sees it; 0 in a new case."""
    return connection.execute(sa.select(state.c.value).where(state.c.name == _NAME)).scalar() or 0
