import hashlib

import pytest
from sqlalchemy import text
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api.access import OPEN
from api.callers import find_session
from api.cookies import COOKIE, CSRF_HEADER
from evidence.service.keys import Keys, Program, sha256_of

EVERYTHING = frozenset({"everything"})


@pytest.mark.parametrize("path", sorted(OPEN))
def test_says_that_it_lives_to_anyone(stranger, path):
    assert stranger.get(path).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer wrong", "Basic bGV0IG1lIGlu", "let me in", "Bearer é"],
)
def test_asks_everything_else_for_a_key(app, stranger, header):
    paths = [path for path in app.openapi()["paths"] if path not in OPEN]
    for path in [*paths, "/v1", "/v1/", "/v1/none", "/metrics"]:
        answer = stranger.get(path, headers={"Authorization": header.encode("latin-1")})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/docs", "/healthz/", "/v2", "/v10/items", "/metrics-page"])
def test_what_is_no_call_is_a_page_and_asks_nobody(app, stranger, path):
    assert stranger.get(path).status_code == 404
    app.router.add_route(path, tell_session)
    for headers in ({}, {"Cookie": f"{COOKIE}=unknown"}, {"Authorization": "Bearer wrong"}):
        answer = stranger.get(path, headers=headers)
        assert (answer.status_code, answer.text) == (200, "nobody")


def tell_session(request):
    session = find_session(request)
    return PlainTextResponse(session.staff.name if session else "nobody")


def test_a_page_knows_who_is_signed_in_and_takes_changes_from_itself_only(app, person):
    app.router.add_route("/desk", tell_session, methods=["GET", "POST"])
    ada = person("owner", "Ada")
    assert ada.get("/desk").text == ada.post("/desk").text == "Ada"
    del ada.headers[CSRF_HEADER]
    assert ada.get("/desk").text == "Ada"
    assert ada.post("/desk").status_code == 403
    assert ada.post("/desk", headers={CSRF_HEADER: "0" * 64}).status_code == 403


def test_the_session_is_nobodys_where_nobody_is_asked_for(app, person):
    app.router.routes.insert(0, Route("/healthz", tell_session))
    assert person().get("/healthz").text == "nobody"


def test_a_program_is_not_taken_for_the_person_whose_cookie_it_has(app, person):
    app.router.routes.insert(0, Route("/v1/items", tell_session))
    ada = person("owner", "Ada")
    headers = {"Authorization": "Bearer let me in"}
    assert ada.get("/v1/items").text == "Ada"
    assert ada.get("/v1/items", headers=headers).text == "nobody"
    assert ada.get("/v1/session", headers=headers).status_code == 403
    assert ada.get("/v1/session", headers={"Authorization": "Bearer x"}).status_code == 401


def test_a_route_without_a_row_is_called_by_nobody(app, person, client):
    app.router.add_route("/v1/who", tell_session)
    for caller in (person("owner"), client):
        assert caller.get("/v1/who").status_code == 404


def test_the_first_key_is_made_once_and_kept_as_a_hash(tmp_path, service, stranger):
    keys = Keys.of(service, None)
    key = keys.make_first()
    assert len(key) >= 40
    assert keys.make_first() is None
    assert keys.program_of(key) == Program("first", EVERYTHING)
    assert service.registry.api_key(sha256_of(key), service.now()).name == "first"
    assert sha256_of(key) == hashlib.sha256(key.encode()).hexdigest()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(key.encode() in path.read_bytes() for path in files)
    answer = stranger.get("/v1/items/none", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 404


def test_a_given_key_counts_only_while_it_is_given(service):
    assert Keys.of(service, "mine").make_first() is None
    assert Keys.of(service, "mine").program_of("mine") == Program("operator", EVERYTHING)
    assert Keys.of(service, "mine").program_of("other") is None
    assert Keys.of(service, None).program_of("mine") is None


def test_a_database_that_fails_is_told_as_such(person, service):
    ada = person()
    with service.registry._database.writing() as connection:
        connection.execute(text("DROP TABLE sessions"))
    for answer in (ada.get("/v1/items"), ada.get("/page")):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert "sessions" not in answer.text
