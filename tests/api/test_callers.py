"""Who is signed in acts under their own name; a program names whom it acts for."""

import pytest
import running

DECISION = {"decision": "approve", "reason": "dented in transit"}
FINDINGS = {"item": "same", "condition": "as_claimed", "fault": "transit"}
INSPECTION = {"claim_id": "claim-1", "findings": FINDINGS}
ANSWER = {"answer": "same_item", "confidence": "certain", "reason": "the same scratch"}
CLAIM = "/v1/claims/claim-1"
READING = f"{CLAIM}/second-readings"
NAMED = [  # call, the field that names who acts, and the rest of the body
    (f"{CLAIM}/decisions", "decided_by", DECISION),
    (f"{CLAIM}/steps", "by", {"step": "ask_evidence"}),
    ("/v1/items/item-1/inspections", "inspected_by", INSPECTION),
    (READING, "asked_by", {"reader": "Rei"}),
    (f"{READING}/1/answer", "answered_by", ANSWER),
    (f"{READING}/1/withdrawal", "withdrawn_by", {}),
]


@pytest.fixture
def claim(put_item, put_claim, post_photo, client):
    put_item()
    post_photo("items/item-1")
    client.post("/v1/items/item-1/photos", data={"view": "back"}, files={"file": running.photo(1)})
    client.post("/v1/items/item-1/seal")
    put_claim()
    post_photo("claims/claim-1", role="product")


def named(app):
    """List each call whose body has a field that names a person."""
    schema = app.openapi()
    models = schema["components"]["schemas"]
    for path, methods in schema["paths"].items():
        for call in methods.values():
            content = call.get("requestBody", {}).get("content", {}).get("application/json", {})
            model = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
            for field in models.get(model, {}).get("properties", {}):
                if field == "by" or field.endswith("_by") or field in ("actor", "person"):
                    yield path, field


def test_every_field_that_names_who_acts_is_tried_here(app):
    here = {(path, field) for path, field, _ in NAMED}
    there = {
        (path.format(claim_id="claim-1", item_id="item-1", reading_id="1"), field)
        for path, field in named(app)
    }
    assert there == here


@pytest.mark.parametrize(("path", "field", "body"), NAMED)
def test_nobody_acts_under_another_name(claim, person, path, field, body):
    answer = person("owner", "Ada").post(path, json=body | {field: "Eve"})
    assert answer.status_code == 422
    (told,) = answer.json()["errors"]
    assert (told["field"], "signed in as Ada" in told["message"]) == (f"body.{field}", True)
    assert told["ja"].startswith("Ada としてサインイン")


@pytest.mark.parametrize(("path", "field", "body"), NAMED)
def test_a_program_names_a_person(claim, client, path, field, body):
    answer = client.post(path, json=body)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [f"body.{field}"]
    assert client.post(path, json=body | {field: " "}).status_code == 422


@pytest.mark.parametrize("told", [{}, {"decided_by": None}, {"decided_by": "ＭＩＯ　ITO"}])
def test_what_a_person_does_is_kept_under_the_name_of_the_account(claim, person, told):
    mio = person("support", "Mio Ito", sign_in_name="mio")
    answer = mio.post(f"{CLAIM}/decisions", json=DECISION | told)
    assert (answer.status_code, answer.json()["decided_by"]) == (201, "Mio Ito")


def test_the_whole_way_under_their_own_names(claim, person):
    mio, rei, dan = person("support", "Mio"), person("reviewer", "Rei"), person("warehouse", "Dan")
    assert mio.post(READING, json={"reader": "Rei"}).json()["asked_by"] == "Mio"
    refused = mio.post(f"{READING}/1/answer", json=ANSWER)
    assert refused.status_code == 403
    assert mio.post(f"{READING}/1/withdrawal").status_code == 422  # no body at all
    withdrawn = mio.post(f"{READING}/1/withdrawal", json={})
    assert withdrawn.json()["withdrawn"]["withdrawn_by"] == "Mio"
    mio.post(READING, json={"reader": "Rei"})
    assert rei.post(f"{READING}/2/answer", json=ANSWER).status_code == 201
    mio.post(f"{CLAIM}/decisions", json=DECISION)
    step = mio.post(f"{CLAIM}/steps", json={"step": "authorise_return"}).json()
    assert (step["by"], step["role"]) == ("Mio", "support")
    step = dan.post(f"{CLAIM}/steps", json={"step": "receive", "role": "warehouse"}).json()
    assert (step["by"], step["role"]) == ("Dan", "warehouse")
    inspected = dan.post("/v1/items/item-1/inspections", json=INSPECTION)
    assert inspected.json()["inspected_by"] == "Dan"


def test_only_the_reader_answers(claim, person):
    person("support", "Mio").post(READING, json={"reader": "Rei"})
    answer = person("reviewer", "Ren").post(f"{READING}/1/answer", json=ANSWER)
    assert answer.status_code == 422
    assert "is Rei's to answer" in answer.json()["detail"]


@pytest.mark.parametrize("role", ["workflow", "owner", "reviewer"])
def test_nobody_steps_in_another_role(claim, person, role):
    body = {"step": "receive", "role": role}
    answer = person("warehouse", "Dan").post(f"{CLAIM}/steps", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.role"


def test_the_steps_of_a_role_are_those_of_the_table_of_a_claims_life(claim, person):
    steps = {"step": "ask_evidence"}
    answer = person("warehouse", "Dan").post(f"{CLAIM}/steps", json=steps)
    assert answer.status_code == 409
    assert person("reviewer", "Rei").post(f"{CLAIM}/steps", json=steps).status_code == 201


def test_a_programs_step_is_the_workflows_unless_it_says_otherwise(claim, client):
    body = {"step": "ask_evidence", "by": "support-1"}
    assert client.post(f"{CLAIM}/steps", json=body).json()["role"] == "workflow"
    body = {"step": "decline_photos", "by": "support-1", "role": "support"}
    assert client.post(f"{CLAIM}/steps", json=body).json()["role"] == "support"


def test_the_feed_names_the_person_where_the_body_has_no_name(person):
    dan = person("warehouse", "Dan")
    body = {
        "order_id": "order-1",
        "sku": "LIL-1",
        "title": "Liliana",
        "kind": "card",
        "declared_value": {"amount": "120000", "currency": "JPY"},
    }
    assert dan.put("/v1/items/item-1", json=body).status_code == 201
    events = person("support").get("/v1/events").json()["events"]
    assert [one["actor"] for one in events if one["kind"] == "item.registered"] == ["Dan"]


def test_two_people_may_use_the_same_idempotency_key(claim, person):
    headers = {"Idempotency-Key": "step-1"}
    body = {"step": "ask_evidence"}
    mio, rei = person("support", "Mio"), person("reviewer", "Rei")
    told = [one.post(f"{CLAIM}/steps", json=body, headers=headers).json() for one in (mio, mio)]
    assert told[0] == told[1]
    assert rei.post(f"{CLAIM}/steps", json=body, headers=headers).json() != told[0]
