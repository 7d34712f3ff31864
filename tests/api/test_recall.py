"""What was said of a claim is said again only as long as it would be worked out alike."""

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
import running
from registry.planting import ORIGINALS, chance_of
from stores import of_the_disk, path_of

from api.recommendations import RecommendationView
from evidence.registry import photos
from evidence.service.recommendations import recommend_claim

PATH = "/v1/claims/claim-1/recommendation"


@pytest.fixture
def shop(client, put_item, put_claim, post_photo):
    put_item()
    put_item("item-2", order_id="order-2")
    put_claim()
    put_claim("claim-2", item_id="item-2")
    for seed, owner in ((0, "items/item-1"), (1, "claims/claim-1")):
        post_photo(owner, running.photo(seed))
    client.get(PATH)  # it is compared, and the claim moves


def test_whoever_asks_first_leaves_the_answer_to_the_second(client, shop, times_worked_out):
    assert client.get("/v1/claims/claim-1").json()["state"] == "recommended"
    before = times_worked_out()
    client.get(PATH).raise_for_status()
    assert times_worked_out() == before


@pytest.fixture
def times_worked_out(service):
    """Return how often the rules were asked."""
    return lambda: next(
        sample.value
        for metric in service.telemetry.registry.collect()
        for sample in metric.samples
        if sample.name == "evidence_stage_seconds_count" and sample.labels["stage"] == "rules"
    )


def worked_out(service):
    """Return what would be said now by whoever remembers nothing."""
    view = RecommendationView.model_validate(recommend_claim(service, "claim-1"))
    return view.model_dump(mode="json", by_alias=True)


def decide(client):
    body = {"decision": "approve", "decided_by": "support-1", "reason": "a crease"}
    return client.post("/v1/claims/claim-1/decisions", json=body)


CHANGES = {
    "the claim's facts": lambda s: s.put_claim(reason="incorrect_item"),
    "the item's facts": lambda s: s.put_item(title="Chandra"),
    "a photo of the claim": lambda s: s.post_photo("claims/claim-1", running.photo(0)),
    "a photo of the item": lambda s: s.post_photo("items/item-1", running.photo(1)),
    "the same photo on another order's item": lambda s: s.post_photo(
        "items/item-2", running.photo(1)
    ),
    "the same picture in another file": lambda s: s.post_photo(
        "claims/claim-2", running.photo(1, "PNG")
    ),
    "another photo elsewhere": lambda s: s.post_photo("items/item-2", running.photo(9)),
    "a photo elsewhere hangs in another order now": lambda s: (
        s.post_photo("claims/claim-2", running.photo(1)),
        s.client.get(PATH),
        s.put_item("item-2", order_id="order-1"),
    ),
    "a decision": lambda s: decide(s.client),
    "another one decided": lambda s: s.put_claim("claim-2", item_id="item-2", reason="defect"),
    "a return authorised": lambda s: (
        decide(s.client),
        s.client.get(PATH),
        s.client.post(
            "/v1/claims/claim-1/steps",
            json={"action": "authorise_return", "by": "support-1", "role": "support"},
        ),
    ),
}


class Shop:
    def __init__(self, client, put_item, put_claim, post_photo):
        self.client, self.put_item = client, put_item
        self.put_claim, self.post_photo = put_claim, post_photo


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_is_in_the_next_answer(
    client, service, shop, put_item, put_claim, post_photo, name
):
    before = client.get(PATH)
    CHANGES[name](Shop(client, put_item, put_claim, post_photo))
    after = client.get(PATH, headers={"If-None-Match": before.headers["etag"]})
    told = before.json() if after.status_code == 304 else after.json()
    assert told == worked_out(service)


def test_what_matters_makes_another_answer(client, service, shop, post_photo):
    """So that the tests above can fail."""
    before = client.get(PATH)
    post_photo("items/item-2", running.photo(1))
    after = client.get(PATH)
    assert after.headers["etag"] != before.headers["etag"]
    assert "item-2" in after.text
    assert "item-2" not in before.text


def test_it_is_worked_out_once_and_told_by_304_to_whoever_knows_it(
    client, service, shop, times_worked_out
):
    before, first = times_worked_out(), client.get(PATH)
    assert (first.status_code, first.json()) == (200, worked_out(service))
    before += 1  # by that line
    for _ in range(3):
        again = client.get(PATH)
        assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
        known = client.get(PATH, headers={"If-None-Match": first.headers["etag"]})
        assert (known.status_code, known.content) == (304, b"")
        assert known.headers["etag"] == first.headers["etag"]
    assert times_worked_out() == before


def test_what_happens_elsewhere_has_it_worked_out_anew_only_if_it_may_matter(
    client, shop, put_claim, put_item, post_photo, times_worked_out, person
):
    before = times_worked_out()
    put_item("item-3", order_id="order-3")
    put_claim("claim-3", item_id="item-3")
    post_photo("items/item-3", running.photo(9))
    person("support").get("/v1/claims/claim-1")  # a view, which is an entry of the log
    client.get(PATH)
    assert times_worked_out() == before
    post_photo("items/item-3", running.photo(1))
    client.get(PATH)
    assert times_worked_out() == before + 1


@of_the_disk
def test_photos_whose_files_are_too_new_to_be_known_by_their_times_are_hashed(
    client, monkeypatch, shop, post_photo, times_worked_out
):
    monkeypatch.setattr(photos, "TICK", 3600 * 10**9)
    post_photo("claims/claim-1", running.photo(3))
    first, before = client.get(PATH), times_worked_out()
    assert client.get(PATH).content == first.content
    assert times_worked_out() == before


def test_what_another_process_changes_counts(client, service, shop, tmp_path, workers):
    first = client.get(PATH).json()
    with closing(running.open_registry(tmp_path / "home")) as registry:
        registry.put_item(replace(registry.item("item-1"), title="Chandra"))
    assert client.get(PATH).json() == worked_out(service)
    assert client.get(PATH).json() != first


def test_it_is_worked_out_anew_after_a_minute(client, service, shop, times_worked_out):
    before = times_worked_out()
    service.now.now += timedelta(seconds=59)
    client.get(PATH)
    assert times_worked_out() == before
    service.now.now += timedelta(seconds=1)
    client.get(PATH)
    assert times_worked_out() == before + 1


@of_the_disk
@pytest.mark.parametrize("name", ["flipped bit", "gone"])
def test_a_photo_damaged_since_is_left_out_and_counts_again_once_it_is_whole(
    client, service, shop, tmp_path, name
):
    whole = client.get(PATH)
    photo_id = service.registry.claim_photos("claim-1")[0].photo_id
    path = path_of(tmp_path / "home", photo_id)
    shutil.copy(path, tmp_path / "original")
    ORIGINALS[name][0](tmp_path / "home", [photo_id], chance_of(name))
    known = {"If-None-Match": whole.headers["etag"]}
    hurt = client.get(PATH, headers=known)
    assert (hurt.status_code, hurt.json()["verdict"]) == (200, None)
    assert client.get(PATH).json() == worked_out(service)
    path.unlink(missing_ok=True)
    shutil.copy(tmp_path / "original", path)  # from a backup: nobody tells us
    client.get(PATH)  # finds it whole, and tells the log
    assert client.get(PATH).json()["verdict"] == whole.json()["verdict"]
    assert client.get(PATH).json() == worked_out(service)
