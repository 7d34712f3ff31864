"""A backup taken beside uploads is whole, and a home made of it is the same to the bit."""

import json
import subprocess
import time
from contextlib import closing

import pytest
import running
from registry.planting import ORIGINALS, chance_of, overwrite, path_of
from registry.samples import NOW, photo
from registry.test_scrub import keep, quiet, run
from registry.uploader import TESTS, command
from sqlalchemy import select
from stores import originals_of

from evidence.errors import DamagedOriginalError, ErasedError, StorageError
from evidence.policy.retention import packaged_retention
from evidence.registry.backup import SUMS, back_up, heal_from, restore
from evidence.registry.log_key import KEY_FILE
from evidence.registry.photos import PhotoFiles
from evidence.registry.registry import Registry
from evidence.registry.scrub import check_database
from evidence.registry.stores import HERE
from evidence.registry.tables import metadata

MANY = 1000  # more than are kept while a backup is made, wherever they are kept


@pytest.fixture
def place(tmp_path):
    return tmp_path / "backup"


def save(registry, home, place, **how):
    return back_up(registry, home, place, progress=quiet, **how)


def originals(home):
    """Return the originals of a home, or of a backup."""
    return {path.name: path.read_bytes() for path in home.glob("originals/*/*")}


def originals_kept(home):
    return {name: path.read_bytes() for name, path in originals_of(home).items()}


def rows(registry):
    with registry.reading_rows() as connection:
        return {
            table.name: connection.execute(select(table).order_by(*table.primary_key)).all()
            for table in metadata.sorted_tables
        }


def check_sums(place):
    done = subprocess.run(["sha256sum", "--check", "--strict", "--quiet", SUMS], cwd=place)
    return done.returncode == 0


def test_a_home_made_of_a_backup_is_the_same_to_the_bit(registry, home, place, tmp_path):
    ids = keep(registry)
    done = save(registry, home, place)
    assert (done.photos, done.copied, done.missing, done.damaged) == (12, 12, (), ())
    assert check_sums(place)
    other = tmp_path / "other"
    assert restore(place, other, progress=quiet).missing == ()
    assert originals(other) == originals_kept(home)
    with closing(Registry.open(other)) as restored:
        assert rows(restored) == rows(registry)
        assert run(restored, other, HERE).findings == []
        assert restored.original(ids[0])
    for path in other.glob("originals/*/*"):
        assert path.stat().st_mode & 0o777 == 0o400
    assert other.stat().st_mode & 0o777 == 0o700


def test_everything_acknowledged_before_it_began_is_in_it(registry, home, place, tmp_path):
    with subprocess.Popen(
        command(home, 7, MANY),
        cwd=TESTS,
        env=running.environment(home),
        stdout=subprocess.PIPE,
        text=True,
    ) as uploader:
        before = [uploader.stdout.readline().strip() for _ in range(10)]
        done = save(registry, home, place)
        assert uploader.poll() is None  # it went on all the while
        uploader.kill()
    assert done.missing == ()
    other = tmp_path / "other"
    restore(place, other, progress=quiet)
    assert set(before) <= set(originals(other))
    assert len(originals(other)) == done.photos < MANY
    with closing(Registry.open(other)) as restored:
        assert run(restored, other).findings == []


def test_what_is_there_is_not_copied_again(registry, home, place):
    ids = keep(registry)
    save(registry, home, place)
    inodes = {path.name: path.stat().st_ino for path in place.glob("originals/*/*")}
    new = photo(b"one more")
    registry.add_item_photo("item", new, b"one more", b"reading")
    done = save(registry, home, place)
    assert (done.photos, done.copied) == (13, 1)
    again = {path.name: path.stat().st_ino for path in place.glob("originals/*/*")}
    assert set(again) == {*ids, new.photo_id}
    assert {name: again[name] for name in ids} == inodes
    assert check_sums(place)
    assert len(list(place.glob("*.sqlite3"))) == len(list(place.glob("backup-*.json"))) == 1


def test_what_was_erased_goes_from_the_backup_too(registry, home, place):
    keep(registry, 3)
    loose = photo(b"goes")
    registry.keep_loose_photo(loose, b"goes", b"its reading")
    save(registry, home, place)
    assert loose.photo_id in originals(place)
    erase(registry, loose.photo_id)
    done = save(registry, home, place)
    assert (done.photos, done.missing) == (3, ())
    assert loose.photo_id not in originals(place)
    assert b"its reading" not in next(place.glob("*.sqlite3")).read_bytes()
    assert check_sums(place)


def test_rows_are_copied_again_if_a_photo_is_erased_just_then(registry, home, place, monkeypatch):
    keep(registry, 3)
    loose = photo(b"goes")
    registry.keep_loose_photo(loose, b"goes", b"reading")
    original, erased = registry.original, []

    def slow(photo_id):
        if not erased:
            erased.append(loose.photo_id)
            erase(registry, loose.photo_id)
        return original(photo_id)

    monkeypatch.setattr(registry, "original", slow)
    done = save(registry, home, place)
    assert (done.photos, done.missing) == (3, ())
    assert loose.photo_id not in originals(place)


