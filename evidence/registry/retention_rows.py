"""Legal holds, and erasing: the one way by which an original goes, and what is left of it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from evidence.errors import ConflictError, StorageError
from evidence.policy.retention import Ground, PhotoFacts, Refusal, RetentionRules, refuse_erasure
from evidence.registry.claim_rows import require_claim
from evidence.registry.event_rows import add_event
from evidence.registry.item_values import require_item
from evidence.registry.kept_facts import gather_facts
from evidence.registry.photo_rows import PhotoRows, found, is_there
from evidence.registry.tables import (
    claim_photos,
    comparisons,
    erasures,
    holds,
    inspection_photos,
    inspections,
    item_photos,
    photo_facts,
    photo_hashes,
    photos,
)
from evidence.text import Text

Subject = Literal["item", "claim"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold on an item or a claim; as long as it is not lifted nothing of it goes."""

    hold_id: int
    subject: Subject
    subject_id: str
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lifted_because: str | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of an erased photo.

    Attributes:
        number: counts up.
        views: what it showed, wherever it hung.
        size: in bytes, of the original.
        added_at: when it was first kept.
    """

    number: int
    photo_id: str
    media_type: str
    size: int
    views: tuple[str, ...]
    added_at: datetime | None
    erased_at: datetime
    erased_by: str
    ground: Ground
    reason: str


class RetentionRows(PhotoRows):
    """How long photos stay."""

    def place_hold(
        self, subject: Subject, subject_id: str, *, reason: str, by: str, at: datetime
    ) -> Hold:
        """Keep everything of an item or a claim until the hold is lifted.

        Raises:
            NotFoundError: no such item or claim.
        """
        values = {
            "subject": subject,
            "subject_id": subject_id,
            "reason": reason,
            "placed_by": by,
            "placed_at": at.astimezone(UTC),
        }
        with self._database.telling() as connection:
            if subject == "item":
                require_item(connection, subject_id)
            else:
                require_claim(connection, subject_id)
            done = connection.execute(insert(holds).values(values))
            number = int(done.inserted_primary_key[0])  # type: ignore[index]
            body = {"hold_id": number, "reason": reason}
            _tell(connection, "hold.placed", subject, subject_id, by, at, body)
            return _hold(connection.execute(select(holds).filter_by(hold_id=number)).one())

    def lift_hold(self, hold_id: int, *, because: str, by: str, at: datetime) -> Hold:
        """Let a hold go; others on the same item or claim stay.

        Raises:
            NotFoundError: no such hold.
            ConflictError: it was lifted before.
        """
        query = select(holds).filter_by(hold_id=hold_id)
        with self._database.writing() as connection:
            row = found(
                connection.execute(query).one_or_none(),
                Text(f"hold {hold_id}", f"法的保全 {hold_id}"),
            )
            if row.lifted_at is not None:
                raise ConflictError(
                    f"hold {hold_id} was lifted by {row.lifted_by} before",
                    f"法的保全 {hold_id} は {row.lifted_by} が解除済みです。",
                )
            values = {"lifted_by": by, "lifted_at": at.astimezone(UTC), "lifted_because": because}
            connection.execute(update(holds).filter_by(hold_id=hold_id).values(values))
            body = {"hold_id": hold_id, "reason": because}
            _tell(connection, "hold.lifted", row.subject, row.subject_id, by, at, body)
            return _hold(connection.execute(query).one())

    def all_holds(self) -> list[Hold]:
        """List every hold, lifted ones too, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(holds).order_by(holds.c.hold_id))
            return [_hold(row) for row in rows]

    def photo_ids(self, *, after: str, limit: int) -> list[str]:
        """List the ids of photos that are kept and were not erased, in their order.

        Args:
            after: the last one that is known; empty for the first.
            limit: how many at most, at least 1.
        """
        column = photos.c.photo_id
        query = select(column).where(column > after, is_there(column)).order_by(column)
        with self._database.reading() as connection:
            return list(connection.scalars(query.limit(limit)))

    def count_photos(self, *, after: str = "") -> int:
        """Count the photos that ``photo_ids`` lists after that one."""
        column = photos.c.photo_id
        query = select(func.count()).where(column > after, is_there(column))
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def erased_at(self, photo_id: str) -> datetime | None:
        """Tell when a photo was erased; None if it was not."""
        query = select(erasures.c.erased_at).filter_by(photo_id=photo_id)
        with self._database.reading() as connection:
            return connection.scalar(query)

    def photos_of_claim(self, claim_id: str) -> list[str]:
        """List the ids of a claim's photos and of its inspections'; not of its item's.

        Raises:
            NotFoundError: no such claim.
        """
        inspected = select(inspections.c.inspection_id).filter_by(claim_id=claim_id)
        own = select(claim_photos.c.photo_id).filter_by(claim_id=claim_id)
        theirs = select(inspection_photos.c.photo_id).where(
            inspection_photos.c.inspection_id.in_(inspected)
        )
        with self._database.reading() as connection:
            require_claim(connection, claim_id)
            found_ids = {*connection.scalars(own), *connection.scalars(theirs)}
            gone = set(connection.scalars(select(erasures.c.photo_id)))
        return sorted(found_ids - gone)

    def kept_facts(self, photo_ids: Sequence[str]) -> dict[str, PhotoFacts]:
        """Return what the time of those photos depends on; erased ones are left out."""
        with self._database.reading() as connection:
            return gather_facts(connection, photo_ids)

    def erase(
        self,
        photo_id: str,
        rules: RetentionRules,
        *,
        ground: Ground,
        of_claim: str | None,
        reason: str,
        by: str,
        at: datetime,
    ) -> Refusal | None:
        """Erase a photo, if the rules let it go when the transaction has begun.

        Its reading, hashes, facts and comparisons go with the tombstone's commit; its original
        goes right after it, or when the home is opened next if the power goes in between.

        Returns:
            Why it stays; None if it was erased, now or before.
        """
        with self._database.writing() as connection:
            photo = gather_facts(connection, [photo_id]).get(photo_id)
            if photo is not None:
                refusal = refuse_erasure(photo, rules, at, of_claim=of_claim)
                if refusal is not None:
                    return refusal
                told = {"ground": ground, "reason": reason, "erased_by": by, "erased_at": at}
                _bury(connection, photo_id, told)
        if photo is not None:
            self._files.remove(photo_id)
        return None

    def finish_erasures(self) -> None:
        """Remove the originals of erased photos that a power cut left; then what they were in."""
        with self._database.reading() as connection:
            gone = list(connection.scalars(select(erasures.c.photo_id)))
        for photo_id in gone:
            try:
                if self._files.has_file(photo_id):
                    self._files.remove(photo_id)
            except StorageError as error:  # such as a bucket's lock: the scrub tells of it too
                _log.warning("%s", error)

    def scrub_free_pages(self) -> None:
        """Let nothing that was erased stand in the write-ahead log either, as far as it is free."""
        self._database.truncate_log()

    def tombstones(self, *, after: int = 0, limit: int = 1000) -> list[Tombstone]:
        """List what is left of erased photos, in the order of erasing.

        Args:
            after: number of the last one that is known; 0 for all.
            limit: how many at most, at least 1.
        """
        query = _tombstones().where(erasures.c.number > after).limit(limit)
        with self._database.reading() as connection:
            return [_tombstone(connection, row) for row in connection.execute(query).all()]

    def tombstones_of(self, subject: Subject, subject_id: str) -> list[Tombstone]:
        """List what is left of photos that hung on an item, or on a claim or its inspections."""
        if subject == "item":
            hung: ColumnElement[bool] = erasures.c.photo_id.in_(
                select(item_photos.c.photo_id).filter_by(item_id=subject_id)
            )
        else:
            inspected = select(inspections.c.inspection_id).filter_by(claim_id=subject_id)
            of_inspections = select(inspection_photos.c.photo_id).where(
                inspection_photos.c.inspection_id.in_(inspected)
            )
            own = select(claim_photos.c.photo_id).filter_by(claim_id=subject_id)
            hung = or_(erasures.c.photo_id.in_(own), erasures.c.photo_id.in_(of_inspections))
        with self._database.reading() as connection:
            rows = connection.execute(_tombstones().where(hung)).all()
            return [_tombstone(connection, row) for row in rows]


