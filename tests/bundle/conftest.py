"""A claim's bundle, made once by the real service; and parts of it to take apart."""

import io
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import running
from bundle.samples import CLAIM, ITEM
from PIL import Image

from evidence.bundle.verify import unpack
from evidence.demo import made_up_shop, stock_shop, take_photos
from evidence.service.bundles import export_bundle
from evidence.service.claims import add_claim_photo, decide_claim, open_claim
from evidence.service.items import add_item_photo, register_item, seal_item
from evidence.service.uploads import Upload


@dataclass
class Exported:
    """A bundle, what it holds, and the key that it is signed with."""

    service: object
    data: bytes
    files: dict
    key: str
    photos: list
    home: Path


def with_gps(data):
    """Return the photo with metadata that tell a place, as phones write them."""
    image, file = Image.open(io.BytesIO(data)), io.BytesIO()
    exif = image.getexif()
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[29] = "SECRET-PLACE"
    image.save(file, "JPEG", exif=exif, quality=92)
    return file.getvalue()


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("bundle") / "home"


@pytest.fixture(scope="session")
def service(home, workers):
    """A shop with one claim, decided."""
    service = running.open_service(home, workers)
    register_item(service, ITEM, actor="dock-1")
    for seed, view in ((0, "front"), (1, "back")):
        photo = with_gps(running.photo(seed))
        add_item_photo(service, "item-1", Upload(photo, view, captured_at=running.NOW))
    seal_item(service, "item-1", actor="dock-1")
    open_claim(service, CLAIM, actor="support-1")
    add_claim_photo(service, "claim-1", Upload(with_gps(running.photo(0, "PNG")), "front"))
    note = Upload(running.photo(5), "other", role="delivery_note")
    add_claim_photo(service, "claim-1", note)
    decide_claim(
        service, "claim-1", decision="approve", decided_by="support-1", reason="dented in transit"
    )
    yield service
    service.registry.close()


@pytest.fixture(scope="session")
def exported(service, home):
    bundle = export_bundle(service, "claim-1", actor="support-1")
    files, whole = unpack(bundle.data)
    assert whole
    photos = service.registry.item_photos("item-1") + service.registry.claim_photos("claim-1")
    key = service.registry.log_key()
    return Exported(service, bundle.data, files, key, photos, home)


@pytest.fixture
def demo_bundle(tmp_path, workers):
    """The bundle of a claim of the demonstration, as its service makes it."""
    shop = made_up_shop()
    claim = next(one for one in shop.claims if one.name == "damaged")
    items = tuple(one for one in shop.items if one.item_id == claim.item_id)
    shop = replace(shop, items=items, claims=(claim,), to_pack=())
    service = running.open_service(tmp_path / "demo", workers)
    photos = take_photos(shop, service, parallel=2, progress=lambda *_: None)
    stock_shop(shop, photos, service, progress=lambda *_: None)
    yield export_bundle(service, claim.claim_id).data
    service.registry.close()
