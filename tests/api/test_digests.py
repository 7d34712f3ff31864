import base64
import hashlib

import pytest
import running
from stores import originals_of

PHOTO, OTHER = running.photo(), running.photo(1)
PLACES = ["items/item-1/photos", "items/item-1/catalogue-photo", "claims/claim-1/photos"]
UNKEPT = ["search", "codes"]


def content_digest(data, algorithm="sha-256"):
    return f"{algorithm}=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


@pytest.fixture
def post(client, put_item, put_claim):
    """Post a photo to a place, with what is said of its digest."""
    put_item()
    put_claim()

    def send(place, *, header=None, part=None, field=None):
        fields = {} if place.endswith("catalogue-photo") or place in UNKEPT else {"view": "front"}
        fields |= {} if field is None else {"sha256": field}
        extra = {} if part is None else {"Content-Digest": part}
        return client.post(
            f"/v1/{place}",
            data=fields,
            files={"file": ("x.jpg", PHOTO, "image/jpeg", extra)},
            headers={} if header is None else {"Content-Digest": header},
        )

    return send


@pytest.fixture
def kept(service, tmp_path):
    """Return a function that lists the originals."""
    return lambda: list(originals_of(tmp_path / "home"))


@pytest.mark.parametrize("place", PLACES)
def test_a_photo_that_is_the_declared_one_is_kept(post, kept, place):
    right = {"field": hashlib.sha256(PHOTO).hexdigest(), "part": content_digest(PHOTO)}
    for name, value in right.items():
        assert post(place, **{name: value}).status_code in (200, 201)
    assert post(place, header=content_digest(PHOTO)).status_code == 200
    assert len(kept()) == 1


@pytest.mark.parametrize("place", PLACES + UNKEPT)
def test_another_photo_than_the_declared_one_is_refused_and_not_kept(post, kept, place):
    wrong = {"header": content_digest(OTHER), "part": content_digest(OTHER)}
    if place not in UNKEPT:
        wrong["field"] = hashlib.sha256(OTHER).hexdigest()
    for how, digest in wrong.items():
        answer = post(place, **{how: digest})
        assert answer.status_code == 422
        assert answer.json()["title"] == "Wrong digest"
        assert hashlib.sha256(PHOTO).hexdigest() in answer.json()["detail"]
    assert kept() == []


MALFORMED = [
    "",
    "sha-256",
    "sha-256=:????:",
    "sha-256=:aGVsbG8=:",
    f"sha-256={hashlib.sha256(PHOTO).hexdigest()}",
    f"SHA-256={base64.b64encode(hashlib.sha256(PHOTO).digest()).decode()}",
    content_digest(PHOTO, "md5"),
]


def test_a_digest_that_is_none_is_refused_in_words(post, kept):
    for malformed in MALFORMED:
        for how in ("header", "part"):
            answer = post(PLACES[0], **{how: malformed})
            assert answer.status_code == 422
            assert "Content-Digest: sha-256=:BASE64:" in answer.json()["detail"]
    assert kept() == []


def test_a_field_that_is_no_digest_is_refused(post, kept):
    for malformed in ("x", "A" * 64, "0" * 63):
        answer = post(PLACES[0], field=malformed)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["body.sha256"]
    assert kept() == []


def test_the_digest_may_be_of_the_whole_body(client, put_item):
    put_item()
    body, kind = running.form({"view": "front"}, {"file": PHOTO})
    for content, status in ((body, 201), (body.replace(b"front", b"other"), 422)):
        headers = {
            "Content-Type": kind,
            "Content-Digest": f"sha-512=:eA==:, {content_digest(body)}",
        }
        answer = client.post("/v1/items/item-1/photos", content=content, headers=headers)
        assert answer.status_code == status


def test_of_two_photos_the_whole_body_is_declared(client):
    body, kind = running.form({}, {"reference": PHOTO, "query": OTHER})
    for declared, status in ((body, 201), (PHOTO, 422), (OTHER, 422)):
        headers = {"Content-Type": kind, "Content-Digest": content_digest(declared)}
        assert client.post("/v1/comparisons", content=body, headers=headers).status_code == status


def test_a_photo_that_came_wrong_can_be_sent_again_under_its_idempotency_key(client, put_item):
    put_item()
    for data, status in ((OTHER, 422), (PHOTO, 201), (PHOTO, 201)):
        answer = client.post(
            "/v1/items/item-1/photos",
            data={"view": "front", "sha256": hashlib.sha256(PHOTO).hexdigest()},
            files={"file": data},
            headers={"Idempotency-Key": "shot-1"},
        )
        assert answer.status_code == status
