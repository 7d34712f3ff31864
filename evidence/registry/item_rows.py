"""Items and their reference sets; a sealed set no longer changes."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from evidence.errors import SealedError
from evidence.registry.event_rows import add_event
from evidence.registry.expectations import ANYTHING, PROGRAM, Expected
from evidence.registry.item_values import (
    change_item,
    find_items,
    insert_items,
    record_item,
    require_item,
    update_item,
)
from evidence.registry.naming import name_item
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.records import Item, KeptPhoto
from evidence.registry.tables import item_photos, items


class ItemRows(PhotoRows):
    """Items by their id.

    Whoever changes one says who it is (``actor``) and, if that matters, what it is taken to be
    (``expected``); each change is one event.
    """

    def put_item(
        self,
        item: Item,
        *,
        actor: str = PROGRAM,
        at: datetime | None = None,
        expected: Expected = ANYTHING,
    ) -> bool:
        """Register an item, or replace what was registered under its id.

        Only ``seal_item`` seals: the given ``sealed_at`` is not looked at. The same values once
        more are no change, so a retry is always fine.

        Args:
            item: its facts.
            actor: who does it.
            at: when; the present instant if it is not given. Aware.
            expected: what the caller takes it to be.

        Returns:
            True if the item is new.

        Raises:
            SealedError: it is sealed, and the values differ.
            StaleError: it is not as expected.
        """
        at = at or datetime.now(UTC)
        with self._database.writing() as connection:
            kept = find_items(connection, [item.item_id]).get(item.item_id)
            expected.check(name_item(item.item_id), None if kept is None else kept.version)
            changed = change_item(kept, item)
            if kept is None:
                insert_items(connection, [changed], actor=actor, at=at)
            elif changed != kept:
                update_item(connection, kept, changed, actor=actor, at=at)
            return kept is None

    def item(self, item_id: str) -> Item:
        """Read an item back.

        Raises:
            NotFoundError: no such item.
        """
        with self._database.reading() as connection:
            return require_item(connection, item_id)

    def items(self) -> list[Item]:
        """List all items by their ids."""
        return self._select(select(items))

    def items_of_order(self, order_id: str) -> list[Item]:
        """List the items of one order by their ids; an unknown order has none."""
        return self._select(select(items).filter_by(order_id=order_id))

    def seal_item(
        self,
        item_id: str,
        at: datetime,
        *,
        actor: str = PROGRAM,
        expected: Expected = ANYTHING,
    ) -> Item:
        """Declare the reference set complete; sealing again keeps the first instant.

        Raises:
            NotFoundError: no such item.
            StaleError: it is not as expected.
        """
        with self._database.writing() as connection:
            item = require_item(connection, item_id)
            expected.check(name_item(item_id), item.version)
            if item.sealed_at is None:
                item = replace(item, sealed_at=at.astimezone(UTC), version=item.version + 1)
                sealed = {"sealed_at": at, "version": item.version}
                connection.execute(update(items).filter_by(item_id=item_id).values(sealed))
                _tell(connection, "item.sealed", item_id, actor, at, {"version": item.version})
            return item

    def add_item_photo(
        self,
        item_id: str,
        photo: KeptPhoto,
        data: bytes,
        reading: bytes,
        *,
        actor: str = PROGRAM,
        expected: Expected = ANYTHING,
    ) -> bool:
        """Add a photo to the reference set; it is durable when this returns.

        Returns:
            True if it is new on this item, False if these bytes hang there already.

        Raises:
            NotFoundError: no such item.
            SealedError: the set is sealed, and the photo is not in it.
            StaleError: the item is not as expected.
            StorageFullError: no room is left.
        """

        def admit(connection: Connection, there: bool) -> None:
            item = require_item(connection, item_id)
            expected.check(name_item(item_id), item.version)
            if item.sealed_at is not None and not there:
                raise SealedError(
                    f"item {item_id} is sealed and takes no more photos",
                    f"商品 {item_id} は確定済みのため、写真を追加できません。",
                )

        def tell(connection: Connection) -> None:
            grown = update(items).filter_by(item_id=item_id)
            connection.execute(grown.values(version=items.c.version + 1))
            body = {"photo_id": photo.photo_id, "view": photo.view}
            _tell(connection, "item.photo_added", item_id, actor, photo.added_at, body)

        owner = {"item_id": item_id}
        return self._hang(item_photos, owner, photo, data, reading, admit, tell)

    def item_photos(self, item_id: str) -> list[KeptPhoto]:
        """List the reference set in the order of adding.

        Raises:
            NotFoundError: no such item.
        """
        self.item(item_id)
        return self._hanging_on(item_photos, {"item_id": item_id})

    def _select(self, query: Select[Any]) -> list[Item]:
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(items.c.item_id))
            return [record_item(row) for row in rows]


def _tell(
    connection: Connection, kind: str, item_id: str, actor: str, at: datetime, body: dict[str, Any]
) -> None:
    add_event(connection, kind, subject="item", subject_id=item_id, actor=actor, at=at, body=body)
