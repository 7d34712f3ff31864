"""Signals through the use cases: real photos' files in a real registry."""

import io
from dataclasses import replace

import pytest
import running
from PIL import Image
from stores import path_of
from test_service import CLAIM, ITEM, Watched

from evidence.photo.file_facts import FileFacts
from evidence.service.claims import add_claim_photo, open_claim
from evidence.service.items import add_catalogue_photo, add_item_photo, register_item
from evidence.service.recommendations import recommend_claim
from evidence.service.signals import find_signals, kept_facts
from evidence.service.uploads import Upload


@pytest.fixture
def service(tmp_path, workers):
    service = running.open_service(tmp_path / "home", Watched(workers))
    register_item(service, ITEM)
    register_item(service, replace(ITEM, item_id="item-2", order_id="order-2"))
    open_claim(service, CLAIM)
    open_claim(service, replace(CLAIM, claim_id="claim-2", item_id="item-2"))
    yield service
    service.registry.close()


def again(seed, form="JPEG", **how):
    file = io.BytesIO()
    Image.open(io.BytesIO(running.photo(seed))).save(file, form, **how)
    return file.getvalue()


def tilted(seed):
    """Photograph the same card anew, from a little to the side."""
    first = Image.open(io.BytesIO(running.photo(seed)))
    way = (1.0, 0.04, -12.0, 0.02, 1.0, -8.0, 0.0001, 0.00005)
    file = io.BytesIO()
    first.transform(first.size, Image.Transform.PERSPECTIVE, way, fillcolor=(210,) * 3).save(
        file, "JPEG"
    )
    return file.getvalue()


def send(service, data, claim_id="claim-1", **more):
    return add_claim_photo(service, claim_id, Upload(data, "front", **more)).photo.photo_id


def signals(service, claim_id="claim-1"):
    claim = service.registry.claim(claim_id)
    item = service.registry.item(claim.item_id)
    queries = service.registry.claim_photos(claim_id)
    found = find_signals(service, claim, item, queries)
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (running.photo(0), "signal.shop_photo_bytes"),
        (again(0, "PNG"), "signal.shop_photo_pixels"),
        (again(0, quality=60), "signal.shop_photo_exposure"),
    ],
    ids=["bytes", "pixels", "exposure"],
)
def test_the_shops_own_photo_is_recognised(service, data, code):
    add_item_photo(service, "item-1", Upload(running.photo(0), "front"))
    send(service, data)
    assert signals(service) == [code]


def test_so_is_the_catalogues_picture_and_a_photo_of_another_item(service):
    add_catalogue_photo(service, "item-1", running.photo(0))
    add_item_photo(service, "item-2", Upload(running.photo(1), "front"))
    send(service, running.photo(0))
    send(service, running.photo(1))
    assert signals(service) == ["signal.shop_photo_bytes"] * 2


def test_another_exposure_of_the_item_beside_its_copy_is_none(service):
    add_item_photo(service, "item-1", Upload(running.photo(0), "front"))
    send(service, tilted(0), "claim-2")
    send(service, again(0, quality=60))
    assert signals(service) == ["signal.shop_photo_exposure"]
    assert service.workers.asked.count("_find_same_exposures") == 1
    assert signals(service, "claim-2") == []


def test_a_photo_in_another_claim_is_told_but_not_within_one_order(service):
    open_claim(service, replace(CLAIM, claim_id="claim-3"))
    send(service, running.photo(4))
    send(service, running.photo(4), "claim-3")
    assert signals(service) == []
    send(service, running.photo(4), "claim-2")
    assert signals(service) == ["signal.other_claim_bytes"]
    assert signals(service, "claim-2") == ["signal.other_claim_bytes"] * 2


def test_a_photo_like_no_other_says_nothing_and_other_roles_are_not_looked_at(service):
    add_item_photo(service, "item-1", Upload(running.photo(0), "front"))
    send(service, running.photo(2))
    send(service, running.photo(0), role="delivery_note")
    assert signals(service) == []


def test_what_the_file_tells_is_read_in_a_worker_once(service):
    told = Image.Exif()
    told[0x0131] = "GIMP 3.0"
    told.get_ifd(0x8769)[0x9003] = "2025:03:01 12:00:00"
    photo_id = send(service, again(2, exif=told))
    assert signals(service) == ["signal.captured_before_delivery", "signal.edited"]
    assert signals(service) == ["signal.captured_before_delivery", "signal.edited"]
    assert service.workers.asked.count("read_file_facts") == 1
    assert kept_facts(service, photo_id).edited_with == "GIMP"


def test_a_damaged_original_tells_nothing_and_stops_nothing(service, tmp_path):
    photo_id = send(service, running.photo(2))
    path_of(tmp_path / "home", photo_id).unlink()
    assert kept_facts(service, photo_id) == FileFacts()
    assert service.registry.photo_facts(photo_id) is None


def test_exposures_are_compared_once(service):
    add_item_photo(service, "item-1", Upload(running.photo(0), "front"))
    send(service, again(0, quality=60))
    recommend_claim(service, "claim-1")
    recommend_claim(service, "claim-1")
    assert service.workers.asked.count("_find_same_exposures") == 1