@pytest.mark.parametrize("name", ORIGINALS)
def test_damaged_originals_are_told_and_the_rest_is_saved(registry, home, place, tmp_path, name):
    ids = keep(registry, 4)
    ORIGINALS[name][0](home, ids, chance_of(name))
    hurt = set(ids[:2] if name == "swapped" else ids[:1])
    done = save(registry, home, place)
    assert set(done.missing) == set(done.damaged) == hurt
    assert set(originals(place)) == set(ids) - hurt
    assert check_sums(place)
    other = tmp_path / "other"
    assert set(restore(place, other, progress=quiet).missing) == hurt
    assert set(originals(other)) == set(ids) - hurt


def test_a_good_copy_outlives_the_damage_and_heals_it(registry, home, place):
    ids = keep(registry, 3)
    save(registry, home, place)
    overwrite(path_of(home, ids[0]), b"not this")
    with pytest.raises(DamagedOriginalError):
        registry.original(ids[0])
    done = save(registry, home, place)
    assert (done.missing, done.damaged) == ((), (ids[0],))
    heal_from(registry, place, ids[0])
    assert photo(registry.original(ids[0])).photo_id == ids[0]
    assert [one.kind for one in registry.events(after=0, limit=99)][-2:] == [
        "photo.damaged", "photo.healed",
    ]  # fmt: skip
    assert save(registry, home, place).damaged == ()


def test_no_backup_brings_back_what_was_erased(registry, home, place):
    loose = photo(b"goes")
    registry.keep_loose_photo(loose, b"goes", b"reading")
    save(registry, home, place)
    erase(registry, loose.photo_id)
    with pytest.raises(ErasedError):
        heal_from(registry, place, loose.photo_id)
    assert not path_of(home, loose.photo_id).exists()


def test_a_damaged_backup_is_refused_or_tells_what_it_lacks(registry, home, place, tmp_path):
    ids = keep(registry, 3)
    save(registry, home, place)
    overwrite(next(place.glob(f"originals/*/{ids[0]}")), b"not this")
    done = restore(place, tmp_path / "one", progress=quiet)
    assert done.missing == (ids[0],)
    copy = next(place.glob("*.sqlite3"))
    data = bytearray(copy.read_bytes())
    data[len(data) // 2] ^= 1
    overwrite(copy, bytes(data))
    with pytest.raises(StorageError, match="damaged"):
        restore(place, tmp_path / "two", progress=quiet)
    assert not (tmp_path / "two").exists()
    (place / SUMS).unlink()
    with pytest.raises(StorageError, match="no whole backup"):
        restore(place, tmp_path / "two", progress=quiet)


def test_one_that_was_stopped_leaves_the_one_before(registry, home, place, tmp_path):
    keep(registry, 3)
    save(registry, home, place)
    registry.add_item_photo("item", photo(b"new"), b"new", b"reading")

    def stopped(doing, count, total):
        if count == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(registry, home, place, progress=stopped)
    assert check_sums(place)
    assert restore(place, tmp_path / "other", progress=quiet).photos == 3
    with pytest.raises(KeyboardInterrupt):
        restore(place, tmp_path / "half", progress=stopped)
    assert not list(tmp_path.glob("half*"))
    assert save(registry, home, place).photos == 4


def test_places_that_must_not_be_written_to_are_refused(registry, home, place, tmp_path):
    keep(registry, 1)
    for inside in (home / "backup", home, tmp_path):
        with pytest.raises(StorageError, match="outside"):
            save(registry, home, inside)
    place.mkdir()
    (place / "holiday.jpg").write_bytes(b"mine")
    with pytest.raises(StorageError, match=r"something else, such as holiday\.jpg"):
        save(registry, home, place)
    (place / "holiday.jpg").unlink()
    save(registry, home, place)
    for taken in (home, place / SUMS):
        with pytest.raises(StorageError, match="not empty"):
            restore(place, taken, progress=quiet)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert restore(place, empty, progress=quiet).photos == 1
    assert check_database(empty) == []


@pytest.mark.parametrize("with_key", [True, False])
def test_the_logs_key_goes_with_it_unless_it_is_to_stay(registry, home, place, tmp_path, with_key):
    save(registry, home, place, with_key=with_key)
    other = tmp_path / "other"
    restore(place, other, progress=quiet)
    assert (other / KEY_FILE).exists() == with_key
    if with_key:
        assert (other / KEY_FILE).read_bytes() == (home / KEY_FILE).read_bytes()
        assert (other / KEY_FILE).stat().st_mode & 0o777 == 0o600
        assert check_sums(place)


def test_the_report_says_what_the_backup_holds(registry, home, place):
    keep(registry, 2)
    began = time.time()
    save(registry, home, place)
    (report,) = place.glob("backup-*.json")
    told = json.loads(report.read_text())
    assert (told["photos"], told["copied"], told["missing"]) == (2, 2, [])
    assert report.stat().st_mtime >= began - 1


def test_no_second_backup_to_the_same_place_at_once(registry, home, place):
    keep(registry, 1)
    tried = []

    def second(doing, count, total):
        with pytest.raises(StorageError, match="under way"):
            save(registry, home, place)
        tried.append(count)

    back_up(registry, home, place, progress=second)
    assert tried == [1]
    assert PhotoFiles(place).has_size(next(iter(originals(place))), 3_000)


def erase(registry, photo_id):
    later = NOW.replace(year=NOW.year + 1)
    refused = registry.erase(
        photo_id, packaged_retention(), ground="retention", of_claim=None, reason="due", by="Ada",
        at=later,
    )  # fmt: skip
    assert refused is None
