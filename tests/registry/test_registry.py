import fcntl
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest
import running
from registry.samples import NOW, claim, decision, item, photo
from registry.uploader import TESTS, command
from stores import of_the_disk

from evidence.errors import ConflictError, StorageError

THREADS = 8


@of_the_disk
def test_a_home_is_made_with_its_parents_and_is_private(tmp_path):
    home = tmp_path / "data" / "evidence"
    running.open_registry(home).close()
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "evidence.sqlite3").is_file()


def test_what_is_kept_is_there_after_reopening(home):
    with closing(running.open_registry(home)) as registry:
        registry.put_item(item())
        registry.add_item_photo("item", photo(b"one"), b"one", b"r")
        registry.put_claim(claim())
        kept = registry.add_decision(decision())
        registry.check()
    with closing(running.open_registry(home)) as registry:
        assert registry.item("item") == item(version=2)
        assert registry.item_photos("item") == [photo(b"one")]
        assert registry.decisions("claim") == [kept]
        registry.check()


def test_closing_twice_is_fine(home):
    registry = running.open_registry(home)
    registry.close()
    registry.close()


@of_the_disk
@pytest.mark.parametrize("break_home", [
    lambda home: (home / "evidence.sqlite3").write_bytes(b"no database" * 1000),
    lambda home: (home / "evidence.sqlite3").mkdir(),
    lambda home: (home / "originals").write_bytes(b""),
], ids=["garbage", "directory", "file"])  # fmt: skip
def test_a_home_that_cannot_be_used_is_refused_in_our_own_words(home, break_home):
    home.mkdir()
    break_home(home)
    with pytest.raises(StorageError) as caught:
        running.open_registry(home)
    assert str(home) not in str(caught.value)


@of_the_disk
def test_check_notices_that_originals_cannot_be_written(registry, home):
    registry.check()
    (home / "incoming").rmdir()
    with pytest.raises(StorageError):
        registry.check()


def test_check_notices_that_rows_cannot_be_written(registry):
    registry.check()
    with registry._database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE probes")
    with pytest.raises(StorageError):
        registry.check()


def test_what_a_dead_upload_left_is_cleared_unless_somebody_is_uploading(home):
    left = home / "incoming" / "left"
    with closing(running.open_registry(home)):
        left.write_bytes(b"half")
        running.open_registry(home).close()  # the first may be writing it
        assert left.exists()
    running.open_registry(home).close()
    assert not left.exists()


def test_whoever_opens_waits_until_another_has_opened(home):
    home.mkdir()
    with (home / "opening.lock").open("w") as other, ThreadPoolExecutor(1) as pool:
        fcntl.flock(other, fcntl.LOCK_SH)
        opening = pool.submit(running.open_registry, home)
        with pytest.raises(TimeoutError):
            opening.result(timeout=0.2)
        fcntl.flock(other, fcntl.LOCK_UN)
        opening.result(timeout=5).close()


def test_many_threads_at_once_each_photo_is_new_once(registry):
    data = [os.urandom(20_000) for _ in range(10)]

    def add(number):
        registry.put_item(item())
        return [
            registry.add_item_photo("item", photo(one), one, b"r")
            for one in data[number:] + data[:number]
        ]

    with ThreadPoolExecutor(THREADS) as pool:
        news = list(pool.map(add, range(THREADS)))
    assert sum(map(sum, news)) == len(data)
    assert {kept.photo_id for kept in registry.item_photos("item")} == {
        photo(one).photo_id for one in data
    }


def test_many_threads_at_once_agree_on_what_was_first(registry):
    registry.put_claim(claim())
    registry.keep_loose_photo(photo(b"one"), b"one", b"r")
    photo_id = photo(b"one").photo_id

    def race(number):
        registry.put_comparison("key", photo_id, photo_id, str(number))
        with suppress(ConflictError):  # one is the first
            registry.remember("key", "request", 201, str(number), NOW)
        registry.check()
        new = registry.put_item(item())
        return (
            new,
            registry.comparison("key"),
            registry.remembered("key", "request"),
            registry.add_decision(decision()).decision_id,
        )

    with ThreadPoolExecutor(THREADS) as pool:
        news, comparisons, answers, decisions = zip(*pool.map(race, range(40)), strict=True)
    assert sum(news) == 1
    assert len(set(comparisons)) == len(set(answers)) == 1
    assert sorted(decisions) == list(range(1, 41))


def test_two_processes_share_one_home(home):
    environment = running.environment(home)
    uploaders = [  # the first two send the same photos; none of them finds a home yet
        subprocess.Popen(
            command(home, seed, 15), cwd=TESTS, env=environment, stdout=subprocess.PIPE, text=True
        )
        for seed in (1, 1, 2)
    ]
    acknowledged = [uploader.communicate()[0].split() for uploader in uploaders]
    assert [uploader.returncode for uploader in uploaders] == [0, 0, 0]
    assert acknowledged[0] == acknowledged[1]
    with closing(running.open_registry(home)) as registry:
        shown = [kept.photo_id for kept in registry.item_photos("item")]
        assert sorted(shown) == sorted(acknowledged[0] + acknowledged[2])
        assert all(registry.original(photo_id) for photo_id in shown)


def test_the_stamp_changes_with_every_commit_of_anybody_and_with_nothing_else(home, registry):
    with closing(running.open_registry(home)) as other:
        known = registry.stamp()
        assert registry.items() == []
        assert registry.stamp() == known
        for number, by in enumerate((registry, other, registry, other)):
            by.put_item(item(f"item-{number}"))
            assert registry.stamp() != known
            known = registry.stamp()
            assert registry.stamp() == known
