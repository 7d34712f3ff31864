"""Two services on one home: what one has learned of a caller holds in the other."""

import http.cookiejar
import json
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
import running

from api.cookies import CSRF_HEADER

ITEM = {
    "order_id": "order-1",
    "sku": "LIL-1",
    "title": "Liliana",
    "kind": "card",
    "declared_value": {"amount": "120000", "currency": "JPY"},
}
CLAIM = {
    "item_id": "item-1",
    "reason": "damage",
    "residence": "JP",
    "ordered_at": "2025-03-01T12:00:00+09:00",
    "delivered_at": "2025-03-05T10:00:00+09:00",
    "notified_at": "2025-03-07T09:00:00+09:00",
}
APPROVE = {"decision": "approve", "decided_by": "Ada", "reason": "clear"}
OWN = "nine cards in a wooden box"


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    home = tmp_path_factory.mktemp("replicas") / "home"
    settings = {"EVIDENCE_API_KEY": "k", "EVIDENCE_PHOTOS_A_DAY": "5"}
    with running.served(home, **settings) as one, running.served(home, **settings) as other:
        other.lines.extend(other.process.stdout.readline() for _ in range(2))
        yield one, other


class Browser:
    """Somebody's, at whichever service it is sent to."""

    def __init__(self) -> None:
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self._token = ""

    def call(self, service, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", CSRF_HEADER: self._token}
        request = urllib.request.Request(  # noqa: S310
            service.url + path, data=data, method=method, headers=headers
        )
        try:
            with self._opener.open(request, timeout=60) as answer:
                told = json.loads(answer.read() or b"{}")
                self._token = told.get("csrf_token", self._token)
                return answer.status, told
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())


@pytest.fixture(scope="module")
def owner(two):
    one, other = two
    code = other.lines[-2].split()[-1]  # shown by the one, entered at the other
    browser = Browser()
    facts = {"code": code, "name": "Ada", "sign_in_name": "ada", "password": OWN}
    status, told = browser.call(one, "POST", "/v1/session/first-owner", facts)
    assert status == 201, told
    return browser


def test_who_signed_in_at_one_acts_at_the_other_and_is_signed_out_of_both(two, owner):
    one, other = two
    assert owner.call(other, "GET", "/v1/staff")[0] == 200
    visitor = Browser()
    signed_in = {"sign_in_name": "ada", "password": OWN}
    assert visitor.call(other, "POST", "/v1/session", signed_in)[0] in (200, 201)
    assert visitor.call(one, "GET", "/v1/staff")[0] == 200
    assert visitor.call(one, "DELETE", "/v1/session")[0] in (200, 204)
    assert visitor.call(other, "GET", "/v1/staff")[0] == 401


def test_a_key_that_is_revoked_at_one_is_refused_by_the_other_at_once(two, owner):
    one, other = two
    key = owner.call(one, "POST", "/v1/keys", {"name": "shop"})[1]["api_key"]
    assert other.call("GET", "/v1/items/none", key=key)[0] == 404
    assert owner.call(one, "DELETE", "/v1/keys/shop")[0] in (200, 204)
    assert other.call("GET", "/v1/items/none", key=key)[0] == 401


def test_one_key_sent_to_both_at_once_has_one_effect_and_one_answer(two):
    one, other = two
    one.call("PUT", "/v1/items/item-1", ITEM)
    one.call("PUT", "/v1/claims/claim-1", CLAIM)
    before = decisions(one)
    for number in range(5):
        headers = {"Idempotency-Key": f"decision-{number}"}

        def decide(service, headers=headers):
            path = "/v1/claims/claim-1/decisions"
            return service.call("POST", path, APPROVE, headers=headers)[:2]

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(decide, [one, other] * 4))
        assert answers == [answers[0]] * 8, answers
        assert answers[0][0] == 201
    assert decisions(one) - before == 5


def decisions(service):
    events = service.call("GET", "/v1/events?limit=1000")[1]["events"]
    return sum(event["kind"] == "claim.decided" for event in events)


def test_guesses_at_one_count_at_the_other(two, owner):
    one, other = two
    wrong = {"sign_in_name": "nobody", "password": "wrong"}
    for service in (one, other, one, other, one):
        assert Browser().call(service, "POST", "/v1/session", wrong)[0] == 401
    assert [Browser().call(service, "POST", "/v1/session", wrong)[0] for service in two] == [
        429
    ] * 2


def test_what_a_caller_may_ask_for_is_shared(two):
    one, other = two
    fields, photo = {"view": "front"}, {"file": b"no photo"}
    path = "/v1/items/item-1/photos"
    for _ in range(5):
        assert one.call("POST", path, fields=fields, files=photo)[0] == 415
    assert one.call("POST", path, fields=fields, files=photo)[0] == 429
    until = time.monotonic() + 30
    seen = []
    while 429 not in seen and time.monotonic() < until:  # the other knows it a second later
        seen.append(other.call("POST", path, fields=fields, files=photo)[0])
        time.sleep(1.2)
    assert seen.count(415) <= 2, seen
