"""SQLite: its connections, and what makes them safe."""

from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from evidence.errors import UnsafeStorageError

BUSY_MS = 15_000  # wait for another process's write; one takes about 2 ms here
WAL_RESET_BUG = (
    (3, 7, 0),
    (3, 51, 2),
)  # first and last SQLite version with it; sqlite.org/wal.html
FULL = 2  # PRAGMA synchronous; 3 is EXTRA


def make_engine(path: Path, dbapi: ModuleType, synchronous: str) -> Engine:
    """Return an engine on the file whose transactions begin where we say."""
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        module=dbapi,
        connect_args={"check_same_thread": False},  # the pool hands a connection to one at a time
        hide_parameters=True,  # values of rows are nobody's business who reads a traceback
    )

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, record: object) -> None:
        raw.isolation_level = None  # transactions begin where we say, not where pysqlite guesses
        for pragma in (
            f"busy_timeout = {BUSY_MS}",
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "foreign_keys = ON",
            "secure_delete = ON",  # what is erased is overwritten
        ):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def make_onlooker(engine: Engine) -> Any:
    """Return a connection outside of the pool that is never to write.

    Its ``PRAGMA data_version`` counts the commits of all others; of its own it would not tell.
    """
    pooled = engine.raw_connection()
    pooled.detach()
    return pooled.dbapi_connection


def check(connection: Connection, dbapi: ModuleType) -> None:
    """Raise UnsafeStorageError unless this connection is safe."""
    refuse_unsafe(
        dbapi.sqlite_version_info,
        journal=str(_pragma(connection, "journal_mode")),
        synchronous=int(_pragma(connection, "synchronous")),
    )


def refuse_unsafe(version: tuple[int, ...], *, journal: str, synchronous: int) -> None:
    """Raise UnsafeStorageError for a SQLite that may lose or corrupt acknowledged rows."""
    first, last = WAL_RESET_BUG
    if first <= version <= last:
        raise UnsafeStorageError(
            f"SQLite {'.'.join(map(str, version))} can corrupt its write-ahead log: "
            "install pysqlite3, which brings 3.51.3 or newer"
        )
    if synchronous < FULL:
        raise UnsafeStorageError(f"SQLite synchronous={synchronous} loses commits: FULL is needed")
    if journal != "wal":
        raise UnsafeStorageError(
            f"SQLite journal_mode={journal} here, WAL is needed: keep the home on a local disk"
        )


def _pragma(connection: Connection, name: str) -> Any:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
