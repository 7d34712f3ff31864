"""Every hostile and odd file against a real service: the promised status, and nobody is hurt."""

import json
import re

import pytest
import running
from photo.hostile_files import EITHER, hostile_files
from stores import originals_of

ITEM = {
    "order_id": "order-1",
    "sku": "LIL-1",
    "title": "Liliana",
    "kind": "card",
    "declared_value": {"amount": "120000", "currency": "JPY"},
}
BESIDE, UPLOADS = running.SHARED / "hostile", running.SHARED / "photos" / "robustness_uploads"
MOST_MEMORY = 100_000_000  # bytes that the service may add, whatever comes


def files_beside():
    """Yield (name, bytes, statuses that may answer) of the files beside the project."""
    manifest = BESIDE / "manifest.json"
    for name, told in json.loads(manifest.read_text()).items() if manifest.exists() else ():
        yield name, (BESIDE / name).read_bytes(), set(told["expect"])
    for path in sorted(UPLOADS.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes(), EITHER


def memory(service):
    """Return how many bytes of memory the service's own process takes."""
    with open(f"/proc/{service.process.pid}/status") as status:
        return 1024 * int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


def upload(service, data):
    return service.call(
        "POST", "/v1/items/item-1/photos", fields={"view": "other"}, files={"file": data}
    )


def hold(home, files):
    """Upload them one by one and hold the promises."""
    wrong, taken, count = {}, set(), 0
    with running.served(home, EVIDENCE_API_KEY="k") as service:
        service.call("PUT", "/v1/items/item-1", ITEM)
        assert upload(service, running.photo())[0] == 201
        before = most = memory(service)
        for name, data, allowed in files:
            status, answer, _ = upload(service, data)
            if status in (200, 201):
                taken.add(answer["photo_id"])
            if (201 if status == 200 else status) not in allowed:
                wrong[name] = (status, answer)
            most, count = max(most, memory(service)), count + 1
        assert wrong == {}
        assert most - before < MOST_MEMORY
        _, item, _ = service.call("GET", "/v1/items/item-1")
        assert {photo["photo_id"] for photo in item["photos"]} - taken == {
            item["photos"][0]["photo_id"]
        }
        assert upload(service, running.photo(1))[0] == 201
    kept = originals_of(home)
    assert len(kept) == len(taken) + 2
    return count


@pytest.mark.torture
def test_every_file_of_our_own_families(tmp_path):
    assert hold(tmp_path / "home", hostile_files()) > 500


@pytest.mark.torture
def test_every_file_beside_the_project(tmp_path):
    if not BESIDE.is_dir():
        pytest.skip(f"no {BESIDE}")
    assert hold(tmp_path / "home", files_beside()) > 70
