import io
import zipfile
from contextlib import closing
from dataclasses import replace
from threading import Event

import pytest
import running
from stores import of_the_disk
from test_cli import run
from test_service import CLAIM, ITEM, Watched

from evidence.bulk.rereading import reread_photos
from evidence.photo.reading import Reading
from evidence.service.claims import add_claim_photo, open_claim
from evidence.service.items import add_item_photo, register_item
from evidence.service.uploads import Upload


@pytest.fixture(scope="module")
def workers():
    memory = running.PATIENT.limits.worker_memory
    with closing(running.open_workers(count=1, waiting=8, memory=memory)) as workers:
        yield running.Remembering(workers)


@pytest.fixture
def service(tmp_path, workers):
    service = running.open_service(tmp_path / "home", Watched(workers))
    register_item(service, replace(ITEM, size_mm=(126.0, 176.0)))
    yield service
    service.registry.close()


def add(service, seed):
    return add_item_photo(service, "item-1", Upload(running.photo(seed), "front")).photo.photo_id


def make_old(service, photo_id):
    """Let a photo's reading be one that an older version wrote; return what it was."""
    stored = service.registry.reading(photo_id)
    with zipfile.ZipFile(io.BytesIO(stored)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["facts.npy"] = parts["facts.npy"].replace(b'"format": 2', b'"format": 1')
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        for name, part in parts.items():
            target.writestr(name, part)
    service.registry.put_reading(photo_id, file.getvalue())
    return stored


def outcomes(service, *, stale=True, **options):
    found = reread_photos(service, stale=stale, stop=Event(), **options)
    return {one.photo_id: one.outcome for one in found}


def test_only_what_an_older_version_read_is_read_anew_and_for_the_item_that_it_shows(service):
    old, fresh = add(service, 0), add(service, 1)
    stored = make_old(service, old)
    service.workers.asked.clear()
    assert outcomes(service) == {old: "read anew", fresh: "the same"}
    assert service.workers.asked == ["_read"]
    assert service.registry.reading(old) == stored  # as the upload read it: with the item's size
    frame = Reading.from_bytes(stored).frame
    assert frame.height / frame.px_per_mm == pytest.approx(176.0, rel=0.02)
    assert set(outcomes(service).values()) == {"the same"}
    assert service.workers.asked == ["_read"]


def test_a_note_of_a_customer_is_read_as_it_was_sent(service):
    open_claim(service, CLAIM)
    upload = Upload(running.photo(2), "other", role="delivery_note")
    photo_id = add_claim_photo(service, "claim-1", upload).photo.photo_id
    assert outcomes(service, stale=False) == {photo_id: "the same"}


def test_all_are_read_where_it_is_asked_and_what_is_the_same_is_not_written(service):
    ids = sorted(add(service, seed) for seed in range(3))
    numbers = service.registry.hashes_after(0, limit=9)
    service.workers.asked.clear()
    assert outcomes(service, stale=False) == dict.fromkeys(ids, "the same")
    assert len(service.workers.asked) == 3
    assert service.registry.hashes_after(0, limit=9) == numbers
    assert sorted(outcomes(service, stale=False, after=ids[0])) == ids[1:]
    assert service.registry.count_photos(after=ids[0]) == 2


@of_the_disk
def test_a_damaged_original_is_told_and_nothing_is_written_over_it(service, tmp_path):
    photo_id = add(service, 0)
    make_old(service, photo_id)
    reading = service.registry.reading(photo_id)
    (original,) = (tmp_path / "home" / "originals").rglob(photo_id)
    original.chmod(0o600)
    original.write_bytes(b"altered")
    assert outcomes(service) == {photo_id: "damaged"}
    assert service.registry.reading(photo_id) == reading
    assert original.read_bytes() == b"altered"


@of_the_disk
def test_the_command_refuses_a_home_where_nothing_is_kept(tmp_path):
    for command in ("reread", "rescore"):
        done = run(tmp_path, command)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert not (tmp_path / "home").exists()
