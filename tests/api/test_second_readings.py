"""A second person sees the photos and nothing that was made of them, until having answered."""

import hashlib
import json

import pytest
import running

APPROVE = {"decision": "approve", "decided_by": "support-1", "reason": "dented in transit"}
ASK = {"asked_by": "support-1", "reader": "reviewer-2", "reason": "the llr looked low to me"}
ANSWER = {
    "answered_by": "reviewer-2",
    "answer": "same_item",
    "confidence": "certain",
    "reason": "the same speck in both",
}
WITHDRAW = {"withdrawn_by": "support-1"}
LANGUAGES = {"en", "ja"}  # the question itself is told in both


@pytest.fixture
def claim(put_item, post_photo, put_claim):
    put_item()
    post_photo("items/item-1")
    put_claim()
    post_photo("claims/claim-1", running.photo(form="PNG"))
    post_photo("claims/claim-1", running.photo(5), role="delivery_note")
    return "/v1/claims/claim-1"


@pytest.fixture
def ask(client, claim):
    def post(headers=None, **changes):
        return client.post(f"{claim}/second-readings", json=ASK | changes, headers=headers)

    return post


@pytest.fixture
def reading(ask, claim):
    made = ask()
    assert made.status_code == 201, made.text
    return f"{claim}/second-readings/{made.json()['reading_id']}"


@pytest.fixture
def answer(client, reading):
    def post(headers=None, **changes):
        return client.post(f"{reading}/answer", json=ANSWER | changes, headers=headers)

    return post


