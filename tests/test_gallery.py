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
        self.rows = []

    def add(self, photo_id, *hashes):
        outlines = " ".join(f"{one}/{'0' * 64}" for one in hashes)
        self.rows.append((len(self.rows) + 1, photo_id, outlines))

    def hashes_after(self, number):
        return [row for row in self.rows if row[0] > number]

    def erased_after(self, number):
        return []


def hashes(count, seed=0):
    data = np.random.default_rng(seed).integers(0, 256, (count, 32), np.uint8)
    return [row.tobytes().hex() for row in data]


def bits(one, other):
    return (int(one, 16) ^ int(other, 16)).bit_count()


def probe(*ways):
    return PhotoHashes(" ".join(f"{way}/{way}" for way in ways), "")


def test_ranks_exactly_by_the_nearest_of_each_photos_outlines(monkeypatch):
    monkeypatch.setattr(gallery_module, "_BLOCK", 700)
    rows, gallery, made = Rows(), Gallery(), hashes(6000)
    for number in range(3000):
        rows.add(f"photo-{number}", *made[2 * number : 2 * number + 2])
    gallery.refresh(rows)
    ways = hashes(3, seed=1)
    found = list(gallery.rank(probe(*ways)))
    expected = [
        min(bits(way, one) for way in ways for one in made[2 * n : 2 * n + 2]) for n in range(3000)
    ]
    order = np.argsort(expected, kind="stable")
    assert found == [Near(f"photo-{n}", expected[n]) for n in order]


def test_the_probe_counts_either_way_up():
    rows, gallery, (kept, other) = Rows(), Gallery(), hashes(2)
    rows.add("photo", kept)
    gallery.refresh(rows)
    assert next(gallery.rank(PhotoHashes(f"{other}/{kept}", ""))) == Near("photo", 0)


def test_an_empty_gallery_has_nothing():
    assert list(Gallery().rank(probe(hashes(1)[0]))) == []


def test_a_photo_read_anew_is_no_longer_found_by_its_old_hashes():
    rows, gallery, (old, new) = Rows(), Gallery(), hashes(2)
    rows.add("photo", old, old)
    gallery.refresh(rows)
    rows.add("photo", new)
    gallery.refresh(rows)
    assert list(gallery.rank(probe(old))) == [Near("photo", bits(old, new))]


def test_a_search_beside_additions_sees_whole_photos_only():
    rows, gallery, made = Rows(), Gallery(), hashes(4000)
    failed, done = [], threading.Event()

    def search():
        while not done.is_set():
            found = list(gallery.rank(probe(made[0])))
            numbers = sorted(int(one.photo_id) for one in found)
            wrong = [n for n in found if n.distance != bits(made[0], made[int(n.photo_id)])]
            if wrong or numbers != list(range(len(found))):
                failed.append(found)

    thread = threading.Thread(target=search)
    thread.start()
    for number, one in enumerate(made):
        rows.rows = [(number + 1, str(number), f"{one}/{one}")]
        gallery.refresh(rows)
    done.set()
    thread.join()
    assert not failed


@pytest.mark.parametrize("other", ["", "ff" * 8, "ff" * 64])
def test_a_hash_of_another_size_fails_nothing(other):
    rows, gallery = Rows(), Gallery()
    rows.add("photo", other or "00")
    gallery.refresh(rows)
    assert len(list(gallery.rank(probe(hashes(1)[0])))) == 1
