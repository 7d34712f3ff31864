"""The database: its transactions, its migrations and its errors, on SQLite or on PostgreSQL."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pysqlite3.dbapi2
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError

from evidence.errors import StorageError, StorageFullError
from evidence.registry import sqlite_engine
from evidence.registry.tables import compatibility

MIGRATIONS = Path(__file__).parent / "migrations"
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
    processes on ``BEGIN IMMEDIATE``, or on PostgreSQL's advisory lock. So no two transactions can
    wait for each other, and what a writer reads in its transaction still holds when it commits.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = threading.Lock()
        self._together = _Together()
        self._onlooker: Any = None  # a connection that never writes
        self._looking = threading.Lock()

    @classmethod
    def open(
        cls, path: Path, *, dbapi: ModuleType = pysqlite3.dbapi2, synchronous: str = "FULL"
    ) -> "Database":
        """Open or make the SQLite database at ``path``, and bring its tables up to date.

        Raises:
            UnsafeStorageError: this engine or setting may lose what it acknowledged.
            StorageError: the file cannot be used, or a newer version of this program made it.
        """
        engine = sqlite_engine.make_engine(path, dbapi, synchronous)
        return cls(engine)._bring_up(lambda connection: sqlite_engine.check(connection, dbapi))

    @classmethod
    def connect(cls, url: str) -> "Database":
        """Open the PostgreSQL database at ``url``, and bring its tables up to date.

        Args:
            url: ``postgresql://USER:PASSWORD@HOST/DATABASE``, as libpq takes it.

        Raises:
            UnsafeStorageError: a setting of the server may lose what it acknowledged.
            StorageError: it cannot be used, or a newer version of this program made its tables.
        """
        from evidence.registry import postgresql_engine  # noqa: PLC0415  # psycopg: 60 ms

        engine = postgresql_engine.make_engine(url)
        try:
            return cls(engine)._bring_up(lambda connection: None)  # each is found safe when made
        except StorageError as error:
            if isinstance(error.__cause__, OperationalError):
                name = f"{engine.url.host or 'this machine'}/{engine.url.database}"
                raise StorageError(
                    f"the database {name} does not answer, or not to us",
                    f"データベース {name} から応答がないか、接続が許可されていません。",
                ) from error
            raise

    def _bring_up(self, check: Callable[[Connection], None]) -> "Database":
        try:
            with self.reading() as connection:
                check(connection)
            with self.writing() as connection:
                migrate(connection)
        except BaseException:
            self.close()
            raise
        return self

    @property
    def is_file(self) -> bool:
        """Whether it is a file of this machine's own, and no server's."""
        return self._engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()
        with self._looking:
            if self._onlooker is not None:
                self._onlooker.close()
            self._onlooker = None

    def stamp(self) -> str:
        """Return what stays the same only as long as nobody, in any process, commits a change.

        So what was read after a stamp was taken still holds where the stamp is the same. It takes
        some microseconds on SQLite, a round trip on PostgreSQL.
        """
        if not self.is_file:
            with self.reading() as connection:  # equal snapshots see the same rows
                return str(connection.exec_driver_sql("SELECT pg_current_snapshot()").scalar_one())
        try:
            with _own_errors(), self._looking:
                if self._onlooker is None:
                    self._onlooker = sqlite_engine.make_onlooker(self._engine)
                return str(self._onlooker.execute("PRAGMA data_version").fetchone()[0])
        except pysqlite3.dbapi2.Error as error:
            raise StorageError(
                "the database failed; the log says why",
                "データベースにエラーがありました。もう一度お試しください。"
                "続く場合はオーナーにお知らせください。",
            ) from error

    def truncate_log(self) -> None:
        """Move the write-ahead log into the database and empty it, unless somebody reads in it.

        PostgreSQL keeps its own as long as its settings say.
        """
        if not self.is_file:
            return
        with _own_errors(), self._writer, self._engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            connection.rollback()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def leave_log(self) -> None:
        """Make a SQLite database one file that is whole by itself; it is of no use to us then."""
        with _own_errors(), self._writer, self._engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            connection.rollback()
            raw.execute("PRAGMA journal_mode = DELETE")

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
            "the database was made by a newer version of this program: update the program",
            "データベースは、より新しいバージョンのプログラムのものです。"
            "プログラムを更新してください。",
        ) from error


def in_parts(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Yield as many values at once as one statement takes."""
    everything = list(values)
    for start in range(0, len(everything), AT_ONCE):
        yield everything[start : start + AT_ONCE]


@contextmanager
def _own_errors() -> Iterator[None]:
    """Turn the database's errors into ours; a value that no column can take is misuse."""
    try:
        yield
    except SQLAlchemyError as error:
        origin = getattr(error, "orig", None)
        if isinstance(origin, ValueError):
            raise origin from None
        if isinstance(error, DataError):  # such as the character 0 in text, on PostgreSQL
            raise ValueError("a value that the database cannot take") from error
        if _is_full(origin):
            raise StorageFullError(
                "no room is left for the database",
                "データベースの空き容量がありません。オーナーにお知らせください。",
            ) from error
        raise StorageError(
            "the database failed; the log says why",
            "データベースにエラーがありました。もう一度お試しください。"
            "続く場合はオーナーにお知らせください。",
        ) from error


def _is_full(origin: BaseException | None) -> bool:
    code = getattr(origin, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    return code == SQLITE_FULL or getattr(origin, "sqlstate", None) == DISK_FULL
