"""The hashes of all photos, held in memory and searched exactly."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.photo.outline_hashes import hash_outlines
from evidence.photo.reading import Reading
from evidence.registry.records import PhotoHashes
from evidence.registry.registry import Registry

_WORDS = 4  # of 64 bits a hash
_FIRST = 1024  # hashes that there is room for at first; then it doubles
_BLOCK = 262_144  # hashes at once: 2 MB a column stay in the processor's cache
_BEST = 64  # photos that are put in order first; then four times as many
_GONE = 0xFFFF  # distance of a hash that a newer reading replaced


@dataclass(frozen=True, slots=True)
class Near:
    """A kept photo and how far it is from the probe, in bits of 256."""

    photo_id: str
    distance: int


class Gallery:
    """Every hash of every kept photo; safe among threads.

    Hashes lie in four contiguous columns of 64 bits, so a search reads each of them once: exact,
    and no photo is missed for being new. Rows are only ever added; a search works on what was
    there when it began.
    """

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._columns = np.empty((_WORDS, _FIRST), np.uint64)
        self._gone = np.zeros(_FIRST, bool)
        self._owner = np.empty(_FIRST, np.int64)  # place of the photo in `_photos`
        self._count = 0
        self._photos: list[str] = []
        self._places: dict[str, slice] = {}
        self._numbers: dict[str, int] = {}
        self._last = 0
        self._last_erased = 0
        self.filled = False  # what an older version kept was hashed, too

    def refresh(self, registry: Registry) -> None:
        """Take in what was kept or read anew since, by whichever process."""
        with self._changing:
            for number, photo_id, outlines in registry.hashes_after(self._last):
                self._add(photo_id, [one.partition("/")[0] for one in outlines.split()])
                self._last = number
            for number, photo_id in registry.erased_after(self._last_erased):
                self._forget(photo_id)
                self._last_erased = number

    def rank(self, probe: PhotoHashes) -> Iterator[Near]:
        """Yield all photos, the nearest first, by the nearest of their hashes; ties in order.

        Args:
            probe: what the probe is found by; either way up of each of its outlines counts.
        """
        with self._changing:
            columns, owner = self._columns[:, : self._count], self._owner[: self._count]
            gone, photos = self._gone[: self._count].copy(), len(self._photos)
        ways = sorted(set(probe.outlines.replace("/", " ").split()))
        distances = np.full(len(owner), _GONE, np.uint16)
        for way in ways:
            words = _words(way)
            for start in range(0, len(owner), _BLOCK):
                part = slice(start, start + _BLOCK)
                bits = sum(
                    np.bitwise_count(column[part] ^ word).astype(np.uint16)
                    for column, word in zip(columns, words, strict=True)
                )
                np.minimum(distances[part], bits, out=distances[part])
        distances[gone] = _GONE
        nearest = np.full(photos, _GONE, np.uint16)
        np.minimum.at(nearest, owner, distances)
        for place in _in_order(nearest):
            yield Near(self._photos[place], int(nearest[place]))

    def _add(self, photo_id: str, hashes: Sequence[str]) -> None:
        if photo_id in self._places:
            self._gone[self._places[photo_id]] = True
        else:
            self._numbers[photo_id] = len(self._photos)
            self._photos.append(photo_id)
        end = self._count + len(hashes)
        while end > self._columns.shape[1]:
            self._grow()
        for at, one in zip(range(self._count, end), hashes, strict=True):
            self._columns[:, at] = _words(one)
            self._owner[at] = self._numbers[photo_id]
        self._places[photo_id] = slice(self._count, end)
        self._count = end

    def _forget(self, photo_id: str) -> None:
        """Let an erased photo be found no more, and keep no bit of its hashes."""
        place = self._places.get(photo_id)
        if place is not None:
            self._gone[place] = True
            self._columns[:, place] = 0

    def _grow(self) -> None:
        """Double the room in new arrays: a search that runs keeps the old ones."""
        room = 2 * self._columns.shape[1]
        columns, gone = np.empty((_WORDS, room), np.uint64), np.zeros(room, bool)
        owner = np.empty(room, np.int64)
        columns[:, : self._count] = self._columns[:, : self._count]
        gone[: self._count] = self._gone[: self._count]
        owner[: self._count] = self._owner[: self._count]
        self._columns, self._gone, self._owner = columns, gone, owner


def find_hashes(reading: Reading) -> PhotoHashes:
    """Return what a photo will be found by."""
    size = f"{reading.width}x{reading.height} ".encode()
    return PhotoHashes(
        outlines=" ".join(f"{one.upright}/{one.turned}" for one in hash_outlines(reading)),
        pixels_sha256=hashlib.sha256(size + reading.picture).hexdigest(),
    )


def distance_between(one: PhotoHashes, other: PhotoHashes) -> int:
    """Return how far two photos are apart, bits of 256, by the nearest of their outlines."""
    ways = set(one.outlines.replace("/", " ").split())
    upright = [outline.partition("/")[0] for outline in other.outlines.split()]
    return min(
        (int(np.bitwise_count(_words(a) ^ _words(b)).sum()) for a in ways for b in upright),
        default=_GONE,
    )


def _words(hash_: str) -> NDArray[np.uint64]:
    """Return a hash's bits as words; one of another size never comes near, nor does it fail."""
    data = bytes.fromhex(hash_).ljust(8 * _WORDS, b"\0")[: 8 * _WORDS]
    return np.frombuffer(data, ">u8").astype(np.uint64)


def _in_order(nearest: NDArray[np.uint16]) -> Iterator[int]:
    """Yield the places of ever larger distances, without sorting all for the sake of a few."""
    done, wanted = 0, _BEST
    while done < len(nearest):
        if wanted < len(nearest):
            most = np.partition(nearest, wanted)[wanted]
            places = np.flatnonzero(nearest <= most)
        else:
            places = np.arange(len(nearest))
        places = places[np.argsort(nearest[places], kind="stable")]
        for place in places[done:]:
            if nearest[place] == _GONE:
                return
            yield int(place)
        done, wanted = len(places), 4 * wanted
