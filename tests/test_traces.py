"""One trace from a photo that is sent to what the rules propose; and none unless it is wanted."""

import json
import subprocess
import sys

import pytest
import running
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from test_service import CLAIM, ITEM

from api.app import create_app
from evidence.service.claims import open_claim
from evidence.service.items import register_item
from evidence.service.keys import Keys
from evidence.service.telemetry import Telemetry
from evidence.traces import send_traces
from evidence.workers import Workers

TRACE = "0af7651916cd43dd8448eb211c80319c"
HEADERS = {"Authorization": "Bearer a key", "traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}


@pytest.fixture
def exporter():
    return InMemorySpanExporter()


@pytest.fixture
def client(tmp_path, exporter):
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    memory = running.PATIENT.limits.worker_memory
    workers = Workers(count=2, waiting=4, memory=memory)
    service = running.open_service(tmp_path / "home", workers)
    service = type(service)(
        service.registry, workers, service.settings, service.documents, service.now,
        telemetry=Telemetry(provider),
    )  # fmt: skip
    register_item(service, ITEM)
    open_claim(service, CLAIM)
    with TestClient(create_app(service, Keys.of(service, "a key")), headers=HEADERS) as client:
        yield client
    service.close()


def send(client, owner, seed):
    files, data = {"file": running.photo(seed)}, {"view": "front"}
    assert client.post(f"/v1/{owner}/photos", data=data, files=files).status_code == 201


def parents(spans):
    """Return (its own name, its parent's name) of every span."""
    names = {span.context.span_id: span.name for span in spans}
    return {(span.name, names.get(span.parent.span_id, "the caller")) for span in spans}


def test_one_trace_shows_the_way_from_the_photo_to_the_rules(client, exporter):
    send(client, "items/item-1", 0)
    send(client, "claims/claim-1", 1)
    assert client.get("/v1/claims/claim-1/recommendation").status_code == 200
    spans = exporter.get_finished_spans()
    assert {f"{span.context.trace_id:032x}" for span in spans} == {TRACE}
    assert parents(spans) >= {
        ("POST /v1/items/{item_id}/photos", "the caller"),
        ("read", "POST /v1/items/{item_id}/photos"),
        ("read in worker", "read"),
        ("decode in worker", "read"),
        ("store", "POST /v1/items/{item_id}/photos"),
        ("read", "POST /v1/claims/{claim_id}/photos"),
        ("compare", "GET /v1/claims/{claim_id}/recommendation"),
        ("compare in worker", "compare"),
        ("rules", "GET /v1/claims/{claim_id}/recommendation"),
    }
    within = {span.name: span for span in spans}
    outer, inner = within["compare"], within["compare in worker"]
    assert outer.start_time <= inner.start_time < inner.end_time <= outer.end_time


def test_what_machines_ask_every_few_seconds_has_no_trace(client, exporter):
    for path in ("/healthz", "/readyz", "/metrics"):
        assert client.get(path).status_code == 200
    assert exporter.get_finished_spans() == ()


SERVED = """
import sys, json
from evidence.service.telemetry import Telemetry
with Telemetry().stage("rules") as span:
    print(json.dumps([span.is_recording(), [n for n in sys.modules if "opentelemetry.sdk" in n
        or "exporter" in n and "opentelemetry" in n]]))
"""


def test_without_a_collector_nothing_records_or_could_send():
    told = subprocess.run(
        [sys.executable, "-c", SERVED], capture_output=True, check=True, text=True, cwd=running.ROOT
    )
    assert json.loads(told.stdout) == [False, []]


def test_spans_go_to_the_collector_that_is_named(monkeypatch):
    sent = []

    def post(self, spans):
        sent.extend((self._endpoint, span.resource.attributes["service.name"]) for span in spans)
        return 0

    monkeypatch.setenv("OTEL_SERVICE_NAME", "a shop's")
    exporter = "opentelemetry.exporter.otlp.proto.http.trace_exporter.OTLPSpanExporter"
    monkeypatch.setattr(f"{exporter}.export", post)
    provider = send_traces("http://127.0.0.1:9/v1/traces")
    with Telemetry(provider).stage("rules"):
        pass
    provider.shutdown()
    assert sent == [("http://127.0.0.1:9/v1/traces", "a shop's")]
