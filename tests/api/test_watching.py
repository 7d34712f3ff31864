"""Refusals and views end in the log: who, what, and nothing that is a secret or a person's."""

import hashlib
from datetime import timedelta

import pytest
import running

from api.pages.site import PAGES
from api.watching import VIEWS
from evidence.service.watch import OWNERS_ONLY

ADDRESS = "testclient"


@pytest.fixture
def told(service):
    """Return what was written down beside changes since the last time it was asked."""
    last = 0

    def tell():
        nonlocal last
        found = service.registry.events(after=last, limit=1000)
        last = found[-1].number if found else last
        return [(e.kind, e.subject_id, e.actor, e.body) for e in found if e.kind in OWNERS_ONLY]

    return tell


def test_each_view_is_of_a_call_or_a_page(app):
    calls = {(m.upper(), path) for path, methods in app.openapi()["paths"].items() for m in methods}
    pages = {("GET", route.path) for page in PAGES for route in page.router.routes}
    assert set(VIEWS) - calls - pages <= {("GET", "/v1/claims/{claim_id}/bundle")}


def test_a_case_is_viewed_once_however_it_is_read(client, person, put_item, put_claim, told):
    put_item()
    put_claim()
    told()
    for path in ("", "/history", "/recommendation", "/history"):
        assert client.get(f"/v1/claims/claim-1{path}").status_code == 200
    assert told() == [("claim.viewed", "claim-1", "operator", {})]
    ann = person("support", "Ann")
    told()
    page = ann.get("/claims/claim-1", headers={"Accept": "text/html"})
    assert page.status_code == 200
    ann.get("/claims/claim-1/recommended")
    assert told() == [("claim.viewed", "claim-1", "Ann", {})]


def test_what_was_looked_at_again_after_a_while_is_told_again(
    client, put_item, put_claim, told, service
):
    put_item()
    put_claim()
    told()
    for _ in range(3):
        client.get("/v1/claims/claim-1/recommendation")
    service.now.now += timedelta(minutes=11)
    client.get("/v1/claims/claim-1/recommendation")
    assert [one[0] for one in told()] == ["claim.viewed"] * 2


def test_what_is_not_there_was_not_viewed(client, told):
    assert client.get("/v1/claims/none").status_code == 404
    assert client.get(f"/v1/photos/{'0' * 64}/original").status_code == 404
    assert told() == []


def test_originals_searches_and_comparisons_are_told_and_pictures_are_not(
    client, put_item, post_photo, told
):
    put_item()
    photo_id = post_photo("items/item-1").json()["photo_id"]
    told()
    client.get(f"/v1/photos/{photo_id}/picture?width=160")
    client.get(f"/v1/photos/{photo_id}/tiles.dzi")
    assert told() == []
    client.get(f"/v1/photos/{photo_id}/original")
    client.head(f"/v1/photos/{photo_id}/original")
    assert told() == [("photo.original_saved", photo_id, "operator", {})]
    probe = running.photo(3)
    client.post("/v1/search", files={"file": ("x", probe)})
    digest = hashlib.sha256(probe).hexdigest()
    assert told() == [("photo.searched", digest, "operator", {})]


def test_a_refused_photo_is_told_by_its_sha256_and_status(client, put_item, post_photo, told):
    put_item()
    told()
    for data, status in ((b"no photo", 415), (running.photo()[:3000], 422)):
        assert post_photo("items/item-1", data).status_code == status
        facts = {"call": "POST /v1/items/{item_id}/photos", "status": status, "count": 1}
        digest = hashlib.sha256(data).hexdigest()
        assert told() == [("photo.refused", digest, "operator", facts)]


def test_who_is_not_known_and_who_may_not_are_told(stranger, person, people, told):
    place = people.watch.place(ADDRESS)
    for _ in range(9):
        stranger.get("/v1/items", headers={"Authorization": "Bearer wrong"})
    assert told() == [("access.unknown", place, "stranger", {"count": 1})]
    ken = person("warehouse", "Ken")
    told()
    ken.get("/v1/staff")
    ken.get("/claims/claim-1")  # a page
    ken.get("/v1/made-up-by-ken")
    calls = [(kind, call, who) for kind, call, who, _ in told()]
    assert calls == [
        ("access.forbidden", "GET /v1/staff", "Ken"),
        ("access.forbidden", "GET /claims/{claim_id}", "Ken"),
    ]


def test_wrong_passwords_and_signing_in_are_told_without_what_was_typed(
    stranger, person, people, service, told
):
    hashed = people.passwords.hash("nine cards in a box")
    person("support", "Ann", password_hash=hashed)
    told()
    place = people.watch.place(ADDRESS)
    for name in ("ann", "a-password-in-the-wrong-field"):
        stranger.post("/v1/session", json={"sign_in_name": name, "password": "is wrong here"})
    assert told() == [
        ("access.sign_in_refused", place, "stranger", {"count": 1, "staff": 1}),
        ("access.sign_in_refused", place, "stranger", {"count": 1}),
    ]
    for _ in range(5):
        stranger.post("/v1/session", json={"sign_in_name": "ann", "password": "is wrong here"})
    assert [one[0] for one in told()] == ["access.sign_in_slowed"]


def test_only_owners_and_programs_are_told_what_others_looked_at(
    client, person, put_item, put_claim
):
    put_item()
    put_claim()
    client.get("/v1/claims/claim-1")
    ada, ann = person("owner", "Ada"), person("support", "Ann")
    for caller, sees in ((client, True), (ada, True), (ann, False)):
        kinds = {one["kind"] for one in caller.get("/v1/events?limit=1000").json()["events"]}
        assert "claim.opened" in kinds
        assert ("claim.viewed" in kinds) == sees
        assert bool(kinds & OWNERS_ONLY) == sees
    for reader, sees in ((ada, True), (ann, False)):
        page = reader.get("/log", headers={"Accept": "text/html", "Accept-Language": "en"}).text
        assert "Claim opened" in page
        assert ("Claim looked at" in page) == sees


def test_a_full_disk_keeps_no_case_from_being_read(client, put_item, put_claim, service, told):
    put_item()
    put_claim()
    with service.registry._database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE events RENAME TO gone")
    assert client.get("/v1/claims/claim-1").status_code == 200
    assert client.get("/v1/staff").status_code == 403
