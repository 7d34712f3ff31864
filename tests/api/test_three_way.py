"""Order, packing and what arrived, on photos whose truth is known by how they are made."""

from functools import cache

import pytest

from api import search_examples, three_way
from fixtures.scene import Scene
from fixtures.subject import CardSubject, take_photo


@cache
def front(design, session=0):
    """Return a small photo of the front of a card of that design; sessions are other exposures.

    Session 2 is the catalogue's: another copy, as catalogues have them.
    """
    copy = 901 if session == 2 else 101
    scene = Scene(10 * design + session, (720, 960), "grey", session, tilt=2.0 + 3 * session)
    return take_photo(CardSubject(1, 11 + design, copy + design), scene).jpeg


@pytest.fixture
def post_catalogue(client):
    def post(seed, item_id="item-1"):
        return client.post(
            f"/v1/items/{item_id}/catalogue-photo", files={"file": ("x", front(seed, 2))}
        )

    return post


@pytest.fixture
def recommend(client, put_claim, post_photo):
    def ask(seed, reason="incorrect_item"):
        put_claim(reason=reason)
        post_photo("claims/claim-1", front(seed, 1))
        return client.get("/v1/claims/claim-1/recommendation").json()

    return ask


def test_a_mis_pack_is_caught_before_it_ships_and_refuses_nothing(
    client, put_item, post_photo, post_catalogue
):
    put_item()
    named = post_catalogue(0)
    assert named.status_code == 200, named.text
    assert named.json()["catalogue_photo"]
    assert named.json()["packed_as_ordered"] is None  # no photo yet
    taken = post_photo("items/item-1", front(1))
    assert taken.status_code == 201
    assert taken.json()["packed_as_ordered"]["verdict"] == "different_product"
    assert "Check before packing" in taken.json()["packed_as_ordered"]["en"]
    post_photo("items/item-1", front(2), view="back")
    sealed = client.post("/v1/items/item-1/seal")
    assert sealed.status_code == 200
    assert sealed.json()["packed_as_ordered"] == taken.json()["packed_as_ordered"]
    assert client.get("/v1/items/item-1").json() == sealed.json()


def test_what_was_ordered_is_packed_whatever_its_photos_are_called(
    put_item, post_photo, post_catalogue
):
    put_item()
    post_catalogue(0)
    back = post_photo("items/item-1", front(1), view="back")
    assert back.json()["packed_as_ordered"] is None  # a back is not what the catalogue shows
    taken = post_photo("items/item-1", front(2))
    assert taken.json()["packed_as_ordered"]["verdict"] == "different_product"
    swapped = post_photo("items/item-1", front(0), view="back")
    assert swapped.json()["packed_as_ordered"]["verdict"] in ("same_item", "same_design")


def test_the_catalogues_picture_is_named_before_sealing(
    client, put_item, post_photo, post_catalogue
):
    put_item()
    post_photo("items/item-1", front(0))
    post_photo("items/item-1", front(1), view="back")
    named = post_catalogue(0).json()
    assert named["packed_as_ordered"]["verdict"] in ("same_item", "same_design")
    client.post("/v1/items/item-1/seal")
    assert post_catalogue(1).status_code == 409
    assert post_catalogue(0).status_code == 200  # it is named already
    assert client.get("/v1/items/item-1").json()["catalogue_photo"] == named["catalogue_photo"]


def test_a_picture_that_is_not_kept_is_no_picture(put_item, post_photo):
    put_item(catalogue_photo="0" * 64)
    assert post_photo("items/item-1", front(0)).json()["packed_as_ordered"] is None


def test_a_mix_up_is_found_at_the_other_order(put_item, post_photo, post_catalogue, recommend):
    put_item()
    put_item("item-2", order_id="order-2")
    put_item("item-3")  # another line of the same order
    post_catalogue(0)
    post_photo("items/item-1", front(0))
    post_photo("items/item-2", front(1))
    post_photo("items/item-3", front(1))
    assert recommend(1)["three_way"] == {
        "packed_as_ordered": "same_design",
        "received_as_ordered": "different_product",
        "found_elsewhere": [{"item_id": "item-2", "order_id": "order-2"}],
    }


def test_what_is_nowhere_was_searched_without_a_hit(put_item, post_photo, recommend):
    put_item()
    put_item("item-2", order_id="order-2")
    post_photo("items/item-1", front(0))
    post_photo("items/item-2", front(1))
    told = recommend(3, reason="damage")
    assert told["three_way"]["found_elsewhere"] == []
    assert told["outcome"] != "deny"


def test_an_agreeing_photo_is_searched_nowhere(put_item, post_photo, recommend):
    put_item()
    put_item("item-2", order_id="order-2")
    post_photo("items/item-1", front(0))
    post_photo("items/item-2", front(0, 3))
    assert recommend(0)["three_way"] == {
        "packed_as_ordered": None,
        "received_as_ordered": None,
        "found_elsewhere": None,
    }


@pytest.mark.parametrize("reason", ["shortage", "customer_reason", "cancellation"])
def test_reasons_that_photos_cannot_speak_to_search_nothing(
    put_item, post_photo, recommend, reason
):
    put_item()
    post_photo("items/item-1", front(0))
    assert recommend(3, reason)["three_way"]["found_elsewhere"] is None


@pytest.mark.parametrize(
    ("model", "example"),
    [
        (three_way.PackedView, search_examples.PACKED),
        (three_way.ThreeWayView, search_examples.THREE_WAY),
        (three_way.TakenItemPhotoView, search_examples.TAKEN),
    ],
)
def test_the_examples_are_right(model, example):
    shown = model.model_validate(example).model_dump(exclude_unset=True)
    assert set(shown) == set(example)
