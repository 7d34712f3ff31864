from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from evidence.registry.database import MIGRATIONS
from evidence.registry.tables import metadata


def test_the_migrations_end_at_the_tables(registry):
    with registry._database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_are_one_line(registry):
    script = ScriptDirectory(MIGRATIONS)
    assert len(script.get_heads()) == 1
    with registry._database.reading() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == script.get_current_head()
