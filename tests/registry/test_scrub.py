"""The scrub finds what is planted, where it is planted, and nothing else."""

import json
import os
import subprocess
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import running
from registry.planting import FAULTS, chance_of, path_of, plant_flipped_bit, plant_gone
from registry.samples import NOW, item, photo
from registry.uploader import TESTS, command
from stores import ON_SERVERS, of_the_disk, stores_of

from evidence.policy.retention import packaged_retention
from evidence.registry import scrub as module
from evidence.registry.scrub import PLACE, Scrub, check_database, scrub
from evidence.registry.stores import DATABASE

PHOTOS = 80  # that the uploader sends


def quiet(doing, count, total):
    pass


def keep(registry, count=12):
    registry.put_item(item())
    ids = []
    for number in range(count):
        data = chance_of(number).randbytes(3_000 + 100 * number)
        kept = photo(data)
        registry.add_item_photo("item", kept, data, b"what was read of " + data[:900])
        ids.append(kept.photo_id)
    return ids


def run(registry, home, stores=None, **how):
    known = check_database(home, stores or stores_of(home))
    how = {"from_start": False, "threads": 2, "progress": quiet} | how
    return scrub(registry, home, known=known, **how)


def told(registry):
    return [
        (one.kind, one.subject_id, one.body.get("fault"))
        for one in registry.events(after=0, limit=1000)
        if one.kind.endswith((".damaged", ".healed"))
    ]


def test_a_whole_home_has_nothing_to_tell(registry, home):
    keep(registry)
    done = run(registry, home)
    assert done.findings == []
    assert (done.photos, done.bytes) == (12, sum(3_000 + 100 * n for n in range(12)))
    assert told(registry) == []
    assert not (home / PLACE).exists()


@pytest.mark.parametrize("name", FAULTS)
def test_each_planted_fault_is_found_and_no_other(registry, home, name):
    plant, called = FAULTS[name]
    ids = keep(registry)
    plant(home, ids[7:9], chance_of(name))
    found = run(registry, home).faults
    hurt = set(ids[7:9] if name == "swapped" else ids[7:8])
    assert {one.fault for one in found} == {called}
    if called not in ("misplaced", "points to nothing"):
        assert {one.subject_id for one in found} == hurt
    else:
        assert len(found) == 1
    assert all(one.new for one in found)
    events = told(registry)
    assert len(events) == len(found)
    again = run(registry, home)
    assert again.faults == [type(one)(one.kind, one.part, one.fault, one.subject_id, new=False)
                            for one in found]  # fmt: skip
    assert told(registry) == events  # told once, not at each run


@of_the_disk
def test_what_cannot_be_read_is_found():
    """As a user who may not: permissions do not hold for root."""
    if os.geteuid() != 0:
        pytest.skip("only root can give a file to somebody else")
    with (
        TemporaryDirectory() as place,
        closing(running.open_registry(Path(place) / "home")) as registry,
    ):
        home = Path(place) / "home"
        home.parent.chmod(0o755)
        ids = keep(registry, 3)
        for path in (home, *home.rglob("*")):
            os.chown(path, 65534, 65534)
        os.chown(path_of(home, ids[0]), 0, 0)
        os.seteuid(65534)
        try:
            assert registry.files.find_fault(ids[0]) == "unreadable"
            assert registry.files.find_fault(ids[1]) is None
        finally:
            os.seteuid(0)


def test_what_no_row_knows_is_told_and_no_fault(registry, home, monkeypatch):
    ids = keep(registry)
    unknown = photo(b"never acknowledged").photo_id
    registry.files.keep(unknown, b"never acknowledged")
    (home / "incoming" / "left").write_bytes(b"half")
    assert run(registry, home).findings == []  # it may be an upload of this moment
    monkeypatch.setattr(module, "YOUNG", -1.0)
    done = run(registry, home)
    assert done.faults == []
    notes = {("note", "unknown", f"originals/{unknown[:2]}/{unknown}")}
    if not ON_SERVERS:  # there an object is whole, or not there
        notes.add(("note", "left over", "incoming/left"))
    assert {(one.kind, one.fault, one.subject_id) for one in done.findings} == notes
    assert told(registry) == []
    assert registry.original(ids[0])


def test_the_original_of_an_erased_photo_is_found(registry, home, monkeypatch):
    data = b"to be erased"
    loose = photo(data)
    registry.keep_loose_photo(loose, data, b"reading")
    later = NOW.replace(year=NOW.year + 1)
    assert registry.erase(
        loose.photo_id, packaged_retention(), ground="retention", of_claim=None, reason="due",
        by="Ada", at=later,
    ) is None  # fmt: skip
    monkeypatch.setattr(module, "YOUNG", -1e9)
    assert run(registry, home).findings == []
    registry.files.keep(loose.photo_id, data)
    assert [one.fault for one in run(registry, home).faults] == ["erased and there"]


