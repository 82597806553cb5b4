"""`s.work`: how people share the queue: who holds a claim for a while, saved views, assignments, notes and mentions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ._tables import assignment, lease, mention, note, saved_view


@dataclass(frozen=True, slots=True)
class View:
    """A filtered list under a name; `shared` with everybody on the case, or its maker's alone."""

    id: int
    person: str
    name: str
    address: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote beside a claim, an incident or a report. Notes are never changed."""

    seq: int
    at: str
    person: str
    target_kind: str
    target: str
    words: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """A claim, incident or report that somebody was asked to look at."""

    id: int
    at: str
    person: str
    by: str
    target_kind: str
    target: str
    done_at: str | None = None


class Work:
    """Leases on claims, views, assignments, notes and mentions."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    # Leases

    def hold(self, claims: Iterable[str], person: str, at: str, until: str) -> list[str]:
        """Give `person` these claims until `until`, but for those that another holds at `at`; returns the given."""
        self._connection.execute(lease.delete().where(lease.c.until <= at))
        held = self.held(at)
        given = [c for c in dict.fromkeys(claims) if held.get(c, person) == person]
        if given:
            self._connection.execute(lease.delete().where(lease.c.claim.in_(given)))
            rows = [{"claim": c, "person": person, "until": until} for c in given]
            self._connection.execute(lease.insert(), rows)
        return given

    def held(self, at: str) -> dict[str, str]:
        """Claim → person, for every lease that runs at `at`."""
        rows = self._connection.execute(sa.select(lease.c.claim, lease.c.person).where(lease.c.until > at))
        return {claim: person for claim, person in rows}

    def let_go(self, person: str, claims: Collection[str] | None = None) -> int:
        """End leases of a person (those on `claims`, else all); returns how many."""
        gone = lease.delete().where(lease.c.person == person)
        gone = gone.where(lease.c.claim.in_(claims)) if claims is not None else gone
        return int(self._connection.execute(gone).rowcount)

    # Views

    def save_view(self, person: str, name: str, address: str, shared: bool, at: str) -> None:
        """Keep a view; the same name of the same person is replaced."""
        self._connection.execute(saved_view.delete().where(saved_view.c.person == person, saved_view.c.name == name))
        row = {"person": person, "name": name, "address": address, "shared": int(shared), "saved_at": at}
        self._connection.execute(saved_view.insert().values(id=self._next(saved_view.c.id), **row))

    def views(self, person: str) -> list[View]:
        """Those of a person and those that are shared, by name."""
        query = sa.select(saved_view).where(sa.or_(saved_view.c.person == person, saved_view.c.shared == 1))
        rows = self._connection.execute(query.order_by(saved_view.c.name, saved_view.c.id))
        return [View(r.id, r.person, r.name, r.address, bool(r.shared)) for r in rows]

    def drop_view(self, view: int, person: str) -> bool:
        """Remove a view of that person; False if there is none."""
        gone = saved_view.delete().where(saved_view.c.id == view, saved_view.c.person == person)
        return bool(self._connection.execute(gone).rowcount)

    # Assignments

    def assign(self, targets: Iterable[tuple[str, str]], person: str, by: str, at: str) -> int:
        """Ask `person` to look at (kind, id) targets; one that waits for them already is left. Returns how many."""
        open_ = {(a.target_kind, a.target) for a in self.assigned(person)}
        new = [t for t in dict.fromkeys(targets) if t not in open_]
        for kind, target in new:
            row = {"at": at, "person": person, "by": by, "target_kind": kind, "target": target}
            self._connection.execute(assignment.insert().values(id=self._next(assignment.c.id), **row))
        return len(new)

    def assigned(self, person: str) -> list[Assignment]:
        """What a person was asked to look at and has not done, oldest first."""
        query = sa.select(assignment).where(assignment.c.person == person, assignment.c.done_at.is_(None))
        return [Assignment(**r) for r in self._connection.execute(query.order_by(assignment.c.id)).mappings()]

    def assigned_on(self, target_kind: str, target: str) -> list[Assignment]:
        """Who was asked to look at it, done or not."""
        query = sa.select(assignment).where(assignment.c.target_kind == target_kind, assignment.c.target == target)
        return [Assignment(**r) for r in self._connection.execute(query.order_by(assignment.c.id)).mappings()]

    def finish(self, assignment_id: int, at: str, person: str) -> bool:
        """Note that the person has done it; False if it is not theirs, or was done."""
        mine = (assignment.c.id == assignment_id, assignment.c.person == person, assignment.c.done_at.is_(None))
        return bool(self._connection.execute(assignment.update().where(*mine).values(done_at=at)).rowcount)

    # Notes and mentions

    def add_note(
        self, at: str, person: str, target_kind: str, target: str, words: str, mentioned: Collection[str]
    ) -> Note:
        """Append a note; those `mentioned` find it in their list."""
        kept = Note(self._next(note.c.seq), at, person, target_kind, target, words)
        row = {"seq": kept.seq, "at": at, "person": person, "target_kind": target_kind, "target": target}
        self._connection.execute(note.insert().values(**row, words=words))
        rows = [{"note": kept.seq, "person": p} for p in dict.fromkeys(mentioned)]
        if rows:
            self._connection.execute(mention.insert(), rows)
        return kept

    def notes(self, target_kind: str, target: str) -> list[Note]:
        """The notes beside one thing, oldest first."""
        query = sa.select(note).where(note.c.target_kind == target_kind, note.c.target == target)
        return self._notes(query.order_by(note.c.seq))

    def mentions(self, person: str, limit: int = 100) -> list[tuple[Note, bool]]:
        """(note, whether it was seen) of those that mention a person, newest first."""
        query = sa.select(note, mention.c.seen_at).join(mention, mention.c.note == note.c.seq)
        query = query.where(mention.c.person == person).order_by(note.c.seq.desc()).limit(limit)
        rows = self._connection.execute(query).mappings()
        return [(Note(**{k: r[k] for k in note.c.keys()}), r["seen_at"] is not None) for r in rows]  # noqa: SIM118

    def unseen(self, person: str) -> int:
        """How many mentions a person has not seen."""
        query = sa.select(sa.func.count()).select_from(mention)
        query = query.where(mention.c.person == person, mention.c.seen_at.is_(None))
        return int(self._connection.execute(query).scalar_one())

    def see_all(self, person: str, at: str) -> None:
        """Note that a person has seen their mentions."""
        unseen = (mention.c.person == person, mention.c.seen_at.is_(None))
        self._connection.execute(mention.update().where(*unseen).values(seen_at=at))

    def _notes(self, query: sa.Select[Any]) -> list[Note]:
        return [Note(**row) for row in self._connection.execute(query).mappings()]

    def _next(self, column: sa.Column[Any]) -> int:
        return int(self._connection.execute(sa.select(sa.func.max(column))).scalar() or 0) + 1
