"""A card in made-up photos, as the tests of the pages need it: drawn once, kept with the tests."""

import io
from datetime import timedelta
from decimal import Decimal
from functools import cache

import running
from PIL import Image

from evidence.registry.records import Claim, Item
from evidence.service.claims import add_claim_photo, open_claim
from evidence.service.items import add_item_photo, register_item, seal_item
from evidence.service.uploads import Upload
from fixtures.scene import Scene
from fixtures.subject import CardSubject, take_photo

CARD = CardSubject(1, 11, 101, wear=0.2)
SIZE = 900, 1200
TELLING = '<img src=x onerror="document.title=1">'  # appears as text wherever it is shown


@cache
def front(seed=1, turn=0.0):
    """Return a JPEG of the card's front; another seed is another moment."""
    surface = "grey" if seed == 1 else "wood"
    return take_photo(CARD, Scene(seed, SIZE, surface=surface, turn=turn)).jpeg


@cache
def table():
    """Return a photo of an empty table."""
    file = io.BytesIO()
    Image.new("RGB", SIZE, (96, 94, 90)).save(file, "JPEG")
    return file.getvalue()


def put_item(service, item_id="item-1", *, order_id="order-1", title="Seer Ascendant", sealed=True):
    """Register a card with one photo of its front, which its kind is sealed with."""
    value = Decimal(18_000)
    item = Item(item_id, order_id, "STA-011", title, "other", value, "JPY", False, None, None, None)
    register_item(service, item)
    add_item_photo(service, item_id, Upload(front(), "front"))
    if sealed:
        seal_item(service, item_id)
    return item


def put_claim(service, claim_id="claim-1", *, item_id="item-1", shown="it", reason="damage"):
    """Open a claim told in time; its photo shows it or a table, or there is none."""
    told = running.NOW - timedelta(hours=3)
    day = timedelta(days=1)
    claim = Claim(
        claim_id, item_id, "order-1", reason, None, "JP", told - 5 * day, told - day, told
    )
    open_claim(service, claim)
    photos = {"it": [front(2, 8.0)], "a table": [table()], "nothing": []}[shown]
    for photo in photos:
        add_claim_photo(service, claim_id, Upload(photo, "front"))
    return claim