def test_what_is_wrong_with_the_log_is_told_with_the_rest(registry, home):
    keep(registry, 1)
    done = run(registry, home, check_log=lambda registry: ["entry 3 was edited", "entry 4 too"])
    assert [(one.part, one.subject_id) for one in done.faults] == [
        ("log", "entry 3 was edited"), ("log", "entry 4 too"),
    ]  # fmt: skip
    assert len(told(registry)) == 2


def test_a_healed_photo_is_told_as_healed(registry, home):
    ids = keep(registry)
    whole = path_of(home, ids[3]).read_bytes()
    plant_flipped_bit(home, ids[3:], chance_of(1))
    assert len(run(registry, home).faults) == 1
    registry.add_item_photo("item", photo(whole), whole, b"what was read of " + whole[:900])
    assert told(registry) == [
        ("photo.damaged", ids[3], "altered"),
        ("photo.healed", ids[3], None),
    ]
    assert run(registry, home).findings == []
    plant_flipped_bit(home, ids[3:], chance_of(2))  # a new damage is told anew
    assert len(run(registry, home).faults) == 1
    assert len(told(registry)) == 3
    path_of(home, ids[3]).chmod(0o600)
    path_of(home, ids[3]).write_bytes(whole)  # somebody put it back by hand
    assert run(registry, home).findings == []
    assert told(registry)[-1] == ("photo.healed", ids[3], None)


def test_a_killed_run_goes_on_where_it_was(registry, home, monkeypatch):
    ids = keep(registry)
    last = sorted(ids)[-1]
    plant_gone(home, sorted(ids), None)  # the first one, before the run is killed
    monkeypatch.setattr(module, "EVERY", -1.0)

    def killed(doing, count, total):
        if count == 128:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(registry, home, progress=killed)
    place = json.loads((home / PLACE).read_text())
    before = place["photos"]
    assert 0 < before < len(ids)
    hashed = []
    find_fault = type(registry.files).find_fault

    def counted(files, photo_id, size=None):
        hashed.append(photo_id)
        return find_fault(files, photo_id, size)

    monkeypatch.setattr(type(registry.files), "find_fault", counted)
    done = run(registry, home)
    assert done.photos == len(ids)
    assert len(set(hashed)) == len(ids) - before  # each once in both runs together
    assert last in hashed
    assert [one.subject_id for one in done.faults] == [min(ids)]
    hashed.clear()
    run(registry, home, from_start=True)
    assert set(hashed) == set(ids)


def test_a_place_that_cannot_be_read_means_a_new_run(registry, home):
    keep(registry, 3)
    for text in ("", "[]", '{"shard": "x", "findings": [{}]}', '{"findings": []}'):
        (home / PLACE).write_text(text)
        assert run(registry, home).photos == 3
    assert isinstance(run(registry, home), Scrub)


@of_the_disk
def test_damaged_pages_are_found_and_nothing_is_written(registry, home):
    keep(registry)
    registry.close()
    database = home / DATABASE
    data = bytearray(database.read_bytes())
    for page in range(4, len(data) // 4096, 7):
        data[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    database.write_bytes(data)
    before = database.read_bytes()
    found = check_database(home)
    assert "damaged pages" in {one.fault for one in found}
    assert database.read_bytes() == before
    database.write_bytes(b"no database at all")
    assert [one.fault for one in check_database(home)] == ["damaged pages"]


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.torture) for n in (1, 2, 3))]
)
def test_no_false_alarm_while_photos_are_uploaded_and_healed(registry, home, seed):
    """A process uploads all the while; the scrub runs over and over."""
    uploader = subprocess.Popen(
        command(home, seed, PHOTOS),
        cwd=TESTS,
        env=running.environment(home),
        stdout=subprocess.PIPE,
        text=True,
    )
    seen, ends = [], time.monotonic() + 60
    while uploader.poll() is None and time.monotonic() < ends:
        done = run(registry, home, from_start=True)
        assert done.findings == []
        seen.append(done.photos)
    acknowledged = uploader.communicate()[0].split()
    assert uploader.returncode == 0
    assert run(registry, home, from_start=True).photos == len(acknowledged) == PHOTOS
    assert len(seen) > 1  # it did run meanwhile
    assert seen[0] < PHOTOS
