import pytest
import running

PARTS = {
    "outcome", "remedy", "costs", "clauses", "window", "verdict", "findings", "missing",
    "next_steps", "requires_decision_by", "policy", "draft_mail", "three_way", "comparisons",
}  # fmt: skip


@pytest.fixture
def claim(put_item, post_photo, put_claim):
    put_item()
    post_photo("items/item-1")
    put_claim()
    return "/v1/claims/claim-1"


def test_a_claim_is_opened_replaced_and_read_back(client, put_item, put_claim):
    put_item()
    assert put_claim(reason="defect").status_code == 201
    answer = put_claim(delivered_at=None)
    assert answer.status_code == 200
    assert answer.json() == {
        "claim_id": "claim-1",
        "item_id": "item-1",
        "order_id": None,
        "reason": "damage",
        "residence": "JP",
        "ship_to": None,
        "ordered_at": "2025-03-01T03:00:00Z",
        "delivered_at": None,
        "notified_at": "2025-03-07T00:00:00Z",
        "notice_sent_at": None,
        "parcels": [],
        "ship_to_zone": None,
        "photos_declined": 0,
        "deadline": None,
        "window_state": "unknown",
        "return_by": None,
        "state": "opened",
        "allowed_steps": ["ask_evidence", "receive", "close"],
        "photos": [],
        "decisions": [],
    }
    assert client.get("/v1/claims/claim-1").json() == answer.json()


def test_a_claim_is_shown_and_listed_with_its_deadline_as_soon_as_it_is_told(
    client, put_item, put_claim
):
    def shown():
        claim = client.get("/v1/claims/claim-1").json()
        [row] = client.get("/v1/claims?deadline_after=2025-01-01T00:00:00Z").json()["claims"]
        assert row["deadline"] == claim["deadline"]
        return claim["deadline"], claim["window_state"]

    put_item()
    put_claim()
    assert shown() == ("2025-03-08T14:59:59.999999Z", "in")
    told = client.get("/v1/claims/claim-1")
    client.get("/v1/claims/claim-1/recommendation")
    assert shown() == ("2025-03-08T14:59:59.999999Z", "in")
    assert client.get("/v1/claims/claim-1").headers["etag"] == told.headers["etag"]
    put_claim(residence="FR", notified_at="2025-06-01T00:00:00Z")
    assert shown() == ("2025-04-04T21:59:59.999999Z", "late")
    assert client.get("/v1/claims/claim-1").headers["etag"] != told.headers["etag"]


def test_a_deadline_in_an_hour_that_clocks_show_twice_is_no_change_when_told_again(
    client, put_item, put_claim
):
    put_item()
    # the last day abroad ends at 23:59 for the second time: clocks went from 00:00 to 23:00
    facts = {"residence": "PY", "ship_to_zone": "America/Asuncion",
             "ordered_at": "2024-02-20T12:00:00Z", "delivered_at": "2024-02-22T12:00:00Z",
             "notified_at": "2024-03-01T12:00:00Z"}  # fmt: skip
    tags = [put_claim(**facts).headers["etag"] for _ in range(2)]
    assert tags[0] == tags[1]
    shown = client.get("/v1/claims/claim-1").json()
    assert shown["deadline"] == "2024-03-24T03:59:59.999999Z"


def test_an_order_means_its_only_item(put_item, put_claim):
    put_item()
    assert put_claim(item_id=None, order_id="order-1").json()["item_id"] == "item-1"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"item_id": None}, "item_id"),
        ({"item_id": None, "order_id": "order-1"}, "item-1, item-2"),
        ({"item_id": None, "order_id": "order-9"}, "order-9"),
        ({"item_id": "item-9"}, "item-9"),
        ({"order_id": "order-2"}, "another order"),
        ({"residence": None}, "residence"),
        ({"residence": "Japan"}, "see errors"),
        ({"notified_at": "2025-03-07T09:00:00"}, "see errors"),
        ({"reason": "regret"}, "see errors"),
    ],
    ids=str,
)
def test_says_what_a_claim_lacks(put_item, put_claim, facts, said):
    put_item()
    put_item("item-2")
    answer = put_claim(**facts)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_without_photos_they_are_asked_for(client, claim):
    answer = client.get(f"{claim}/recommendation")
    assert (answer.status_code, answer.json()["outcome"]) == (200, "request_information")
    assert set(answer.json()) == PARTS
    assert answer.json()["verdict"] is None


