import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from registry.log_samples import fill, root_of
from registry.samples import NOW
from sqlalchemy import create_engine, text

from evidence.errors import StorageError
from evidence.registry.checkpoints import open_proof
from evidence.registry.database import MIGRATIONS
from evidence.registry.registry import Registry
from evidence.registry.signed_notes import read_verifier
from evidence.registry.stores import DATABASE
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
        assert registry.api_key("a" * 64, NOW).name == "first"
        assert [one.revoked_at for one in registry.all_api_keys()] == [None]
        assert registry.all_staff() == []
        registry.revoke_api_key("first", NOW, actor="Ada")
        assert registry.api_key("a" * 64, NOW) is None
    finally:
        registry.close()


def test_events_of_before_are_taken_into_the_log_in_their_order(home):
    leave_events(home, range(1, 601))
    registry = Registry.open(home)
    try:
        events = registry.events(after=0, limit=1000)
        assert [event.number for event in events] == list(range(1, 601))
        assert (events[6].subject_id, events[6].actor, events[6].at) == ("c7", "Zoë", NOW)
        assert events[6].body == {"b": 7, "a": "é"}
        key = read_verifier(registry.log_key())
        for entry, proof in zip(
            registry.log_entries([7, 600]), registry.log_proofs([7, 600]), strict=True
        ):
            assert open_proof(proof, entry.leaf, key)[1].root == root_of(registry, 600)
        fill(registry, 1, start=601)
        assert registry.log_size() == 601
    finally:
        registry.close()


def test_a_home_that_lost_an_event_before_is_not_taken_in(home):
    leave_events(home, [1, 2, 4])
    with pytest.raises(StorageError, match="event 3 is missing"):
        Registry.open(home)


def leave_events(home, numbers):
    """Make a home as it was before events were the log."""
    home.mkdir()
    engine = create_engine(f"sqlite:///{home / DATABASE}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
        for number in numbers:
            body = f'{{"b": {number}, "a": "é"}}'
            row = {"n": number, "at": f"{NOW:%Y-%m-%d %H:%M:%S.%f}", "id": f"c{number}", "b": body}
            connection.execute(
                text(
                    "INSERT INTO events VALUES (:n, :at, 'claim.opened', 'claim', :id, 'Zoë', :b)"
                ),
                row,
            )
    engine.dispose()
