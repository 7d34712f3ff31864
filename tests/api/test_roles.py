"""Who may call what: every call of the OpenAPI by everybody, against the one table."""

import re
from contextlib import ExitStack
from urllib.parse import quote

import pytest
import running
from fastapi.testclient import TestClient

from api.access import OPEN, OPEN_CALLS
from api.app import create_app
from api.pages.site import PAGES
from api.roles import MAY, calls_of, may, row_of
from evidence.registry.staff_records import ROLES
from evidence.service.keys import Keys

NOBODYS = {("GET", path) for path in OPEN}
# What a person does for themselves or as an owner; an API key is nobody.
PERSONAL = (
    "/v1/session", "/v1/staff", "/v1/keys", "/v1/retention", "/v1/holds", "/v1/erasures",
)  # fmt: skip
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
FILLED["hold_id"] = "9"
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


@pytest.fixture
def shop(client, put_item, put_claim, post_photo, person, service):
    """Have one of everything that a path can name; return the ids that are there."""
    person("owner", "Ada")
    put_item()
    photo_id = post_photo("items/item-1").json()["photo_id"]
    put_claim()
    query = running.photo(7)
    post_photo("claims/claim-1", query)
    asked = {"asked_by": "Mori", "reader": "Tanaka", "reason": "dear"}
    reading = client.post("/v1/claims/claim-1/second-readings", json=asked)
    inspection = client.post("/v1/items/item-1/inspections", json=INSPECTION)
    files = {"reference": running.photo(), "query": query}
    Keys.of(service, None).add("some-program", actor="Ada")
    held = service.registry.place_hold("item", "item-1", reason="court", by="Ada", at=service.now())
    return {
        "item_id": "item-1",
        "claim_id": "claim-1",
        "photo_id": photo_id,
        "reading_id": str(reading.json()["reading_id"]),
        "inspection_id": str(inspection.json()["inspection_id"]),
        "staff_id": "1",
        "hold_id": str(held.hold_id),
        "comparison_id": client.post("/v1/comparisons", files=files).json()["id"],
        "name": "some-program",
        "number": "1",
        "level": "0", "column": "0", "row": "0",
    }  # fmt: skip


SEEN = {"item": "same", "condition": "as_claimed", "fault": "unconfirmed"}
INSPECTION = {"inspected_by": "Ken", "findings": SEEN}
UNKNOWN = {
    "item_id": "item-9", "claim_id": "claim-9", "photo_id": "9" * 64, "reading_id": "99",
    "inspection_id": "99", "staff_id": "99", "comparison_id": "9" * 64, "number": "9999",
    "name": "nine", "hold_id": "99",
    "level": "0", "column": "0", "row": "0",
}  # fmt: skip


def ask(client, method, path, ids):
    """Send a call without a body; return its status and its body without the ids."""
    place = path.format(**ids)
    named = {"X-Request-ID": "one"}  # a request's own id tells nothing of what it is about
    answer = client.request(method, place, follow_redirects=False, headers=named)
    text = answer.text.replace(place, path).replace(quote(place, safe=""), path)
    for name, told in ids.items():
        text = (
            text.replace(told, name) if len(told) > 2 else re.sub(rf"/{told}\b", f"/{name}", text)
        )
    return answer.status_code, text


def named(app):
    return sorted(call for call in calls(app) - NOBODYS - OPEN_CALLS if "{" in call[1])


KEYS = [
    ("warehouse",), ("support",), ("reviewer",), ("read",), ("warehouse", "read"), ("metrics",),
]  # fmt: skip


@pytest.fixture
def key_for(app, service):
    """Return a client with a key for some scopes."""
    with ExitStack() as clients:

        def make(scopes):
            _, key = Keys.of(service, None).add(
                "-".join(("of", *scopes)), actor="Ada", scopes=scopes
            )
            headers = {"Authorization": f"Bearer {key}"}
            return clients.enter_context(
                TestClient(app, headers=headers, raise_server_exceptions=False)
            )

        yield make


