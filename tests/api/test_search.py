import io
from dataclasses import replace

import pytest
import running
from comparison.test_judging import photograph
from PIL import Image

from api import search_examples
from api.search import SearchView
from evidence.registry.tables import photo_hashes
from evidence.service.search import search_upload


@pytest.fixture
def search(client):
    def post(data, **fields):
        answer = client.post("/v1/search", data=fields, files={"file": ("x", data)})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return post


def owners(hits):
    return [hit["owner_id"] for hit in hits]


def saved_again(seed, **how):
    file = io.BytesIO()
    Image.open(io.BytesIO(running.photo(seed))).save(file, **how)
    return file.getvalue()


def test_finds_the_same_file_the_same_picture_and_the_same_design(put_item, post_photo, search):
    put_item()
    put_item("item-2", order_id="order-2")
    post_photo("items/item-1", running.photo(0))
    post_photo("items/item-2", running.photo(1))
    same = search(running.photo(0))
    assert owners(same["found"]) == ["item-1"]
    assert (same["found"][0]["identical"], same["found"][0]["distance"]) == ("bytes", 0)
    assert owners(same["looked_at"]) == ["item-2"]
    assert same["looked_at"][0]["verdict"] not in ("same_item", "same_design")
    picture = Image.open(io.BytesIO(running.photo(0)))
    file = io.BytesIO()
    picture.save(file, "PNG")
    assert search(file.getvalue())["found"][0]["identical"] == "pixels"
    again = search(saved_again(1, format="JPEG", quality=60))["found"][0]
    assert (again["owner_id"], again["identical"]) == ("item-2", None)
    assert again["verdict"] in ("same_item", "same_design")
    assert again["design"]["llr"] > 0


def test_print_is_read_where_that_is_asked_for(put_item, post_photo, search):
    put_item()
    post_photo("items/item-1", photograph("first", "station"))
    reprint = photograph("reprint", "plain table")
    assert [hit["verdict"] for hit in search(reprint)["found"]] == ["same_design"]
    examined = search(reprint, examine=True)
    assert examined["found"] == []
    assert [hit["verdict"] for hit in examined["looked_at"]] == ["inconclusive"]  # no known view
    assert search(reprint) == examined  # what is known already is said


def test_an_order_can_be_left_out_with_its_claims(put_item, put_claim, post_photo, search):
    put_item()
    put_claim()
    post_photo("items/item-1", running.photo(0))
    post_photo("claims/claim-1", running.photo(0))
    assert [hit["owner"] for hit in search(running.photo(0))["found"]] == ["item", "claim"]
    assert search(running.photo(0), exclude_order="order-1") == {"found": [], "looked_at": []}


def test_a_probe_that_hangs_on_nothing_is_no_hit(search):
    search(running.photo(3))
    assert search(running.photo(3)) == {"found": [], "looked_at": []}


def test_photos_that_an_older_version_kept_are_found(service, put_item, post_photo, search):
    put_item()
    post_photo("items/item-1", running.photo(0))
    with service.registry._database.writing() as connection:
        connection.execute(photo_hashes.delete())
    assert owners(search(running.photo(0))["found"]) == ["item-1"]


def test_only_as_many_as_set_are_compared(service, put_item, post_photo):
    for number in range(3):
        put_item(f"item-{number}", order_id=f"order-{number}")
        post_photo(f"items/item-{number}", running.photo(number))
    settings = replace(service.settings, search=replace(service.settings.search, candidates=2))
    few = replace(service, settings=settings)
    assert len(search_upload(few, running.photo(9), exclude_order=None)) == 2


def test_what_is_no_photo_is_refused(client):
    answer = client.post("/v1/search", files={"file": ("x", b"%PDF-1.7")})
    assert answer.status_code == 415
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_example_is_right():
    shown = SearchView.model_validate(search_examples.SEARCH).model_dump()
    assert shown == search_examples.SEARCH
