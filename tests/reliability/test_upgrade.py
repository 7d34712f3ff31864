"""Two versions of the program on one store: the newer adds to it, and the older goes on."""

from contextlib import closing

import pytest
import running
from registry.samples import item
from sqlalchemy import text

from evidence.errors import StorageError

# What a version yet to come may do while processes of this one are at work: add, with defaults.
ADDED = (
    "ALTER TABLE items ADD COLUMN shade VARCHAR DEFAULT 'none' NOT NULL",
    "CREATE TABLE shades (name VARCHAR PRIMARY KEY)",
    "CREATE INDEX ix_items_shade ON items (shade)",
    "UPDATE alembic_version SET version_num = '9999'",
)
FOR_NEWER_ONES_ALONE = ("UPDATE compatibility SET oldest = '9999'",)


def migrate(registry, statements):
    with registry._database.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def test_a_process_of_the_version_before_works_on_beside_a_newer_one(home):
    with closing(running.open_registry(home)) as older, closing(running.open_registry(home)) as new:
        older.put_item(item("before"))
        migrate(new, ADDED)
        older.put_item(item("after"))
        assert {one.item_id for one in map(older.item, ("before", "after"))} == {"before", "after"}
        with closing(running.open_registry(home)) as started_anew:
            started_anew.put_item(item("anew"))
            assert new.item("anew") == older.item("anew") == started_anew.item("anew")


def test_what_is_for_newer_ones_alone_is_not_opened(home):
    with closing(running.open_registry(home)) as new:
        migrate(new, ADDED + FOR_NEWER_ONES_ALONE)
    with pytest.raises(StorageError, match="newer version of this program"):
        running.open_registry(home)
