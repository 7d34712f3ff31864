"""All rows of one database in another, SQLite or PostgreSQL, and proof that they are the same."""

from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text, update

from evidence.errors import StorageError
from evidence.registry.database import Database
from evidence.registry.log_tree import LogTree
from evidence.registry.photo_rows import is_there
from evidence.registry.tables import compatibility, events, metadata, photos, probes

AT_ONCE = 200  # rows; those of photos take some 100 kB each
PERSONAL = {"subject_id": "", "actor": "", "body": "", "salt": b""}  # of an event, while it is new
OWN = (probes, compatibility)  # each database has its own rows of these
TABLES = [table for table in metadata.sorted_tables if table not in OWN]  # owners come first

Progress = Callable[[str, int, int], None]


def copy_rows(
    source: Database,
    target: Database,
    progress: Progress,
    *,
    named: Sequence[tuple[str, int]] | None = None,
) -> None:
    """Copy every row in one transaction, which commits only if all are the same on both sides.

    Args:
        source: of which one unchanging view is taken.
        target: a database without rows.
        progress: is told how many tables are done.
        named: photos when originals were copied, with their sizes; None if none were.

    Raises:
        StorageError: the target is not empty, or has not what the source has.
    """
    try:
        with source.reading() as there, target.writing() as here:
            require_empty(here)
            if named is not None and list_photos(there) != list(named):
                raise StorageError("photos came or went meanwhile: stop the service, and go on")
            for number, table in enumerate(TABLES, 1):
                _copy_table(there, here, table)
                progress("Copying rows", number, len(TABLES))
            for number, table in enumerate(TABLES, 1):
                _compare_table(there, here, table)
                progress("Comparing rows", number, len(TABLES))
            if log_root(there) != log_root(here):
                raise StorageError("the log has another root in the copy: nothing was kept of it")
    except ValueError as error:
        raise StorageError(f"a row cannot be kept there: {error}") from error


def copy_to_file(source: Database, place: Path) -> None:
    """Copy every row into a new SQLite file that is whole by itself; the caller syncs it."""
    target = Database.open(place)
    try:
        copy_rows(source, target, lambda *_: None)
        target.leave_log()
    finally:
        target.close()


def require_empty(connection: Connection) -> None:
    """Raise StorageError if there is a row of anything."""
    for table in TABLES:
        if connection.execute(select(table).limit(1)).first() is not None:
            raise StorageError("the target is not empty: it has rows of its own")


def _copy_table(there: Connection, here: Connection, table: Table) -> None:
    for rows in _rows(there, table).partitions(AT_ONCE):
        if table is events:
            _copy_events(here, rows)
        else:
            here.execute(insert(table), [row._asdict() for row in rows])
    _count_on(here, table)


def _copy_events(here: Connection, rows: Any) -> None:
    """Add entries as they were added once, and erase what was erased: no trigger is passed by."""
    erased = [row.number for row in rows if row.salt is None]
    values = [row._asdict() | (PERSONAL if row.salt is None else {}) for row in rows]
    here.execute(insert(events), values)
    if erased:
        gone = dict.fromkeys(PERSONAL)
        here.execute(update(events).where(events.c.number.in_(erased)).values(gone))


def _count_on(here: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that were copied, as SQLite does by itself."""
    column = table.autoincrement_column
    if here.dialect.name == "sqlite" or column is None or table is events:
        return
    last = here.scalar(select(func.max(column)))
    sequence = here.scalar(
        text("SELECT pg_get_serial_sequence(:name, :column)"),
        {"name": table.name, "column": column.name},
    )
    if last is not None and sequence is not None:
        here.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def _compare_table(there: Connection, here: Connection, table: Table) -> None:
    with closing(_rows(there, table)) as ones, closing(_rows(here, table)) as others:
        for one, other in zip_longest(ones, others):
            if one is None or other is None or tuple(one) != tuple(other):
                what = f"a row of {table.name} is another one in the copy"
                raise StorageError(f"{what}: nothing was kept of it")


def _rows(connection: Connection, table: Table) -> Any:
    query = select(table).order_by(*table.primary_key.columns)
    return connection.execute(query, execution_options={"yield_per": AT_ONCE})


def log_root(connection: Connection) -> bytes:
    """Return the root of the log's tree, reckoned from what is in the database, 32 bytes."""
    tree = LogTree(connection)
    return tree.head("copy", tree.size()).root


def list_photos(connection: Connection) -> list[tuple[str, int]]:
    """List id and size of every photo that was not erased, by id."""
    query = select(photos.c.photo_id, photos.c.size).where(is_there(photos.c.photo_id))
    rows = connection.execute(query.order_by(photos.c.photo_id))
    return [(row.photo_id, row.size) for row in rows]
