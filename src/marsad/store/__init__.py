"""The case database: one door, `Store`. Everything is read and written inside a transaction that it opens.

store = Store.open("sqlite:////cases/aleppo/case.sqlite")
with store.write() as s:
    s.reports.add(report, at="2031-03-02T10:00:00+00:00")
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa

from ..model import Claim, Exhibit, Incident, Report
from ._accounts import Credential, Credentials, Invitation, Invitations, Login, Logins, Throttle
from ._append_only import unprotected
from ._audit import Audit, AuditEntry
from ._claims import Claims, Incidents
from ._engine import WRITE, migrate, open_engine, snapshot
from ._evidence import Custody, Exhibits
from ._learned import Learned
from ._linking import Linking
from ._linking_tables import LinkClaim, LinkReport, LinkTelling
from ._marks import Filter, Marks
from ._overview import Overview, Sum, WaitingRow
from ._people import Judgements, People
from ._reports import Reports
from ._search import MOST_FOUND, Hit, Search, query_words
from ._state import keep, kept, revision
from ._tables import APPEND_ONLY
from ._work import Assignment, Note, View, Work

__all__ = [
    "MOST_FOUND",
    "Assignment",
    "AuditEntry",
    "Credential",
    "Filter",
    "Hit",
    "Invitation",
    "LinkClaim",
    "LinkReport",
    "LinkTelling",
    "Login",
    "Note",
    "Session",
    "Store",
    "Sum",
    "View",
    "WaitingRow",
    "query_words",
]


class Session:
    """One transaction over the case, by its parts: `s.exhibits`, `s.custody`, `s.reports`, …"""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    @property
    def revision(self) -> int:
        """A number that grows with every change to reports, claims, incidents or judgements."""
        return revision(self._connection)

    def state(self, name: str) -> int | None:
        """A number that a room keeps under a name of its own; None where there is none."""
        return kept(self._connection, name)

    def set_state(self, name: str, value: int) -> None:
        """Keep a number under a name."""
        keep(self._connection, name, value)

    def find(self, prefix: str) -> list[Incident | Claim | Report | Exhibit]:
        """Whatever has an id that is `prefix`, else begins with it (at most 20 of each kind)."""
        rooms = (self.incidents, self.claims, self.reports, self.exhibits)
        exact = [found for room in rooms if (found := room.get(prefix)) is not None]
        return exact or [found for room in rooms for found in room.find(prefix)]

    @cached_property
    def exhibits(self) -> Exhibits:
        """Exhibits."""
        return Exhibits(self._connection)

    @cached_property
    def custody(self) -> Custody:
        """Custody events."""
        return Custody(self._connection)

    @cached_property
    def reports(self) -> Reports:
        """Reports."""
        return Reports(self._connection)

    @cached_property
    def claims(self) -> Claims:
        """Claims."""
        return Claims(self._connection)

    @cached_property
    def incidents(self) -> Incidents:
        """Incidents."""
        return Incidents(self._connection)

    @cached_property
    def linking(self) -> Linking:
        """What linking keeps."""
        return Linking(self._connection)

    @cached_property
    def learned(self) -> Learned:
        """Weights of the linker that were learned in this case."""
        return Learned(self._connection)

    @cached_property
    def people(self) -> People:
        """People."""
        return People(self._connection)

    @cached_property
    def logins(self) -> Logins:
        """Links, sessions and tokens of the desk."""
        return Logins(self._connection)

    @cached_property
    def credentials(self) -> Credentials:
        """What people sign in with."""
        return Credentials(self._connection)

    @cached_property
    def invitations(self) -> Invitations:
        """Invitations to the case."""
        return Invitations(self._connection)

    @cached_property
    def throttle(self) -> Throttle:
        """What keeps guessing slow."""
        return Throttle(self._connection)

    @cached_property
    def audit(self) -> Audit:
        """What was done with accounts."""
        return Audit(self._connection)

    @cached_property
    def judgements(self) -> Judgements:
        """Judgements."""
        return Judgements(self._connection)

    @cached_property
    def marks(self) -> Marks:
        """Labels of things, with how many have each."""
        return Marks(self._connection)

    @cached_property
    def overview(self) -> Overview:
        """What lists, queue and sums show."""
        return Overview(self._connection)

    @cached_property
    def work(self) -> Work:
        """How people share the work."""
        return Work(self._connection)

    @cached_property
    def search(self) -> Search:
        """Full-text search."""
        return Search(self._connection)


class Store:
    """A case's database, on SQLite or PostgreSQL."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        # SQLite lets waiting writers try again after a sleep, in no order; threads of one process take turns.
        self.turn: AbstractContextManager[object] = (
            threading.RLock() if engine.dialect.name == "sqlite" else nullcontext()
        )
        """Held by whom in this process it is to write; also by who waits for another process that writes for it."""

    @classmethod
    def open(cls, url: str) -> Store:
        """Open (make, migrate) the database at an SQLAlchemy URL. Raises CaseError if it is of a later version."""
        engine = open_engine(url)
        migrate(engine)
        return cls(engine)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A write transaction: committed at the end, rolled back on any exception. One writer at a time on SQLite."""
        with self.turn, self._engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            if connection.dialect.name != "sqlite":
                # Sequence numbers and the custody chain need one writer at a time here too.
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7241)")
            yield Session(connection)

    @contextmanager
    def rehearse(self) -> Iterator[Session]:
        """A write transaction that is always rolled back: to see what a change would do."""
        with self.turn, self._engine.connect().execution_options(**{WRITE: True}) as connection:
            rehearsal = connection.begin()
            try:
                yield Session(connection)
            finally:
                rehearsal.rollback()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A read transaction: one consistent view."""
        with self._engine.connect() as connection, connection.begin():
            yield Session(connection)

    def faults(self) -> list[str]:
        """What is wrong with the database itself (integrity, missing triggers), in plain words; empty when sound."""
        faults: list[str] = []
        with self._engine.connect() as connection, connection.begin():
            if connection.dialect.name == "sqlite":
                rows = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
                faults += [f"database: {row}" for row in rows if row != "ok"]
            missing = unprotected(connection, APPEND_ONLY)
            faults += [f"database: the append-only guard of table '{table}' is missing" for table in missing]
        return faults

    def snapshot(self, target: Path) -> str:
        """Copy the database, as it is at one moment, into the new file `target`; others may go on writing.

        Returns 'sqlite' where it is an SQLite file, 'postgresql' where it is what `pg_dump` writes in its custom
        format. Raises CaseError if that fails.
        """
        return snapshot(self._engine, target)

    def compact(self) -> None:
        """Rewrite the database without what was removed from it, so that no page on the disk still holds it."""
        if self._engine.dialect.name != "sqlite":
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM FULL")
            return
        # Straight to the driver: a transaction of ours must not be open.
        raw = self._engine.raw_connection()
        try:
            cursor = raw.cursor()
            for statement in (
                "INSERT INTO search(search) VALUES('optimize')",
                "VACUUM",
                "PRAGMA wal_checkpoint(TRUNCATE)",
            ):
                cursor.execute(statement)
        finally:
            raw.close()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