def test_what_is_refused_is_refused_alike_whether_it_is_there_or_not(
    app, shop, person, key_for, stranger
):
    """Every call x every role and scope and nobody x what is there and what is not."""
    callers = {role: person(role, f"A {role}") for role in ROLES}
    callers |= {scopes: key_for(scopes) for scopes in KEYS} | {"nobody": stranger}
    seen = 0
    for method, path in named(app):
        for who, caller in callers.items():
            if allowed(who, method, path):
                continue
            there, not_there = (ask(caller, method, path, ids) for ids in (shop, UNKNOWN))
            assert there == not_there, (who, method, path)
            assert there[0] == (401 if who == "nobody" else 403), (who, method, path)
            seen += 1
    assert seen > 130


def allowed(who, method, path):
    if who == "nobody":
        return False
    row = row_of(method, path)
    return bool(row.scopes & set(who)) if isinstance(who, tuple) else who in row.roles


def test_what_is_not_there_is_never_found_and_nothing_tells_whose_it_is(app, shop, person, key_for):
    """A shop is one: what is there is found by everybody who may look, by role and by scope."""
    callers = {role: person(role, f"A {role}") for role in ROLES}
    callers |= {scopes: key_for(scopes) for scopes in KEYS}
    for method, path in named(app):
        if method != "GET":
            continue
        query = "?width=160" if path.endswith("/picture") else ""
        for who, caller in callers.items():
            if allowed(who, method, path):
                assert ask(caller, method, path + query, UNKNOWN)[0] == 404, (who, path)
                if not path.endswith(("recommendation", "overlay.png", ".jpg", "{photo_id}")):
                    assert ask(caller, method, path + query, shop)[0] == 200, (who, path)


@pytest.mark.parametrize("scopes", KEYS)
def test_a_key_may_call_what_its_scopes_say(app, key_for, scopes):
    client = key_for(scopes)
    for method, path in sorted(calls(app) - NOBODYS - OPEN_CALLS):
        status = send(client, method, path).status_code
        assert (status == 403) == (not allowed(scopes, method, path)), (method, path, status)


def test_scopes_are_the_roles_of_the_one_table():
    for (method, path), roles in MAY.items():
        row = row_of(method, path)
        if path.startswith(PERSONAL):
            assert row.scopes == frozenset()
            continue
        assert row.scopes - {"everything", "read", "metrics"} == roles - {"owner"}
        assert ("metrics" in row.scopes) == (path == "/metrics")
        assert "everything" in row.scopes
        assert ("read" in row.scopes) == (method == "GET")


def test_another_readers_second_reading_is_told_like_one_that_is_not_there(shop, person):
    """Asked of Tanaka, it is nobody else's to answer."""
    body = {"answer": "same_item", "confidence": "likely", "reason": "seen"}
    other = person("reviewer", "Somebody else")
    foreign = other.post("/v1/claims/claim-1/second-readings/1/answer", json=body)
    unknown = other.post("/v1/claims/claim-1/second-readings/99/answer", json=body)
    assert (foreign.status_code, unknown.status_code) == (422, 404)  # whose it is, is no secret
    assert "Tanaka" in foreign.json()["detail"]


def pages():
    return sorted(
        route.path
        for page in PAGES
        for route in page.router.routes
        if "{" in route.path and not route.path.startswith("/static")
    )


def test_a_page_is_refused_alike_whether_it_is_about_something_or_not(shop, person):
    refused = {}
    for role in ROLES:
        reader = person(role, f"A {role}")
        reader.headers["Accept"] = "text/html"
        for path in pages():
            there, not_there = (ask(reader, "GET", path, ids) for ids in (shop, UNKNOWN))
            if 403 in (there[0], not_there[0]):
                assert there == not_there, (role, path)
                refused.setdefault(role, []).append(path)
            else:
                assert not_there[0] in (303, 404), (role, path)
    assert set(refused) == {"warehouse"}  # pages about one thing are for the others all
    assert len(refused["warehouse"]) > 5


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
