import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pysqlite3.dbapi2
import pytest
from sqlalchemy import insert, select, text

from evidence.errors import StorageError, UnsafeStorageError
from evidence.registry.database import Database
from evidence.registry.sqlite_engine import refuse_unsafe
from evidence.registry.tables import probes


@pytest.fixture
def path(tmp_path):
    return tmp_path / "rows.sqlite3"


@pytest.fixture
def database(path):
    with closing(Database.open(path)) as database:
        yield database


def counts(database):
    with database.reading() as connection:
        return list(connection.scalars(select(probes.c.count)))


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 51, 2)], ids=str)
def test_refuses_a_sqlite_that_can_corrupt_its_log(version):
    with pytest.raises(UnsafeStorageError, match="install pysqlite3") as caught:
        refuse_unsafe(version, journal="wal", synchronous=2)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 4), (4, 0, 0)], ids=str)
@pytest.mark.parametrize("synchronous", [2, 3])
def test_takes_a_safe_sqlite(version, synchronous):
    refuse_unsafe(version, journal="wal", synchronous=synchronous)


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
def test_does_not_open_with_a_setting_that_loses_commits(path, synchronous):
    with pytest.raises(UnsafeStorageError, match="FULL is needed"):
        Database.open(path, synchronous=synchronous)


def test_does_not_open_without_a_write_ahead_log():
    with pytest.raises(UnsafeStorageError, match="WAL is needed"):
        refuse_unsafe((3, 53, 4), journal="delete", synchronous=2)


def test_opens_or_refuses_pythons_own_sqlite_by_its_version(path):
    safe = sqlite3.sqlite_version_info > (3, 51, 2)
    if safe:
        Database.open(path, dbapi=sqlite3).close()
    else:
        with pytest.raises(UnsafeStorageError, match=sqlite3.sqlite_version):
            Database.open(path, dbapi=sqlite3)


def test_every_connection_has_the_safe_settings(database):
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}
    with database.reading() as first, database.reading() as second:
        for connection in (first, second):
            for name, value in wanted.items():
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() == value


def test_an_error_undoes_the_transaction(database):
    def fail():
        with database.writing() as connection:
            connection.execute(insert(probes).values(probe_id=1, count=1))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert counts(database) == []


def test_the_databases_own_text_stays_inside(database):
    with pytest.raises(StorageError) as caught, database.writing() as connection:
        connection.execute(text("INSERT INTO secret_table VALUES (1)"))
    assert "secret_table" not in str(caught.value)


def test_a_view_does_not_change_while_another_writes(database):
    with database.reading() as connection:
        query = select(probes.c.count)
        assert connection.scalars(query).all() == []
        with database.writing() as writer:
            writer.execute(insert(probes).values(probe_id=1, count=1))
        assert connection.scalars(query).all() == []
    assert counts(database) == [1]


def test_a_writer_waits_for_another_connections_write(database, path):
    stranger = pysqlite3.dbapi2.connect(path, isolation_level=None, check_same_thread=False)
    stranger.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, lambda: stranger.execute("COMMIT"))
    release.start()
    with database.writing() as connection:
        connection.execute(insert(probes).values(probe_id=1, count=1))
    release.join()
    stranger.close()
    assert counts(database) == [1]


def test_a_database_of_a_newer_version_is_refused(database, path):
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE compatibility SET oldest = '9998'"))
    with pytest.raises(StorageError, match="update the program"):
        Database.open(path)


def test_a_file_that_is_no_database_is_refused(path):
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError, match="the database failed"):
        Database.open(path)


def change(connection, number):
    connection.execute(insert(probes).values(probe_id=number, count=number))


def test_what_belongs_together_is_kept_together_or_not_at_all(database):
    def fail_after_the_change():
        with database.together():
            with database.telling() as connection:
                change(connection, 1)
            assert counts(database) == [1]  # this thread reads what it wrote
            raise KeyError

    with pytest.raises(KeyError):
        fail_after_the_change()
    assert counts(database) == []
    with database.together():
        with database.telling() as connection:
            change(connection, 1)
        with ThreadPoolExecutor(1) as other:
            assert other.submit(counts, database).result() == []
        with database.writing() as connection:
            change(connection, 2)
    assert counts(database) == [1, 2]


def test_other_changes_are_kept_at_once_also_where_some_belong_together(database):
    with database.together():
        with database.writing() as connection:
            change(connection, 1)
        with ThreadPoolExecutor(1) as other:
            assert other.submit(counts, database).result() == [1]
    with database.telling() as connection:
        change(connection, 2)
    assert counts(database) == [1, 2]
