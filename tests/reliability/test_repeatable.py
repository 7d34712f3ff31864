"""The same photos in another process, on other thread counts: the same record, bit for bit."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import running
from reliability.calls import CLAIM, ITEM

TESTS = Path(__file__).parents[1]
COUNTS = (1, 2, 3, 4, 8)
PAIRS = [("item-1", "claim-1"), ("item-2", "claim-2"), ("item-1", "claim-2")]

pytestmark = pytest.mark.torture


def record(reference, query, threads):
    """Return what a process of its own prints of two photos."""
    count = str(threads)
    counts = dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), count
    )
    ended = subprocess.run(
        [sys.executable, "-m", "reliability.record", reference, query],
        cwd=TESTS,
        env=os.environ | counts | {"PYTHONHASHSEED": count},
        capture_output=True,
        check=True,
    )
    assert json.loads(ended.stdout)["verdict"]["verdict"]
    return ended.stdout


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    directory = tmp_path_factory.mktemp("photos")
    names = sorted({name for pair in PAIRS for name in pair})
    write = [sys.executable, "-m", "fixtures", "shop", directory, *names]
    subprocess.run(write, cwd=running.ROOT, check=True)
    return directory


def test_the_shops_pairs_have_one_record_each_whatever_the_threads(photos, record_property):
    for reference, query in PAIRS:
        files = photos / f"{reference}-front.jpg", photos / f"{query}-front.jpg"
        assert len({record(*files, count) for count in COUNTS}) == 1, (reference, query)
    told = f"{len(PAIRS)} pairs in {len(COUNTS)} processes on {COUNTS} threads: one record each"
    record_property("measured", told)


def test_two_services_recommend_the_same(tmp_path, photos):
    told = []
    for count in ("1", "4"):
        threads = {"OPENBLAS_NUM_THREADS": count, "EVIDENCE_WORKERS": count}
        with running.served(tmp_path / count, EVIDENCE_API_KEY="k", **threads) as service:
            service.call("PUT", "/v1/items/item-1", ITEM)
            service.call("PUT", "/v1/claims/claim-1", CLAIM | {"item_id": "item-1"})
            for owner, name in (("items/item-1", "item-1"), ("claims/claim-1", "claim-1")):
                for view in ("front", "back"):
                    file = {"file": (photos / f"{name}-{view}.jpg").read_bytes()}
                    path = f"/v1/{owner}/photos"
                    assert service.call("POST", path, fields={"view": view}, files=file)[0] == 201
            status, recommended, _ = service.call("GET", "/v1/claims/claim-1/recommendation")
            assert status == 200
            told.append(json.dumps(recommended, sort_keys=True))
    assert told[0] == told[1]