def keys_of(value):
    """Yield every key of a JSON value, however deep."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from keys_of(one)


def words_of(value):
    """Yield every text in a JSON value, however deep."""
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, (dict, list)):
            yield from words_of(one)
        elif isinstance(one, str):
            yield one


def test_what_the_reader_gets_is_a_question_and_photos(client, reading):
    shown = client.get(reading).json()
    (before,), (after,) = shown["pre_shipment"], shown["from_customer"]  # no delivery note
    assert before["view"] == after["view"] == "front"
    for photo, data in ((before, running.photo()), (after, running.photo(form="PNG"))):
        assert photo["photo_id"] == hashlib.sha256(data).hexdigest()
        seen = client.get(photo["href"])
        assert seen.content == data
        assert seen.headers["content-type"] == "application/octet-stream"
        assert seen.headers["content-disposition"].startswith("attachment")
    names = [one["name"] for one in shown["answers"]]
    assert names == ["same_item", "different_copy", "different_product", "inconclusive"]
    assert shown["answered"] is None
    for text in (shown["question"], *shown["answers"], *shown["confidences"]):
        assert text["en"]
        assert text["ja"]


def test_no_key_and_no_text_of_recommendation_or_decision_is_in_it(client, claim, reading):
    told = client.get(f"{claim}/recommendation").json()
    decision = client.post(f"{claim}/decisions", json=APPROVE).json()
    assert told["verdict"]["reasons"]
    text = client.get(reading).text
    keys = set(keys_of([told, decision])) - LANGUAGES
    assert {"verdict", "llr", "findings", "outcome", "decided_by", "recommendation"} <= keys
    assert [key for key in keys if f'"{key}"' in text] == []
    common = {one["name"] for one in client.get(reading).json()["answers"]} | {"support-1"}
    del decision["decided_at"]  # the clock stands still here
    common |= {told["verdict"][photo] for photo in ("reference", "query")}  # the reader sees them
    words = {word for word in words_of([told, decision]) if len(word) > 2} - common
    assert [word for word in words if json.dumps(word, ensure_ascii=False) in text] == []
    assert ASK["reason"] not in text  # the asker may have seen the score


def test_whatever_becomes_of_the_case_the_reader_sees_the_same(client, claim, reading, post_photo):
    before = client.get(reading)
    client.get(f"{claim}/recommendation")
    client.post(f"{claim}/decisions", json=APPROVE)
    for step in ("authorise_return", "receive"):
        client.post(f"{claim}/steps", json={"step": step, "by": "dock-2"})
    findings = {"item": "other", "condition": "as_claimed", "fault": "shop"}
    body = {"claim_id": "claim-1", "inspected_by": "dock-2", "findings": findings}
    assert client.post("/v1/items/item-1/inspections", json=body).status_code == 201
    client.get(f"{claim}/final-recommendation")
    post_photo("claims/claim-1", running.photo(7))
    after = client.get(reading)
    assert after.content == before.content
    assert after.headers["etag"] == before.headers["etag"]


def test_after_the_answer_the_verdict_and_the_decision_stand_beside_it(client, claim, answer):
    client.post(f"{claim}/decisions", json=APPROVE)
    told = client.get(f"{claim}/recommendation").json()
    given = answer()
    assert given.status_code == 201, given.text
    answered = given.json()["answered"]
    assert answered.items() >= {k: v for k, v in ANSWER.items() if k != "answered_by"}.items()
    assert answered["verdict"] == told["verdict"]["verdict"]
    agrees = {"same_item": "agrees", "same_design": "open", "inconclusive": "open"}
    assert answered["with_verdict"]["agreement"] == agrees[answered["verdict"]]
    assert (answered["decision"], answered["with_decision"]["agreement"]) == ("approve", "agrees")
    assert answered["asked_because"] == ASK["reason"]
    for one in (answered["with_verdict"], answered["with_decision"]):
        assert one["en"]
        assert one["ja"]


def test_the_verdict_beside_an_answer_is_on_the_photos_that_were_shown(
    client, claim, put_claim, post_photo
):
    put_claim("claim-2")
    other = "/v1/claims/claim-2"

    def verdict():
        return client.get(f"{other}/recommendation").json()["verdict"]["verdict"]

    post_photo("claims/claim-2", running.photo(8))
    shown = verdict()
    number = client.post(f"{other}/second-readings", json=ASK).json()["reading_id"]
    post_photo("claims/claim-2", running.photo(form="PNG"))  # which the reader never saw
    answered = client.post(f"{other}/second-readings/{number}/answer", json=ANSWER).json()
    assert answered["answered"]["verdict"] == shown != verdict()


def test_what_was_found_then_stays_whatever_is_decided_later(client, claim, reading, answer):
    answered = answer(answer="different_copy").json()["answered"]
    assert (answered["decision"], answered["with_decision"]) == (None, None)
    client.post(f"{claim}/decisions", json=APPROVE)
    assert client.get(reading).json()["answered"] == answered


def test_an_answer_is_given_once(client, reading, answer):
    first = answer()
    again = answer(answer="different_product")
    assert again.status_code == 409
    assert "ask somebody else" in again.json()["detail"]
    assert client.get(reading).json() == first.json()
    assert client.post(f"{reading}/withdrawal", json=WITHDRAW).status_code == 409


@pytest.mark.parametrize("name", ["support-1", "Support-1", "Ｓｕｐｐｏｒｔ-1"])
def test_nobody_reads_what_they_asked_for(ask, name):
    refused = ask(reader=name)
    assert (refused.status_code, "name somebody else" in refused.json()["detail"]) == (422, True)


def test_nobody_reads_who_has_had_a_part_in_the_claim(client, claim, ask, reading):
    client.post(f"{claim}/decisions", json=APPROVE | {"decided_by": "chief"})
    for asker, name, part in (
        ("chief", "support-1", "asked for a second reading"),
        ("support-1", "Chief", "has decided"),
        ("support-1", "reviewer-2", "already asked to read"),
    ):
        refused = ask(asked_by=asker, reader=name)
        assert refused.status_code == 409, refused.text
        assert part in refused.json()["detail"]
        assert "ask somebody else" in refused.json()["detail"]
    assert ask(reader="reviewer-3").status_code == 201


def test_who_inspected_what_came_back_does_not_read(client, claim, ask):
    client.post(f"{claim}/steps", json={"step": "receive", "by": "dock-2"})
    findings = {"item": "same", "condition": "as_claimed", "fault": "shop"}
    body = {"claim_id": "claim-1", "inspected_by": "dock-2", "findings": findings}
    client.post("/v1/items/item-1/inspections", json=body)
    assert ask(reader="dock-2").status_code == 409


def test_a_reader_who_decides_meanwhile_answers_no_more(client, claim, reading, answer):
    client.post(f"{claim}/decisions", json=APPROVE | {"decided_by": "reviewer-2"})
    refused = answer()
    assert (refused.status_code, "withdraw it" in refused.json()["detail"]) == (409, True)
    assert client.get(reading).json()["answered"] is None


def test_only_the_reader_answers_in_known_words_and_with_a_reason(answer):
    for changes in (
        {"answered_by": "somebody"},
        {"answer": "same_design"},
        {"confidence": "0.9"},
        {"reason": " "},
    ):
        assert answer(**changes).status_code == 422, changes


def test_one_that_was_withdrawn_is_not_answered_and_its_reader_may_be_asked_again(
    client, claim, reading, answer, ask
):
    withdrawn = client.post(f"{reading}/withdrawal", json=WITHDRAW)
    assert withdrawn.status_code == 201
    assert withdrawn.json()["withdrawn"]["withdrawn_by"] == "support-1"
    assert answer().status_code == 409
    assert client.post(f"{reading}/withdrawal", json=WITHDRAW).status_code == 409
    assert ask().status_code == 201


def test_nothing_to_compare_is_nothing_to_read(client, claim, put_item, put_claim, post_photo):
    put_item("item-2")
    put_claim("claim-2", item_id="item-2")
    for missing in ("before shipping", "photo of the product"):
        refused = client.post("/v1/claims/claim-2/second-readings", json=ASK)
        assert (refused.status_code, missing in refused.json()["detail"]) == (409, True)
        post_photo("items/item-2")


def test_a_claim_that_is_about_another_item_now_is_not_answered(
    put_item, put_claim, post_photo, answer
):
    put_item("item-2")
    post_photo("items/item-2", running.photo(2))
    put_claim(item_id="item-2")
    refused = answer()
    assert (refused.status_code, "another item" in refused.json()["detail"]) == (409, True)


def test_the_history_and_the_feed_tell_the_answer_and_before_it_only_the_asking(
    client, claim, reading, answer
):
    def told():
        history = client.get(f"{claim}/history").json()["history"]
        return [one for one in history if one["code"].startswith("second_reading")]

    (asked,) = told()
    assert (asked["by"], asked["note"]) == ("support-1", "")
    assert asked["facts"] == {"reading_id": 1, "reader": "reviewer-2"}
    answer()
    asked, given = told()
    assert asked["note"] == ASK["reason"]
    assert (given["by"], given["note"]) == ("reviewer-2", ANSWER["reason"])
    assert (given["facts"]["answer"], given["facts"]["confidence"]) == ("same_item", "certain")
    assert all(one["en"] and one["ja"] for one in (asked, given))
    events = client.get("/v1/events?limit=1000").json()["events"]
    events = {one["kind"]: one for one in events if "second_reading" in one["kind"]}
    assert events["claim.second_reading_asked"]["body"] == {"reading_id": 1}
    last = events["claim.second_reading_answered"]
    assert (last["actor"], last["body"]["answer"]) == ("reviewer-2", "same_item")


def test_every_change_is_refused_on_a_stale_tag_and_made_on_the_right_one(client, claim, ask):
    tag = client.get(claim).headers["etag"]
    assert ask({"If-Match": '"0"'}).status_code == 412
    place = f"{claim}/second-readings/{ask({'If-Match': tag}).json()['reading_id']}"
    assert client.get(claim).headers["etag"] != tag  # who decides is told that it was asked for
    tag = client.get(place).headers["etag"]
    for call, body in (("answer", ANSWER), ("withdrawal", WITHDRAW)):
        stale = client.post(f"{place}/{call}", json=body, headers={"If-Match": '"9"'})
        assert stale.status_code == 412
    given = client.post(f"{place}/answer", json=ANSWER, headers={"If-Match": tag})
    assert given.status_code == 201
    late = client.post(f"{place}/withdrawal", json=WITHDRAW, headers={"If-Match": tag})
    assert late.status_code == 412


def test_a_retry_under_its_key_has_one_effect(ask, answer):
    first, again = (answer({"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.text) == (201, first.text)
    asked = [ask({"Idempotency-Key": "a"}, reader="reviewer-3") for _ in range(2)]
    assert asked[0].json() == asked[1].json()


def test_what_is_unknown_or_of_another_claim_is_not_found(client, claim, reading, put_claim):
    put_claim("claim-2")
    other = reading.replace("claim-1", "claim-2")
    hidden = hashlib.sha256(running.photo(5)).hexdigest()  # the delivery note is not shown
    for path in (other, f"{claim}/second-readings/9", f"{reading}/photos/{hidden}"):
        assert client.get(path).status_code == 404
    assert client.post(f"{other}/answer", json=ANSWER).status_code == 404
    assert client.post(f"{other}/withdrawal", json=WITHDRAW).status_code == 404
    assert client.post("/v1/claims/none/second-readings", json=ASK).status_code == 404
