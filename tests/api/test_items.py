import hashlib

import pytest
import running

SHA256 = hashlib.sha256(running.photo()).hexdigest()


def test_an_item_is_registered_replaced_and_read_back(client, put_item):
    assert put_item(title="Lilliana").status_code == 201
    answer = put_item(high_value=True, size_mm=[63, 88])
    assert answer.status_code == 200
    assert answer.json() == {
        "item_id": "item-1",
        "order_id": "order-1",
        "sku": "LIL-1",
        "title": "Liliana",
        "kind": "card",
        "declared_value": {"amount": "120000", "currency": "JPY"},
        "high_value": True,
        "size_mm": [63, 88],
        "catalogue_photo": None,
        "sealed_at": None,
        "photos": [],
        "packed_as_ordered": None,
    }
    assert client.get("/v1/items/item-1").json() == answer.json()


def test_a_photo_is_taken_once_whatever_it_is_called(client, put_item, post_photo):
    put_item()
    first = post_photo("items/item-1", captured_at="2025-02-28T15:04:05+09:00", station="packing-3")
    assert first.status_code == 201, first.text
    assert (first.json()["photo_id"], first.json()["media_type"]) == (SHA256, "image/jpeg")
    assert first.json()["captured_at"] == "2025-02-28T06:04:05Z"
    assert {"sharpness", "glare", "px_per_mm"} <= set(first.json()["quality"])
    assert all(one["en"] and one["ja"] for one in first.json()["shortfalls"])
    again = post_photo("items/item-1")
    assert (again.status_code, again.json()) == (200, first.json())
    assert [one["photo_id"] for one in client.get("/v1/items/item-1").json()["photos"]] == [SHA256]


def test_the_type_comes_from_the_bytes(put_item, post_photo):
    put_item()
    assert post_photo("items/item-1", running.photo(form="PNG")).json()["media_type"] == "image/png"


def test_sealing_asks_for_the_missing_views_and_then_closes_the_set(client, put_item, post_photo):
    put_item()
    refused = client.post("/v1/items/item-1/seal")
    assert refused.status_code == 409
    assert "front" in refused.json()["detail"]
    assert "back" in refused.json()["detail"]
    post_photo("items/item-1")
    assert "front" not in client.post("/v1/items/item-1/seal").json()["detail"]
    post_photo("items/item-1", running.photo(1), view="back")
    sealed = client.post("/v1/items/item-1/seal")
    assert (sealed.status_code, sealed.json()["sealed_at"]) == (200, "2025-03-10T09:00:00Z")
    assert client.post("/v1/items/item-1/seal").json() == sealed.json()
    assert post_photo("items/item-1", running.photo(2)).status_code == 409
    assert post_photo("items/item-1").status_code == 200  # it hangs there already
    assert put_item().status_code == 200  # the same facts
    assert put_item(title="another").status_code == 409
    assert client.get("/v1/items/item-1").json() == sealed.json()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "coin"}, "body.kind"),
        ({"declared_value": {"amount": "-1", "currency": "JPY"}}, "body.declared_value.amount"),
        ({"declared_value": {"amount": "NaN", "currency": "JPY"}}, "body.declared_value.amount"),
        ({"declared_value": {"amount": "1", "currency": "yen"}}, "body.declared_value.currency"),
        ({"title": ""}, "body.title"),
        ({"title": "a\x00b"}, "body.title"),
        ({"title": "x" * 201}, "body.title"),
        ({"size_mm": [0, 88]}, "body.size_mm.0"),
        ({"catalogue_photo": "../../etc/passwd"}, "body.catalogue_photo"),
        ({"sealed_at": "2025-01-01T00:00:00Z"}, "body.sealed_at"),
    ],
    ids=str,
)
def test_says_which_value_cannot_be_taken(put_item, facts, field):
    answer = put_item(**facts)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("item_id", ["a b", "%00", "..%2f", "x" * 129, "é"])
def test_an_id_is_plain_and_short(put_item, item_id):
    assert put_item(item_id).status_code in (404, 422)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"view": "side"}, "body.view"),
        ({"captured_at": "yesterday"}, "body.captured_at"),
        ({"captured_at": "2025-02-28T15:04:05"}, "body.captured_at"),
        ({"captured_at": "0001-01-01T00:00:00+14:00"}, "body.captured_at"),
        ({"role": "product"}, "body.role"),
    ],
    ids=str,
)
def test_says_which_field_of_the_form_cannot_be_taken(put_item, post_photo, fields, field):
    put_item()
    answer = post_photo("items/item-1", **fields)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
