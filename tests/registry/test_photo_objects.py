"""Originals in a bucket keep the same promises as on disk, on a real server."""

import base64
import hashlib
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import obstore
import pytest
import stores
from stores import ObjectPath

from evidence.errors import DamagedOriginalError, StorageError, StorageFullError
from evidence.registry.photo_objects import PhotoObjects

ID = hashlib.sha256(b"one").hexdigest()
PLACE = f"originals/{ID[:2]}/{ID}"
RETAIN = (
    b"<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule>"
    b"<DefaultRetention><Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule>"
    b"</ObjectLockConfiguration>"
)


@pytest.fixture
def bucket():
    return stores.bucket_of(secrets.token_hex(8))


@pytest.fixture
def objects(bucket):
    return PhotoObjects.open(bucket)


@pytest.fixture
def lying(objects):
    """Where the original lies, for others to do something to it."""
    return ObjectPath(objects._store, PLACE)


def test_an_original_comes_back_whole_and_is_never_written_again(objects, lying):
    obstore.put(objects._store, PLACE, b"one", use_multipart=True)  # its tag is another one
    before = lying.told()
    objects.keep(ID, b"one")
    assert lying.told() == before
    assert (objects.read(ID), objects.has_size(ID, 3), objects.find_fault(ID)) == (
        b"one",
        True,
        None,
    )
    assert objects.names(ID[:2]) == {ID}
    assert objects.entry(ID[:2], ID).is_plain
    assert list(objects.strays()) == []


def test_other_bytes_are_misuse_and_leave_nothing(objects, lying):
    with pytest.raises(ValueError, match="not the sha256"):
        objects.keep(ID, b"two")
    assert not lying.exists()


@pytest.mark.parametrize(
    ("damage", "fault"), [(b"onf", "altered"), (b"", "cut"), (b"one!", "grown"), (None, "missing")]
)
def test_damage_is_found_and_healed_by_the_same_bytes(objects, lying, damage, fault):
    objects.keep(ID, b"one")
    assert objects.confirm(ID)
    assert not objects.confirm(ID)  # hashed once
    lying.unlink()
    if damage is not None:
        lying.write_bytes(damage)
    for ask in (objects.read, objects.confirm):
        with pytest.raises(DamagedOriginalError, match="upload the same file again"):
            ask(ID)
    assert objects.find_fault(ID, 3) == fault
    objects.keep(ID, b"one")
    assert (objects.read(ID), objects.find_fault(ID, 3)) == (b"one", None)


def test_what_does_not_belong_there_is_listed(objects, lying):
    for name in (f"originals/zz/{ID}", "originals/loose", f"originals/00/{'1' * 64}"):
        replace(lying, name=name).write_bytes(b"x")
    assert set(objects.strays()) == {"originals/zz", "originals/loose"}
    assert not objects.entry("00", "1" * 64).is_plain


def test_many_threads_with_the_same_bytes_agree(objects):
    data = os.urandom(300_000)
    photo_id = hashlib.sha256(data).hexdigest()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: objects.keep(photo_id, data), range(40)))
    assert objects.read(photo_id) == data


def test_a_removed_one_is_gone(objects):
    objects.keep(ID, b"one")
    objects.remove(ID)
    objects.remove(ID)
    assert not objects.has_file(ID)


def test_what_a_locked_bucket_goes_on_keeping_is_told(bucket):
    name = f"locked{secrets.token_hex(4)}"
    stores.make_bucket(name, locked=True)
    digest = base64.b64encode(hashlib.md5(RETAIN, usedforsecurity=False).digest()).decode()
    stores.ask("PUT", f"{name}?object-lock", RETAIN, {"Content-MD5": digest})
    objects = PhotoObjects.open(replace(bucket, url=f"s3://{name}/p"))
    objects.keep(ID, b"one")
    objects.check()
    versions = stores.ask("GET", f"{name}?versions").decode()
    kept = versions.partition(f"<Key>p/{PLACE}</Key><VersionId>")[2].partition("<")[0]
    with pytest.raises(OSError, match="403"):  # not even its owner
        stores.ask("DELETE", f"{name}/p/{PLACE}?versionId={kept}")
    with pytest.raises(StorageError, match="goes on keeping the original"):
        objects.remove(ID)
    assert (
        f"<Key>p/{PLACE}</Key><VersionId>{kept}" in stores.ask("GET", f"{name}?versions").decode()
    )
    assert versions.count("<Key>p/check</Key>") == 1  # however often it is looked at


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"url": "s3://no-such-bucket/p"}, "nothing can be written to s3://no-such-bucket/p"),
        ({"secret_key": "another"}, "AWS_"),
        ({"access_key": "another"}, "AWS_"),
        ({"endpoint": "http://127.0.0.1:1"}, "no store of objects answers"),
        ({"url": "https://elsewhere"}, "is not s3://"),
    ],
    ids=str,
)
def test_a_bucket_that_cannot_be_written_to_is_refused_in_one_line(bucket, changes, why):
    with pytest.raises(StorageError, match=why) as caught:
        PhotoObjects.open(replace(bucket, **changes))
    assert "\n" not in str(caught.value)
    assert "another" not in str(caught.value)


@contextmanager
def answering(status):
    """A server that has one answer to everything."""

    class Answer(BaseHTTPRequestHandler):
        def do_PUT(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_error(status)

        def log_message(self, *words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@pytest.mark.parametrize(("status", "error"), [(507, StorageFullError), (500, StorageError)])
def test_a_store_that_is_full_or_fails_is_told_as_such(objects, status, error):
    with answering(status) as endpoint:
        objects._store = stores.plain_store(endpoint)
        with pytest.raises(StorageError) as caught:
            objects.keep(ID, b"one")
    assert type(caught.value) is error
