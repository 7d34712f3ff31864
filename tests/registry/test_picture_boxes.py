import hashlib
import os
import threading

import pytest

from evidence.registry.picture_boxes import Missing, PictureBoxes

PARTS = {"one": b"first picture", "two": b"second picture" * 50}


@pytest.fixture
def home(tmp_path):
    (tmp_path / "incoming").mkdir()
    return tmp_path


@pytest.fixture
def boxes(home):
    return PictureBoxes(home, 100_000)


def key(number):
    return hashlib.sha256(str(number).encode()).hexdigest()


def test_parts_come_back_as_they_were_put(boxes):
    assert boxes.read(key(1), "one") is Missing.BOX
    assert boxes.put(key(1), PARTS)
    assert {name: boxes.read(key(1), name) for name in PARTS} == PARTS
    assert boxes.read(key(1), "three") is Missing.PART


def test_any_altered_byte_or_cut_is_noticed_and_the_box_removed(home, boxes):
    boxes.put(key(1), {"one": b"picture"})
    path = home / "pictures" / key(1)
    whole = path.read_bytes()
    damaged = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole))]
    damaged += [whole[:length] for length in range(len(whole))]
    for data in damaged:
        path.write_bytes(data)
        assert boxes.read(key(1), "one") is Missing.BOX
        assert not path.exists()
    path.write_bytes(whole)
    assert boxes.read(key(1), "one") == b"picture"


def test_together_they_never_take_more_than_they_may(home, boxes):
    for number in range(30):
        boxes.put(key(number), {"one": bytes(9_000 + 100 * number)})
        taken = sum(path.stat().st_size for path in (home / "pictures").iterdir())
        assert taken <= 100_000
    assert boxes.read(key(29), "one") == bytes(11_900)
    assert boxes.read(key(0), "one") is Missing.BOX


def test_what_was_not_used_for_longest_goes_first(home, boxes):
    for number in range(3):
        boxes.put(key(number), {"one": bytes(30_000)})
        os.utime(home / "pictures" / key(number), (1000 + number, 1000 + number))
    boxes.read(key(0), "one")  # used now
    boxes.put(key(3), {"one": bytes(30_000)})
    there = [boxes.read(key(number), "one") is not Missing.BOX for number in range(4)]
    assert there == [True, False, True, True]


def test_the_bound_holds_while_many_put_at_once(home, boxes):
    def put(start):
        for number in range(start, start + 10):
            boxes.put(key(number), {"one": bytes(20_000)})

    threads = [threading.Thread(target=put, args=(100 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 4 * 20_000 < sum(p.stat().st_size for p in (home / "pictures").iterdir()) <= 100_000
    assert list((home / "incoming").iterdir()) == []


def test_what_is_larger_than_all_may_be_is_not_kept_and_pushes_nothing_out(boxes):
    boxes.put(key(1), PARTS)
    assert not boxes.put(key(2), {"one": bytes(100_001)})
    assert boxes.read(key(1), "one") == PARTS["one"]


def test_the_directory_may_be_deleted_at_any_time(home, boxes):
    boxes.put(key(1), PARTS)
    for path in (home / "pictures").iterdir():
        path.unlink()
    (home / "pictures").rmdir()
    assert boxes.read(key(1), "one") is Missing.BOX
    assert boxes.put(key(1), PARTS)
    assert boxes.read(key(1), "one") == PARTS["one"]


def test_a_disk_that_fails_only_keeps_nothing(home, boxes):
    (home / "pictures").write_bytes(b"in the way")
    assert not boxes.put(key(1), PARTS)
    assert boxes.read(key(1), "one") is Missing.BOX


@pytest.mark.parametrize("bad", ["", "../up", "a/b", "ä"])
def test_a_key_is_letters_and_digits(boxes, bad):
    with pytest.raises(ValueError, match="is no key"):
        boxes.read(bad, "one")
