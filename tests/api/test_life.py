import pytest
import running

APPROVE = {"decision": "approve", "decided_by": "support-1", "reason": "dented in transit"}


@pytest.fixture
def claim(put_item, post_photo, put_claim):
    put_item()
    post_photo("items/item-1")
    put_claim(residence="US", ship_to="US")
    return "/v1/claims/claim-1"


@pytest.fixture
def step(client, claim):
    def take(step, **facts):
        return client.post(f"{claim}/steps", json={"step": step, "by": "support-1"} | facts)

    return take


def test_asking_for_a_recommendation_moves_the_claim(client, claim):
    assert client.get(claim).json()["state"] == "opened"
    client.get(f"{claim}/recommendation")
    shown = client.get(claim).json()
    assert shown["state"] == "recommended"
    assert shown["allowed_steps"] == ["ask_evidence", "receive", "close"]


def test_a_return_from_decision_to_receipt(client, claim, step):
    client.post(f"{claim}/decisions", json=APPROVE)
    assert step("authorise_return").json()["state"] == "return_authorised"
    sent = step("ship", tracking_number="EJ1", insured_value={"amount": "1", "currency": "JPY"})
    assert sent.status_code == 201
    assert [one["code"] for one in sent.json()["warnings"]] == ["parcel.insured_below_value"]
    arrived = step("receive", box_marked=False).json()
    assert arrived["state"] == "received"  # nothing is refused for what the parcel lacks
    codes = [one["code"] for one in arrived["warnings"]]
    assert codes == ["parcel.insured_below_value", "parcel.not_marked"]
    history = client.get(f"{claim}/history").json()["history"]
    moved = [one["to_state"] for one in history if one["to_state"]]
    assert moved == ["decided", "return_authorised", "shipped", "received"]
    assert history[-1]["facts"]["warnings"] == codes
    assert all(one["en"] and one["ja"] for one in history)


def test_reading_25_until_when_the_item_is_asked_back_is_shown_and_listed(client, claim, step):
    client.post(f"{claim}/decisions", json=APPROVE)
    told = step("authorise_return").json()
    by = client.get(claim).json()["return_by"]
    assert by == "2025-04-10T08:59:59.999999Z"  # in Adak; it is the 9th in Honolulu still
    assert told["facts"] == {"return_by": by.replace("Z", "+00:00")}

    def listed(before):
        page = client.get("/v1/claims", params={"return_before": before}).json()
        return [(row["claim_id"], row["return_by"]) for row in page["claims"]]

    assert listed("2025-04-10T09:00:00Z") == [("claim-1", by)]
    assert listed(by) == []
    step("ship", tracking_number="EJ1")
    assert listed("2025-04-10T09:00:00Z") == []


def test_what_is_not_allowed_is_a_conflict_that_names_what_is(client, claim, step):
    answer = step("ship")
    assert answer.status_code == 409
    assert "ask_evidence" in answer.json()["detail"]
    assert client.get(claim).json()["state"] == "opened"


def test_a_parcel_without_an_approval_is_kept_apart(step):
    assert step("receive").json()["state"] == "quarantine"


def test_the_same_step_sent_again_is_taken_once(client, claim):
    body = {"step": "close", "by": "support-1", "note": "withdrawn"}
    headers = {"Idempotency-Key": "once"}
    answers = [client.post(f"{claim}/steps", json=body, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize(
    "body",
    [{"by": " "}, {"step": "decide"}, {"step": "close", "tracking_number": "EJ1"}, {"role": "x"}],
    ids=str,
)
def test_a_step_needs_a_person_and_only_a_parcels_step_has_a_parcel(step, body):
    answer = step(**{"step": "ask_evidence"} | body)
    assert answer.status_code == 422


def test_facts_of_split_parcels_and_the_notice_are_kept(client, claim, put_claim):
    parcels = [{"parcel_id": "p-1", "delivered_at": "2025-03-05T01:00:00Z"},
               {"parcel_id": "p-2", "delivered_at": None}]  # fmt: skip
    facts = {"notice_sent_at": "2025-03-06T00:00:00Z", "ship_to_zone": "America/New_York"}
    assert put_claim(parcels=parcels, **facts).status_code == 200
    shown = client.get(claim).json()
    assert facts.items() <= shown.items()
    assert shown["parcels"] == parcels
    assert client.get(f"{claim}/recommendation").json()["window"]["zone"]
    assert put_claim(ship_to_zone="America/Atlantis").status_code == 422


def test_the_zone_of_the_address_counts_the_days(client, claim, put_claim):
    put_claim(residence="US", ship_to="US", ship_to_zone="America/New_York")
    window = client.get(f"{claim}/recommendation").json()["window"]
    assert window["zone"] == "America/New_York"


def test_photos_and_what_the_shop_was_told_are_in_the_history(client, claim, post_photo):
    post_photo("claims/claim-1", running.photo(5))
    history = client.get(f"{claim}/history").json()["history"]
    assert [one["code"] for one in history] == ["ordered", "delivered", "notified", "photo_added"]


@pytest.mark.parametrize(("method", "path"), [("POST", "steps"), ("GET", "history")])
def test_an_unknown_claim_is_not_found(client, method, path):
    body = {"step": "close", "by": "a", "note": "b"} if method == "POST" else None
    assert client.request(method, f"/v1/claims/none/{path}", json=body).status_code == 404
