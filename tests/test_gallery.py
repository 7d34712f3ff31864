"""The search in memory against counting bits one by one."""

import threading

import numpy as np
import pytest

from evidence.registry.records import PhotoHashes
from evidence.service import gallery as gallery_module
from evidence.service.gallery import Gallery, Near


class Rows:
    """What the registry lists, by hand."""

    def __init__(self):
        self.rows, self.erased = [], []

    def add(self, *hashes):
        outlines = " ".join(f"{one}/{'0' * 64}" for one in hashes)
        self.rows.append((len(self.rows) + 1, outlines))

    def hashes_after(self, number, limit):
        return [row for row in self.rows if row[0] > number][:limit]

    def hashes_erased_after(self, number):
        return [row for row in self.erased if row[0] > number]


def hashes(count, seed=0):
    data = np.random.default_rng(seed).integers(0, 256, (count, 32), np.uint8)
    return [row.tobytes().hex() for row in data]


def bits(one, other):
    return (int(one, 16) ^ int(other, 16)).bit_count()


def probe(*ways):
    return PhotoHashes(" ".join(f"{way}/{way}" for way in ways), "")


@pytest.mark.parametrize("looks", [(), (1,), (64, 1024)])
def test_ranks_exactly_by_the_nearest_of_each_photos_outlines(monkeypatch, looks):
    monkeypatch.setattr(gallery_module, "_BLOCK", 700)
    monkeypatch.setattr(gallery_module, "_AT_ONCE", 1001)
    monkeypatch.setattr(gallery_module, "_LOOKS", looks)
    rows, gallery, made = Rows(), Gallery(), hashes(6000)
    for number in range(3000):
        rows.add(*made[2 * number : 2 * number + 2])
    gallery.refresh(rows)
    ways = hashes(3, seed=1)
    found = list(gallery.rank(probe(*ways)))
    expected = [
        min(bits(way, one) for way in ways for one in made[2 * n : 2 * n + 2]) for n in range(3000)
    ]
    order = np.argsort(expected, kind="stable")
    assert found == [Near(n + 1, expected[n]) for n in order]


def test_more_equal_photos_than_are_looked_at_first_come_in_their_order():
    rows, gallery, (one, other) = Rows(), Gallery(), hashes(2)
    for _ in range(3000):
        rows.add(one)
    rows.add(other)
    gallery.refresh(rows)
    assert [near.number for near in gallery.rank(probe(one))] == list(range(1, 3002))


def test_the_probe_counts_either_way_up():
    rows, gallery, (kept, other) = Rows(), Gallery(), hashes(2)
    rows.add(kept)
    gallery.refresh(rows)
    assert next(gallery.rank(PhotoHashes(f"{other}/{kept}", ""))) == Near(1, 0)


def test_an_empty_gallery_has_nothing_and_a_probe_without_hashes_finds_nothing():
    rows, gallery = Rows(), Gallery()
    assert list(gallery.rank(probe(hashes(1)[0]))) == []
    rows.add(*hashes(1))
    gallery.refresh(rows)
    assert list(gallery.rank(PhotoHashes("", ""))) == []


def test_what_was_erased_is_forgotten_to_the_last_bit():
    rows, gallery, made = Rows(), Gallery(), hashes(3)
    for one in made:
        rows.add(one, one)
    gallery.refresh(rows)
    rows.erased = [(1, 2)]
    gallery.refresh(rows)
    kept = gallery._hashes.tobytes()
    assert [bytes.fromhex(one) in kept for one in made] == [True, False, True]


def test_a_search_beside_additions_sees_whole_photos_only():
    rows, gallery, made = Rows(), Gallery(), hashes(4000)
    failed, done = [], threading.Event()

    def search():
        while not done.is_set():
            found = list(gallery.rank(probe(made[0])))
            numbers = sorted(one.number for one in found)
            wrong = [n for n in found if n.distance != bits(made[0], made[n.number - 1])]
            if wrong or numbers != list(range(1, len(found) + 1)):
                failed.append(found)

    thread = threading.Thread(target=search)
    thread.start()
    for number, one in enumerate(made, start=1):
        rows.rows = [(number, f"{one}/{one}")]
        gallery.refresh(rows)
    done.set()
    thread.join()
    assert not failed


@pytest.mark.parametrize("other", ["", "ff" * 8, "ff" * 64])
def test_a_hash_of_another_size_fails_nothing(other):
    rows, gallery = Rows(), Gallery()
    rows.add(other or "00")
    gallery.refresh(rows)
    assert len(list(gallery.rank(probe(hashes(1)[0])))) == 1
