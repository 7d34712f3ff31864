"""What a returns workflow works with: the feed, the lists, the import."""

import base64
import json
from urllib.parse import parse_qsl

import pytest

CSV = {"Content-Type": "text/csv; charset=utf-8"}
HEAD = "item_id,order_id,sku,title,kind,amount,currency\n"
GOOD = HEAD + "item-1,order-1,LIL-1,Liliana,card,120000,JPY\n"


def test_the_feed_names_the_key_and_the_person_and_is_followed_page_by_page(
    client, put_item, put_claim, post_photo
):
    put_item(kind="other")
    post_photo("items/item-1")
    client.post("/v1/items/item-1/seal")
    put_claim()
    put_claim(reason="defect")
    post_photo("claims/claim-1", role="parcel")
    client.get("/v1/claims/claim-1/recommendation")
    client.post(
        "/v1/claims/claim-1/decisions",
        json={"decision": "approve", "decided_by": "support-1", "reason": "dented"},
    )
    seen, after, more = [], 0, True
    while more:
        page = client.get(f"/v1/events?after={after}&limit=3").json()
        seen += page["events"]
        after, more = page["next"], page["more"]
    assert [(one["kind"], one["actor"]) for one in seen] == [
        ("item.registered", "operator"),
        ("item.photo_added", "operator"),
        ("item.sealed", "operator"),
        ("claim.opened", "operator"),
        ("claim.changed", "operator"),
        ("claim.photo_added", "operator"),
        ("claim.recommended", "operator"),
        ("claim.moved", "workflow"),
        ("claim.viewed", "operator"),
        ("claim.moved", "support-1"),
        ("claim.decided", "support-1"),
    ]
    rest = client.get(f"/v1/events?after={after}").json()
    assert rest == {"events": [], "next": after, "more": False}
    assert seen[6]["body"]["outcome"] == "request_information"


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=1001", "after=9e9"])
def test_the_feed_refuses_what_is_no_number(client, query):
    assert client.get(f"/v1/events?{query}").status_code == 422


@pytest.fixture
def claims(put_item, put_claim, client):
    for number, amount in enumerate(("500", "9000", "120000")):
        money = {"amount": amount, "currency": "JPY"}
        put_item(f"item-{number}", order_id=f"o{number}", declared_value=money)
    for number in range(6):
        put_claim(
            f"claim-{number}",
            item_id=f"item-{number % 3}",
            order_id=None if number else "o0",
            reason="damage" if number % 2 else "defect",
            delivered_at=None if number == 2 else f"2025-03-0{7 - number}T10:00:00+09:00",
        )
        client.get(f"/v1/claims/claim-{number}/recommendation")


def walk(client, query, limit):
    found, cursor = [], None
    while True:
        more = {} if cursor is None else {"cursor": cursor}
        answer = client.get("/v1/claims", params=query | {"limit": limit} | more)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["claims"]) <= limit
        found += answer.json()["claims"]
        cursor = answer.json()["next"]
        if cursor is None:
            return [int(one["claim_id"].removeprefix("claim-")) for one in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [5, 4, 3, 1, 0, 2]),
        ("sort=claim_id", [0, 1, 2, 3, 4, 5]),
        ("sort=value", [5, 2, 4, 1, 3, 0]),
        ("reason=damage", [5, 3, 1]),
        ("item_id=item-0", [3, 0]),
        ("order_id=o0", [0]),
        ("state=nowhere", []),
        ("state=nowhere&sort=value", []),
        ("value_min=8999.9999", [5, 4, 1, 2]),
        ("value_min=9000.0001&sort=claim_id", [2, 5]),
        ("deadline_before=2025-03-08T00:00:00Z", [5, 4, 3]),
        ("deadline_after=2025-03-08T00:00:00Z&reason=damage", [1]),
    ],
)
def test_claims_are_listed_page_by_page(client, claims, query, expected):
    for limit in (1, 2, 200):
        assert walk(client, dict(parse_qsl(query)), limit) == expected


def test_a_row_says_what_a_clerk_needs_and_its_tag_holds(client, claims):
    [row] = client.get("/v1/claims?order_id=o0").json()["claims"]
    assert row["etag"] == client.get("/v1/claims/claim-0").headers["etag"]
    assert (row["value"], row["deadline"]) == ("500", "2025-03-10T14:59:59.999999Z")


