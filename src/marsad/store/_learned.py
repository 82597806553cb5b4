"""`s.learned`: the linker's weights that people of this case had learned, each with its card; the last one stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ._state import bump
from ._tables import learned


class Learned:
    """Weights learned in this case, a pile: what is laid on it last is used, until it is taken off."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def current(self) -> dict[str, Any] | None:
        """The weights and card that stand, in the form of weights.json; None where the shipped ones do."""
        query = sa.select(learned.c.body).where(learned.c.undone_at.is_(None)).order_by(learned.c.seq.desc()).limit(1)
        body = self._connection.execute(query).scalar()
        found: dict[str, Any] | None = json.loads(body) if body is not None else None
        return found

    def put(self, body: Mapping[str, Any], person: str, at: str) -> int:
        """Let these stand from now on; returns their number."""
        seq = int(self._connection.execute(sa.select(sa.func.max(learned.c.seq))).scalar() or 0) + 1
        text = json.dumps(body, ensure_ascii=False, sort_keys=True)
        self._connection.execute(learned.insert().values(seq=seq, at=at, person=person, body=text))
        bump(self._connection)
        return seq

    def undo(self, at: str) -> int | None:
        """Let those before the last stand again; returns the number of the last, None where none stood."""
        query = sa.select(sa.func.max(learned.c.seq)).where(learned.c.undone_at.is_(None))
        seq = self._connection.execute(query).scalar()
        if seq is None:
            return None
        self._connection.execute(learned.update().where(learned.c.seq == seq).values(undone_at=at))
        bump(self._connection)
        return int(seq)
