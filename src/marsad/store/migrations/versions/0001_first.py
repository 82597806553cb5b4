"""The first schema of a case."""

import sqlalchemy as sa
from alembic import op

from marsad.store._append_only import protect
from marsad.store._derived import create_derived
from marsad.store._linking_tables import create_linking
from marsad.store._search import create_search

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, the triggers that keep the logs append-only, and the search index."""

    op.create_table(
        "custody",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("exhibit", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_custody")),
        sa.UniqueConstraint("sha256", name=op.f("uq_custody_sha256")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_custody_exhibit"), "custody", ["exhibit"], unique=False)
    op.create_table(
        "exhibit",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("deposited_at", sa.Text(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_exhibit_sha256")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_exhibit_size")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_exhibit")),
        sqlite_strict=True,
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("earliest", sa.Text(), nullable=True),
        sa.Column("latest", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_incident_earliest"), "incident", ["earliest"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_person_active")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sqlite_strict=True,
    )
    op.create_table(
        "judgement",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("target_kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("others", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_judgement_person_person")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_judgement")),
        sqlite_strict=True,
    )
    op.create_index("ix_judgement_target_kind_target", "judgement", ["target_kind", "target"], unique=False)
    op.create_index("ix_judgement_person_seq", "judgement", ["person", "seq"], unique=False)
    op.create_index("ix_judgement_undoes", "judgement", ["undoes"], unique=False)
    _create_accounts()
    op.create_table(
        "report",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("exhibit", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("meta", sa.Text(), nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["exhibit"], ["exhibit.sha256"], name=op.f("fk_report_exhibit_exhibit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sqlite_strict=True,
    )
    op.create_index("ix_report_added_at_id", "report", ["added_at", "id"], unique=False)
    op.create_index(op.f("ix_report_exhibit"), "report", ["exhibit"], unique=False)
    op.create_index(op.f("ix_report_published"), "report", ["published"], unique=False)
    op.create_index(op.f("ix_report_status"), "report", ["status"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.CheckConstraint("current IN (0, 1)", name=op.f("ck_claim_current")),
        sa.ForeignKeyConstraint(["report"], ["report.id"], name=op.f("fk_claim_report_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_claim_act"), "claim", ["act"], unique=False)
    op.create_index(op.f("ix_claim_report"), "claim", ["report"], unique=False)
    op.create_table(
        "incident_claim",
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claim.id"], name=op.f("fk_incident_claim_claim_claim")),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_incident_claim_incident_incident")),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_incident_claim")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_incident_claim_incident"), "incident_claim", ["incident"], unique=False)

    op.create_table(
        "reading",
        sa.Column("exhibit", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["exhibit"], ["exhibit.sha256"], name=op.f("fk_reading_exhibit_exhibit")),
        sa.PrimaryKeyConstraint("exhibit", name=op.f("pk_reading")),
        sqlite_strict=True,
    )
    op.create_table(
        "learned",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_learned")),
        sqlite_strict=True,
    )
    op.create_table(
        "state",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_state")),
        sqlite_strict=True,
    )
    _create_work()
    connection = op.get_bind()
    for table in ("exhibit", "custody", "judgement", "audit", "note"):
        protect(connection, table)
    # What is derived may be dropped and made again by any later version, so its tables are not written out here.
    create_derived(connection)
    create_linking(connection)
    create_search(connection)


def _create_accounts() -> None:
    """How people sign in, what keeps guessing slow, and what was done with accounts."""
    op.create_table(
        "login",
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('link', 'half', 'session', 'token')", name=op.f("ck_login_kind")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_login_person_person")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_login")),
        sa.UniqueConstraint("id", name=op.f("uq_login_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_login_person"), "login", ["person"], unique=False)
    op.create_table(
        "credential",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('password', 'code', 'recovery', 'passkey', 'oidc')", name=op.f("ck_credential_kind")
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_credential_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_credential_person"), "credential", ["person"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("used_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_invitation_made_by_person")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_invitation")),
        sa.UniqueConstraint("id", name=op.f("uq_invitation_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("full_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sqlite_strict=True,
    )


def _create_work() -> None:
    """How people share the work: leases on claims, views, assignments, notes and mentions."""
    op.create_table(
        "lease",
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_lease_person_person")),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_lease")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_lease_person"), "lease", ["person"], unique=False)
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.Text(), nullable=False),
        sa.CheckConstraint("shared IN (0, 1)", name=op.f("ck_saved_view_shared")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_saved_view_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_saved_view_person"), "saved_view", ["person"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("target_kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("done_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_assignment_person_person")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_assignment_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_assignment_person"), "assignment", ["person"], unique=False)
    op.create_index(op.f("ix_assignment_target"), "assignment", ["target"], unique=False)
    op.create_table(
        "note",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("target_kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_note_person_person")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_note")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_note_target"), "note", ["target"], unique=False)
    op.create_table(
        "mention",
        sa.Column("note", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["note"], ["note.seq"], name=op.f("fk_mention_note_note")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_mention_person_person")),
        sa.PrimaryKeyConstraint("note", "person", name=op.f("pk_mention")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mention_person"), "mention", ["person"], unique=False)
