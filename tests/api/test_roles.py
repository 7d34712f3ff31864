"""Who may call what: every call of the OpenAPI by everybody, against the one table."""

import re

import pytest

from api.access import OPEN, OPEN_CALLS
from api.app import create_app
from api.roles import MAY, calls_of, may
from evidence.registry.staff_records import ROLES
from evidence.service.keys import Keys

NOBODYS = {("GET", path) for path in OPEN}
# What a person does for themselves or as an owner; an API key is nobody.
PERSONAL = ("/v1/session", "/v1/staff", "/v1/keys")
SIGNING_OUT = [("DELETE", "/v1/session"), ("DELETE", "/v1/session/all")]


def calls(app):
    return {
        (method.upper(), path)
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }


def send(client, method, path):
    """Send a call that changes nothing: without a body, about what is not there."""
    return client.request(method, re.sub(r"{(\w+)}", lambda m: FILLED.get(m[1], "none"), path))


FILLED = {"reading_id": "9", "inspection_id": "9", "staff_id": "9", "photo_id": "0" * 64}
FILLED["comparison_id"] = "0" * 64
FILLED["number"] = "9"


def test_every_call_has_a_row_and_every_row_a_call(service, people):
    demo = create_app(service, Keys.of(service, None), people=people, demo=True)
    assert not set(MAY) & OPEN_CALLS
    assert calls(demo) - NOBODYS == set(MAY) | OPEN_CALLS


def test_nobody_calls_anything_but_what_is_open(app, stranger):
    for method, path in sorted(calls(app) - NOBODYS):
        expected = 422 if (method, path) in OPEN_CALLS else 401
        assert send(stranger, method, path).status_code == expected, (method, path)


def test_a_program_may_call_all_but_what_needs_a_person(app, client):
    for method, path in sorted(calls(app) - NOBODYS - OPEN_CALLS):
        refused = send(client, method, path).status_code == 403
        assert refused == path.startswith(PERSONAL), (method, path)


@pytest.mark.parametrize("role", ROLES)
def test_a_person_may_call_what_the_table_says(app, person, role):
    client = person(role)
    for method, path in [*sorted(set(MAY) - set(SIGNING_OUT)), SIGNING_OUT[0]]:
        answer = send(client, method, path)
        if role in MAY[method, path]:
            assert answer.status_code not in (401, 403), (method, path)
        else:
            assert answer.status_code == 403, (method, path)
            assert answer.json()["detail"].endswith(f"you are signed in as {role}")
    assert client.get("/v1/session").status_code == 401  # the last call was to sign out
    other = person(role, f"Another {role}")
    assert send(other, *SIGNING_OUT[1]).status_code == 204


@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_in_the_table_is_refused_to_everybody(person, role):
    client = person(role)
    for method, path in (("GET", "/v1/none"), ("GET", "/v1/staff/1/x")):
        assert client.request(method, path).status_code == 404
    answer = client.delete("/v1/items/x")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PUT")


def test_who_has_to_choose_a_password_may_do_nothing_else(app, person):
    client = person("owner", one_time=True)
    own = {"GET /v1/session", "POST /v1/session/password", "DELETE /v1/session"}
    own.add("DELETE /v1/session/all")
    for method, path in sorted(set(MAY), reverse=True):
        if f"{method} {path}" not in own:
            answer = send(client, method, path)
            assert answer.status_code == 403
            assert answer.json()["errors"][0]["ja"] == "先に自分のパスワードを設定してください。"
    assert client.get("/v1/session").status_code == 200
    assert client.post("/v1/session/password").status_code == 422
    assert client.delete("/v1/session").status_code == 204


def test_pages_can_ask_what_a_role_may_do():
    assert may("warehouse", "PUT", "/v1/items/item-1") is True
    assert may("warehouse", "PUT", "/v1/items/{item_id}") is True
    assert may("warehouse", "POST", "/v1/claims/claim-1/decisions") is False
    assert may("reviewer", "POST", "/v1/claims/c/second-readings/1/answer") is True
    assert may("owner", "GET", "/v1/none") is False
    assert all(may("owner", *call.split()) for call in calls_of("owner"))


def test_owners_may_everything_and_the_others_not_all_the_same():
    assert all("owner" in roles for roles in MAY.values())
    assert len({tuple(calls_of(role)) for role in ROLES}) == 4


def test_the_rows_that_matter_most():
    assert MAY["POST", "/v1/claims/{claim_id}/decisions"] == {"support", "reviewer", "owner"}
    assert MAY["POST", "/v1/claims/{claim_id}/second-readings/{reading_id}/answer"] == {
        "reviewer", "owner",
    }  # fmt: skip
    assert all(MAY[call] == {"owner"} for call in MAY if call[1].startswith(PERSONAL[1:]))
