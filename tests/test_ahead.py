"""Claims are looked at before anybody asks, and nobody waits for that."""

import time
from contextlib import closing

import pytest
import running
from fastapi.testclient import TestClient
from reliability.calls import CLAIM as TOLD
from test_service import CLAIM, ITEM

from api.app import create_app
from evidence.service.ahead import Ahead
from evidence.service.claims import add_claim_photo, open_claim
from evidence.service.comparisons import compare_kept, comparison_key
from evidence.service.items import add_item_photo, register_item
from evidence.service.kept_print import known_print
from evidence.service.keys import Keys
from evidence.service.uploads import Upload
from evidence.workers import Workers

SHOP, CUSTOMER = (Upload(running.photo(seed), "front") for seed in (0, 1))
PATIENCE = 60.0  # seconds, of a test whose cores others use too


@pytest.fixture
def service(tmp_path):
    """A service of its own: closing what looks ahead stops the workers."""
    memory = running.PATIENT.limits.worker_memory
    workers = Workers(count=2, waiting=4, memory=memory, modules=["evidence.photo.reading"])
    with closing(running.open_service(tmp_path / "home", workers)) as service:
        register_item(service, ITEM)
        add_item_photo(service, "item-1", SHOP)
        open_claim(service, CLAIM)
        yield service


def is_compared(service):
    reads = [service.registry.reading_sha256(one.photo_id) for one in (SHOP, CUSTOMER)]
    return service.registry.comparison(comparison_key(*reads, service.settings)) is not None


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_a_photo_is_compared_before_anybody_asks(service):
    add_claim_photo(service, "claim-1", CUSTOMER)
    with closing(Ahead(service)) as ahead:
        assert not is_compared(service)
        ahead.look("claim-1")
        wait_for(lambda: is_compared(service))
        assert not compare_kept(service, SHOP.photo_id, CUSTOMER.photo_id).new
    assert service.registry.claim("claim-1").state == "opened"  # nothing was proposed
    assert service.registry.issued_recommendations("claim-1") == []


def test_an_upload_over_http_sets_it_off(service):
    keys = Keys.of(service, "let me in")
    headers = {"Authorization": "Bearer let me in"}
    with (
        closing(Ahead(service)) as ahead,
        TestClient(create_app(service, keys, ahead=ahead), headers=headers) as client,
    ):
        form = {"data": {"view": "front"}, "files": {"file": ("photo.jpg", CUSTOMER.data)}}
        assert client.post("/v1/claims/claim-1/photos", **form).status_code == 201
        wait_for(lambda: is_compared(service))


def test_opening_a_claim_over_http_has_the_items_print_found(service):
    keys = Keys.of(service, "let me in")
    headers = {"Authorization": "Bearer let me in"}
    read = service.registry.reading_sha256(SHOP.photo_id)
    with (
        closing(Ahead(service)) as ahead,
        TestClient(create_app(service, keys, ahead=ahead), headers=headers) as client,
    ):
        body = TOLD | {"item_id": "item-1"}
        assert client.put("/v1/claims/claim-2", json=body).status_code == 201
        wait_for(lambda: known_print(service, read) is not None)


def test_what_cannot_be_looked_at_is_told_to_whoever_asks_and_stops_nothing(service, caplog):
    caplog.set_level("INFO", "evidence.service.ahead")
    add_claim_photo(service, "claim-1", CUSTOMER)
    with closing(Ahead(service)) as ahead:
        ahead.look("no-such-claim")
        ahead.prepare("no-such-claim")
        ahead.look("claim-1")
        wait_for(lambda: is_compared(service))
    assert "no-such-claim was not looked at ahead" in caplog.text
    assert "no-such-claim was not prepared" in caplog.text


def test_once_it_is_closed_nothing_is_begun(service):
    add_claim_photo(service, "claim-1", CUSTOMER)
    ahead = Ahead(service)
    ahead.close()
    ahead.look("claim-1")
    assert not is_compared(service)


def test_closing_does_not_wait_for_what_runs(service):
    add_claim_photo(service, "claim-1", CUSTOMER)
    ahead = Ahead(service)
    ahead.look("claim-1")
    ahead.close()  # ends, whether or not the comparison was done
