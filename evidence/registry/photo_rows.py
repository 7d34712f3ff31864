"""Photos as rows: readings, and what a photo hangs on; their bytes are in ``photos.py``."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from evidence.errors import DamagedOriginalError, ErasedError, NotFoundError
from evidence.registry.database import Database, in_parts
from evidence.registry.naming import name_photo
from evidence.registry.photo_store import PhotoStore
from evidence.registry.records import KeptPhoto, PhotoHashes
from evidence.registry.tables import damages, erasures, photo_hashes, photos
from evidence.text import Text

Kept = TypeVar("Kept")
READING = (photos.c.reading, photos.c.reading_sha256)
ERASED = {  # ground -> what a client is told; why exactly, and by whom, is for the owner to read
    "retention": Text(
        "it was kept as long as the shop keeps such photos", "店舗の定める保存期間の終了"
    ),
    "request": Text("a person asked for it", "ご本人の依頼"),
}


class PhotoRows:
    """Photos by their sha256, each once, however many items and claims they hang on."""

    def __init__(self, database: Database, files: PhotoStore) -> None:
        self._database = database
        self._files = files

    def keep_loose_photo(self, photo: KeptPhoto, data: bytes, reading: bytes) -> bool:
        """Keep a photo that hangs on nothing.

        Returns:
            True if it is new, False if these bytes were kept before.

        Raises:
            ErasedError: these bytes were erased; they are not taken again.
            StorageFullError: no room is left.
        """
        with self._database.reading() as connection:
            refuse_erased(connection, photo.photo_id)
        self._keep(photo, data, reading)
        with self._unless_erased(photo.photo_id), self._database.writing() as connection:
            refuse_erased(connection, photo.photo_id)
            return _add_photo(connection, photo, len(data), reading)

    def original(self, photo_id: str) -> bytes:
        """Read the bytes as they were uploaded, hashed anew.

        Raises:
            NotFoundError: no such photo was ever acknowledged.
            ErasedError: it was erased.
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
        with self._database.reading() as connection:
            return str(photo_row(connection, photo_id, photos.c.media_type).media_type)

    def has_photo(self, photo_id: str) -> bool:
        """Tell whether a photo is kept, and was not erased."""
        with self._database.reading() as connection:
            query = select(exists().where(photos.c.photo_id == photo_id, is_there(photo_id)))
            return bool(connection.scalar(query))

    def reading(self, photo_id: str) -> bytes:
        """Read what was read from the photo, hashed anew.

        Raises:
            NotFoundError: no such photo.
            DamagedOriginalError: the stored reading was altered.
        """
        with self._database.reading() as connection:
            row = photo_row(connection, photo_id, *READING)
        return checked_reading(photo_id, row)

    def reading_sha256(self, photo_id: str) -> str:
        """Return the sha256 of what was read from the photo, 64 hexadecimal digits.

        Raises:
            NotFoundError: no such photo.
        """
        with self._database.reading() as connection:
            return str(photo_row(connection, photo_id, photos.c.reading_sha256).reading_sha256)

    def readings_sha256(self, photo_ids: Iterable[str]) -> dict[str, str]:
        """Return the same of many photos.

        Raises:
            NotFoundError: one of them is not kept.
        """
        with self._database.reading() as connection:
            return _values(connection, photo_ids, photos.c.reading_sha256)

    def put_reading(self, photo_id: str, reading: bytes, hashes: PhotoHashes | None = None) -> None:
        """Replace a photo's reading by that of a newer reader, and what it is found by.

        Raises:
            NotFoundError: no such photo.
        """
        with self._database.writing() as connection:
            require_photo(connection, photo_id)
            put_reading(connection, photo_id, reading, hashes)

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
            refuse_erased(connection, photo.photo_id)
            there = connection.execute(hanging).first() is not None
            admit(connection, there)
            return there

        with self._database.reading() as connection:
            hangs(connection)  # what is refused leaves no bytes
        self._keep(photo, data, reading)  # durable before any row speaks of it
        with self._unless_erased(photo.photo_id), self._database.writing() as connection:
            if hangs(connection):
                return False
            _add_photo(connection, photo, len(data), reading)
            connection.execute(insert(table).values(owner | _hanging_values(photo)))
            if tell is not None:
                tell(connection)
        return True

    def _keep(self, photo: KeptPhoto, data: bytes, reading: bytes) -> None:
        """Make the bytes durable, before any row speaks of them."""
        self._files.keep(photo.photo_id, data)

    @contextmanager
    def _unless_erased(self, photo_id: str) -> Iterator[None]:
        """Let bytes go again that were written while their photo was erased."""
        try:
            yield
        except ErasedError:
            self._files.remove(photo_id)
            raise

    def _hanging_on(self, table: Table, owner: dict[str, Any]) -> list[KeptPhoto]:
        """List the photos that hang on an owner, in order; without those that were erased."""
        query = (
            select(table, photos.c.media_type, _damaged_at())
            .join_from(table, photos, table.c.photo_id == photos.c.photo_id)
            .filter_by(**owner)
            .where(is_there(table.c.photo_id))
            .order_by(table.c.number)
        )
        with self._database.reading() as connection:
            return [_kept_photo(row) for row in connection.execute(query)]


