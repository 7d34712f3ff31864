"""A full disk refuses what is new, goes on showing what is there, and recovers by itself."""

import os
import resource
import subprocess
import sys
from contextlib import closing

import pytest
import running
from registry.samples import item, photo
from registry.uploader import TESTS
from stores import of_the_disk

from evidence.errors import StorageError, StorageFullError

pytestmark = of_the_disk

SMALL, BIG = b"small" * 1000, b"b" * 3_000_000


@pytest.fixture
def small_disk(tmp_path):
    """Mount 3 MB of memory as a disk."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("mounting a small disk needs root; the limit on a file's size is still tested")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_a_full_disk_refuses_photos_shows_the_rest_and_recovers(small_disk):
    filler = small_disk / "filler"
    with closing(running.open_registry(small_disk / "home")) as registry:
        registry.put_item(item())
        registry.add_item_photo("item", photo(SMALL), SMALL, b"r")
        with pytest.raises(StorageFullError):
            registry.add_item_photo("item", photo(BIG), BIG, b"r")
        fill(filler)
        with pytest.raises(StorageFullError):
            registry.add_item_photo("item", photo(b"tiny"), b"tiny", b"r")
        with pytest.raises(StorageFullError):
            registry.check()
        with pytest.raises(StorageFullError):
            fill_the_log(registry)
        assert registry.item_photos("item") == [photo(SMALL)]
        assert registry.original(photo(SMALL).photo_id) == SMALL
        assert not list((small_disk / "home" / "incoming").iterdir())
        filler.unlink()
        registry.check()
        assert registry.add_item_photo("item", photo(b"tiny"), b"tiny", b"r") is True
        assert registry.item_photos("item") == [photo(SMALL), photo(b"tiny")]


def fill(path):
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def fill_the_log(registry):
    for number in range(1000):
        registry.put_item(item(f"item {number}"))


def test_a_limit_on_the_size_of_files_is_a_full_disk(tmp_path):
    script = (
        "import sys; import registry.test_full_disk as t; from pathlib import Path;"
        "t.check_limit(Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path / "home"], check=True, cwd=TESTS)


def check_limit(home):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with closing(running.open_registry(home)) as registry:
        registry.put_item(item())
        registry.add_item_photo("item", photo(SMALL), SMALL, b"r")
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))
        with pytest.raises(StorageFullError):
            registry.add_item_photo("item", photo(BIG), BIG, b"r")
        with pytest.raises(StorageError):  # SQLite does not tell this limit from a broken disk
            registry.add_item_photo("item", photo(b"tiny"), b"tiny", BIG)
        assert registry.item_photos("item") == [photo(SMALL)]
        assert registry.original(photo(SMALL).photo_id) == SMALL
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert registry.add_item_photo("item", photo(BIG), BIG, b"r") is True
        assert registry.original(photo(BIG).photo_id) == BIG
