"""A few hundred random mutations of stored files: each refused, told once, and healed."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from registry.planting import ORIGINALS, chance_of, path_of
from registry.samples import photo
from registry.test_scrub import keep
from stores import ON_SERVERS

from evidence.errors import DamagedOriginalError, StorageError


@pytest.mark.parametrize("name", ORIGINALS)
def test_random_mutations_are_refused_told_once_and_healed(registry, home, name):
    """30 of each kind; the first way to ask that comes upon it tells, the others only refuse."""
    ids = keep(registry, 3)
    data = {one: path_of(home, one).read_bytes() for one in ids}
    ways = (registry.original, registry.confirm)
    for number in range(30):
        hurt = [ids[number % 3], ids[(number + 1) % 3]]
        for one in hurt:
            registry.confirm(one)  # so that it is remembered as whole
        ORIGINALS[name][0](home, hurt, chance_of(f"{name} {number}"))
        hurt = hurt if name == "swapped" else hurt[:1]
        for one in hurt:
            for way in (*ways[number % 2 :], *ways[: number % 2], *ways):
                with pytest.raises(DamagedOriginalError, match="upload the same file again"):
                    way(one)
            assert registry.files.find_fault(one, len(data[one])) is not None
        for one in hurt:
            registry.add_item_photo(
                "item", photo(data[one]), data[one], b"what was read of " + data[one][:900]
            )
            registry.confirm(one)
            assert registry.original(one) == data[one]
    kinds = [one.kind for one in registry.events(after=0, limit=1000)]
    assert kinds.count("photo.damaged") == kinds.count("photo.healed")
    assert kinds.count("photo.damaged") == (60 if name == "swapped" else 30)
    assert registry.damaged_photos() == []


def test_what_is_damaged_is_refused_also_where_that_cannot_be_written_down(registry, home):
    [one] = keep(registry, 1)
    path_of(home, one).unlink()

    def full(*what):
        raise StorageError("no room")

    registry.note_damage = full
    with pytest.raises(DamagedOriginalError):
        registry.original(one)


def test_a_whole_original_is_hashed_once_until_it_is_touched(registry, home, monkeypatch):
    [one] = keep(registry, 1)
    read, files = [], registry.files
    monkeypatch.setattr(
        files, "read", lambda name: read.append(name) or type(files).read(files, name)
    )
    for _ in range(10_000):  # until its last change is longer ago than the clock's tick
        before = len(read)
        registry.confirm(one)
        if len(read) == before:
            break
    for _ in range(3):
        registry.confirm(one)
    assert len(read) == before
    touch(path_of(home, one))
    registry.confirm(one)
    assert len(read) == before + 1


def touch(path):
    if not ON_SERVERS:
        return path.touch()
    time.sleep(1.1)  # a store of objects tells their times in seconds
    return path.write_bytes(path.read_bytes())


def test_many_who_come_upon_it_at_once_tell_it_once(registry, home):
    for one in keep(registry, 6):
        path_of(home, one).unlink()
        with ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(registry.original, one) for _ in range(16)]
        assert all(isinstance(each.exception(), DamagedOriginalError) for each in asked)
    kinds = [one.kind for one in registry.events(after=0, limit=1000)]
    assert kinds.count("photo.damaged") == 6