def found(row: Kept | None, what: Text) -> Kept:
    """Return the row, or raise NotFoundError naming what is missing."""
    if row is None:
        raise NotFoundError(
            f"{what.en} is not known", f"{what.ja} は見つかりません。番号を確認してください。"
        )
    return row


def is_there(photo_id: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a photo was not erased."""
    return ~exists().where(erasures.c.photo_id == photo_id)


def refuse_erased(connection: Connection, *photo_ids: str) -> None:
    """Raise ErasedError if one of the photos was erased; says when and why."""
    for some in in_parts(photo_ids):
        query = select(erasures).where(erasures.c.photo_id.in_(some)).limit(1)
        one = connection.execute(query).first()
        if one is not None:
            why = ERASED[one.ground]
            raise ErasedError(
                f"photo {one.photo_id} was erased on {one.erased_at:%Y-%m-%d}: {why.en}",
                f"写真 {one.photo_id} は {one.erased_at:%Y-%m-%d} に消去されました（{why.ja}）。",
            )


def require_photo(connection: Connection, *photo_ids: str) -> None:
    """Raise NotFoundError unless the photos are kept, ErasedError if one was erased."""
    _values(connection, photo_ids, photos.c.photo_id)


def _values(
    connection: Connection, photo_ids: Iterable[str], column: Column[str]
) -> dict[str, str]:
    """Return one column of kept photos, by their ids; raises as ``photo_row`` does."""
    wanted = list(photo_ids)
    values: dict[str, str] = {}
    for some in in_parts(wanted):
        rows = connection.execute(_several_photos(column), {"photo_ids": some})
        values.update((row[0], row[1]) for row in rows)
    missing = [photo_id for photo_id in wanted if photo_id not in values]
    if missing:
        refuse_erased(connection, *missing)
        found(None, name_photo(missing[0]))
    return values


def checked_reading(photo_id: str, row: Row[Any]) -> bytes:
    """Return what a row of ``READING`` holds, hashed anew.

    Raises:
        DamagedOriginalError: it was altered.
    """
    reading: bytes = row.reading
    if _sha256(reading) != row.reading_sha256:
        raise DamagedOriginalError(
            f"the stored reading of photo {photo_id} was altered: upload the same file again",
            f"写真 {photo_id} の読み取り結果が、保存したときのものと異なります。"
            "同じファイルをもう一度送ってください。",
        )
    return reading


def photo_row(connection: Connection, photo_id: str, *columns: ColumnElement[Any]) -> Row[Any]:
    """Return columns of a kept photo.

    Raises:
        NotFoundError: no such photo.
        ErasedError: it was erased.
    """
    row = connection.execute(_one_photo(*columns), {"photo_id": photo_id}).one_or_none()
    if row is None:
        refuse_erased(connection, photo_id)
    return found(row, name_photo(photo_id))


@cache  # making a statement takes longer than running it
def _one_photo(*columns: ColumnElement[Any]) -> Select[Any]:
    there = is_there(photos.c.photo_id)
    return select(*columns).where(photos.c.photo_id == bindparam("photo_id"), there)


@cache
def _several_photos(column: Column[str]) -> Select[Any]:
    wanted = photos.c.photo_id.in_(bindparam("photo_ids", expanding=True))
    return select(photos.c.photo_id, column).where(wanted, is_there(photos.c.photo_id))


def put_reading(
    connection: Connection, photo_id: str, reading: bytes, hashes: PhotoHashes | None
) -> None:
    """Replace a photo's reading in the caller's transaction, and what it is found by."""
    values = {"reading": reading, "reading_sha256": _sha256(reading)}
    connection.execute(update(photos).filter_by(photo_id=photo_id).values(values))
    if hashes is not None:
        put_hashes(connection, photo_id, hashes)


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
            added_at=photo.added_at,
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
        damaged_at=row.damaged_at,
    )


def _damaged_at() -> ColumnElement[Any]:
    """Since when something of the photo is known to be damaged; None if nothing is."""
    query = select(func.min(damages.c.found_at)).where(
        damages.c.subject == "photo",
        damages.c.subject_id == photos.c.photo_id,
        damages.c.healed_at.is_(None),
    )
    return query.scalar_subquery().label("damaged_at")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
