"""The packing table: find an item, photograph it, seal it, print its label."""

from dataclasses import dataclass
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from api.dependencies import ItemId, ServiceDep
from api.etags import etag
from api.pages.qr import draw_qr
from api.pages.rendering import Reader, ReaderDep, show
from api.pages.shots import lay_tiles, missing_of, missing_views, outline_mm
from evidence.errors import NotFoundError
from evidence.policy.case import Kind
from evidence.registry.records import Item
from evidence.service.listing import list_items
from evidence.service.parts import Service
from evidence.service.three_way import check_packing

router = APIRouter(include_in_schema=False)

KINDS: tuple[Kind, ...] = get_args(Kind)
_ROWS = 50  # a page of the list, and an order's items
Asked = Annotated[str, Query(max_length=300)]  # a scanner types whatever the code says
Cursor = Annotated[str | None, Query(max_length=400)]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item in the list, with the views that it lacks."""

    item: Item
    missing: list[str]


@router.get("/packing")
def read_packing(
    reader: ReaderDep, service: ServiceDep, q: Asked = "", cursor: Cursor = None
) -> Response:
    """Show what is to be packed; an item's id, or an order of one item, leads straight there."""
    asked = q.strip()
    if asked and find_item(service, asked) is not None:
        return RedirectResponse(f"/items/{asked}", 303)
    page = list_items(
        service,
        order_id=asked or None,
        sealed=None if asked else False,
        cursor=cursor,
        limit=_ROWS,
    )
    if asked and cursor is None and len(page.rows) == 1:
        return RedirectResponse(f"/items/{page.rows[0].item_id}", 303)
    return show(
        reader,
        "packing.html",
        asked=asked,
        rows=[Waiting(item, missing_of(service, item)) for item in page.rows],
        next=page.next,
        kinds=KINDS,
    )


@router.get("/items/{item_id}")
def read_item_page(item_id: ItemId, reader: ReaderDep, service: ServiceDep) -> Response:
    """Show one item: what it is, and what is to be photographed."""
    item = service.registry.item(item_id)
    pictured = item.catalogue_photo is not None and service.registry.has_photo(item.catalogue_photo)
    return show(
        reader,
        "item.html",
        pictured=pictured,
        size=outline_mm(item, service.settings.reading),
        may=reader.may("POST /v1/items/x/photos") and item.sealed_at is None,
        owner=f"/v1/items/{item_id}/photos",
        **_shots(reader, service, item),
    )


@router.get("/items/{item_id}/shots")
def read_shots(item_id: ItemId, reader: ReaderDep, service: ServiceDep) -> Response:
    """Show what of the item was taken and what is missing: a part of its page."""
    item = service.registry.item(item_id)
    return show(reader, "item-shots.html", **_shots(reader, service, item))


@router.get("/items/{item_id}/packed")
def read_packed(item_id: ItemId, reader: ReaderDep, service: ServiceDep) -> Response:
    """Show what the photos say against the catalogue's picture: a part of the item's page."""
    return show(reader, "packed.html", packing=check_packing(service, item_id))


@router.get("/items/{item_id}/label")
def read_label(item_id: ItemId, reader: ReaderDep, service: ServiceDep) -> Response:
    """Show the item's label, to be printed."""
    return show(reader, "label.html", item=service.registry.item(item_id), qr=draw_qr(item_id))


def find_item(service: Service, item_id: str) -> Item | None:
    """Return the item with this id, None if there is none."""
    try:
        return service.registry.item(item_id)
    except NotFoundError:
        return None


def _shots(reader: Reader, service: Service, item: Item) -> dict[str, Any]:
    tiles = lay_tiles(service, item.kind, service.registry.item_photos(item.item_id))
    return {
        "item": item,
        "etag": etag(item.version),
        "tiles": tiles,
        "missing": missing_views(tiles),
        "may_seal": reader.may("POST /v1/items/x/seal"),
    }