def forged(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def test_a_cursor_that_is_none_of_the_list_is_refused(client, claims):
    cursor = client.get("/v1/claims?limit=1").json()["next"]
    name = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[0]
    for bad in (
        "x", "é", "", "[]", cursor[:-2], cursor + "A", forged(name), forged(name, 5, "c"),
        forged(name, "today", "c"), forged(name, "2025-01-01", "c"), forged(name, None, "\ud800"),
        forged("other", None, "c"), forged(name, None, 5), forged(name, None, {}),
    ):  # fmt: skip
        answer = client.get("/v1/claims", params={"cursor": bad})
        assert answer.status_code == 422, bad
        assert answer.headers["content-type"] == "application/problem+json"
    for other in ({"sort": "value"}, {"state": "opened"}, {"sort": "claim_id"}):
        asked = other | {"cursor": cursor}
        assert client.get("/v1/claims", params=asked).status_code == 422
    assert client.get("/v1/items", params={"cursor": cursor}).status_code == 422
    value = json.loads(base64.urlsafe_b64decode(
        client.get("/v1/claims?limit=1&sort=value").json()["next"] + "=="))[0]  # fmt: skip
    for odd in (2**70, True, None, 1.5):
        asked = {"cursor": forged(value, odd, "c"), "sort": "value"}
        assert client.get("/v1/claims", params=asked).status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=201", "sort=mood", "reason=x", "value_min=-1", "value_min=NaN",
        "deadline_before=today", "state=A",
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_taken_is_refused(client, query):
    assert client.get(f"/v1/claims?{query}").status_code == 422


def test_items_are_listed(client, put_item, post_photo):
    for number in range(3):
        put_item(f"item-{number}", order_id=f"o{number % 2}", kind="other")
    post_photo("items/item-1")
    client.post("/v1/items/item-1/seal")
    first = client.get("/v1/items?limit=2").json()
    second = client.get("/v1/items", params={"limit": 2, "cursor": first["next"]}).json()
    ids = [one["item_id"] for one in first["items"] + second["items"]]
    assert (ids, second["next"]) == (["item-0", "item-1", "item-2"], None)
    assert [one["item_id"] for one in client.get("/v1/items?order_id=o0").json()["items"]] == [
        "item-0",
        "item-2",
    ]
    assert len(client.get("/v1/items?sealed=true").json()["items"]) == 1


def test_a_table_is_looked_at_then_kept_once(client):
    dry = client.post("/v1/imports?kind=items&dry_run=true", content=GOOD, headers=CSV).json()
    assert (dry["dry_run"], dry["applied"], dry["new"]) == (True, False, 1)
    once = CSV | {"Idempotency-Key": "k"}
    for _ in range(2):
        answer = client.post("/v1/imports?kind=items", content=GOOD, headers=once)
        assert (answer.status_code, answer.json()["new"]) == (200, 1)
    other = client.post("/v1/imports?kind=orders", content=GOOD, headers=once)
    assert other.status_code == 409
    again = client.post("/v1/imports?kind=items", content=GOOD, headers=CSV).json()
    assert (again["applied"], again["unchanged"]) == (True, 1)
    assert client.get("/v1/items/item-1").json()["title"] == "Liliana"


def test_a_table_with_a_refused_line_is_refused_in_both_languages(client):
    bad = GOOD + "item-2,order-1,KOZ-3,Kozilek,card,9 800,JPY\n"
    answer = client.post("/v1/imports?kind=items", content=bad, headers=CSV)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == "line 3, amount"
    assert "“9 800”" in error["message"]
    assert "「9 800」" in error["ja"]
    assert client.get("/v1/items").json()["items"] == []
    kept = client.post("/v1/imports?kind=items&partial=true", content=bad, headers=CSV).json()
    assert (kept["applied"], kept["new"], kept["refused"]) == (True, 1, 1)
    assert kept["lines"][1]["problem"]["column"] == "amount"
    assert len(client.get("/v1/items").json()["items"]) == 1


@pytest.mark.parametrize(
    ("kind", "content", "status"),
    [
        ("application/json", GOOD, 415),
        ("text/csv; charset=shift_jis", GOOD, 415),
        ("text/csv", "", 422),
        ("text/csv", "x" * 4_000_001, 413),
    ],
    ids=["json", "shift_jis", "empty", "large"],
)
def test_a_table_that_cannot_be_read_is_a_problem(client, kind, content, status):
    headers = {"Content-Type": kind}
    answer = client.post("/v1/imports?kind=items", content=content, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
