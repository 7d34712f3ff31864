"""What a photo's time depends on: gathered for many photos at once, in the caller's view of rows.

Erasing gathers in its own transaction, so that what it goes by still holds when it commits.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Table, func, select

from evidence.policy.retention import ClaimFacts, OwnerFacts, PhotoFacts
from evidence.registry.database import in_parts
from evidence.registry.photo_rows import is_there
from evidence.registry.tables import (
    claim_photos,
    claim_steps,
    claims,
    holds,
    inspection_photos,
    inspections,
    item_photos,
    items,
    photos,
)

Rows = dict[str, Row[Any]]


def gather_facts(connection: Connection, photo_ids: Sequence[str]) -> dict[str, PhotoFacts]:
    """Gather the facts of those photos that are kept, by their ids."""
    hanging = {
        table: _where_in(connection, table, "photo_id", photo_ids)
        for table in (item_photos, claim_photos, inspection_photos)
    }
    pictured = _where_in(connection, items, "catalogue_photo", photo_ids)
    numbers = {row.inspection_id for row in hanging[inspection_photos]}
    inspected = {
        row.inspection_id: row
        for row in _where_in(connection, inspections, "inspection_id", numbers)
    }
    named = {row.claim_id for row in hanging[claim_photos]}
    named |= {one.claim_id for one in inspected.values() if one.claim_id is not None}
    item_ids = {row.item_id for row in (*hanging[item_photos], *pictured, *inspected.values())}
    about = _Surroundings(connection, item_ids, named)
    owners: dict[str, list[OwnerFacts]] = defaultdict(list)
    for row in hanging[item_photos]:
        owners[row.photo_id].append(about.item(row.item_id))
    for row in pictured:
        owners[row.catalogue_photo].append(about.item(row.item_id))
    for row in hanging[claim_photos]:
        owners[row.photo_id].append(about.claim(row.claim_id, row.added_at))
    for row in hanging[inspection_photos]:
        inspection = inspected[row.inspection_id]
        owners[row.photo_id].append(about.inspection(inspection, row.added_at))
    kept = _where_in(connection, photos, "photo_id", photo_ids, is_there(photos.c.photo_id))
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)  # no row was ever kept without its instant
    return {
        row.photo_id: PhotoFacts(
            photo_id=row.photo_id,
            size=row.size,
            added_at=row.added_at or long_ago,
            owners=tuple(owners[row.photo_id]),
        )
        for row in kept
    }


class _Surroundings:
    """The items and claims around some photos, with their holds."""

    def __init__(self, connection: Connection, item_ids: set[str], claim_ids: set[str]) -> None:
        named = _where_in(connection, claims, "claim_id", claim_ids)
        item_ids = item_ids | {row.item_id for row in named if row.item_id is not None}
        around = _where_in(connection, claims, "item_id", item_ids)
        self._claims: Rows = {row.claim_id: row for row in (*named, *around)}
        self._items: Rows = {
            row.item_id: row for row in _where_in(connection, items, "item_id", item_ids)
        }
        self._closed = _newest(
            connection, claim_steps, "claim_id", "at", self._claims, to_state="closed"
        )
        self._photographed = _newest(connection, item_photos, "item_id", "added_at", item_ids)
        self._held = {("item", name) for name in _held(connection, "item", self._items)} | {
            ("claim", name) for name in _held(connection, "claim", self._claims)
        }

    def item(self, item_id: str) -> OwnerFacts:
        """Return the facts of an item as an owner."""
        row, about = self._items[item_id], self._of_item(item_id)
        seen = [row.sealed_at, self._photographed.get(item_id)]
        since = max((at for at in seen if at is not None), default=datetime(2000, 1, 1, tzinfo=UTC))
        held = ("item", item_id) in self._held or self._any_held(about)
        return self._owner("item", item_id, item_id, since, about, held=held)

    def claim(self, claim_id: str, added_at: datetime) -> OwnerFacts:
        """Return the facts of a claim as an owner."""
        row = self._claims[claim_id]
        held = ("item", row.item_id) in self._held or self._any_held([row])
        return self._owner("claim", claim_id, row.item_id, added_at, [row], held=held)

    def inspection(self, row: Row[Any], added_at: datetime) -> OwnerFacts:
        """Return the facts of an inspection as an owner."""
        about = [self._claims[row.claim_id]] if row.claim_id is not None else []
        held = ("item", row.item_id) in self._held or self._any_held(about)
        name = str(row.inspection_id)
        return self._owner("inspection", name, row.item_id, added_at, about, held=held)

    def _owner(
        self,
        subject: Literal["item", "claim", "inspection"],
        subject_id: str,
        item_id: str | None,
        since: datetime,
        about: Sequence[Row[Any]],
        *,
        held: bool,
    ) -> OwnerFacts:
        item = None if item_id is None else self._items.get(item_id)
        return OwnerFacts(
            subject=subject,
            subject_id=subject_id,
            kind="other" if item is None else item.kind,
            since=since,
            delivered=tuple(at for row in about for at in _deliveries(row)),
            claims=tuple(ClaimFacts(row.claim_id, self._closed_at(row)) for row in about),
            held=held,
        )

    def _of_item(self, item_id: str) -> list[Row[Any]]:
        return [row for row in self._claims.values() if row.item_id == item_id]

    def _any_held(self, about: Iterable[Row[Any]]) -> bool:
        return any(("claim", row.claim_id) in self._held for row in about)

    def _closed_at(self, row: Row[Any]) -> datetime | None:
        return self._closed.get(row.claim_id) if row.state == "closed" else None


def _deliveries(row: Row[Any]) -> list[datetime]:
    told = [one["delivered_at"] for one in json.loads(row.parcels)]
    parcels = [datetime.fromisoformat(at) for at in told if at is not None]
    return parcels if row.delivered_at is None else [row.delivered_at, *parcels]


def _held(connection: Connection, subject: str, names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for some in in_parts(names):
        query = select(holds.c.subject_id).filter_by(subject=subject, lifted_at=None)
        found |= set(connection.scalars(query.where(holds.c.subject_id.in_(some))))
    return found


def _newest(
    connection: Connection, table: Table, key: str, at: str, names: Iterable[str], **where: str
) -> dict[str, datetime]:
    newest: dict[str, datetime] = {}
    for some in in_parts(names):
        query = select(table.c[key], func.max(table.c[at])).filter_by(**where)
        query = query.where(table.c[key].in_(some)).group_by(table.c[key])
        newest.update((name, last) for name, last in connection.execute(query))
    return newest


def _where_in(
    connection: Connection, table: Table, column: str, values: Iterable[Any], *more: Any
) -> list[Row[Any]]:
    rows: list[Row[Any]] = []
    columns = [one for one in table.c if one.name != "reading"]  # a megabyte each
    for some in in_parts(values):
        query = select(*columns).where(table.c[column].in_(some), *more)
        rows += connection.execute(query).all()
    return rows
