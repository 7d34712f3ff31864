"""PostgreSQL: its connections, and what makes them safe.

A writing transaction begins by taking one advisory lock, so there is one writer at a time among
all replicas, as ``BEGIN IMMEDIATE`` gives on SQLite. It must be READ COMMITTED: each statement
after the lock then sees all that was committed before the lock came free, while a snapshot would
have been taken before the wait. A reading one is REPEATABLE READ: one unchanging view.
"""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import IsolationLevel
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, InvalidRequestError

from evidence.errors import StorageError, UnsafeStorageError

WRITER = 0x65766964656E6365  # "evidence"; the advisory lock that writers take
OLDEST = 140000  # server_version_num; the oldest major version that its makers still mend
CONNECT_SECONDS = 10
SESSION = {
    "lock_timeout": "15s",  # as long as SQLite waits; a write takes some ms
    "idle_in_transaction_session_timeout": "60s",  # a replica that hangs lets the lock go
    "tcp_keepalives_idle": "10",  # a replica whose machine is gone lets it go, in 25 s
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "timezone": "UTC",
}
UNSAFE = {  # setting -> what it must not be
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


def make_engine(url: str) -> Engine:
    """Return an engine whose every connection is found safe before it is used.

    Raises:
        StorageError: it is no address of a PostgreSQL database.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # the second for a port that is no number
        address = None
    if address is None or address.drivername not in ("postgresql", "postgres"):
        raise StorageError("the database's address is not postgresql://USER:PASSWORD@HOST/DATABASE")
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": CONNECT_SECONDS},
        pool_pre_ping=True,  # a connection that was lost is replaced before it is used
        hide_parameters=True,  # values of rows are nobody's business who reads a traceback
    )

    @event.listens_for(engine, "connect", insert=True)  # before anything else asks the server
    def prepare(raw: Any, record: object) -> None:
        raw.autocommit = True
        refuse_encoding(raw.info.parameter_status("server_encoding"))
        raw.execute(
            "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) "
            "AS settings (name, value)",
            (list(SESSION), list(SESSION.values())),
        )
        refuse_unsafe(_settings(raw), raw.info.server_version)
        raw.autocommit = False

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        raw: Any = connection.connection.driver_connection
        writes = connection.get_execution_options().get("writes", False)
        level = IsolationLevel.READ_COMMITTED if writes else IsolationLevel.REPEATABLE_READ
        try:
            raw.isolation_level, raw.read_only = level, not writes
        except psycopg.Error as error:  # lost since the pool looked
            raise InvalidRequestError("the connection is gone") from error
        if writes:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER})")

    return engine


def refuse_unsafe(settings: Mapping[str, str], version: int) -> None:
    """Raise UnsafeStorageError for a server that may lose or corrupt acknowledged rows.

    Args:
        settings: the server's own, by name.
        version: its ``server_version_num``.
    """
    if version < OLDEST:
        raise UnsafeStorageError(
            f"PostgreSQL {version // 10000} is no longer mended: {OLDEST // 10000} or newer is "
            "needed"
        )
    for name, unsafe in UNSAFE.items():
        if settings[name] == unsafe:
            raise UnsafeStorageError(f"PostgreSQL {name}={unsafe} loses commits: turn it on")


def refuse_encoding(name: str) -> None:
    """Raise UnsafeStorageError for a database that does not hold text as Unicode."""
    if name != "UTF8":
        raise UnsafeStorageError(f"the database's encoding is {name}: UTF8 is needed")


def _settings(raw: Any) -> dict[str, str]:
    query = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
    rows = raw.execute(query, (list(UNSAFE),))
    return dict(rows.fetchall())
