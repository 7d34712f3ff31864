"""What each caller may ask for: one too many gets 429 and is told when to come again."""

from dataclasses import replace
from datetime import timedelta

import pytest
import running
from fastapi.testclient import TestClient

from api.app import create_app
from evidence.service.keys import Keys
from evidence.service.quotas import Quotas
from evidence.settings import QuotaSettings

LEAST = QuotaSettings(requests=3, strangers=2, photos=1, memory=50)


@pytest.fixture
def app(service, people):
    return create_app(service, Keys.of(service, "let me in"), people=people, quotas=Quotas(LEAST))


def statuses(client, path, times, **options):
    return [client.get(path, **options).status_code for _ in range(times)]


def test_a_key_and_a_person_wait_each_for_its_own_share(client, person, service):
    assert statuses(client, "/v1/items", 5) == [200, 200, 200, 429, 429]
    answer = client.get("/v1/items")
    assert answer.headers["retry-after"] == "20"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["ja"].startswith("上限（1分間に3件）を超えました")
    assert statuses(person("owner", "Ada"), "/v1/items", 4) == [200, 200, 200, 429]
    service.now.now += timedelta(seconds=20)
    assert statuses(client, "/v1/items", 2) == [200, 429]


def test_who_is_not_known_waits_by_the_address_and_keeps_nobody_else_waiting(stranger, client):
    wrong = {"Authorization": "Bearer wrong"}
    assert statuses(stranger, "/v1/items", 4, headers=wrong) == [401, 401, 429, 429]
    assert stranger.get("/sign-in").status_code == 429
    assert stranger.post("/v1/session", json={}).status_code == 429
    assert stranger.get("/readyz").status_code == 429
    assert statuses(stranger, "/healthz", 9) == [200] * 9
    assert client.get("/v1/items").status_code == 200  # from the same address


def test_photos_and_bytes_of_a_day(client, put_item, post_photo, service):
    put_item()
    assert post_photo("items/item-1").status_code == 201
    answer = post_photo("items/item-1", running.photo(1))
    assert answer.status_code == 429
    assert answer.json()["detail"].startswith("more than 1 photos a day")
    service.now.now += timedelta(days=1, seconds=1)
    assert post_photo("items/item-1", running.photo(1)).status_code == 201
    assert len(service.registry.item_photos("item-1")) == 2


def test_bytes_are_counted_as_they_come_whatever_they_are_called(service, people):
    settings = replace(LEAST, requests=99, photos=99, upload_bytes=20_000)
    app = create_app(service, Keys.of(service, "k"), people=people, quotas=Quotas(settings))
    with TestClient(app, headers={"Authorization": "Bearer k"}) as client:
        client.headers["Content-Type"] = "text/csv"
        lines = (b"x" * 4_000 for _ in range(6))  # without a length told before
        assert client.post("/v1/imports?kind=items", content=lines).status_code != 429
        answer = client.post("/v1/imports?kind=items", content=b"x")
        assert answer.status_code == 429
        assert answer.json()["detail"].startswith("more than 2e-05 GB a day")
        assert client.get("/v1/items").status_code == 200  # reading goes on


def test_asking_writes_nothing(client, service, people):
    client.get("/v1/items")
    before = service.registry.events(after=0, limit=1000)
    assert statuses(client, "/v1/items", 2) == [200, 200]
    assert service.registry.events(after=0, limit=1000) == before
