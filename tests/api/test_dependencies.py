"""The Idempotency-Key: one effect, one answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import running

ONCE = {"Idempotency-Key": "5c1f"}
APPROVE = {"decision": "approve", "decided_by": "support-1", "reason": "dented in transit"}


@pytest.fixture
def claim(put_item, put_claim):
    put_item()
    put_claim()
    return "/v1/claims/claim-1"


def test_many_at_once_have_one_effect_and_one_answer(client, claim):
    def decide(_):
        return client.post(f"{claim}/decisions", json=APPROVE, headers=ONCE)

    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(decide, range(24)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(client.get(claim).json()["decisions"]) == 1


def test_a_photo_sent_many_times_at_once_is_taken_once(client, put_item, post_photo):
    put_item()
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda _: post_photo("items/item-1", headers=ONCE), range(12)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(client.get("/v1/items/item-1").json()["photos"]) == 1


def test_without_the_key_each_request_counts(client, claim):
    for _ in range(2):
        client.post(f"{claim}/decisions", json=APPROVE)
    assert len(client.get(claim).json()["decisions"]) == 2


@pytest.mark.parametrize("other", ["body", "path", "photo"])
def test_the_key_of_another_request_is_refused(client, claim, put_claim, post_photo, other):
    put_claim("claim-2")
    assert client.post(f"{claim}/decisions", json=APPROVE, headers=ONCE).status_code == 201
    answer = {
        "body": lambda: client.post(
            f"{claim}/decisions", json=APPROVE | {"reason": "other"}, headers=ONCE
        ),
        "path": lambda: client.post("/v1/claims/claim-2/decisions", json=APPROVE, headers=ONCE),
        "photo": lambda: post_photo("claims/claim-1", headers=ONCE),
    }[other]()
    assert answer.status_code == 409


def test_another_photo_under_the_key_is_refused(put_item, post_photo):
    put_item()
    assert post_photo("items/item-1", headers=ONCE).status_code == 201
    assert post_photo("items/item-1", running.photo(1), headers=ONCE).status_code == 409
    assert post_photo("items/item-1", view="back", headers=ONCE).status_code == 409


def test_what_failed_may_be_sent_again(client, put_item, post_photo):
    put_item(kind="other")
    assert client.post("/v1/items/item-1/seal", headers=ONCE).status_code == 409
    post_photo("items/item-1")
    assert client.post("/v1/items/item-1/seal", headers=ONCE).status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 256, "a b"])
def test_the_key_is_short_and_visible(client, claim, key):
    headers = {"Idempotency-Key": key}
    assert client.post(f"{claim}/decisions", json=APPROVE, headers=headers).status_code == 422
