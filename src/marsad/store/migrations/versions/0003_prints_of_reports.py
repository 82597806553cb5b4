"""What linking keeps, with what tells whether a report's text is another's; it is made again by linking."""

from alembic import op

from marsad.store._linking_tables import create_linking, drop_linking

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables again, empty. This version of the linker is another, so it links everything anew."""
    drop_linking(op.get_bind())
    create_linking(op.get_bind())
