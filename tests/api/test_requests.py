import logging
import re

import pytest
from fastapi.testclient import TestClient

from api.request_ids import request_id
from evidence.errors import StorageError


@pytest.fixture
def entries(caplog):
    caplog.set_level(logging.DEBUG, logger="api")
    return caplog


def test_an_id_that_came_is_kept_in_the_answer_and_its_problem(client):
    answer = client.get("/v1/items/none", headers={"X-Request-ID": "proxy-0.7_A"})
    assert answer.status_code == 404
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "proxy-0.7_A"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, 'a"}', "a/b", "é", "a;b"])
def test_an_id_that_is_none_is_replaced(client, given):
    answer = client.get("/healthz", headers={"X-Request-ID": given.encode("latin-1")})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])


def test_each_request_has_its_own(client):
    assert len({client.get("/healthz").headers["x-request-id"] for _ in range(5)}) == 5


@pytest.mark.parametrize("path", ["/v1/items/none", "/claims", "/none", "/v1/none"])
def test_whoever_is_refused_gets_it_too(stranger, path):
    answer = stranger.get(path, headers={"X-Request-ID": "one"}, follow_redirects=False)
    assert answer.headers["x-request-id"] == "one"


def test_a_fault_of_ours_has_it_in_the_answer(app, service, monkeypatch):
    def fail(*_):
        raise KeyError("a bug")

    monkeypatch.setattr(type(service.registry), "item", fail)
    headers = {"Authorization": "Bearer let me in", "X-Request-ID": "one"}
    with TestClient(app, headers=headers, raise_server_exceptions=False) as client:
        answer = client.get("/v1/items/item-1")
    assert (answer.status_code, answer.json()["request_id"]) == (500, "one")
    assert answer.headers["x-request-id"] == "one"


def test_a_request_is_told_in_one_line_without_what_it_is_about(client, put_item, entries):
    put_item("secret-item", title="secret title")
    told = [vars(one) for one in entries.records if one.name == "api.requests"]
    assert [(one["method"], one["route"], one["status"]) for one in told] == [
        ("PUT", "/v1/items/{item_id}", 201)
    ]
    assert "secret" not in repr(told)


def test_machines_that_ask_often_are_told_of_only_to_who_wants_it(client, entries):
    client.get("/healthz")
    client.get("/metrics")
    assert {one.levelno for one in entries.records if one.name == "api.requests"} == {logging.DEBUG}


def test_our_own_faults_are_logged_where_the_id_is_known(client, service, monkeypatch, entries):
    seen = []
    monkeypatch.setattr("api.problems._log.error", lambda *a, **k: seen.append(request_id()))

    def fail(*_):
        raise StorageError("the disk is gone")

    monkeypatch.setattr(type(service.registry), "item", fail)
    assert client.get("/v1/items/x", headers={"X-Request-ID": "one"}).status_code == 503
    assert seen == ["one"]
