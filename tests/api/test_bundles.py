"""The evidence bundle over HTTP."""

import io
import zipfile

import pytest
import running

from evidence.bundle import verify

APPROVE = {"decision": "approve", "decided_by": "support-1", "reason": "dented in transit"}
BUNDLE = "/v1/claims/claim-1/bundle"


@pytest.fixture
def photo_id(client, put_item, post_photo, put_claim):
    """A claim without a photo of the product: there is nothing to compare or to draw."""
    put_item()
    taken = post_photo("items/item-1")
    put_claim()
    post_photo("claims/claim-1", running.photo(5), role="delivery_note", view="other")
    client.post("/v1/claims/claim-1/decisions", json=APPROVE)
    return taken.json()["photo_id"]


def test_a_bundle_is_a_file_to_be_saved_that_holds(client, service, photo_id):
    answer = client.get(BUNDLE)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="evidence-claim-1.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert verify.check(answer.content, service.registry.log_key()).faults == []
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:  # any other program reads it
        assert archive.testzip() is None
        assert f"originals/{photo_id}.jpg" in archive.namelist()
    last = client.get("/v1/events?after=0&limit=100").json()["events"][-1]
    assert last["kind"] == "bundle.exported"
    assert last["body"]["manifest_sha256"] == answer.headers["X-Manifest-SHA256"]


def test_parts_of_photos_are_covered_as_asked(client, photo_id):
    box = {"x": 10, "y": 10, "width": 100, "height": 50}
    redaction = {"photo_id": photo_id, "reason": "address", "boxes": [box]}
    answer = client.post(BUNDLE, json={"redactions": [redaction], "strip_metadata": True})
    assert answer.status_code == 200
    files, whole = verify.unpack(answer.content)
    assert whole
    assert f"copies/{photo_id}.jpg" in files
    assert not [name for name in files if name.startswith("originals/")]


def test_what_does_not_fit_is_refused(client, photo_id):
    box = {"x": 10, "y": 10, "width": 9999, "height": 50}
    whole = {"photo_id": photo_id, "reason": "address"}
    for redaction in (
        whole,
        whole | {"boxes": [box]},
        whole | {"boxes": [box], "omit": True},
        whole | {"photo_id": "0" * 64, "omit": True},
        whole | {"reason": "", "omit": True},
    ):
        assert client.post(BUNDLE, json={"redactions": [redaction]}).status_code == 422
    assert client.post(BUNDLE, json={}, headers={"If-Match": '"99"'}).status_code == 412
    assert client.get("/v1/claims/claim-2/bundle").status_code == 404


def test_whoever_reads_blind_gets_none_before_answering(client, person, photo_id, post_photo):
    post_photo("claims/claim-1", running.photo(form="PNG"))
    ask = {"asked_by": "support-1", "reader": "Ann Reviewer", "reason": "please look"}
    asked = client.post("/v1/claims/claim-1/second-readings", json=ask)
    assert asked.status_code == 201, asked.text
    reader = person("reviewer", "Ann Reviewer")
    assert reader.get(BUNDLE).status_code == 403
    assert reader.post(BUNDLE, json={}).status_code == 403
