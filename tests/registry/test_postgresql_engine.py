"""PostgreSQL keeps the same promises as SQLite, on a real server."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import stores
from registry.log_samples import fill
from registry.samples import item, photo
from sqlalchemy import insert, select, text

from evidence.errors import StorageError, StorageFullError, UnsafeStorageError
from evidence.registry.database import Database
from evidence.registry.log_key import LogIdentity, write_key
from evidence.registry.postgresql_engine import refuse_unsafe
from evidence.registry.registry import Registry
from evidence.registry.stores import Stores
from evidence.registry.tables import probes

SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


@pytest.fixture
def url():
    return stores.new_database()


@pytest.fixture
def database(url):
    with closing(Database.connect(url)) as database:
        yield database


def change(connection, number=1):
    connection.execute(insert(probes).values(probe_id=number, count=number))


def counts(database):
    with database.reading() as connection:
        return list(connection.scalars(select(probes.c.count).order_by(probes.c.count)))


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_setting_that_loses_commits_is_refused_in_one_line(name):
    refuse_unsafe(SAFE, 180000)
    with pytest.raises(UnsafeStorageError, match=f"{name}=off") as caught:
        refuse_unsafe(SAFE | {name: "off"}, 180000)
    assert "\n" not in str(caught.value)


def test_a_server_that_nobody_mends_is_refused():
    with pytest.raises(UnsafeStorageError, match="14 or newer"):
        refuse_unsafe(SAFE, 130010)


@pytest.mark.parametrize("name", ["fsync", "full_page_writes"])
def test_a_server_that_was_set_so_is_not_opened(url, name):
    stores.tell(f"ALTER SYSTEM SET {name} = off")
    try:
        stores.reload_settings(name, "off")
        with pytest.raises(UnsafeStorageError, match=name):
            Database.connect(url)
    finally:
        stores.tell(f"ALTER SYSTEM RESET {name}")
        stores.reload_settings(name, "on")
    Database.connect(url).close()


def test_a_database_that_was_set_so_is_not_opened(url):
    stores.tell(f"ALTER DATABASE {stores.name_of(url)} SET synchronous_commit = off")
    with pytest.raises(UnsafeStorageError, match="synchronous_commit"):
        Database.connect(url)


def test_text_that_is_not_unicode_is_refused():
    stores.tell("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    with pytest.raises(UnsafeStorageError, match="SQL_ASCII"):
        Database.connect(stores.address("ascii"))


@pytest.mark.parametrize(
    "url", ["postgresql://127.0.0.1:1/none", "mysql://x/y", "nonsense", "postgresql://h:port/x"]
)
def test_an_address_that_cannot_be_used_is_told_without_its_password(url):
    with pytest.raises(StorageError) as caught:
        Database.connect(url.replace("//", "//me:secret@"))
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_writes_at_a_time_and_sees_what_the_other_wrote(url, database):
    began = threading.Event()
    with closing(Database.connect(url)) as other, ThreadPoolExecutor(1) as pool:

        def write():
            began.set()
            with other.writing() as connection:
                seen = list(connection.scalars(select(probes.c.count)))
                change(connection, 2)
            return seen

        with database.writing() as connection:
            later = pool.submit(write)
            began.wait(10)
            with pytest.raises(TimeoutError):
                later.result(timeout=0.3)
            change(connection, 1)
        assert later.result(timeout=10) == [1]
    assert counts(database) == [1, 2]


def test_a_view_does_not_change_and_changes_nothing(database):
    with database.reading() as connection:
        assert connection.scalars(select(probes.c.count)).all() == []
        with database.writing() as writer:
            change(writer)
        assert connection.scalars(select(probes.c.count)).all() == []
    with pytest.raises(StorageError), database.reading() as connection:
        change(connection, 2)
    assert counts(database) == [1]


def end_connections(url):
    stores.tell(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{stores.name_of(url)}'"
    )


def test_a_connection_that_was_lost_is_made_anew(url, database):
    assert counts(database) == []
    end_connections(url)
    assert counts(database) == []

    def lose():
        with database.writing() as connection:
            change(connection, 1)
            end_connections(url)
            change(connection, 2)

    with pytest.raises(StorageError):
        lose()
    with database.writing() as connection:
        change(connection, 3)
    assert counts(database) == [3]


def test_a_full_disk_is_told_as_one(database):
    full = text("DO $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$")
    with pytest.raises(StorageFullError), database.writing() as connection:
        connection.execute(full)


def test_two_that_start_at_once_make_the_tables_once():
    stores.tell("CREATE DATABASE empty TEMPLATE template0")
    url, together = stores.address("empty"), threading.Barrier(2)

    def start():
        together.wait(10)
        Database.connect(url).close()

    with ThreadPoolExecutor(2) as pool:
        for started in [pool.submit(start) for _ in range(2)]:
            started.result(timeout=60)
    with closing(Database.connect(url)) as database:
        assert counts(database) == []


def test_every_text_compares_by_its_bytes_and_every_number_is_wide(database):
    unfit = text(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name <> 'alembic_version' AND "
        "(data_type = 'integer' OR "
        "(data_type IN ('character varying', 'text') AND collation_name IS DISTINCT FROM 'C'))"
    )
    with database.reading() as connection:
        assert connection.execute(unfit).all() == []


@pytest.fixture
def opened(tmp_path):
    """Return a function that opens a registry in the given home, on the same servers."""
    servers = stores.new_stores()
    return lambda home, key=None: Registry.open(
        tmp_path / home, stores=servers, log=LogIdentity(key)
    )


def test_lists_are_in_the_order_of_code_points(opened):
    names = ["a", "B", "é", "日", "Z", "_", "a-b", "ab"]
    with closing(opened("one", write_key(None))) as registry:
        for name in names:
            registry.put_item(item(name))
        page = registry.items_page(order_id=None, sealed=None, after="B", limit=9)
    assert [one.item_id for one in page] == sorted(names)[1:]


def test_what_no_column_can_take_is_misuse_and_large_numbers_are_none(opened):
    with closing(opened("one", write_key(None))) as registry:
        with pytest.raises(ValueError, match="cannot take"):
            registry.put_item(item("nul\0"))
        assert registry.events(after=2**63 - 1, limit=1) == []
        assert registry.keep_loose_photo(photo(b"one"), b"one", b"r")


def test_replicas_sign_with_one_key_that_is_set_and_another_is_refused(opened):
    with pytest.raises(StorageError, match="set EVIDENCE_LOG_KEY"):
        opened("one")
    key = write_key("shop.example/log")
    with closing(opened("one", key)) as one, closing(opened("two", key)) as two:
        fill(one, 3)
        fill(two, 3, start=4)
        assert (one.log_size(), one.log_key()) == (6, two.log_key())
        two.sign_log()
        one.sign_log()
    with pytest.raises(StorageError, match="not that of this home"):
        opened("three", write_key("shop.example/log"))


def test_a_server_without_rows_of_another_version_is_refused(url):
    with closing(Database.connect(url)) as database, database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE compatibility SET oldest = '9998'"))
    with pytest.raises(StorageError, match="update the program"):
        Stores(url).open_database(None)
