"""Items over HTTP: the warehouse registers, photographs and seals."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, cast

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, Field

from api import examples
from api.dependencies import KEY, ClientDep, ItemId, OnceDep, ServiceDep
from api.digests import DeclaredDep
from api.etags import (
    NOT_MODIFIED,
    TAGGED,
    ChangingDep,
    IfNoneMatch,
    PuttingDep,
    etag,
    unchanged,
)
from api.examples import shown
from api.fields import Currency, Id, Line, Sha256
from api.photos import FORM, PhotoForm, PhotoView
from api.problems import problems
from api.three_way import PackedView, TakenItemPhotoView
from evidence.policy.case import Kind
from evidence.registry.records import Item, KeptPhoto
from evidence.service.items import add_item_photo, register_item, seal_item
from evidence.service.three_way import Packing, check_packing

router = APIRouter(
    prefix="/v1/items",
    tags=["items"],
    dependencies=[KEY],
    form_limits={"max_files": 1, "max_fields": 8, "max_part_size": 4096},
)

Millimetres = Annotated[float, Field(gt=0, le=2000)]


class Money(BaseModel, extra="forbid"):
    """An amount in its currency."""

    amount: Decimal = Field(
        ge=0, max_digits=15, decimal_places=4, description="decimal text", examples=["120000"]
    )
    currency: Currency = Field(description="ISO 4217", examples=["JPY"])


class ItemRequest(BaseModel, extra="forbid", json_schema_extra=shown(examples.ITEM_REQUEST)):
    """What the shop knows of an item."""

    order_id: Id = Field(examples=["order-1"])
    sku: Line = Field(examples=["LIL-1"])
    title: Line = Field(examples=["Liliana of the Veil"])
    kind: Kind = Field(description="decides which views sealing needs", examples=["card"])
    declared_value: Money = Field(description="price paid for this line")
    high_value: bool = Field(default=False, description="the shop's own flag, whatever the price")
    size_mm: tuple[Millimetres, Millimetres] | None = Field(
        default=None,
        description="width and height; null for the standard of its kind",
        examples=[[63, 88]],
    )
    catalogue_photo: Sha256 | None = Field(
        default=None, description="photo_id of the catalogue's picture"
    )

    def item(self, item_id: str) -> Item:
        """Return the record; sealing is not a fact that a client states."""
        facts = self.model_dump(exclude={"declared_value"})
        value = self.declared_value
        return Item(
            **facts,
            item_id=item_id,
            declared_value=value.amount,
            currency=value.currency,
            sealed_at=None,
        )


class ItemView(BaseModel, json_schema_extra=shown(examples.ITEM)):
    """An item with the photos of its reference set."""

    item_id: str = Field(examples=["item-1"])
    order_id: str = Field(examples=["order-1"])
    sku: str
    title: str
    kind: Kind
    declared_value: Money
    high_value: bool
    size_mm: tuple[float, float] | None
    catalogue_photo: str | None
    sealed_at: datetime | None = Field(description="when its reference set was complete")
    photos: list[PhotoView]
    packed_as_ordered: PackedView | None = Field(
        default=None,
        description="the pre-shipment photos against the catalogue's picture; null without such a "
        "picture or a front photo, and where it was not looked at",
    )

    @classmethod
    def of(cls, item: Item, photos: list[KeptPhoto], packing: Packing | None = None) -> "ItemView":
        """Show an item."""
        return cls(
            item_id=item.item_id,
            order_id=item.order_id,
            sku=item.sku,
            title=item.title,
            kind=cast(Kind, item.kind),
            declared_value=Money(amount=item.declared_value, currency=item.currency),
            high_value=item.high_value,
            size_mm=item.size_mm,
            catalogue_photo=item.catalogue_photo,
            sealed_at=item.sealed_at,
            photos=[PhotoView.of(photo) for photo in photos],
            packed_as_ordered=PackedView.of(packing),
        )


@router.put(
    "/{item_id}",
    responses={
        200: {"description": "Replaced", **TAGGED},
        201: {"model": ItemView, "description": "Registered", **TAGGED},
        **problems(400, 409, 412, 413),
    },
)
def put_item(
    item_id: ItemId,
    request: ItemRequest,
    response: Response,
    service: ServiceDep,
    client: ClientDep,
    expected: PuttingDep,
) -> ItemView:
    """Register an item, or replace its facts before it is sealed."""
    item, new = register_item(service, request.item(item_id), actor=client, expected=expected)
    response.status_code = 201 if new else 200
    response.headers["ETag"] = etag(item.version)
    photos = service.registry.item_photos(item_id)
    return ItemView.of(item, photos, check_packing(service, item_id))


@router.get(
    "/{item_id}",
    response_model=ItemView,
    responses={200: {"description": "The item", **TAGGED}, **NOT_MODIFIED, **problems(404)},
)
def read_item(
    item_id: ItemId, response: Response, service: ServiceDep, if_none_match: IfNoneMatch = None
) -> Response | ItemView:
    """Read an item with its photos."""
    item = service.registry.item(item_id)
    if known := unchanged(item.version, if_none_match):
        return known
    response.headers["ETag"] = etag(item.version)
    photos = service.registry.item_photos(item_id)
    return ItemView.of(item, photos, check_packing(service, item_id))


@router.post(
    "/{item_id}/photos",
    status_code=201,
    response_model=TakenItemPhotoView,
    responses={
        200: {"model": TakenItemPhotoView, "description": "The same bytes hang there already"},
        **problems(400, 404, 409, 410, 412, 413, 415),
    },
)
def post_item_photo(
    item_id: ItemId,
    form: Annotated[PhotoForm, Form(media_type=FORM)],
    declared: DeclaredDep,
    service: ServiceDep,
    client: ClientDep,
    expected: ChangingDep,
    once: OnceDep,
) -> Response:
    """Add a pre-shipment photo; the same bytes twice are one photo."""
    upload = form.upload(declared)

    def take() -> tuple[int, TakenItemPhotoView]:
        taken = add_item_photo(service, item_id, upload, actor=client, expected=expected)
        packing = check_packing(service, item_id)
        return (201 if taken.new else 200), TakenItemPhotoView.of_packed(taken, packing)

    return once(upload.facts(), take)


@router.post("/{item_id}/seal", response_model=ItemView, responses=problems(404, 409, 412))
def post_seal(
    item_id: ItemId,
    service: ServiceDep,
    client: ClientDep,
    expected: ChangingDep,
    once: OnceDep,
) -> Response:
    """Declare the reference set complete; from then on it does not change."""

    def seal() -> tuple[int, ItemView]:
        item = seal_item(service, item_id, actor=client, expected=expected)
        photos = service.registry.item_photos(item_id)
        return 200, ItemView.of(item, photos, check_packing(service, item_id))

    return once("seal", seal)
