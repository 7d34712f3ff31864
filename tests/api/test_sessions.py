import logging
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.cookies import COOKIE, CSRF_HEADER
from evidence.registry.staff_records import ROLES
from evidence.service.demo_staff import DEMO_STAFF, add_demo_staff
from evidence.service.keys import Keys
from evidence.service.staff import invite

OWN = "nine cards in a wooden box"
NEW = "ten cards in a paper bag"


@pytest.fixture
def browser(app):
    with TestClient(app) as client:
        yield client


@pytest.fixture
def invited(people):
    return invite(people, name="佐藤 健", sign_in_name="ken", role="warehouse", actor="test")


@pytest.fixture
def first_owner(people):
    return {"code": people.set_up_code, "name": "Ada", "sign_in_name": "ada", "password": OWN}


def sign_in(client, name="ken", password=OWN, **headers):
    body = {"sign_in_name": name, "password": password}
    return client.post("/v1/session", json=body, headers=headers)


def trust(client, answer):
    """Do what a page does: send the token that the answer gives."""
    client.headers[CSRF_HEADER] = answer.json()["csrf_token"]
    return answer


def test_the_first_owner_is_signed_in_and_made_once(browser, first_owner):
    assert (
        browser.post("/v1/session/first-owner", json=first_owner | {"code": "x"}).status_code == 422
    )
    begun = browser.post("/v1/session/first-owner", json=first_owner)
    assert begun.status_code == 201
    assert begun.json()["staff"].items() >= {"name": "Ada", "role": "owner"}.items()
    assert begun.json()["ends_at"] == "2025-03-10T21:00:00Z"
    assert browser.get("/v1/session").json() == begun.json()
    again = first_owner | {"name": "Eve", "sign_in_name": "eve"}
    assert browser.post("/v1/session/first-owner", json=again).status_code == 409
    assert sign_in(browser, "ADA").status_code == 201


def test_a_weak_password_is_refused_in_both_languages(browser, first_owner):
    answer = browser.post("/v1/session/first-owner", json=first_owner | {"password": "short"})
    assert answer.status_code == 422
    (told,) = answer.json()["errors"]
    assert told["field"] == "body.password"
    assert "12 to 128 characters" in told["message"]
    assert "12文字以上" in told["ja"]


def test_a_one_time_password_is_replaced_before_anything_else(browser, invited):
    begun = trust(browser, sign_in(browser, password=invited.password))
    assert begun.json()["staff"]["one_time"] is True
    assert browser.get("/v1/items").status_code == 403
    body = {"current": invited.password, "password": OWN}
    done = browser.post("/v1/session/password", json=body)
    assert (done.status_code, done.json()["one_time"]) == (200, False)
    assert browser.get("/v1/items").status_code == 200  # the session goes on
    assert sign_in(browser, password=invited.password).status_code == 401
    assert sign_in(browser).status_code == 201


