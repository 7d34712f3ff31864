"""What the tests of the packing table and of returned parcels share."""

from decimal import Decimal

import running

from evidence.registry.records import Item

PAYLOAD = '"><img src=x onerror=alert(1)><b>{0}</b>'
VIEWS = ("front", "back", "corner", "edge", "raking", "other")


def add_item(service, item_id="item-1", **facts):
    known = {
        "order_id": "order-1", "sku": "LIL-1", "title": "Liliana", "kind": "card",
        "declared_value": Decimal(18000), "currency": "JPY", "high_value": False,
        "size_mm": None, "catalogue_photo": None, "sealed_at": None,
    }  # fmt: skip
    item = Item(item_id=item_id, **(known | facts))
    service.registry.put_item(item, actor="test", at=service.now())


def files(names, first=0):
    """Return photos as a person picks them; each seed is another one."""
    return [
        {"name": name, "mimeType": "image/jpeg", "buffer": running.photo(first + seed)}
        for seed, name in enumerate(names)
    ]


def views_of(site, item_id="item-1"):
    return [photo.view for photo in site.service.registry.item_photos(item_id)]


def taken(page, view):
    """The view's tile, once the service has a photo of it."""
    return page.locator(f'[data-view="{view}"][data-taken="1"]')


def cut_off(page, path):
    """Let a call fail as without a connection; the browser complains of that."""
    page.route(path, lambda route: route.abort())
