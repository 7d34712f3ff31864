"""Items as rows: read, made and changed inside a transaction, one at a time or many at once."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from evidence.errors import SealedError
from evidence.registry.database import in_parts
from evidence.registry.event_rows import EventFacts, add_event, add_events
from evidence.registry.naming import name_item
from evidence.registry.photo_rows import found
from evidence.registry.records import Item
from evidence.registry.tables import claims, items


def find_items(connection: Connection, item_ids: Iterable[str]) -> dict[str, Item]:
    """Return those of the items that are registered, by their ids."""
    kept: dict[str, Item] = {}
    for some in in_parts(item_ids):
        query = select(items).where(items.c.item_id.in_(some))
        kept |= {row.item_id: record_item(row) for row in connection.execute(query)}
    return kept


def require_item(connection: Connection, item_id: str) -> Item:
    """Return the item, or raise NotFoundError."""
    return found(find_items(connection, [item_id]).get(item_id), name_item(item_id))


def change_item(kept: Item | None, item: Item) -> Item:
    """Return what is to be stored of an item; ``kept`` itself if nothing changes.

    Raises:
        SealedError: it is sealed, and the values differ.
    """
    if kept is None:
        return replace(item, sealed_at=None, version=1)
    changed = replace(item, sealed_at=kept.sealed_at, version=kept.version)
    if changed == kept:
        return kept
    if kept.sealed_at is not None:
        raise SealedError(
            f"item {item.item_id} is sealed and no longer changes",
            f"商品 {item.item_id} は確定済みのため、変更できません。",
        )
    return replace(changed, version=kept.version + 1)


def insert_items(connection: Connection, new: Sequence[Item], *, actor: str, at: datetime) -> None:
    """Store new items, each with its event."""
    connection.execute(insert(items), [_values(item) for item in new])
    add_events(
        connection,
        "item.registered",
        [EventFacts("item", item.item_id, {"order_id": item.order_id}) for item in new],
        actor=actor,
        at=at,
    )


def update_item(
    connection: Connection, kept: Item, changed: Item, *, actor: str, at: datetime
) -> None:
    """Replace an item's facts, and the value that claims about it are sorted by."""
    item_id = kept.item_id
    connection.execute(update(items).filter_by(item_id=item_id).values(_values(changed)))
    if changed.declared_value != kept.declared_value:
        value = {"value_milli": in_thousandths(changed.declared_value)}
        connection.execute(update(claims).filter_by(item_id=item_id).values(value))
    body = {"fields": changed_fields(asdict(kept), asdict(changed)), "version": changed.version}
    add_event(
        connection,
        "item.changed",
        subject="item",
        subject_id=item_id,
        actor=actor,
        at=at,
        body=body,
    )


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Name the fields whose values differ, but for the version itself."""
    return sorted(name for name in after if before[name] != after[name] and name != "version")


def in_thousandths(value: Decimal) -> int:
    """Return a money amount as whole thousandths; what is finer is cut off."""
    return int(value * 1000)


def record_item(row: Row[Any]) -> Item:
    """Return an item's row as a plain value."""
    values = row._asdict()
    values["declared_value"] = Decimal(row.declared_value)
    size_mm = values.pop("width_mm"), values.pop("height_mm")
    return Item(**values, size_mm=None if None in size_mm else size_mm)


def _values(item: Item) -> dict[str, Any]:
    values = asdict(item)
    values["declared_value"] = str(item.declared_value)
    values["width_mm"], values["height_mm"] = values.pop("size_mm") or (None, None)
    return values
