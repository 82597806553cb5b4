"""Alembic's entry: runs the revisions on the connection that the store hands over."""

from alembic import context

from marsad.store._tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
