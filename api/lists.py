"""Lists of claims and of items, a page at a time."""

from dataclasses import asdict
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints

from api import workflow_examples as examples
from api.dependencies import KEY, ServiceDep
from api.etags import etag
from api.examples import shown
from api.fields import Id, Instant
from api.items import Money
from api.problems import problems
from evidence.policy.case import Kind, Reason
from evidence.registry.listing_rows import ClaimFilter
from evidence.registry.records import Claim, Item
from evidence.service.listing import list_claims, list_items

router = APIRouter(prefix="/v1", tags=["workflow"], dependencies=[KEY])

Cursor = Annotated[
    str | None,
    Query(
        max_length=400,
        description="`next` of the page before, with the same filters and order",
        examples=["WyI3ZjgxIixudWxsLCJjbGFpbS0xIl0"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=200, description="how many at most", examples=[50])]
State = Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}$")]
Amount = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=4)]
NEXT = Field(description="cursor of the next page; null on the last one")


class ClaimRowView(BaseModel, json_schema_extra=shown(examples.CLAIM_ROW)):
    """A claim in a list."""

    claim_id: str
    item_id: str | None
    order_id: str | None
    reason: Reason
    state: str = Field(description="where it stands", examples=["opened"])
    deadline: datetime | None = Field(
        description="last instant of its window; null if that is unknown"
    )
    return_by: datetime | None = Field(
        description="until when the item is asked back, once the return is authorised; null if the "
        "policy names no day"
    )
    value: Decimal = Field(description="the item's declared value, to thousandths")
    ordered_at: datetime
    delivered_at: datetime | None
    notified_at: datetime
    etag: str = Field(description="of the claim, for If-Match", examples=['"3"'])

    @classmethod
    def of(cls, claim: Claim) -> "ClaimRowView":
        """Show a claim's row."""
        value = Decimal(claim.value_milli) / 1000
        return cls.model_validate({**asdict(claim), "value": value, "etag": etag(claim.version)})


class ClaimListView(BaseModel, json_schema_extra=shown(examples.CLAIM_LIST)):
    """A page of claims."""

    claims: list[ClaimRowView]
    next: str | None = NEXT


class ItemRowView(BaseModel, json_schema_extra=shown(examples.ITEM_ROW)):
    """An item in a list."""

    item_id: str
    order_id: str
    sku: str
    title: str
    kind: Kind
    declared_value: Money
    high_value: bool
    sealed_at: datetime | None = Field(description="when its reference set was complete")
    etag: str = Field(description="of the item, for If-Match", examples=['"3"'])

    @classmethod
    def of(cls, item: Item) -> "ItemRowView":
        """Show an item's row."""
        value = Money(amount=item.declared_value, currency=item.currency)
        return cls.model_validate(
            {**asdict(item), "declared_value": value, "etag": etag(item.version)}
        )


class ItemListView(BaseModel, json_schema_extra=shown(examples.ITEM_LIST)):
    """A page of items."""

    items: list[ItemRowView]
    next: str | None = NEXT


@router.get("/claims", responses=problems())
def read_claims(
    service: ServiceDep,
    state: Annotated[State | None, Query(description="stands there", examples=["opened"])] = None,
    reason: Annotated[Reason | None, Query(description="claimed", examples=["damage"])] = None,
    item_id: Annotated[Id | None, Query(description="about it", examples=["item-1"])] = None,
    order_id: Annotated[
        Id | None, Query(description="the claim names this order", examples=["order-1"])
    ] = None,
    deadline_before: Annotated[
        Instant | None,
        Query(description="known and earlier", examples=["2025-03-09T00:00:00+09:00"]),
    ] = None,
    deadline_after: Annotated[
        Instant | None,
        Query(description="known and not earlier", examples=["2025-03-08T00:00:00+09:00"]),
    ] = None,
    value_min: Annotated[
        Amount | None,
        Query(
            description="the item is worth at least this, in the shop's currency: amounts are "
            "compared as numbers",
            examples=["50000"],
        ),
    ] = None,
    return_before: Annotated[
        Instant | None,
        Query(
            description="the return is authorised, the item was asked back by an earlier instant "
            "and is not on its way yet: give the present instant for those to remind of",
            examples=["2025-03-25T00:00:00+09:00"],
        ),
    ] = None,
    sort: Annotated[
        Literal["deadline", "value", "claim_id"],
        Query(
            description="`deadline`: the earliest first, unknown ones last; `value`: the highest "
            "first",
            examples=["deadline"],
        ),
    ] = "deadline",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ClaimListView:
    """List claims, all filters together; a claim that moves between two pages may be met twice."""
    least = None if value_min is None else int((value_min * 1000).to_integral(ROUND_CEILING))
    wanted = ClaimFilter(
        state=state,
        reason=reason,
        item_id=item_id,
        order_id=order_id,
        deadline_before=deadline_before,
        deadline_after=deadline_after,
        value_min=least,
        return_before=return_before,
    )
    page = list_claims(service, wanted, sort=sort, cursor=cursor, limit=limit)
    return ClaimListView(claims=[ClaimRowView.of(claim) for claim in page.rows], next=page.next)


@router.get("/items", responses=problems())
def read_items(
    service: ServiceDep,
    order_id: Annotated[Id | None, Query(description="of this order", examples=["order-1"])] = None,
    sealed: Annotated[
        bool | None, Query(description="its reference set is complete, or not", examples=[False])
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ItemListView:
    """List items by their ids."""
    page = list_items(service, order_id=order_id, sealed=sealed, cursor=cursor, limit=limit)
    return ItemListView(items=[ItemRowView.of(item) for item in page.rows], next=page.next)
