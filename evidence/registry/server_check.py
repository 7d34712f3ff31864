"""What can be checked of a PostgreSQL database by reading it.

The server holds its pages against checksums as it reads them from the disk: what is in its memory
already is not read again. Its own ``pg_amcheck`` looks at indexes, which this does not.
"""

from collections.abc import Iterator
from typing import Literal

from sqlalchemy import Connection, Table, exists, func, select, text

from evidence.errors import StorageError
from evidence.registry.database import Database
from evidence.registry.tables import metadata

AT_ONCE = 200  # rows
Fault = tuple[Literal["fault", "note"], str, str]  # kind, what is wrong, of what


def find_database_faults(database: Database) -> list[Fault]:
    """Read every row and follow every reference; returns what is wrong.

    Raises:
        StorageError: the server does not answer.
    """
    with database.reading() as connection:
        found = list(_checksums(connection))
    for table in metadata.sorted_tables:
        try:
            with database.reading() as connection:
                rows = connection.execute(select(table), execution_options={"yield_per": AT_ONCE})
                for _ in rows:
                    pass
                found += _lost_references(connection, table)
        except StorageError:
            found.append(("fault", "damaged pages", f"{table.name} cannot be read to its end"))
    return found


def _checksums(connection: Connection) -> Iterator[Fault]:
    if connection.scalar(text("SELECT current_setting('data_checksums')")) != "on":
        yield "note", "no checksums", "data_checksums=off"
    query = "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
    failures = connection.scalar(text(query))
    if failures:
        yield "fault", "failed checksums", f"{failures} pages since its statistics began"


def _lost_references(connection: Connection, table: Table) -> Iterator[Fault]:
    for column in table.columns:
        for key in column.foreign_keys:
            lost = column.is_not(None) & ~exists().where(key.column == column)
            count = connection.scalar(select(func.count()).select_from(table).where(lost))
            if count:
                owner = key.column.table.name
                yield "fault", "points to nothing", f"{count} of {table.name} point to no {owner}"
