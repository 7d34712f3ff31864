import io
from typing import get_args

import pytest
import running
from PIL import Image

from evidence.service.comparisons import Overlay


@pytest.fixture
def compare(client):
    def post(reference, query, **more):
        return client.post(
            "/v1/comparisons", files={"reference": reference, "query": query}, **more
        )

    return post


def test_two_photos_are_compared_once(compare):
    first = compare(running.photo(), running.photo(5))
    assert first.status_code == 201, first.text
    assert {
        "id", "verdict", "design", "copy", "condition", "hidden", "shortfalls", "reasons",
        "provenance", "placement",
    } == set(first.json())  # fmt: skip
    assert "marks" in first.json()["copy"]
    again = compare(running.photo(), running.photo(5))
    assert (again.status_code, again.json()) == (200, first.json())


@pytest.mark.parametrize("kind", get_args(Overlay))
def test_a_comparison_is_drawn_for_people(client, compare, kind):
    path = f"/v1/comparisons/{compare(running.photo(), running.photo(5)).json()['id']}/overlay.png"
    answer = client.get(path, params={"kind": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.format == "PNG"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{'0' * 64}/overlay.png", 404),
        ("short/overlay.png", 422),
        (f"{'0' * 64}/overlay.png?kind=naked", 422),
    ],
)
def test_there_is_no_such_picture(client, path, status):
    assert client.get(f"/v1/comparisons/{path}").status_code == status


def test_both_photos_are_needed(client):
    answer = client.post("/v1/comparisons", files={"reference": running.photo()})
    assert [error["field"] for error in answer.json()["errors"]] == ["body.query"]


def test_a_bad_photo_is_refused(compare):
    assert compare(running.photo(), b"GIF89a").status_code == 415


def overlay(client, made, kind, **headers):
    path = f"/v1/comparisons/{made.json()['id']}/overlay.png"
    return client.get(path, params={"kind": kind}, headers=headers)


def test_an_overlay_is_drawn_once_and_kept_by_the_client(client, compare, service, monkeypatch):
    made = compare(running.photo(), running.photo(5))
    first = {kind: overlay(client, made, kind) for kind in get_args(Overlay)}

    def never(*_, **__):
        raise AssertionError("drawn again")

    monkeypatch.setattr(type(service.workers), "run", never)
    for kind, answer in first.items():
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        assert overlay(client, made, kind).content == answer.content
        tag = answer.headers["etag"]
        assert overlay(client, made, kind, **{"If-None-Match": tag}).status_code == 304
    assert len({answer.headers["etag"] for answer in first.values()}) == len(first)


def test_a_recommendation_leads_to_its_pictures(client, put_item, put_claim, post_photo):
    put_item()
    reference = post_photo("items/item-1").json()["photo_id"]
    post_photo("items/item-1", running.photo(1), view="back")
    put_claim()
    query = post_photo("claims/claim-1", running.photo(0, "PNG")).json()["photo_id"]
    post_photo("claims/claim-1", blank())
    told = client.get("/v1/claims/claim-1/recommendation").json()
    verdict, pairs = told["verdict"], told["comparisons"]
    assert [one["query"] == query for one in pairs] == [True, False, False]  # the first agrees
    assert pairs[0].items() >= {name: verdict[name] for name in pairs[0]}.items()
    for pair in pairs:
        path = f"/v1/comparisons/{pair['comparison_id']}/overlay.png"
        assert client.get(path).status_code == 200
    assert (verdict["reference"], verdict["query"]) == (reference, query)
    path = f"/v1/comparisons/{verdict['comparison_id']}/overlay.png"
    assert client.get(path, params={"kind": "difference"}).status_code == 200
    for photo_id in (reference, query):
        assert client.get(f"/v1/photos/{photo_id}/picture?width=640").status_code == 200


def blank():
    file = io.BytesIO()
    Image.new("RGB", (300, 400), (90, 90, 90)).save(file, "PNG")
    return file.getvalue()
