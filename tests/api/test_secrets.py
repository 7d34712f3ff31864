"""Keys, passwords, tokens and codes are in the one answer that gives them, and nowhere else."""

import logging
import re

import httpx2
from running import served

from api.cookies import COOKIE, CSRF_HEADER
from evidence.service.keys import Keys

OWN, NEXT, WRONG = "nine cards in a wooden box", "ten quiet herons by a lake", "hunter-two-wrong-1"
GIVEN = "a-key-that-the-operator-set-4711"


def walk(client, code):
    """Use every secret once, rightly and wrongly; return them all and every answer's text."""
    said, secrets = [], {"code": code, "own": OWN, "next": NEXT, "wrong": WRONG, "given": GIVEN}

    def send(method, path, body=None, *, gives=None, **headers):
        answer = client.request(method, path, json=body, headers=headers)
        if gives is None:
            said.append(answer.text)
        return answer

    body = {"code": WRONG, "name": "Ada", "sign_in_name": "ada", "password": OWN}
    send("POST", "/v1/session/first-owner", body)
    begun = send("POST", "/v1/session/first-owner", body | {"code": code}, gives="csrf")
    secrets["csrf"] = begun.json()["csrf_token"]
    secrets["token"] = client.cookies[COOKIE]
    client.headers[CSRF_HEADER] = secrets["csrf"]
    made = send("POST", "/v1/keys", {"name": "one", "scopes": ["read"]}, gives="key")
    secrets["key"] = made.json()["api_key"]
    secrets["rotated"] = send("POST", "/v1/keys/one/rotation", {}, gives="key").json()["api_key"]
    added = {"name": "Ben", "sign_in_name": "ben", "role": "support"}
    invited = send("POST", "/v1/staff", added, gives="password")
    secrets["one time"] = invited.json()["one_time_password"]
    send("POST", "/v1/session", {"sign_in_name": "ada", "password": WRONG})
    send("POST", "/v1/session", {"sign_in_name": WRONG, "password": WRONG})  # in the wrong field
    send("POST", "/v1/session", {"sign_in_name": WRONG, "password": [OWN]})
    send("POST", "/v1/session/password", {"current": WRONG, "password": NEXT})
    send("POST", "/v1/session/password", {"current": OWN, "password": NEXT})
    for key in (secrets["key"], secrets["rotated"], WRONG, GIVEN):
        for path in ("/v1/items", "/v1/staff", "/v1/claims/none"):
            send("GET", path, Authorization=f"Bearer {key}")
    for path in ("/v1/keys", "/v1/staff", "/v1/events?limit=1000", "/log", "/staff", "/v1/none"):
        send("GET", path)
    send("DELETE", "/v1/keys/one")
    send("DELETE", "/v1/session/all")
    return secrets, said


def test_no_secret_is_in_an_answer_the_log_or_anything_that_is_kept(tmp_path):
    home = tmp_path / "home"
    errors = tmp_path / "errors"
    with served(home, EVIDENCE_API_KEY=GIVEN, errors=errors) as running:
        code = running.process.stdout.readline().split()[-1]
        with httpx2.Client(base_url=running.url, timeout=60) as client:
            secrets, said = walk(client, code)
    assert len(secrets) == 10
    assert all(len(secret) >= 15 for secret in secrets.values())
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    logged = errors.read_text()
    assert "refused; staff number 1" in logged  # it is the service's log that is looked through
    for name, secret in secrets.items():
        assert secret not in logged, name
        assert secret.encode() not in kept, name
        for text in said:
            assert secret not in text, (name, text)


def test_a_part_that_knows_a_secret_does_not_tell_it_when_it_is_shown(
    service, people, person, caplog
):
    caplog.set_level(logging.DEBUG)
    keys = Keys.of(service, GIVEN)
    ada = person("owner", "Ada")
    shown = repr([keys, keys.add("one", actor="Ada")[0], people, service.registry.all_staff()])
    session = service.registry.session(ada_token_sha256(service))
    shown += repr(session)
    assert "Ada" in shown
    for secret in (
        GIVEN, keys.given_sha256, people.set_up_code or "no code", session.token_sha256,
        session.staff.password_hash, ada.cookies[COOKIE],
    ):  # fmt: skip
        assert secret not in shown
        assert secret not in caplog.text


def ada_token_sha256(service):
    with service.registry._database.reading() as connection:
        return connection.exec_driver_sql("SELECT token_sha256 FROM sessions").scalar_one()


def test_the_openapi_asks_for_secrets_as_such_and_gives_made_up_ones(app):
    schema = app.openapi()
    models = schema["components"]["schemas"]
    for name in ("SignInRequest", "FirstOwnerRequest", "PasswordRequest"):
        for field, told in models[name]["properties"].items():
            secret = field in ("password", "current", "code")
            assert (told.get("format") == "password") == secret, (name, field)
    for text in (str(schema), app.description):
        assert not re.search(r"let me in", text)  # the key of these tests
