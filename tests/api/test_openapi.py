"""The openapi.json is held against itself and against what is really answered."""

from schemas import faults

from evidence.service.import_columns import COLUMNS
from evidence.service.import_table import read_table
from evidence.service.imports import NEEDED

JSON = "application/json"


def bodies(schema):
    """Yield each request body and each JSON answer: its place, kind and content."""
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            name = f"{method.upper()} {path}"
            for kind, content in call.get("requestBody", {}).get("content", {}).items():
                yield f"{name} request", kind, content
            for status, answer in call["responses"].items():
                for kind, content in answer.get("content", {}).items():
                    if kind.endswith("json"):
                        yield f"{name} {status}", kind, content


def examples(content, models):
    if "example" in content:
        return [content["example"]]
    model = content["schema"].get("$ref", "").rpartition("/")[2]
    return models.get(model, {}).get("examples", [])


def test_every_request_and_answer_has_examples_that_fit_their_schema(app):
    schema = app.openapi()
    models = schema["components"]["schemas"]
    seen = 0
    for place, _, content in bodies(schema):
        shown = examples(content, models)
        assert shown, f"{place} has no example"
        for example in shown:
            assert faults(example, content["schema"], models) == [], place
            seen += 1
    assert seen > 100


def test_an_example_that_does_not_fit_would_be_noticed(app):
    models = app.openapi()["components"]["schemas"]
    item = {"$ref": "#/components/schemas/ItemRequest"}
    good = models["ItemRequest"]["examples"][0]
    assert faults(good, item, models) == []
    for bad in ({"kind": "coin"}, {"more": 1}, {"size_mm": [63]}, {"title": 5}, {"order_id": "?"}):
        assert faults(good | bad, item, models), bad
    assert faults({name: good[name] for name in good if name != "sku"}, item, models)


def test_every_view_of_a_list_has_examples(app):
    models = app.openapi()["components"]["schemas"]
    for name in ("ClaimRowView", "ItemRowView", "EventView"):
        for example in models[name]["examples"]:
            assert faults(example, models[name], models) == []


def test_the_example_of_a_table_can_be_taken(client, app):
    post = app.openapi()["paths"]["/v1/imports"]["post"]
    table = post["requestBody"]["content"]["text/csv"]["example"]
    read_table(table.encode(), needed=NEEDED["items"], known=COLUMNS)
    answer = client.post(
        "/v1/imports?kind=items", content=table, headers={"Content-Type": "text/csv"}
    )
    assert (answer.status_code, answer.json()["new"]) == (200, 2)


def test_every_change_may_be_made_conditional(app):
    for path, methods in app.openapi()["paths"].items():
        owned = path.startswith(("/v1/items/{", "/v1/claims/{"))
        for method, call in methods.items():
            headers = {p["name"] for p in call.get("parameters", []) if p["in"] == "header"}
            changes = owned and method in ("put", "post")
            assert ("if-match" in {name.lower() for name in headers}) == changes, (method, path)
            assert ("412" in call["responses"]) == changes, (method, path)
