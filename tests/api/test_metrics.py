import re
from datetime import timedelta

import pytest
import running
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.roles import MAY
from evidence.errors import StorageError
from evidence.policy.life import STATES
from evidence.service.keys import Keys
from evidence.service.publishing import Publisher
from evidence.workers import Unfinished


def numbers(client):
    """Return what /metrics tells: name and labels -> value."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.fixture
def walked(client, put_item, put_claim, post_photo):
    """Walk the whole way once, with what goes wrong on it."""
    put_item("secret-item", title="secret title")
    post_photo("items/secret-item")
    post_photo("items/secret-item")
    post_photo("items/secret-item", b"no photo")
    put_claim("secret-claim", item_id="secret-item")
    post_photo("claims/secret-claim", running.photo(1))
    assert client.get("/v1/claims/secret-claim/recommendation").status_code == 200
    client.get("/v1/claims/unknown-claim")
    client.get("/v1/made/up/by-a-caller")
    client.request("BREW", "/v1/items")
    return numbers(client)


def requests(told, method, route, status):
    labels = (("method", method), ("route", route), ("status", status))
    return told.get(("evidence_request_seconds_count", *labels))


def test_requests_are_counted_by_their_templates(walked):
    assert requests(walked, "POST", "/v1/items/{item_id}/photos", "2xx") == 2
    assert requests(walked, "POST", "/v1/items/{item_id}/photos", "4xx") == 1
    assert requests(walked, "GET", "/v1/claims/{claim_id}", "4xx") == 1
    assert requests(walked, "GET", "elsewhere", "4xx") == 1
    assert requests(walked, "other", "elsewhere", "4xx") == 1


@pytest.mark.parametrize(
    ("outcome", "count"), [("kept", 2), ("known", 1), ("unsupported", 1), ("busy", None)]
)
def test_uploads_are_counted_by_what_became_of_them(walked, outcome, count):
    assert walked.get(("evidence_uploads_total", ("outcome", outcome))) == count


@pytest.mark.parametrize("stage", ["decode", "read", "store", "compare", "rules"])
def test_each_stage_of_the_way_tells_what_it_took(walked, stage):
    assert walked["evidence_stage_seconds_count", ("stage", stage)] >= 1
    assert walked["evidence_stage_seconds_sum", ("stage", stage)] > 0


def test_what_is_kept_and_what_waits_is_told(walked):
    assert walked["evidence_store_up",] == 1
    assert walked["evidence_store_photos",] == 2
    size = len(running.photo()) + len(running.photo(1))
    assert walked["evidence_store_photo_bytes",] == size
    states = {state: walked["evidence_claims", ("state", state)] for state in STATES}
    assert states == dict.fromkeys(STATES, 0) | {"recommended": 1}
    assert walked["evidence_damages", ("part", "original")] == 0
    assert walked["evidence_log_entries",] > walked["evidence_log_signed_entries",] == 0
    assert (walked["evidence_workers",], walked["evidence_workers_busy",]) == (2, 0)


def test_no_name_id_or_secret_is_in_any_label(client, walked):
    text = client.get("/metrics").text
    assert not re.search(r"secret|unknown-claim|made/up|BREW|let me in|[0-9a-f]{32}", text)
    values = set(re.findall(r'route="([^"]*)"', text))
    assert values <= {path for _, path in MAY} | {"elsewhere"}


def test_a_late_claim_counts_until_somebody_decides(client, service, walked):
    assert walked["evidence_claims_late", ("deadline", "window")] == 1
    assert service.registry.figures(running.NOW - timedelta(days=60)).undecided_late == 0
    body = {"decision": "approve", "decided_by": "Ada", "reason": "so it is"}
    assert client.post("/v1/claims/secret-claim/decisions", json=body).status_code == 201
    assert numbers(client)["evidence_claims_late", ("deadline", "window")] == 0


def test_killed_work_is_told_by_its_reason(client, service, put_item, post_photo, monkeypatch):
    put_item()
    monkeypatch.setattr(type(service.workers), "run", lambda *_, seconds: Unfinished("too slow"))
    assert post_photo("items/item-1").status_code == 422
    assert numbers(client)["evidence_work_unfinished_total", ("reason", "too slow")] == 1


def test_a_store_that_fails_is_told_and_the_rest_with_it(client, service, monkeypatch):
    def fail(*_):
        raise StorageError("the disk is gone")

    monkeypatch.setattr(type(service.registry), "figures", fail)
    told = numbers(client)
    assert told["evidence_store_up",] == 0
    assert told["evidence_workers",] == 2
    assert ("evidence_store_photos",) not in told


def test_the_last_checkpoint_tells_its_age(service, tmp_path, put_item):
    put_item()
    publisher = Publisher(service.registry, tmp_path / "second", seconds=3600.0)
    app = create_app(service, Keys.of(service, "let me in"), publisher=publisher)
    try:
        with TestClient(app, headers={"Authorization": "Bearer let me in"}) as client:
            told = numbers(client)
    finally:
        publisher.close()
    assert told["evidence_log_published_timestamp_seconds",] == pytest.approx(
        publisher.published_at, abs=60
    )
    assert told["evidence_log_signed_entries",] == told["evidence_log_entries",] == 1


def test_a_key_for_the_numbers_reads_nothing_else(app, service, put_item):
    put_item()
    _, key = Keys.of(service, None).add("prometheus", actor="Ada", scopes=("metrics",))
    with TestClient(app, headers={"Authorization": f"Bearer {key}"}) as client:
        assert numbers(client)["evidence_store_up",] == 1
        for path in ("/v1/items", "/v1/items/item-1", "/v1/claims", "/v1/events"):
            assert client.get(path).status_code == 403
    with TestClient(app) as stranger:
        assert stranger.get("/metrics").status_code == 401
