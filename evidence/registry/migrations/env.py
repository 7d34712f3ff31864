"""Alembic's entry: run the migrations in the transaction that ``database.migrate`` gives."""

from alembic import context

from evidence.registry.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
