"""The tables of a case. Only TEXT and INTEGER, so that SQLite can hold them STRICT and PostgreSQL means the same.

Times are UTC in ISO 8601; JSON is kept as canonical text, because a database that reorders keys breaks a hash.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *columns: Column | CheckConstraint | Index) -> Table:  # type: ignore[type-arg]
    return Table(name, metadata, *columns, sqlite_strict=True)


exhibit = _table(
    "exhibit",
    Column("sha256", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("deposited_at", Text, nullable=False),
    CheckConstraint("length(sha256) = 64", name="sha256"),
    CheckConstraint("size >= 0", name="size"),
)

custody = _table(
    "custody",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("exhibit", Text, nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("sha256", Text, nullable=False, unique=True),
)

report = _table(
    "report",
    Column("id", Text, primary_key=True),
    Column("exhibit", Text, ForeignKey("exhibit.sha256"), nullable=False, index=True),
    Column("part", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text),
    Column("publisher", Text),
    Column("author", Text),
    Column("published", Text, index=True),
    Column("language", Text),
    Column("text", Text, nullable=False),
    Column("url", Text),
    Column("status", Text, nullable=False, index=True),
    Column("reason", Text),
    Column("meta", Text, nullable=False),
    Column("added_at", Text, nullable=False),
    Index("ix_report_added_at_id", "added_at", "id"),
)

reading = _table(
    "reading",
    Column("exhibit", Text, ForeignKey("exhibit.sha256"), primary_key=True),
    Column("finished_at", Text, nullable=False),
)

claim = _table(
    "claim",
    Column("id", Text, primary_key=True),
    Column("report", Text, ForeignKey("report.id"), nullable=False, index=True),
    Column("act", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("current", Integer, nullable=False),
    CheckConstraint("current IN (0, 1)", name="current"),
)

incident = _table(
    "incident",
    Column("id", Text, primary_key=True),
    Column("act", Text, nullable=False),
    Column("earliest", Text, index=True),
    Column("latest", Text),
    Column("body", Text, nullable=False),
)

incident_claim = _table(
    "incident_claim",
    Column("claim", Text, ForeignKey("claim.id"), primary_key=True),
    Column("incident", Text, ForeignKey("incident.id"), nullable=False, index=True),
)

person = _table(
    "person",
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("active", Integer, nullable=False),
    CheckConstraint("active IN (0, 1)", name="active"),
)

login = _table(
    "login",
    Column("token_sha256", Text, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("person", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("seen_at", Text),
    Column("ended_at", Text),
    CheckConstraint("kind IN ('link', 'half', 'session', 'token')", name="kind"),
)

credential = _table(
    "credential",
    Column("id", Text, primary_key=True),
    Column("person", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("counter", Integer, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("used_at", Text),
    CheckConstraint("kind IN ('password', 'code', 'recovery', 'passkey', 'oidc')", name="kind"),
)

invitation = _table(
    "invitation",
    Column("token_sha256", Text, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("made_by", Text, ForeignKey("person.id"), nullable=False),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_by", Text),
    Column("ended_at", Text),
)

throttle = _table(
    "throttle",
    Column("key", Text, primary_key=True),
    Column("full_at", Integer, nullable=False),
)

audit = _table(
    "audit",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("person", Text),
    Column("action", Text, nullable=False),
    Column("about", Text),
    Column("detail", Text, nullable=False),
)

judgement = _table(
    "judgement",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("person", Text, ForeignKey("person.id"), nullable=False),
    Column("target_kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("field", Text),
    Column("value", Text),
    Column("others", Text, nullable=False),
    Column("reason", Text),
    Column("undoes", Integer),
    Index("ix_judgement_target_kind_target", "target_kind", "target"),
    Index("ix_judgement_person_seq", "person", "seq"),
    Index("ix_judgement_undoes", "undoes"),
)

lease = _table(
    "lease",
    Column("claim", Text, primary_key=True),
    Column("person", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("until", Text, nullable=False),
)

saved_view = _table(
    "saved_view",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("person", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("shared", Integer, nullable=False),
    Column("saved_at", Text, nullable=False),
    CheckConstraint("shared IN (0, 1)", name="shared"),
)

assignment = _table(
    "assignment",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("person", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("by", Text, ForeignKey("person.id"), nullable=False),
    Column("target_kind", Text, nullable=False),
    Column("target", Text, nullable=False, index=True),
    Column("done_at", Text),
)

note = _table(
    "note",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("person", Text, ForeignKey("person.id"), nullable=False),
    Column("target_kind", Text, nullable=False),
    Column("target", Text, nullable=False, index=True),
    Column("words", Text, nullable=False),
)

mention = _table(
    "mention",
    Column("note", Integer, ForeignKey("note.seq"), primary_key=True),
    Column("person", Text, ForeignKey("person.id"), primary_key=True, index=True),
    Column("seen_at", Text),
)

learned = _table(
    "learned",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("undone_at", Text),
)
state = _table(
    "state",
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)

APPEND_ONLY = ("exhibit", "custody", "judgement", "audit", "note")
"""Tables whose rows are never changed or removed; triggers in the database refuse it."""


def begins(column: Column[str], prefix: str) -> ColumnElement[bool]:
    """Whether an id begins with `prefix`, asked so that its index answers."""
    return and_(column >= prefix, column < prefix + "\U0010ffff")
