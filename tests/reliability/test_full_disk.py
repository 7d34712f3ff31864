"""A full or read-only disk under a service: it refuses, goes on reading, recovers by itself."""

import subprocess
from contextlib import contextmanager, suppress

import pytest
import running
from reliability import disks
from reliability.calls import APPROVE, CLAIM, ITEM, upload_to

pytestmark = pytest.mark.torture  # tests/registry/test_full_disk.py shows the same of the store


@pytest.fixture
def disk(tmp_path):
    disks.require("mkfs.ext4")
    image = disks.make(tmp_path / "image", "ext4", 40 * disks.MB)
    with disks.mounted(image, tmp_path / "disk") as point:
        yield point


@pytest.fixture
def service(disk):
    with running.served(disk / "home", EVIDENCE_API_KEY="k") as service:
        assert service.call("PUT", "/v1/items/item-1", ITEM)[0] == 201
        assert service.call("PUT", "/v1/claims/claim-1", CLAIM | {"item_id": "item-1"})[0] == 201
        assert upload_to(service, "item-1", running.photo())[0] == 201
        yield service
        service.kill()


def write(service, seed):
    """Ask for one change of each kind; return the statuses."""
    decision = service.call("POST", "/v1/claims/claim-1/decisions", APPROVE)[0]
    item = service.call("PUT", f"/v1/items/item-{seed}", ITEM)[0]
    return [decision, item, upload_to(service, "item-1", running.photo(seed))[0]]


def require_reads(service):
    status, item, _ = service.call("GET", "/v1/items/item-1")
    assert (status, len(item["photos"])) == (200, 1)
    for path in ("/healthz", "/v1/claims/claim-1", "/v1/claims", "/v1/events"):
        assert service.call("GET", path)[0] == 200, path


def fill(path):
    """Take all the room that is left, to the last block."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def test_a_full_disk_refuses_what_is_new_and_recovers_when_there_is_room(disk, service):
    before = service.call("GET", "/v1/events")[1]["events"]
    fill(disk / "filler")
    upload = upload_to(service, "item-1", running.photo(2))
    assert (upload[0], upload[1]["type"].rpartition(":")[2]) == (507, "storage-full")
    for number in range(2000):  # rows go on while the log that SQLite has made has room
        status, answer, _ = service.call("PUT", f"/v1/items/more-{number}", ITEM)
        if status != 201:
            break
    assert (status, answer["type"].rpartition(":")[2]) == (507, "storage-full")
    require_reads(service)
    assert service.call("GET", "/readyz")[0] == 507
    (disk / "filler").unlink()
    assert service.call("GET", "/readyz")[0] == 200
    assert write(service, 2) == [201, 201, 201]
    told = service.call("GET", "/v1/events?limit=1000")[1]["events"]
    assert [one["number"] for one in told] == list(range(1, len(told) + 1))
    assert len(told) >= len(before) + 3


@contextmanager
def read_only(home):
    """Let no file below the home be written, nor a new one be made.

    The kernel does not make a whole disk read-only while files on it are open for writing, as the
    database's are. So its files are made immutable, and the photos' directories read-only.
    """
    database = sorted(home.glob("evidence.sqlite3*"))
    points = [home / "incoming", home / "originals"]
    try:
        disks.run("chattr", "+i", *database)
        for point in points:
            disks.run("mount", "--bind", point, point)
            disks.run("mount", "-o", "remount,ro,bind", point)
        yield
    finally:
        disks.run("chattr", "-i", *database)
        for point in points:
            disks.run("umount", point)


def test_a_read_only_disk_refuses_what_is_new_and_recovers_when_it_can_be_written(disk, service):
    with read_only(disk / "home"):
        assert write(service, 3) == [503, 503, 503]
        assert service.call("GET", "/readyz")[0] == 503
        require_reads(service)
    assert write(service, 3) == [201, 201, 201]
    assert service.call("GET", "/readyz")[0] == 200


def test_a_service_does_not_start_on_a_read_only_disk(disk, service):
    service.kill()
    disks.run("mount", "-o", "remount,ro", disk)
    ended = subprocess.run(
        [service.process.args[0], "-m", "evidence", "serve", "--port", "0"],
        cwd=running.ROOT,
        env=running.environment(disk / "home"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
