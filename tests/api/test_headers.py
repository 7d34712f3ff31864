import pytest
import running
from fastapi.testclient import TestClient
from registry.samples import person

from api.app import create_app
from api.cookies import COOKIE, CSRF_HEADER
from api.headers import SAFE_HEADERS
from evidence.service.keys import Keys
from evidence.service.sessions import begin, csrf_token_of


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json", "/v1/items/item-1"])
def test_every_answer_is_neither_kept_nor_sniffed_nor_run(client, put_item, path):
    put_item()
    answer = client.get(path)
    assert answer.status_code == 200
    assert told(answer) == SAFE_HEADERS


def test_a_picture_is_kept_by_whom_it_was_sent_to_alone(client):
    files = {"reference": running.photo(), "query": running.photo(1)}
    key = client.post("/v1/comparisons", files=files).json()["id"]
    answer = client.get(f"/v1/comparisons/{key}/overlay.png")
    assert answer.status_code == 200
    kept = {"Cache-Control": "private, max-age=31536000, immutable"}
    assert told(answer) == SAFE_HEADERS | kept


def told(answer):
    return {name: answer.headers.get(name) for name in SAFE_HEADERS}


def test_with_tls_in_front_browsers_come_no_other_way(service, people, client):
    assert "strict-transport-security" not in client.get("/healthz").headers
    app = create_app(service, Keys.of(service, None), people=people, secure_cookies=True)
    with TestClient(app, base_url="https://shop.example") as browser:
        for path in ("/healthz", "/v1/items", "/sign-in", "/nowhere"):
            told = browser.get(path).headers["strict-transport-security"]
            assert told == "max-age=31536000; includeSubDomains"
        chosen = browser.get("/language?to=en", follow_redirects=False).headers["set-cookie"]
        assert chosen.startswith("__Host-evidence_language=en; ")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(chosen.split("; "))
        assert '<html lang="en">' in browser.get("/sign-in").text


def test_with_tls_a_session_is_taken_from_the_cookie_of_this_host_alone(service, people):
    app = create_app(service, Keys.of(service, None), people=people, secure_cookies=True)
    ada = service.registry.add_staff(person("Ada", "owner"), actor="test")
    token = begin(people, ada).token
    with TestClient(app, base_url="https://shop.example") as browser:
        for name, status in ((COOKIE, 401), (f"__Host-{COOKIE}", 200)):
            answer = browser.get("/v1/session", headers={"Cookie": f"{name}={token}"})
            assert answer.status_code == status, name
        csrf = {"Cookie": f"__Host-{COOKIE}={token}", CSRF_HEADER: csrf_token_of(token)}
        gone = browser.delete("/v1/session", headers=csrf)
        assert gone.headers["clear-site-data"] == '"cache"'
        assert gone.headers["set-cookie"].startswith(f'__Host-{COOKIE}="";')
