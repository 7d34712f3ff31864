import re
from contextlib import ExitStack

import pytest
import running
from fastapi.testclient import TestClient
from registry.samples import person as sample_person

from api.app import create_app
from api.cookies import COOKIE, CSRF_HEADER
from evidence.service.keys import Keys
from evidence.service.people import People
from evidence.service.sessions import begin, csrf_token_of

KEY = "let me in"


@pytest.fixture
def service(tmp_path, workers):
    service = running.open_service(tmp_path / "home", workers)
    yield service
    service.registry.close()


@pytest.fixture
def people(service):
    return People.of(service, running.CHEAP)


@pytest.fixture
def app(service, people, described):
    app = create_app(service, Keys.of(service, KEY), people=people)
    app.openapi_schema = described.get("once")
    described["once"] = app.openapi()
    return app


@pytest.fixture(scope="session")
def described():
    """The OpenAPI of the first app: it is the same for all, and takes half a second to make."""
    return {}


@pytest.fixture
def client(app):
    headers = {"Authorization": f"Bearer {KEY}"}
    with TestClient(app, headers=headers, raise_server_exceptions=False) as client:
        client.event_hooks["response"].append(lambda answer: require_told(app, answer))
        yield client


@pytest.fixture
def person(app, people):
    """Return a client in whose browser somebody of a role is signed in, without signing in."""
    with ExitStack() as open_clients:

        def sign_in(role="owner", name=None, **account):
            name = name or role.title()
            new = sample_person(name, role, **account)
            kept = people.service.registry.add_staff(new, actor="test")
            client = TestClient(app, raise_server_exceptions=False)
            open_clients.enter_context(client)
            give_session(client, begin(people, kept).token)
            client.event_hooks["response"].append(lambda answer: require_told(app, answer))
            return client

        yield sign_in


def give_session(client, token):
    client.cookies.set(COOKIE, token)
    client.headers[CSRF_HEADER] = csrf_token_of(token)


def require_told(app, answer):
    """Whatever a test does: the OpenAPI names each status that a known call answers with."""
    for path, methods in app.openapi()["paths"].items():
        call = methods.get(answer.request.method.lower())
        if call and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), answer.request.url.path):
            told = (answer.request.method, path, answer.status_code)
            assert str(answer.status_code) in call["responses"], told


@pytest.fixture
def stranger(app):
    with TestClient(app) as client:
        yield client


@pytest.fixture
def put_item(client):
    def put(item_id="item-1", **facts):
        body = {
            "order_id": "order-1",
            "sku": "LIL-1",
            "title": "Liliana",
            "kind": "card",
            "declared_value": {"amount": "120000", "currency": "JPY"},
        }
        return client.put(f"/v1/items/{item_id}", json=body | facts)

    return put


@pytest.fixture
def put_claim(client):
    def put(claim_id="claim-1", **facts):
        body = {
            "item_id": "item-1",
            "reason": "damage",
            "residence": "JP",
            "ordered_at": "2025-03-01T12:00:00+09:00",
            "delivered_at": "2025-03-05T10:00:00+09:00",
            "notified_at": "2025-03-07T09:00:00+09:00",
        }
        return client.put(f"/v1/claims/{claim_id}", json=body | facts)

    return put


@pytest.fixture
def post_photo(client):
    def post(owner, data=None, *, headers=None, **fields):
        return client.post(
            f"/v1/{owner}/photos",
            data={"view": "front"} | fields,
            files={"file": ("a photo", running.photo() if data is None else data)},
            headers=headers,
        )

    return post