def test_a_recommendation_holds_the_verdict_and_speaks_both_languages(client, claim, post_photo):
    post_photo("claims/claim-1", running.photo(form="PNG"), role="product")
    answer = client.get(f"{claim}/recommendation").json()
    assert set(answer) == PARTS
    assert answer["verdict"]["verdict"] in ("same_item", "same_design", "inconclusive")
    assert answer["window"]["state"] == "in"
    for said in (*answer["findings"], *answer["clauses"], *answer["next_steps"]):
        assert said["en"]
        assert said["ja"]


def test_the_deadline_is_told_by_the_customers_and_the_shops_clocks(client, claim, put_claim):
    put_claim(residence="FR")
    window = client.get(f"{claim}/recommendation").json()["window"]
    assert window == {
        "state": "in",
        "deadline": "2025-04-04T23:59:59.999999+02:00",
        "zone": "Europe/Paris",
        "rule": "intl.3.window",
        "zone_rule": "address",
        "customer": {
            "zone": "Europe/Paris",
            "deadline": "2025-04-04T23:59:59.999999+02:00",
            "en": "Friday, 4 April 2025, 23:59 (Central European Summer Time)",
            "ja": "2025年4月4日（金）23時59分（中央ヨーロッパ夏時間）",
        },
        "shop": {
            "zone": "Asia/Tokyo",
            "deadline": "2025-04-05T06:59:59.999999+09:00",
            "en": "Saturday, 5 April 2025, 06:59 (Japan Standard Time)",
            "ja": "2025年4月5日（土）06時59分（日本標準時）",
        },
        "unknown_because": None,
    }


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, "delivery_unknown"),
        ({"parcels": [{"parcel_id": "p-1", "delivered_at": None}]}, "parcel_unknown"),
    ],
)
def test_where_there_is_no_deadline_it_is_said_why(client, claim, put_claim, facts, code):
    put_claim(delivered_at=None, **facts)
    window = client.get(f"{claim}/recommendation").json()["window"]
    none = {"zone": "Asia/Tokyo", "deadline": None, "en": None, "ja": None}
    assert (window["state"], window["customer"], window["shop"]) == ("unknown", none, none)
    assert window["unknown_because"]["code"] == code
    assert window["unknown_because"]["en"]
    assert window["unknown_because"]["ja"]


def test_another_card_is_never_denied_by_its_photo(client, claim, post_photo):
    post_photo("claims/claim-1", running.photo(5))
    answer = client.get(f"{claim}/recommendation").json()
    assert answer["verdict"]["verdict"] in ("different_product", "inconclusive")
    assert answer["outcome"] in ("review", "request_information")


def test_a_photo_of_the_parcel_is_kept_but_not_compared(client, claim, post_photo):
    assert post_photo("claims/claim-1", running.photo(5), role="parcel").status_code == 201
    assert client.get(claim).json()["photos"][0]["role"] == "parcel"
    assert client.get(f"{claim}/recommendation").json()["verdict"] is None


def test_asking_again_gives_the_same(client, claim, post_photo):
    post_photo("claims/claim-1", running.photo(5))
    first = client.get(f"{claim}/recommendation")
    assert client.get(f"{claim}/recommendation").json() == first.json()


def test_a_decision_is_kept_with_its_recommendation(client, claim):
    body = {"decision": "approve", "decided_by": "support-1", "reason": "dented in transit"}
    answer = client.post(f"{claim}/decisions", json=body)
    assert answer.status_code == 201
    assert body.items() <= answer.json().items()
    assert answer.json()["recommendation"] == client.get(f"{claim}/recommendation").json()
    assert client.get(claim).json()["decisions"] == [answer.json()]


@pytest.mark.parametrize("field", ["decided_by", "reason", "decision"])
def test_a_decision_needs_a_named_person_and_a_reason(client, claim, field):
    body = {"decision": "deny", "decided_by": "support-1", "reason": "late"} | {field: " "}
    assert client.post(f"{claim}/decisions", json=body).status_code == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/recommendation"),
        ("POST", "/photos"),
        ("POST", "/decisions"),
    ],
)
def test_an_unknown_claim_is_not_found(client, method, path):
    files = {"file": running.photo()} if path == "/photos" else None
    fields = {"view": "front"} if files else None
    json = {"decision": "deny", "decided_by": "a", "reason": "b"} if "dec" in path else None
    answer = client.request(method, f"/v1/claims/none{path}", files=files, data=fields, json=json)
    assert (answer.status_code, answer.json()["title"]) == (404, "Not found")