def test_the_password_until_now_is_needed_for_another(browser, invited):
    trust(browser, sign_in(browser, password=invited.password))
    body = {"current": "wrong", "password": OWN}
    answer = browser.post("/v1/session/password", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.current")


@pytest.mark.parametrize(("secure", "url"), [(False, "http"), (True, "http"), (False, "https")])
def test_the_cookie_is_for_no_script_no_other_site_and_tls_where_there_is(
    service, people, first_owner, secure, url
):
    app = create_app(service, Keys.of(service, None), people=people, secure_cookies=secure)
    with TestClient(app, base_url=f"{url}://testserver") as browser:
        answer = browser.post("/v1/session/first-owner", json=first_owner)
        given = answer.headers["set-cookie"]
        name, _, value = given.partition(";")[0].partition("=")
        browser.cookies.set(name, value)
        headers = {CSRF_HEADER: answer.json()["csrf_token"]}
        taken = browser.delete("/v1/session", headers=headers).headers["set-cookie"]
    for cookie, age in ((given, 12 * 3600), (taken, 0)):
        name, *attributes = [part.strip().lower() for part in cookie.split(";")]
        assert name.startswith(f"__host-{COOKIE}=" if secure else f"{COOKIE}=")
        assert {"httponly", "samesite=strict", "path=/", f"max-age={age}"} <= set(attributes)
        assert ("secure" in attributes) == (secure or url == "https")
        assert not any(part.startswith("domain") for part in attributes)


def test_signing_in_anew_ends_the_session_before_and_never_takes_a_token_that_was_sent(
    app, browser, invited
):
    browser.cookies.set(COOKIE, "chosen by somebody else")
    sign_in(browser, password=invited.password)
    first = browser.cookies.get(COOKIE, domain="testserver.local")
    assert first not in (None, "chosen by somebody else")
    with TestClient(app, cookies={COOKIE: first}) as same:
        assert same.get("/v1/session").status_code == 200
        sign_in(same, password=invited.password)
    with TestClient(app, cookies={COOKIE: first}) as old:
        assert old.get("/v1/session").status_code == 401


@pytest.mark.parametrize(
    ("path", "left"), [("/v1/session", [401, 200]), ("/v1/session/all", [401, 401])]
)
def test_signing_out_here_and_everywhere(app, invited, path, left):
    with TestClient(app) as here, TestClient(app) as there:
        for browser in (here, there):
            trust(browser, sign_in(browser, password=invited.password))
        token = here.cookies[COOKIE]
        answer = here.delete(path)
        assert answer.status_code == 204
        assert COOKIE not in here.cookies
        here.cookies.set(COOKIE, token)  # whoever kept it has nothing
        assert [one.get("/v1/session").status_code for one in (here, there)] == left


def test_a_wrong_name_and_a_wrong_password_look_the_same(browser, invited):
    browser.headers["X-Request-ID"] = "one"  # it tells one request from the next, and nothing else
    wrong = [sign_in(browser, "nobody"), sign_in(browser, "ken", "wrong")]
    assert [one.status_code for one in wrong] == [401, 401]
    assert wrong[0].json() == wrong[1].json()
    assert wrong[0].json()["errors"][0]["ja"] == "サインイン名またはパスワードが違います。"
    assert "set-cookie" not in wrong[1].headers


def test_who_guesses_is_told_how_long_to_wait(browser, invited):
    for _ in range(5):
        assert sign_in(browser, "ken", "wrong").status_code == 401
    answer = sign_in(browser, password=invited.password)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
    assert "900秒後" in answer.json()["errors"][0]["ja"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),  # no browser
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.a.proxy"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://testserver"}, 201),
        ({"Origin": "http://testserver.evil.example"}, 403),
        ({"Origin": "http://testserver:8000"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_another_site_neither_signs_in_nor_changes_anything(
    service, people, browser, invited, headers, status
):
    assert sign_in(browser, password=invited.password, **headers).status_code == status
    trust(browser, sign_in(browser, password=invited.password))
    answer = browser.delete("/v1/session", headers=headers)
    assert answer.status_code == (204 if status == 201 else 403)


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é".encode("latin-1")])
def test_a_change_without_the_pages_token_is_refused(person, token):
    client = person()
    mine = client.headers.pop(CSRF_HEADER)
    headers = {} if token is None else {CSRF_HEADER: token}
    for method, path in (
        ("DELETE", "/v1/session"),
        ("PUT", "/v1/items/x"),
        ("PATCH", "/v1/staff/1"),
    ):
        answer = client.request(method, path, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["ja"].startswith("この画面以外")
    assert client.get("/v1/session").json()["csrf_token"] == mine


def test_the_token_of_another_session_is_no_use(person):
    ada, eve = person("owner", "Ada"), person("owner", "Eve")
    headers = {CSRF_HEADER: eve.headers[CSRF_HEADER]}
    assert ada.delete("/v1/session", headers=headers).status_code == 403


@pytest.mark.parametrize("cookie", ["", "x", "a=b; ;;=", f"{COOKIE}=", f"{COOKIE}=é", "\x7f"])
def test_a_cookie_that_is_none_is_nobody(browser, cookie):
    answer = browser.get("/v1/session", headers={"Cookie": cookie.encode("latin-1")})
    assert answer.status_code == 401


def test_a_session_ends_with_the_time(person, people):
    client, clock = person(), people.service.now
    clock.now += timedelta(minutes=60)
    assert client.get("/v1/session").status_code == 200
    clock.now += timedelta(minutes=60, seconds=1)
    assert client.get("/v1/session").status_code == 401


def test_secrets_are_neither_logged_nor_in_an_answer_that_refuses(browser, invited, caplog):
    caplog.set_level(logging.DEBUG, logger="api")
    caplog.set_level(logging.DEBUG, logger="evidence")
    trust(browser, sign_in(browser, password=invited.password))
    typed = "a password that is typed"
    refused = [
        sign_in(browser, password=typed).text,
        browser.post("/v1/session", json={"sign_in_name": "!", "password": typed}).text,
        browser.post("/v1/session/password", json={"current": typed, "password": [typed]}).text,
        browser.post("/v1/session/first-owner", json={"code": typed, "password": typed}).text,
    ]
    token = browser.cookies[COOKIE]
    for text in [caplog.text, *refused]:
        assert not any(one in text for one in (typed, token, invited.password))


@pytest.fixture
def demo(service, people):
    add_demo_staff(people)
    app = create_app(service, Keys.of(service, None), people=people, demo=True)
    assert app.state.demo is True
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("role", ROLES)
def test_in_the_demo_one_click_signs_in(demo, role):
    begun = trust(demo, demo.post("/v1/session/demo", json={"role": role}))
    assert begun.status_code == 201
    assert begun.json()["staff"].items() >= {"role": role, "name": DEMO_STAFF[role].name}.items()
    assert demo.get("/v1/session").json() == begun.json()
    assert demo.delete("/v1/session").status_code == 204


def test_the_demo_is_entered_from_its_own_page_only(demo):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
        answer = demo.post("/v1/session/demo", json={"role": "owner"}, headers=headers)
        assert answer.status_code == 403
    assert demo.post("/v1/session/demo", json={"role": "chief"}).status_code == 422


def test_nobody_signs_in_without_a_password_elsewhere(app, people, browser, client):
    add_demo_staff(people)
    assert app.state.demo is False
    assert "/v1/session/demo" not in app.openapi()["paths"]
    for caller in (browser, client):
        answer = caller.post("/v1/session/demo", json={"role": "owner"})
        assert answer.status_code == 404
        assert "set-cookie" not in answer.headers
