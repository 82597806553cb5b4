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


def revision(connection: sa.Connection) -> int:
    """The number as this transaction sees it; 0 in a new case."""
    return connection.execute(sa.select(state.c.value).where(state.c.name == _NAME)).scalar() or 0
