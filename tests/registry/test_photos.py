import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from evidence.errors import DamagedOriginalError, StorageError
from evidence.registry.photos import PhotoFiles

ID = hashlib.sha256(b"one").hexdigest()


@pytest.fixture
def files(home):
    return PhotoFiles.open(home)


def test_an_original_comes_back_whole_and_may_not_be_written_to(files, home):
    files.keep(ID, b"one")
    files.keep(ID, b"one")
    assert files.read(ID) == b"one"
    [path] = home.rglob("originals/*/*")
    assert (path.name, path.stat().st_mode & 0o777) == (ID, 0o400)
    assert not list(home.glob("incoming/*"))


def test_the_home_is_private(files, home):
    files.keep(ID, b"one")
    for path in (home, home / "originals", home / "incoming", home / "originals" / ID[:2]):
        assert path.stat().st_mode & 0o777 == 0o700


def test_a_whole_original_is_never_written_again(files, home):
    files.keep(ID, b"one")
    [path] = home.rglob("originals/*/*")
    before = path.stat()
    files.keep(ID, b"one")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_missing_original_is_damaged(files):
    with pytest.raises(DamagedOriginalError, match="gone"):
        files.read(ID)


def test_many_threads_with_the_same_bytes_agree(files, home):
    data = os.urandom(300_000)
    photo_id = hashlib.sha256(data).hexdigest()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: files.keep(photo_id, data), range(40)))
    assert files.read(photo_id) == data
    assert not list(home.glob("incoming/*"))


def test_a_failing_disk_is_told_in_our_own_words_and_leaves_nothing(files, home):
    shard = home / "originals" / ID[:2]
    shard.write_bytes(b"a file where the directory was")
    with pytest.raises(StorageError) as caught:
        files.keep(ID, b"one")
    assert str(home) not in str(caught.value)
    assert not list(home.glob("incoming/*"))


def test_a_home_that_is_a_file_is_refused(home):
    home.write_bytes(b"")
    with pytest.raises(StorageError, match="the disk failed"):
        PhotoFiles.open(home)
