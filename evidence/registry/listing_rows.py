"""Lists of claims and items, a page at a time, each page read along an index.

A page starts after the last row of the one before (its key), not after a number of rows: it costs
the same wherever it starts, and rows that are added meanwhile shift nothing. A claim whose deadline
moves while somebody turns pages may be seen twice or not at all.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, select, tuple_

from evidence.registry.claim_rows import record_claim
from evidence.registry.item_values import record_item
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.records import Claim, Item
from evidence.registry.tables import claims, items

Sort = Literal["deadline", "value", "claim_id"]
Key = tuple[datetime | int | None, str]  # what is sorted by, and the claim's id


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are wanted; None where it does not matter.

    Attributes:
        deadline_before: the deadline is known and earlier. Aware.
        deadline_after: the deadline is known and not earlier. Aware.
        value_min: thousandths that the item is worth at least.
        return_before: the return is authorised, the item was asked back by an earlier instant,
            and it is not known to be on its way. Aware.
    """

    state: str | None = None
    reason: str | None = None
    item_id: str | None = None
    order_id: str | None = None
    deadline_before: datetime | None = None
    deadline_after: datetime | None = None
    value_min: int | None = None
    return_before: datetime | None = None


class ListingRows(PhotoRows):
    """Pages of claims and of items."""

    def claims_page(
        self, wanted: ClaimFilter, *, sort: Sort, after: Key | None, limit: int
    ) -> list[Claim]:
        """List claims: by deadline with the unknown ones last, by falling value, or by id.

        Args:
            wanted: which ones.
            sort: what they are ordered by; the claim's id decides among equals.
            after: key of the last claim of the page before; None for the first page. Sorted by
                ``claim_id``, only the id in it counts.
            limit: how many at most, at least 1.
        """
        with self._database.reading() as connection:
            found: list[Claim] = []
            for query in claim_queries(wanted, sort=sort, after=after):
                if len(found) < limit:
                    found += _read(connection, query.limit(limit - len(found)))
            return found

    def items_page(
        self, *, order_id: str | None, sealed: bool | None, after: str | None, limit: int
    ) -> list[Item]:
        """List items by their ids.

        Args:
            order_id: of this order alone; None for all.
            sealed: only those whose reference set is complete, or is not; None for both.
            after: id of the last item of the page before; None for the first page.
            limit: how many at most, at least 1.
        """
        query = select(items).order_by(items.c.item_id).limit(limit)
        if order_id is not None:
            query = query.where(items.c.order_id == order_id)
        if sealed is not None:
            known = items.c.sealed_at
            query = query.where(known.is_not(None) if sealed else known.is_(None))
        if after is not None:
            query = query.where(items.c.item_id > after)
        with self._database.reading() as connection:
            return [record_item(row) for row in connection.execute(query)]


def claim_queries(wanted: ClaimFilter, *, sort: Sort, after: Key | None) -> list[Select[Any]]:
    """Return the queries whose rows, one query after the other, are the list from ``after`` on."""
    query = select(claims).where(*_conditions(wanted))
    if sort == "claim_id":
        rest = query if after is None else query.where(claims.c.claim_id > after[1])
        return [rest.order_by(claims.c.claim_id)]
    if sort == "value":
        key = (claims.c.value_milli, claims.c.claim_id)
        rest = query if after is None else query.where(tuple_(*key) < tuple_(*after))
        return [rest.order_by(*(column.desc() for column in key))]
    known = query.where(claims.c.deadline.is_not(None)).order_by(
        claims.c.deadline, claims.c.claim_id
    )
    unknown = query.where(claims.c.deadline.is_(None)).order_by(claims.c.claim_id)
    if after is not None and after[0] is None:
        return [unknown.where(claims.c.claim_id > after[1])]
    if after is not None:
        known = known.where(tuple_(claims.c.deadline, claims.c.claim_id) > tuple_(*after))
    bounded = wanted.deadline_before is not None or wanted.deadline_after is not None
    return [known] if bounded else [known, unknown]


def _conditions(wanted: ClaimFilter) -> list[ColumnElement[bool]]:
    conditions = [
        claims.c[name] == getattr(wanted, name)
        for name in ("state", "reason", "item_id", "order_id")
        if getattr(wanted, name) is not None
    ]
    if wanted.deadline_before is not None:
        conditions.append(claims.c.deadline < wanted.deadline_before)
    if wanted.deadline_after is not None:
        conditions.append(claims.c.deadline >= wanted.deadline_after)
    if wanted.value_min is not None:
        conditions.append(claims.c.value_milli >= wanted.value_min)
    if wanted.return_before is not None:
        conditions.append(claims.c.state == "return_authorised")
        conditions.append(claims.c.return_by < wanted.return_before)
    return conditions


def _read(connection: Connection, query: Select[Any]) -> list[Claim]:
    return [record_claim(row) for row in connection.execute(query)]
