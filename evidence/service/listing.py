"""Pages of claims and items, each with the cursor that the next one starts at."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Generic, TypeVar

from evidence.registry.listing_rows import ClaimFilter, Key, Sort
from evidence.registry.records import Claim, Event, Item
from evidence.service.cursors import make_cursor, read_cursor
from evidence.service.parts import Service

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list.

    Attributes:
        rows: in the list's order.
        next: cursor of the next page; None on the last one.
    """

    rows: list[Row]
    next: str | None


def list_claims(
    service: Service, wanted: ClaimFilter, *, sort: Sort, cursor: str | None, limit: int
) -> Page[Claim]:
    """List a page of claims.

    Args:
        service: the parts.
        wanted: which claims.
        sort: their order.
        cursor: from the page before, of the same filters and order; None for the first page.
        limit: how many at most, at least 1.

    Raises:
        UnacceptableError: the cursor is none of this list.
    """
    listing = _name("claims", sort, *asdict(wanted).values())
    after = None if cursor is None else read_cursor(cursor, listing, _KINDS[sort])
    found = service.registry.claims_page(wanted, sort=sort, after=after, limit=limit + 1)
    return _page(found, limit, lambda last: make_cursor(listing, _key(last, sort)))


def list_items(
    service: Service, *, order_id: str | None, sealed: bool | None, cursor: str | None, limit: int
) -> Page[Item]:
    """List a page of items by their ids.

    Args:
        service: the parts.
        order_id: of this order alone; None for all.
        sealed: only those whose reference set is complete, or is not; None for both.
        cursor: from the page before, of the same filters; None for the first page.
        limit: how many at most, at least 1.

    Raises:
        UnacceptableError: the cursor is none of this list.
    """
    listing = _name("items", order_id, sealed)
    after = None if cursor is None else read_cursor(cursor, listing, type(None))[1]
    found = service.registry.items_page(
        order_id=order_id, sealed=sealed, after=after, limit=limit + 1
    )
    return _page(found, limit, lambda last: make_cursor(listing, (None, last.item_id)))


def follow_events(
    service: Service, *, after: int, limit: int, without: Collection[str] = ()
) -> tuple[list[Event], bool]:
    """Return what happened after an event, the oldest first, and whether there is more already."""
    found = service.registry.events(after=after, limit=limit + 1, without=without)
    return found[:limit], len(found) > limit


_KINDS: dict[Sort, type] = {"deadline": datetime, "value": int, "claim_id": type(None)}


def _key(claim: Claim, sort: Sort) -> Key:
    """Return what tells where in the list a claim stands."""
    if sort == "claim_id":
        return None, claim.claim_id
    return (claim.value_milli if sort == "value" else claim.deadline), claim.claim_id


def _page(found: list[Row], limit: int, cursor: Callable[[Row], str]) -> Page[Row]:
    if len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], cursor(found[limit - 1]))


def _name(*parts: object) -> str:
    """Tell lists apart by what they are of, in few characters."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]
