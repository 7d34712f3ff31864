from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from registry.samples import NOW
from sqlalchemy import create_engine, text

from evidence.registry.database import MIGRATIONS
from evidence.registry.registry import DATABASE, Registry
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


def test_a_home_from_before_accounts_keeps_its_keys_and_lets_nobody_sign_in(home):
    home.mkdir()
    engine = create_engine(f"sqlite:///{home / DATABASE}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        row = {"name": "first", "key_sha256": "a" * 64, "added_at": NOW.isoformat()}
        connection.execute(text("INSERT INTO api_keys VALUES (:key_sha256, :name, :added_at)"), row)
    engine.dispose()
    registry = Registry.open(home)
    try:
        assert registry.api_key_name("a" * 64) == "first"
        assert [one.revoked_at for one in registry.all_api_keys()] == [None]
        assert registry.all_staff() == []
        registry.revoke_api_key("first", NOW, actor="Ada")
        assert registry.api_key_name("a" * 64) is None
    finally:
        registry.close()
