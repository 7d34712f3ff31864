import re

import pytest
import running

from api import problems
from evidence import errors

JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
TREE = {one for one in vars(errors).values() if isinstance(one, type)}


def test_every_concrete_error_has_a_status():
    assert {one for one in TREE if not one.__subclasses__()} <= set(problems.STATUS)


def test_every_status_has_an_example_for_the_documentation():
    assert set(problems.STATUS.values()) <= set(problems._EXAMPLES)


@pytest.fixture
def asked(client, put_item, put_claim, post_photo, stranger):
    put_item()
    big = b"x" * 70_000
    return {
        400: lambda: client.post(
            "/v1/items/item-1/photos", content=b"--x", headers={
                "Content-Type": "multipart/form-data; boundary=y"}),
        401: lambda: stranger.get("/v1/items/item-1"),
        404: lambda: client.get("/v1/items/none"),
        405: lambda: client.delete("/v1/items/item-1"),
        409: lambda: client.post("/v1/items/item-1/seal"),
        413: lambda: client.put("/v1/items/item-1", content=big),
        415: lambda: post_photo("items/item-1", b"%PDF-1.7"),
        422: lambda: post_photo("items/item-1", running.photo()[:2000]),
    }  # fmt: skip


@pytest.mark.parametrize("status", [400, 401, 404, 405, 409, 413, 415, 422])
def test_is_told_in_japanese_beside_the_english(asked, status):
    told = asked[status]().json()
    assert JAPANESE.search(told["detail_ja"])
    assert not JAPANESE.search(told["detail"])


def test_a_field_is_told_in_japanese_with_its_numbers(client, put_item):
    put_item()
    answer = client.put(
        "/v1/claims/claim-1",
        json={"item_id": "item-1", "reason": "boredom", "order_id": "", "notified_at": "yesterday",
              "wish": 1},
    )  # fmt: skip
    told = {one["field"]: one["ja"] for one in answer.json()["errors"]}
    assert answer.status_code == 422
    assert all(JAPANESE.search(ja) and ja.startswith(field.removeprefix("body.") + "：")
               for field, ja in told.items())  # fmt: skip
    assert "damage" in told["body.reason"]
    assert " or " not in told["body.reason"]
    assert "日時" in told["body.notified_at"]


@pytest.mark.parametrize("status", [400, 401, 404, 405, 409, 413, 415, 422])
def test_is_answered_as_problem_details(asked, status):
    answer = asked[status]()
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["status"] == status
    assert answer.json()["type"]
    assert answer.json()["title"]
    assert answer.json()["detail"]


def test_an_unknown_path_is_a_problem_too(client):
    answer = client.get("/v1/coins")
    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")


def test_a_refused_method_says_what_is_allowed(client, put_item):
    assert client.delete("/v1/items/item-1").headers["allow"]


@pytest.mark.parametrize(
    "error",
    [RuntimeError("secret"), errors.StorageError("secret path")],
    ids=["unknown", "ours"],
)
def test_a_fault_of_the_service_is_logged(client, service, error, monkeypatch, caplog):
    def fail(self, item_id):
        raise error

    monkeypatch.setattr(type(service.registry), "item", fail)
    answer = client.get("/v1/items/item-1")
    assert answer.headers["content-type"] == "application/problem+json"
    if isinstance(error, errors.StorageError):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert "secret path" in caplog.text
    else:
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_too_much_at_once_is_said_but_is_no_fault(client, service, monkeypatch, caplog):
    def wait(self, item_id):
        raise errors.BusyError("try again")

    monkeypatch.setattr(type(service.registry), "item", wait)
    answer = client.get("/v1/items/item-1")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert not caplog.records


def test_a_full_queue_says_when_to_come_again_and_is_nobodys_doing(client, service, monkeypatch):
    def full(self, item_id):
        error = errors.QueueFullError("try again in 17 seconds")
        error.wait = 17
        raise error

    monkeypatch.setattr(type(service.registry), "item", full)
    answer = client.get("/v1/items/item-1")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "17")
    assert answer.json()["type"] == "urn:photo-evidence:problem:queue-full"
    assert service.registry.events(after=0, limit=10) == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"title": "\\ud800"}',
        b'{"\\ud800": 1}',
        b"[" * 20_000,
        b'{"order_id": ' + b"9" * 5000 + b"}",
        b"\xff\xfe",
        b"",
        b"null",
        b'{"declared_value": {"amount": Infinity, "currency": "JPY"}}',
    ],
    ids=range(8),
)
def test_odd_json_is_a_problem_of_the_client(client, body):
    answer = client.put(
        "/v1/items/item-1", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["status"] == answer.status_code
