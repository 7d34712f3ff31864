"""The OpenAPI says everything that a client has to know."""

import pytest

from api import (
    claims,
    comparisons,
    decisions,
    examples,
    inspections,
    items,
    life,
    photos,
    recommendations,
    second_reading_views,
    workflow_examples,
)
from api.access import OPEN_CALLS
from evidence.photo.shortfalls import name_shortfall

CALLS = {
    "PUT /v1/items/{item_id}",
    "GET /v1/items/{item_id}",
    "POST /v1/items/{item_id}/photos",
    "POST /v1/items/{item_id}/seal",
    "PUT /v1/claims/{claim_id}",
    "GET /v1/claims/{claim_id}",
    "POST /v1/claims/{claim_id}/photos",
    "GET /v1/claims/{claim_id}/recommendation",
    "POST /v1/claims/{claim_id}/decisions",
    "POST /v1/claims/{claim_id}/steps",
    "GET /v1/claims/{claim_id}/history",
    "GET /v1/claims/{claim_id}/final-recommendation",
    "POST /v1/items/{item_id}/inspections",
    "GET /v1/inspections/{inspection_id}",
    "POST /v1/inspections/{inspection_id}/photos",
    "POST /v1/claims/{claim_id}/second-readings",
    "GET /v1/claims/{claim_id}/second-readings/{reading_id}",
    "GET /v1/claims/{claim_id}/second-readings/{reading_id}/photos/{photo_id}",
    "POST /v1/claims/{claim_id}/second-readings/{reading_id}/answer",
    "POST /v1/claims/{claim_id}/second-readings/{reading_id}/withdrawal",
    "POST /v1/comparisons",
    "GET /v1/comparisons/{comparison_id}/overlay.png",
    "GET /v1/claims",
    "GET /v1/items",
    "GET /v1/events",
    "POST /v1/imports",
    "POST /v1/session",
    "GET /v1/session",
    "DELETE /v1/session",
    "DELETE /v1/session/all",
    "POST /v1/session/first-owner",
    "POST /v1/session/password",
    "GET /v1/staff",
    "POST /v1/staff",
    "PATCH /v1/staff/{staff_id}",
    "POST /v1/staff/{staff_id}/password",
    "GET /v1/keys",
    "POST /v1/keys",
    "DELETE /v1/keys/{name}",
    "GET /healthz",
    "GET /readyz",
}

PERSONAL = ("POST /v1/session", "POST /v1/staff", "POST /v1/keys")


@pytest.fixture
def calls(app):
    paths = app.openapi()["paths"]
    return {
        f"{method.upper()} {path}": call
        for path, methods in paths.items()
        for method, call in methods.items()
    }


def test_lists_every_call(calls):
    assert set(calls) >= CALLS


def test_every_call_says_what_it_does_and_asks_for_the_key(calls):
    for name, call in calls.items():
        assert call["summary"], name
        assert call["description"], name
        asked = ("/v1/" in name or name == "GET /metrics") and tuple(name.split()) not in OPEN_CALLS
        assert bool(call.get("security")) == asked, name


def test_every_parameter_is_explained_with_an_example(calls):
    for name, call in calls.items():
        for parameter in call.get("parameters", []):
            assert parameter["description"], (name, parameter)
            assert parameter["schema"].get("examples") or parameter.get("example"), (
                name,
                parameter,
            )


def test_every_post_whose_answer_is_kept_takes_an_idempotency_key(calls):
    for name, call in calls.items():
        headers = {p["name"].lower() for p in call.get("parameters", []) if p["in"] == "header"}
        # An answer that is not kept, a secret or a large file, cannot be given again.
        secret = name.startswith(PERSONAL) or name == "POST /v1/claims/{claim_id}/bundle"
        taken = name.startswith("POST") and not secret
        assert ("idempotency-key" in headers) == taken, name
        assert ("no Idempotency-Key" in call["description"]) == secret, name


NO_TEXT = {"image/png", "image/jpeg", "application/octet-stream", "application/zip"}


def test_every_body_and_answer_has_an_example(app, calls):
    models = app.openapi()["components"]["schemas"]

    def shown(body):
        model = models.get(body.get("schema", {}).get("$ref", "").rpartition("/")[2], {})
        properties = model.get("properties", {"": {}}).values()
        return "example" in body or "examples" in model or all(map(explained, properties))

    def explained(value):
        return {"examples", "default", "contentMediaType", "enum"} & set(value)

    for name, call in calls.items():
        contents = [*call["responses"].values(), call.get("requestBody", {"content": {}})]
        for content in contents:
            for media_type, body in content.get("content", {}).items():
                assert media_type in NO_TEXT or shown(body), (name, media_type)


@pytest.mark.parametrize(
    ("model", "example"),
    [
        (items.ItemRequest, examples.ITEM_REQUEST),
        (items.ItemView, examples.ITEM),
        (photos.TakenPhotoView, examples.TAKEN_PHOTO),
        (claims.ClaimRequest, examples.CLAIM_REQUEST),
        (claims.ClaimView, examples.CLAIM),
        (recommendations.RecommendationView, examples.RECOMMENDATION),
        (decisions.DecisionRequest, examples.DECISION_REQUEST),
        (decisions.DecisionView, examples.DECISION),
        (life.StepRequest, examples.STEP_REQUEST),
        (life.StepView, examples.STEP),
        (inspections.InspectionRequest, examples.INSPECTION_REQUEST),
        (inspections.InspectionView, examples.INSPECTION),
        (inspections.FinalView, examples.FINAL),
        (life.HistoryView, examples.HISTORY),
        (comparisons.ComparisonView, examples.COMPARISON),
        (second_reading_views.SecondReadingView, workflow_examples.SECOND_READING),
        (second_reading_views.SecondReadingView, workflow_examples.ANSWERED_READING),
    ],
)
def test_every_example_is_right_and_whole(model, example):
    shown = model.model_validate(example).model_dump(by_alias=True, exclude_unset=True)
    assert set(shown) == set(example)
    required = {
        field.alias or name for name, field in model.model_fields.items() if field.is_required()
    }
    assert required <= set(example)


def test_the_shot_that_is_asked_for_in_the_example_is_asked_for_in_these_words():
    told = photos.ShortfallView.of(name_shortfall("glare", "upper_right"))
    assert told.model_dump() == examples.SHORTFALL


def test_every_failure_is_a_problem(calls):
    for name, call in calls.items():
        for status, answer in call["responses"].items():
            if not status.startswith(("2", "304")):
                assert set(answer["content"]) == {"application/problem+json"}, (name, status)