def _bury(connection: Connection, photo_id: str, told: dict[str, Any]) -> None:
    found_by = select(photo_hashes.c.number).filter_by(photo_id=photo_id)
    told |= {"photo_id": photo_id, "hashes_number": connection.scalar(found_by)}
    connection.execute(insert(erasures).values(told))
    for table in (photo_hashes, photo_facts):
        connection.execute(delete(table).filter_by(photo_id=photo_id))
    emptied = update(photos).filter_by(photo_id=photo_id).values(reading=b"")
    connection.execute(emptied)
    of_it = or_(comparisons.c.reference == photo_id, comparisons.c.query == photo_id)
    connection.execute(update(comparisons).where(of_it).values(body=""))
    row = connection.execute(_tombstones().where(erasures.c.photo_id == photo_id)).one()
    stone = _tombstone(connection, row)
    body = {
        "sha256": photo_id,
        "size": stone.size,
        "views": list(stone.views),
        "added_at": stone.added_at and stone.added_at.isoformat(),
        "ground": stone.ground,
        "reason": stone.reason,
    }
    by, at = stone.erased_by, stone.erased_at
    _tell(connection, "photo.erased", "photo", photo_id, by, at, body)


def _tombstones() -> Select[Any]:
    return (
        select(
            *(column for column in erasures.c if column is not erasures.c.hashes_number),
            photos.c.media_type,
            photos.c.size,
            photos.c.added_at,
        )
        .join_from(erasures, photos, photos.c.photo_id == erasures.c.photo_id)
        .order_by(erasures.c.number)
    )


def _tombstone(connection: Connection, row: Row[Any]) -> Tombstone:
    views: set[str] = set()
    for table in (item_photos, claim_photos, inspection_photos):
        views |= set(connection.scalars(select(table.c.view).filter_by(photo_id=row.photo_id)))
    return Tombstone(**row._asdict(), views=tuple(sorted(views)))


def _hold(row: Row[Any]) -> Hold:
    return Hold(**row._asdict())


def _tell(
    connection: Connection,
    kind: str,
    subject: str,
    subject_id: str,
    by: str,
    at: datetime,
    body: dict[str, Any],
) -> None:
    add_event(connection, kind, subject=subject, subject_id=subject_id, actor=by, at=at, body=body)
