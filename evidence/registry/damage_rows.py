"""What is damaged: refused wherever it is read, told in the feed once, and told again when healed.

The file and the digest decide, each time; the rows here only remember what was told.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Literal, TypeVar, get_args

from sqlalchemy import Connection, bindparam, exists, insert, select, update

from evidence.errors import DamagedOriginalError, StorageError
from evidence.registry.event_rows import add_event
from evidence.registry.expectations import PROGRAM
from evidence.registry.photo_rows import (
    READING,
    PhotoRows,
    checked_reading,
    photo_row,
    put_reading,
    refuse_erased,
    require_photo,
)
from evidence.registry.records import KeptPhoto, PhotoHashes
from evidence.registry.tables import damages, photos

Part = Literal["original", "reading"]
Value = TypeVar("Value")
_DAMAGED_PARTS = select(damages.c.part).where(
    damages.c.subject == "photo",
    damages.c.subject_id == bindparam("photo_id"),
    damages.c.healed_at.is_(None),
)
_IS_DAMAGED = {  # what is known of a row of ``photos``
    part: exists()
    .where(
        damages.c.subject == "photo",
        damages.c.subject_id == photos.c.photo_id,
        damages.c.part == part,
        damages.c.healed_at.is_(None),
    )
    .label("damaged")
    for part in get_args(Part)
}


class DamageRows(PhotoRows):
    """Photos whose bytes are checked on the way, whoever asks for them."""

    def original(self, photo_id: str) -> bytes:
        """Read the bytes as they were uploaded, hashed anew; damage is told in the feed.

        Raises:
            NotFoundError: no such photo was ever acknowledged.
            ErasedError: it was erased.
            DamagedOriginalError: the bytes are gone or were altered.
        """
        data = self._told(photo_id, "original", lambda: super(DamageRows, self).original(photo_id))
        self.note_whole(photo_id, "original")
        return data

    def reading(self, photo_id: str) -> bytes:
        """Read what was read from the photo, hashed anew; damage is told in the feed.

        Raises:
            NotFoundError: no such photo.
            ErasedError: it was erased.
            DamagedOriginalError: the stored reading was altered.
        """
        with self._database.reading() as connection:
            row = photo_row(connection, photo_id, *READING, _IS_DAMAGED["reading"])
        data = self._told(photo_id, "reading", lambda: checked_reading(photo_id, row))
        if row.damaged:
            self.note_whole(photo_id, "reading")
        return data

    def confirm(self, photo_id: str) -> None:
        """Go on only if a photo's original is whole: for all that was made of it before.

        Raises:
            NotFoundError: no such photo.
            ErasedError: it was erased.
            DamagedOriginalError: its original is gone or was altered.
        """
        with self._database.reading() as connection:
            row = photo_row(connection, photo_id, _IS_DAMAGED["original"])
        hashed = self._told(photo_id, "original", lambda: self._files.confirm(photo_id))
        if hashed and row.damaged:
            self.note_whole(photo_id, "original")

    def are_untouched(self, photo_ids: Iterable[str]) -> bool:
        """Tell whether originals that this process found whole are what they were then.

        Rows are not looked at: whether one was erased since, say the events.
        """
        return all(self._files.is_untouched(photo_id) for photo_id in photo_ids)

    def are_whole(self, photo_ids: Iterable[str]) -> bool:
        """Tell whether originals are whole, hashed only where that was not seen before.

        Rows are not looked at, and nothing is told: a False is followed by a look at each.
        """
        try:
            for photo_id in photo_ids:
                self._files.confirm(photo_id)
        except DamagedOriginalError:
            return False
        return True

    def check_reading(self, photo_id: str) -> None:
        """Go on only if a photo's reading is whole; nothing is told.

        Raises:
            NotFoundError: no such photo.
            ErasedError: it was erased.
            DamagedOriginalError: the stored reading was altered.
        """
        super().reading(photo_id)

    def damaged_photos(self) -> list[str]:
        """List the ids of photos of which something is known to be damaged."""
        query = select(damages.c.subject_id).filter_by(subject="photo", healed_at=None)
        with self._database.reading() as connection:
            return sorted(set(connection.scalars(query)))

    def note_damage(
        self, subject: str, subject_id: str, part: str, fault: str, *, actor: str = PROGRAM
    ) -> bool:
        """Tell of damage in the feed; again only once it was whole in between.

        Returns:
            True if it was not known.
        """
        damage = {"subject": subject, "subject_id": subject_id, "part": part}
        known = select(damages.c.damage_id).filter_by(**damage, healed_at=None)
        with self._database.reading() as connection:
            if connection.scalar(known) is not None:
                return False
        at = datetime.now(UTC)
        with self._database.writing() as connection:
            if connection.scalar(known) is not None:
                return False
            connection.execute(insert(damages).values(**damage, fault=fault, found_at=at))
            body = {"part": part, "fault": fault}
            kind = f"{subject}.damaged"
            add_event(
                connection,
                kind,
                subject=subject,
                subject_id=subject_id,
                actor=actor,
                at=at,
                body=body,
            )
        return True

    def note_whole(self, photo_id: str, *parts: Part, actor: str = PROGRAM) -> bool:
        """Tell in the feed that what was damaged of a photo is whole again.

        Returns:
            True if it was known to be damaged.
        """
        with self._database.reading() as connection:
            if not _damaged_parts(connection, photo_id).intersection(parts):
                return False
        with self._database.writing() as connection:
            healed = sorted(_damaged_parts(connection, photo_id).intersection(parts))
            for part in healed:
                _heal(connection, photo_id, part, actor)
        return bool(healed)

    def heal(
        self,
        photo_id: str,
        data: bytes,
        reading: bytes | None = None,
        hashes: PhotoHashes | None = None,
        *,
        actor: str = PROGRAM,
    ) -> None:
        """Put a kept photo's bytes in place of damaged ones; nothing is done to whole ones.

        Args:
            photo_id: sha256 of the data.
            data: the original's bytes.
            reading: what was read from it, to be kept in place of a damaged one.
            hashes: what it is found by, with a reading.
            actor: who does it.

        Raises:
            NotFoundError: no such photo.
            ErasedError: it was erased.
            StorageError: it cannot be written; nothing is taken for healed then.
        """
        with self._database.reading() as connection:
            require_photo(connection, photo_id)
        self._heal_original(photo_id, data, actor)
        if reading is not None:
            try:
                self.reading(photo_id)
            except DamagedOriginalError:
                with self._database.writing() as connection:
                    refuse_erased(connection, photo_id)
                    put_reading(connection, photo_id, reading, hashes)
                self.note_whole(photo_id, "reading", actor=actor)

    def _keep(self, photo: KeptPhoto, data: bytes, reading: bytes) -> None:
        """Make the bytes durable; what is there already and damaged is healed by them."""
        kept = select(photos.c.photo_id).filter_by(photo_id=photo.photo_id)
        with self._database.reading() as connection:
            known = connection.scalar(kept) is not None
        if known:
            self.heal(photo.photo_id, data, reading, photo.hashes)
        else:
            super()._keep(photo, data, reading)

    def _heal_original(self, photo_id: str, data: bytes, actor: str) -> None:
        fault = self._files.find_fault(photo_id, len(data))
        if fault is not None:
            self.note_damage("photo", photo_id, "original", fault, actor=actor)
        self._files.keep(photo_id, data)
        with self._unless_erased(photo_id), self._database.reading() as connection:
            refuse_erased(connection, photo_id)
        self.note_whole(photo_id, "original", actor=actor)

    def _told(self, photo_id: str, part: Part, read: Callable[[], Value]) -> Value:
        try:
            return read()
        except DamagedOriginalError as error:
            damaged = error
        try:
            self.note_damage("photo", photo_id, part, damaged.fault)
        except StorageError as error:  # the refusal counts more than its note
            raise damaged from error
        raise damaged


def _damaged_parts(connection: Connection, photo_id: str) -> set[str]:
    return set(connection.scalars(_DAMAGED_PARTS, {"photo_id": photo_id}))


def _heal(connection: Connection, photo_id: str, part: str, actor: str) -> None:
    at = datetime.now(UTC)
    connection.execute(
        update(damages)
        .filter_by(subject="photo", subject_id=photo_id, part=part, healed_at=None)
        .values(healed_at=at)
    )
    body = {"part": part}
    add_event(
        connection,
        "photo.healed",
        subject="photo",
        subject_id=photo_id,
        actor=actor,
        at=at,
        body=body,
    )
