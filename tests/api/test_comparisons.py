import io

import pytest
import running
from PIL import Image


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
        "provenance",
    } == set(first.json())  # fmt: skip
    assert "marks" in first.json()["copy"]
    again = compare(running.photo(), running.photo(5))
    assert (again.status_code, again.json()) == (200, first.json())


@pytest.mark.parametrize("kind", ["aligned", "difference", "matches"])
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
