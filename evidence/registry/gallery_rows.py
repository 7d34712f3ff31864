"""What photos are found by: their hashes, whom they hang on, what their files tell."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Select, func, insert, literal, select

from evidence.registry.database import in_parts
from evidence.registry.photo_rows import (
    PhotoRows,
    is_there,
    put_hashes,
    refuse_erased,
    require_photo,
)
from evidence.registry.records import OwnedPhoto, PhotoHashes
from evidence.registry.tables import (
    claim_photos,
    claims,
    erasures,
    inspection_photos,
    inspections,
    item_photos,
    items,
    photo_facts,
    photo_hashes,
    photos,
)


class GalleryRows(PhotoRows):
    """The gallery that a probe is held against."""

    def hashes_after(self, number: int, *, limit: int) -> list[tuple[int, str]]:
        """List (number, hashes) of photos kept or read anew after that number, in order.

        Args:
            number: the last one that is known; 0 for the first.
            limit: how many at most, at least 1.
        """
        columns = photo_hashes.c
        query = select(columns.number, columns.outlines).where(columns.number > number)
        query = query.order_by(columns.number).limit(limit)
        with self._database.reading() as connection:
            return [(row, outlines) for row, outlines in connection.execute(query).all()]

    def hashes_erased_after(self, number: int) -> list[tuple[int, int]]:
        """List (number of the erasure, number of the photo's hashes) after that erasure."""
        columns = erasures.c
        query = select(columns.number, columns.hashes_number).where(
            columns.number > number, columns.hashes_number.is_not(None)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(columns.number))
            return [(row.number, row.hashes_number) for row in rows]

    def photos_by_number(self, numbers: Sequence[int]) -> dict[int, str]:
        """Return the ids of the photos that are found by hashes of those numbers.

        A number that nothing has is left out: its photo was read anew, or erased.
        """
        named: dict[int, str] = {}
        with self._database.reading() as connection:
            for some in in_parts(numbers):
                query = select(photo_hashes.c.number, photo_hashes.c.photo_id)
                query = query.where(photo_hashes.c.number.in_(some))
                named.update({row.number: row.photo_id for row in connection.execute(query)})
        return named

    def photos_without_hashes(self) -> list[str]:
        """List the ids of photos that no search can find yet."""
        there = photo_hashes.c.photo_id
        query = select(photos.c.photo_id).outerjoin(photo_hashes, there == photos.c.photo_id)
        with self._database.reading() as connection:
            query = query.where(there.is_(None), is_there(photos.c.photo_id))
            return list(connection.scalars(query.order_by("photo_id")))

    def put_hashes(self, photo_id: str, hashes: PhotoHashes) -> None:
        """Let a kept photo be found.

        Raises:
            NotFoundError: no such photo.
        """
        with self._database.writing() as connection:
            require_photo(connection, photo_id)
            put_hashes(connection, photo_id, hashes)

    def hashes(self, photo_id: str) -> PhotoHashes | None:
        """Return what a photo is found by; None while no search can find it."""
        columns = photo_hashes.c
        query = select(columns.outlines, columns.pixels_sha256).filter_by(photo_id=photo_id)
        with self._database.reading() as connection:
            row = connection.execute(query.where(is_there(columns.photo_id))).one_or_none()
            if row is None:
                refuse_erased(connection, photo_id)
        return None if row is None else PhotoHashes(*row)

    def photos_of_pixels(self, pixels_sha256: str) -> list[str]:
        """List the ids of photos with that picture, whatever file it is in."""
        query = select(photo_hashes.c.photo_id).filter_by(pixels_sha256=pixels_sha256)
        with self._database.reading() as connection:
            return list(connection.scalars(query.order_by(photo_hashes.c.photo_id)))

    def owners(self, photo_ids: Sequence[str]) -> list[OwnedPhoto]:
        """List where photos hang, items first; a photo that hangs on nothing is not there."""
        found: list[OwnedPhoto] = []
        with self._database.reading() as connection:
            for query in (_on_items(), _on_claims()):
                column = query.selected_columns.photo_id
                for some in in_parts(photo_ids):
                    rows = connection.execute(query.where(column.in_(some), is_there(column)))
                    found += [OwnedPhoto(**row._asdict()) for row in rows]
        return found

    def catalogue_items(self, photo_ids: Sequence[str]) -> list[tuple[str, str]]:
        """List which of these photos is the catalogue's picture of which item, by their ids."""
        picture = items.c.catalogue_photo
        query = select(picture, items.c.item_id).order_by(items.c.item_id)
        found: list[tuple[str, str]] = []
        with self._database.reading() as connection:
            for some in in_parts(photo_ids):
                rows = connection.execute(query.where(picture.in_(some), is_there(picture)))
                found += [(photo_id, item_id) for photo_id, item_id in rows]
        return found

    def shown_item(self, photo_id: str) -> tuple[str, str] | None:
        """Return the item that a photo was taken for, and its role; None if it hangs on nothing.

        Of several: where it hangs before shipping, the last; then a catalogue's picture, what
        came back, and what a customer sent.
        """
        on_item = select(item_photos.c.item_id, item_photos.c.role)
        pictured = select(items.c.item_id, literal("product").label("role"))
        returned = select(inspections.c.item_id, inspection_photos.c.role).join_from(
            inspection_photos, inspections
        )
        claimed = (
            select(items.c.item_id, claim_photos.c.role)
            .join_from(claim_photos, claims)
            .join(items, items.c.item_id == claims.c.item_id)
        )
        queries = (
            on_item.filter_by(photo_id=photo_id).order_by(item_photos.c.number.desc()),
            pictured.filter_by(catalogue_photo=photo_id).order_by(items.c.item_id),
            returned.where(inspection_photos.c.photo_id == photo_id).order_by(
                inspection_photos.c.number
            ),
            claimed.where(claim_photos.c.photo_id == photo_id).order_by(claim_photos.c.number),
        )
        with self._database.reading() as connection:
            for query in queries:
                row = connection.execute(query.limit(1)).first()
                if row is not None:
                    return row.item_id, row.role
        return None

    def photo_facts(self, photo_id: str) -> str | None:
        """Return what the file tells of itself, as JSON; None if it was not read yet."""
        query = select(photo_facts.c.body).filter_by(photo_id=photo_id)
        with self._database.reading() as connection:
            body = connection.scalar(query.where(is_there(photo_facts.c.photo_id)))
            if body is None:
                refuse_erased(connection, photo_id)
        return body

    def put_photo_facts(self, photo_id: str, body: str) -> None:
        """Keep what the file tells of itself; the first stays.

        Raises:
            NotFoundError: no such photo.
        """
        with self._database.writing() as connection:
            require_photo(connection, photo_id)
            there = select(photo_facts.c.photo_id).filter_by(photo_id=photo_id)
            if connection.scalar(there) is None:
                connection.execute(insert(photo_facts).values(photo_id=photo_id, body=body))

    def claim_ids(self) -> list[str]:
        """List the ids of all claims."""
        with self._database.reading() as connection:
            return list(connection.scalars(select(claims.c.claim_id).order_by(claims.c.claim_id)))

    def open_claim_ids(self) -> list[str]:
        """List the ids of the claims that are not closed."""
        query = select(claims.c.claim_id).where(claims.c.state != "closed")
        with self._database.reading() as connection:
            return list(connection.scalars(query.order_by(claims.c.claim_id)))


def _on_items() -> Select[Any]:
    owner: Literal["item"] = "item"
    return (
        select(
            item_photos.c.photo_id,
            literal(owner).label("owner"),
            items.c.item_id.label("owner_id"),
            items.c.order_id,
            item_photos.c.view,
            item_photos.c.role,
        )
        .join_from(item_photos, items, items.c.item_id == item_photos.c.item_id)
        .order_by(item_photos.c.number)
    )


def _on_claims() -> Select[Any]:
    """Take the order from the claim's item where the claim itself names none."""
    owner: Literal["claim"] = "claim"
    order_id = claims.c.order_id
    return (
        select(
            claim_photos.c.photo_id,
            literal(owner).label("owner"),
            claims.c.claim_id.label("owner_id"),
            func.coalesce(items.c.order_id, order_id).label("order_id"),
            claim_photos.c.view,
            claim_photos.c.role,
        )
        .join_from(claim_photos, claims, claims.c.claim_id == claim_photos.c.claim_id)
        .outerjoin(items, items.c.item_id == claims.c.item_id)
        .order_by(claim_photos.c.number)
    )
