"""Items and their reference sets; a sealed set no longer changes."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from evidence.errors import SealedError
from evidence.registry.photo_rows import PhotoRows, found
from evidence.registry.records import Item, KeptPhoto
from evidence.registry.tables import item_photos, items


class ItemRows(PhotoRows):
    """Items by their id."""

    def put_item(self, item: Item) -> bool:
        """Register an item, or replace what was registered under its id.

        Only ``seal_item`` seals: the given ``sealed_at`` is not looked at. The same values once
        more are no change, so a retry is always fine.

        Returns:
            True if the item is new.

        Raises:
            SealedError: it is sealed, and the values differ.
        """
        with self._database.writing() as connection:
            row = connection.execute(_item(item.item_id)).one_or_none()
            if row is None:
                connection.execute(
                    insert(items).values(_values(replace(item, sealed_at=None, version=1)))
                )
                return True
            kept = _record(row)
            changed = replace(item, sealed_at=kept.sealed_at, version=kept.version)
            if changed != kept and kept.sealed_at is not None:
                raise SealedError(f"item {item.item_id} is sealed and no longer changes")
            if changed != kept:
                changed = replace(changed, version=kept.version + 1)
                connection.execute(
                    update(items).filter_by(item_id=item.item_id).values(_values(changed))
                )
            return False

    def item(self, item_id: str) -> Item:
        """Read an item back.

        Raises:
            NotFoundError: no such item.
        """
        with self._database.reading() as connection:
            return _require(connection, item_id)

    def items(self) -> list[Item]:
        """List all items by their ids."""
        return self._select(select(items))

    def items_of_order(self, order_id: str) -> list[Item]:
        """List the items of one order by their ids; an unknown order has none."""
        return self._select(select(items).filter_by(order_id=order_id))

    def seal_item(self, item_id: str, at: datetime) -> Item:
        """Declare the reference set complete; sealing again keeps the first instant.

        Raises:
            NotFoundError: no such item.
        """
        with self._database.writing() as connection:
            item = _require(connection, item_id)
            if item.sealed_at is None:
                item = replace(item, sealed_at=at.astimezone(UTC), version=item.version + 1)
                sealed = {"sealed_at": at, "version": item.version}
                connection.execute(update(items).filter_by(item_id=item_id).values(sealed))
            return item

    def add_item_photo(self, item_id: str, photo: KeptPhoto, data: bytes, reading: bytes) -> bool:
        """Add a photo to the reference set; it is durable when this returns.

        Returns:
            True if it is new on this item, False if these bytes hang there already.

        Raises:
            NotFoundError: no such item.
            SealedError: the set is sealed, and the photo is not in it.
            StorageFullError: no room is left.
        """

        def admit(connection: Connection, there: bool) -> None:
            if _require(connection, item_id).sealed_at is not None and not there:
                raise SealedError(f"item {item_id} is sealed and takes no more photos")

        return self._hang(item_photos, {"item_id": item_id}, photo, data, reading, admit)

    def item_photos(self, item_id: str) -> list[KeptPhoto]:
        """List the reference set in the order of adding.

        Raises:
            NotFoundError: no such item.
        """
        self.item(item_id)
        return self._hanging_on(item_photos, {"item_id": item_id})

    def _select(self, query: Select[Any]) -> list[Item]:
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(query.order_by(items.c.item_id))]


def _item(item_id: str) -> Select[Any]:
    return select(items).filter_by(item_id=item_id)


def _require(connection: Connection, item_id: str) -> Item:
    return _record(found(connection.execute(_item(item_id)).one_or_none(), f"item {item_id}"))


def _values(item: Item) -> dict[str, Any]:
    values = asdict(item)
    values["declared_value"] = str(item.declared_value)
    values["width_mm"], values["height_mm"] = values.pop("size_mm") or (None, None)
    return values


def _record(row: Row[Any]) -> Item:
    values = row._asdict()
    values["declared_value"] = Decimal(row.declared_value)
    size_mm = values.pop("width_mm"), values.pop("height_mm")
    return Item(**values, size_mm=None if None in size_mm else size_mm)
