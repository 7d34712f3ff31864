import pytest
import running

FINDINGS = {"item": "same", "condition": "as_claimed", "fault": "shop"}
APPROVE = {"decision": "approve", "decided_by": "support-1", "reason": "dented in transit"}


@pytest.fixture
def claim(put_item, post_photo, put_claim):
    put_item()
    post_photo("items/item-1")
    put_claim()
    return "/v1/claims/claim-1"


@pytest.fixture
def received(client, claim):
    client.post(f"{claim}/decisions", json=APPROVE)
    for step in ("authorise_return", "receive"):
        client.post(f"{claim}/steps", json={"step": step, "by": "dock-2"})
    return claim


@pytest.fixture
def inspect(client):
    def post(item_id="item-1", **changes):
        body = {"claim_id": "claim-1", "inspected_by": "dock-2", "findings": FINDINGS}
        return client.post(f"/v1/items/{item_id}/inspections", json=body | changes)

    return post


def test_from_inspection_to_the_final_decision(client, received, inspect, post_photo):
    made = inspect()
    assert made.status_code == 201
    number = made.json()["inspection_id"]
    assert client.get(received).json()["state"] == "inspected"
    assert post_photo(f"inspections/{number}", running.photo(form="PNG")).status_code == 201
    assert post_photo(f"inspections/{number}", running.photo(form="PNG")).status_code == 200
    shown = client.get(f"/v1/inspections/{number}").json()
    assert (len(shown["photos"]), shown["findings"]["fault"]) == (1, "shop")
    final = client.get(f"{received}/final-recommendation").json()
    assert (final["outcome"], final["remedy"]) == ("approve", "refund")
    assert final["against_pre_shipment"]["verdict"] in ("same_item", "same_design", "inconclusive")
    assert final["against_customer"] is None
    assert client.get(received).json()["state"] == "final_recommended"
    decided = client.post(f"{received}/decisions", json=APPROVE)
    assert decided.json()["recommendation"] == final
    assert client.get(received).json()["state"] == "final_decided"
    codes = [one["code"] for one in client.get(f"{received}/history").json()["history"]]
    for code in ("inspect", "inspection_photo_added", "final_recommended"):
        assert codes.count(code) == 1


def test_another_card_that_came_back_is_for_a_person(client, received, inspect, post_photo):
    post_photo("claims/claim-1")
    number = inspect(findings=FINDINGS | {"item": "other"}).json()["inspection_id"]
    post_photo(f"inspections/{number}", running.photo(5))
    final = client.get(f"{received}/final-recommendation").json()
    assert (final["outcome"], final["remedy"]) == ("review", "person_decides")
    assert final["against_customer"]["verdict"] in ("different_product", "inconclusive")
    assert final["reasons"][0]["innocent_explanations"]


def test_a_parcel_that_nobody_approved_is_inspected_and_reviewed(client, claim, inspect):
    client.post(f"{claim}/steps", json={"step": "receive", "by": "dock-2"})
    assert inspect().status_code == 201
    final = client.get(f"{claim}/final-recommendation").json()
    assert final["reasons"][0]["code"] == "final.parcel_not_approved"


def test_nothing_is_inspected_before_it_came(client, claim, inspect):
    assert inspect().status_code == 409
    assert client.get(f"{claim}/final-recommendation").status_code == 409


def test_an_inspection_is_of_the_claims_own_item(received, inspect, put_item):
    put_item("item-2")
    answer = inspect("item-2")
    assert (answer.status_code, "item-1" in answer.json()["detail"]) == (422, True)
    assert inspect(findings=FINDINGS | {"fault": "photos"}).status_code == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "inspections/9"),
        ("POST", "inspections/9/photos"),
        ("GET", "claims/none/final-recommendation"),
        ("POST", "items/none/inspections"),
    ],
)
def test_what_is_unknown_is_not_found(client, method, path):
    facts = {}
    if path.endswith("photos"):
        facts = {"files": {"file": running.photo()}, "data": {"view": "front"}}
    elif path.endswith("inspections"):
        facts = {"json": {"inspected_by": "dock-2", "findings": FINDINGS}}
    assert client.request(method, f"/v1/{path}", **facts).status_code == 404
