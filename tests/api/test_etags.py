"""Two clients, one claim: nobody overwrites what the other has not seen."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import running

APPROVE = {"decision": "approve", "decided_by": "support-1", "reason": "dented in transit"}
ITEM = {
    "order_id": "order-1",
    "sku": "LIL-1",
    "title": "Liliana",
    "kind": "other",
    "declared_value": {"amount": "120000", "currency": "JPY"},
}


@pytest.fixture
def claim(put_item, put_claim):
    put_item(kind="other")
    put_claim()
    return "/v1/claims/claim-1"


def tag(client, path):
    return client.get(path).headers["etag"]


def test_the_tag_follows_every_change_that_is_shown(client, claim, post_photo):
    tags = [tag(client, claim)]
    post_photo("claims/claim-1")
    tags.append(tag(client, claim))
    client.get(f"{claim}/recommendation")
    assert tag(client, claim) == tags[-1]  # one may read both, then decide
    client.post(f"{claim}/decisions", json=APPROVE)
    tags.append(tag(client, claim))
    assert len(set(tags)) == 3
    assert not any(one.startswith("W/") for one in tags)


def test_the_tag_of_an_item_follows_its_photos_and_its_seal(client, put_item, post_photo):
    put = put_item(kind="other").headers["etag"]
    tags = [tag(client, "/v1/items/item-1")]
    assert tags == [put]
    post_photo("items/item-1")
    tags.append(tag(client, "/v1/items/item-1"))
    client.post("/v1/items/item-1/seal")
    tags.append(tag(client, "/v1/items/item-1"))
    assert len(set(tags)) == 3


@pytest.mark.parametrize("path", ["/v1/items/item-1", "/v1/claims/claim-1"])
def test_what_is_known_is_not_sent_again(client, claim, path):
    known = tag(client, path)
    for header in (known, f'"other", W/{known}', "*"):
        answer = client.get(path, headers={"If-None-Match": header})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", known)
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def changes(client, claim, post_photo, put_claim):
    """Return every call that changes something, by its path; each takes headers."""
    return {
        "PUT item": lambda h: client.put("/v1/items/item-1", json=ITEM, headers=h),
        "POST item photo": lambda h: post_photo("items/item-1", headers=h),
        "POST seal": lambda h: client.post("/v1/items/item-1/seal", headers=h),
        "PUT claim": lambda h: client.put(
            claim,
            json={
                "item_id": "item-1", "reason": "defect", "residence": "JP",
                "ordered_at": "2025-03-01T12:00:00+09:00",
                "notified_at": "2025-03-07T09:00:00+09:00",
            },
            headers=h,
        ),
        "POST claim photo": lambda h: post_photo("claims/claim-1", running.photo(1), headers=h),
        "POST decision": lambda h: client.post(f"{claim}/decisions", json=APPROVE, headers=h),
    }  # fmt: skip


def test_every_change_is_refused_on_a_stale_tag_and_made_on_the_right_one(
    client, claim, post_photo, put_claim
):
    for name, change in changes(client, claim, post_photo, put_claim).items():
        path = claim if "claim" in name or "decision" in name else "/v1/items/item-1"
        before, seen = tag(client, path), client.get(path).json()
        for stale in ('"0"', f"W/{before}", '"no-tag-of-ours"'):
            answer = change({"If-Match": stale})
            assert answer.status_code == 412, name
            assert answer.json()["type"] == "urn:photo-evidence:problem:stale"
            assert answer.headers["content-type"] == "application/problem+json"
        assert client.get(path).json() == seen, name
        answer = change({"If-Match": f'"0", {before}'})
        assert answer.status_code in (200, 201), (name, answer.text)


def test_one_of_two_clients_who_read_the_same_decides(client, claim):
    for _ in range(4):
        headers = {"If-Match": tag(client, claim)}

        def decide(number, headers=headers):
            body = APPROVE | {"decided_by": f"support-{number}"}
            return client.post(f"{claim}/decisions", json=body, headers=headers).status_code

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(decide, range(2))) == [201, 412]
    assert len(client.get(claim).json()["decisions"]) == 4


def test_put_can_be_asked_to_make_only_or_to_replace_only(client):
    replace, make = {"If-Match": "*"}, {"If-None-Match": "*"}

    def put(headers):
        return client.put("/v1/items/item-1", json=ITEM, headers=headers).status_code

    assert [put(replace), put(make), put(make), put(replace)] == [412, 201, 412, 200]


@pytest.mark.parametrize("header", ["3", '"a', "", '"x"' * 300])
def test_a_tag_that_is_none_is_refused(client, claim, header):
    answer = client.put("/v1/items/item-1", json=ITEM, headers={"If-Match": header})
    assert answer.status_code == 422


def test_a_retry_under_its_key_gets_its_answer_though_the_tag_is_old_by_then(client, claim):
    headers = {"If-Match": tag(client, claim), "Idempotency-Key": "k"}
    first = client.post(f"{claim}/decisions", json=APPROVE, headers=headers)
    again = client.post(f"{claim}/decisions", json=APPROVE, headers=headers)
    assert (first.status_code, again.status_code, again.text) == (201, 201, first.text)
