"""Photos as rows: readings, and what a photo hangs on; their bytes are in ``photos.py``."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, delete, exists, insert, select, update

from evidence.errors import DamagedOriginalError, NotFoundError
from evidence.registry.database import Database, in_parts
from evidence.registry.photos import PhotoFiles
from evidence.registry.records import KeptPhoto, PhotoHashes
from evidence.registry.tables import photo_hashes, photos

Kept = TypeVar("Kept")


class PhotoRows:
    """Photos by their sha256, each once, however many items and claims they hang on."""

    def __init__(self, database: Database, files: PhotoFiles) -> None:
        self._database = database
        self._files = files

    def keep_loose_photo(self, photo: KeptPhoto, data: bytes, reading: bytes) -> bool:
        """Keep a photo that hangs on nothing.

        Returns:
            True if it is new, False if these bytes were kept before.

        Raises:
            StorageFullError: no room is left.
        """
        self._files.keep(photo.photo_id, data)
        with self._database.writing() as connection:
            return _add_photo(connection, photo, len(data), reading)

    def original(self, photo_id: str) -> bytes:
        """Read the bytes as they were uploaded, hashed anew.

        Raises:
            NotFoundError: no such photo was ever acknowledged.
            DamagedOriginalError: the bytes are gone or were altered.
        """
        with self._database.reading() as connection:
            require_photo(connection, photo_id)
        return self._files.read(photo_id)

    def media_type(self, photo_id: str) -> str:
        """Return what the photo's bytes are, such as ``image/jpeg``.

        Raises:
            NotFoundError: no such photo.
        """
        query = select(photos.c.media_type).filter_by(photo_id=photo_id)
        with self._database.reading() as connection:
            return str(found(connection.scalar(query), f"photo {photo_id}"))

    def has_photo(self, photo_id: str) -> bool:
        """Tell whether a photo is kept."""
        with self._database.reading() as connection:
            query = select(exists().where(photos.c.photo_id == photo_id))
            return bool(connection.scalar(query))

    def reading(self, photo_id: str) -> bytes:
        """Read what was read from the photo, hashed anew.

        Raises:
            NotFoundError: no such photo.
            DamagedOriginalError: the stored reading was altered.
        """
        query = select(photos.c.reading, photos.c.reading_sha256).filter_by(photo_id=photo_id)
        with self._database.reading() as connection:
            row = found(connection.execute(query).one_or_none(), f"photo {photo_id}")
        reading: bytes = row.reading
        if _sha256(reading) != row.reading_sha256:
            raise DamagedOriginalError(f"the stored reading of photo {photo_id} was altered")
        return reading

    def reading_sha256(self, photo_id: str) -> str:
        """Return the sha256 of what was read from the photo, 64 hexadecimal digits.

        Raises:
            NotFoundError: no such photo.
        """
        query = select(photos.c.reading_sha256).filter_by(photo_id=photo_id)
        with self._database.reading() as connection:
            return str(found(connection.scalar(query), f"photo {photo_id}"))

    def readings_sha256(self, photo_ids: Iterable[str]) -> dict[str, str]:
        """Return the same of many photos.

        Raises:
            NotFoundError: one of them is not kept.
        """
        wanted = list(photo_ids)
        read: dict[str, str] = {}
        with self._database.reading() as connection:
            for some in in_parts(wanted):
                query = select(photos.c.photo_id, photos.c.reading_sha256)
                query = query.where(photos.c.photo_id.in_(some))
                read.update({row.photo_id: row.reading_sha256 for row in connection.execute(query)})
        for photo_id in wanted:
            found(read.get(photo_id), f"photo {photo_id}")
        return read

    def put_reading(self, photo_id: str, reading: bytes, hashes: PhotoHashes | None = None) -> None:
        """Replace a photo's reading by that of a newer reader, and what it is found by.

        Raises:
            NotFoundError: no such photo.
        """
        with self._database.writing() as connection:
            require_photo(connection, photo_id)
            connection.execute(
                update(photos)
                .filter_by(photo_id=photo_id)
                .values(reading=reading, reading_sha256=_sha256(reading))
            )
            if hashes is not None:
                put_hashes(connection, photo_id, hashes)

    def _hang(
        self,
        table: Table,
        owner: dict[str, Any],
        photo: KeptPhoto,
        data: bytes,
        reading: bytes,
        admit: Callable[[Connection, bool], None],
        tell: Callable[[Connection], None] | None = None,
    ) -> bool:
        """Hang a photo on its owner, a column's name and value; True if it is new there.

        ``admit`` raises if the owner does not take the photo; it is told whether it hangs there.
        ``tell`` writes what else follows from a new photo, in its transaction.
        """
        hanging = select(table).filter_by(**owner, photo_id=photo.photo_id)

        def hangs(connection: Connection) -> bool:
            there = connection.execute(hanging).first() is not None
            admit(connection, there)
            return there

        with self._database.reading() as connection:
            hangs(connection)  # what is refused leaves no bytes
        self._files.keep(photo.photo_id, data)  # durable before any row speaks of it
        with self._database.writing() as connection:
            if hangs(connection):
                return False
            _add_photo(connection, photo, len(data), reading)
            connection.execute(insert(table).values(owner | _hanging_values(photo)))
            if tell is not None:
                tell(connection)
        return True

    def _hanging_on(self, table: Table, owner: dict[str, Any]) -> list[KeptPhoto]:
        query = (
            select(table, photos.c.media_type)
            .join_from(table, photos, table.c.photo_id == photos.c.photo_id)
            .filter_by(**owner)
            .order_by(table.c.number)
        )
        with self._database.reading() as connection:
            return [_kept_photo(row) for row in connection.execute(query)]


def found(row: Kept | None, what: str) -> Kept:
    """Return the row, or raise NotFoundError naming what is missing."""
    if row is None:
        raise NotFoundError(f"{what} is not known")
    return row


def require_photo(connection: Connection, photo_id: str) -> None:
    """Raise NotFoundError unless the photo is kept."""
    query = select(photos.c.photo_id).filter_by(photo_id=photo_id)
    found(connection.execute(query).one_or_none(), f"photo {photo_id}")


def put_hashes(connection: Connection, photo_id: str, hashes: PhotoHashes) -> None:
    """Let a photo be found by these hashes and no others, under a new number."""
    connection.execute(delete(photo_hashes).filter_by(photo_id=photo_id))
    values = {"outlines": hashes.outlines, "pixels_sha256": hashes.pixels_sha256}
    connection.execute(insert(photo_hashes).values(values | {"photo_id": photo_id}))


def _add_photo(connection: Connection, photo: KeptPhoto, size: int, reading: bytes) -> bool:
    if connection.scalar(select(exists().where(photos.c.photo_id == photo.photo_id))):
        return False
    connection.execute(
        insert(photos).values(
            photo_id=photo.photo_id,
            media_type=photo.media_type,
            size=size,
            reading=reading,
            reading_sha256=_sha256(reading),
        )
    )
    if photo.hashes is not None:
        put_hashes(connection, photo.photo_id, photo.hashes)
    return True


def _hanging_values(photo: KeptPhoto) -> dict[str, Any]:
    return {
        "photo_id": photo.photo_id,
        "view": photo.view,
        "role": photo.role,
        "captured_at": photo.captured_at,
        "station": photo.station,
        "added_at": photo.added_at,
    }


def _kept_photo(row: Row[Any]) -> KeptPhoto:
    return KeptPhoto(
        photo_id=row.photo_id,
        view=row.view,
        role=row.role,
        media_type=row.media_type,
        captured_at=row.captured_at,
        station=row.station,
        added_at=row.added_at,
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
