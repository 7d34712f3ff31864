"""The database: its engine, what makes it safe, its transactions and its migrations."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pysqlite3.dbapi2
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from evidence.errors import StorageError, StorageFullError, UnsafeStorageError
from evidence.registry.tables import compatibility

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MS = 15_000  # wait for another process's write; one takes about 2 ms here
WAL_RESET_BUG = (
    (3, 7, 0),
    (3, 51, 2),
)  # first and last SQLite version with it; sqlite.org/wal.html
FULL = 2  # PRAGMA synchronous; 3 is EXTRA
SQLITE_FULL = 13  # sqlite.org/rescode.html
DISK_FULL = "53100"  # PostgreSQL's SQLSTATE
AT_ONCE = 500  # values in one statement; every SQLite takes 999

Value = TypeVar("Value")


class _Together(threading.local):
    """The block of ``Database.together`` that this thread is in, and its open transaction."""

    block: ExitStack | None = None
    connection: Connection | None = None


class Database:
    """Transactions on one database; safe to share among threads.

    Writers queue up: within the process on a lock, which is fair and costs no polling, between
    processes on ``BEGIN IMMEDIATE``. So no two transactions can wait for each other, and what a
    writer reads in its transaction still holds when it commits.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = threading.Lock()
        self._together = _Together()

    @classmethod
    def open(
        cls, path: Path, *, dbapi: ModuleType = pysqlite3.dbapi2, synchronous: str = "FULL"
    ) -> "Database":
        """Open or make the SQLite database at ``path``, and bring its tables up to date.

        Raises:
            UnsafeStorageError: this engine or setting may lose what it acknowledged.
            StorageError: the file cannot be used, or a newer version of this program made it.
        """
        database = cls(_sqlite(path, dbapi, synchronous))
        try:
            with database.reading() as connection:
                refuse_unsafe(
                    dbapi.sqlite_version_info,
                    journal=str(_pragma(connection, "journal_mode")),
                    synchronous=int(_pragma(connection, "synchronous")),
                )
            with database.writing() as connection:
                migrate(connection)
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def truncate_log(self) -> None:
        """Move the write-ahead log into the database and empty it, unless somebody reads in it."""
        with _own_errors(), self._writer, self._engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            connection.rollback()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give one unchanging view of the rows."""
        if self._together.connection is not None:
            yield self._together.connection
            return
        with _own_errors(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the one write transaction; leaving it commits durably, an error undoes it."""
        if self._together.connection is not None:
            yield self._together.connection
            return
        with _own_errors(), self._writer, self._engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def telling(self) -> Iterator[Connection]:
        """Give the write transaction of a change that would happen twice if it were asked twice.

        Inside of ``together`` it goes on to the end of that block, with all that this thread
        reads and writes till then; elsewhere it is like ``writing``.
        """
        block = self._together.block
        if block is None:
            with self.writing() as connection:
                yield connection
        else:
            if self._together.connection is None:
                self._together.connection = block.enter_context(self.writing())
            yield self._together.connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep a change and what is written after it in the block, or none of it.

        Others cannot write from the change on: what takes long has to come before it.
        """
        try:
            with ExitStack() as block:
                self._together.block = block
                yield
                self._together.block = None
        finally:
            self._together.block = self._together.connection = None


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


def migrate(connection: Connection) -> None:
    """Run every migration that this database has not had yet, in the caller's transaction.

    A database that a newer version has migrated already is taken as it is, if that version says
    that we may: during an upgrade both are at work.

    Raises:
        StorageError: it is made for newer versions alone.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        own = ScriptDirectory.from_config(config).get_current_head() or ""
        if inspect(connection).has_table(compatibility.name):
            oldest = connection.scalar(select(compatibility.c.oldest))
            if oldest is not None and own >= oldest:
                return
        raise StorageError(
            "the database was made by a newer version of this program: update the program"
        ) from error


def _sqlite(path: Path, dbapi: ModuleType, synchronous: str) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        module=dbapi,
        connect_args={"check_same_thread": False},  # the pool hands a connection to one at a time
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


def in_parts(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Yield as many values at once as one statement takes."""
    everything = list(values)
    for start in range(0, len(everything), AT_ONCE):
        yield everything[start : start + AT_ONCE]


def _pragma(connection: Connection, name: str) -> Any:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


@contextmanager
def _own_errors() -> Iterator[None]:
    """Turn the database's errors into ours; a value that no column can take is misuse."""
    try:
        yield
    except SQLAlchemyError as error:
        origin = getattr(error, "orig", None)
        if isinstance(origin, ValueError):
            raise origin from None
        if _is_full(origin):
            raise StorageFullError("no room is left for the database") from error
        raise StorageError("the database failed; the log says why") from error


def _is_full(origin: BaseException | None) -> bool:
    code = getattr(origin, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    return code == SQLITE_FULL or getattr(origin, "sqlstate", None) == DISK_FULL
