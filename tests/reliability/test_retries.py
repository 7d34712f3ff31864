"""Fifty at once under one Idempotency-Key, and once more days later: one effect, one answer."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
import running
from fastapi.testclient import TestClient
from reliability.calls import APPROVE, CLAIM, ITEM
from stores import refuse_rows_of, take_rows_of

from api.app import create_app
from evidence.service.keys import Keys

AT_ONCE = 50
KEPT = timedelta(days=7)
KEY = {"Authorization": "Bearer k", "Idempotency-Key": "once"}


@pytest.fixture
def service(tmp_path, workers):
    service = running.open_service(tmp_path / "home", workers)
    yield service
    service.registry.close()


@pytest.fixture
def client(service):
    app = create_app(service, Keys.of(service, "k"))
    with TestClient(app, headers=KEY) as client:
        assert client.put("/v1/items/item-1", json=ITEM).status_code == 201
        claim = CLAIM | {"item_id": "item-1"}
        assert client.put("/v1/claims/claim-1", json=claim).status_code == 201
        yield client


def decide(client):
    return client.post("/v1/claims/claim-1/decisions", json=APPROVE)


def upload(client):
    form, photo = {"view": "front"}, {"file": running.photo()}
    return client.post("/v1/items/item-1/photos", data=form, files=photo)


def effects(service):
    """Count the events by kind; a retry must not add one."""
    kinds = [one.kind for one in service.registry.events(after=0, limit=1000)]
    return {kind: kinds.count(kind) for kind in kinds}


@pytest.mark.parametrize(
    ("send", "kind"),
    [(decide, "claim.decided"), (upload, "item.photo_added")],
    ids=["decision", "photo"],
)
def test_fifty_at_once_have_one_effect_and_one_answer(client, service, send, kind):
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(send, [client] * AT_ONCE))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert effects(service)[kind] == 1


def test_an_answer_is_kept_for_seven_days_and_over_a_restart(client, service, workers, tmp_path):
    first = decide(client)
    service.now.now += KEPT - timedelta(seconds=1)
    another = {"Idempotency-Key": "another"}  # keeping its answer lets go of those that are old
    assert client.post("/v1/items/item-1/seal", headers=another).status_code == 409
    assert client.post("/v1/codes", files={"file": running.photo()}, headers=another).is_success
    service.registry.close()
    later = running.open_service(tmp_path / "home", workers)
    later.now.now = service.now.now
    with (
        closing(later.registry),
        TestClient(create_app(later, Keys.of(later, "k")), headers=KEY) as client,
    ):
        again = decide(client)
        assert (again.status_code, again.text) == (201, first.text)
        assert effects(later)["claim.decided"] == 1


def test_a_change_whose_answer_cannot_be_kept_is_not_made(client, service):
    with service.registry._database.writing() as connection:
        refuse_rows_of(connection, "answers")
    for _ in range(2):
        assert decide(client).status_code == 503
    assert "claim.decided" not in effects(service)
    with service.registry._database.writing() as connection:
        take_rows_of(connection, "answers")
    assert decide(client).status_code == 201
    assert effects(service)["claim.decided"] == 1
