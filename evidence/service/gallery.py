"""The hashes of all photos, held in memory and searched exactly."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from evidence.photo.outline_hashes import hash_outlines
from evidence.photo.reading import Reading
from evidence.registry.records import PhotoHashes
from evidence.registry.registry import Registry

_BYTES = 32  # a hash
_FIRST = 1024  # hashes that there is room for at first; then it doubles
_AT_ONCE = 50_000  # photos that are taken in from one statement
_LOOKS = (64, 1024)  # hashes that are put in order before all are
_BLOCK = 65_536  # hashes at once where all are; 2 MB stay in the processor's cache
_FAR = 8 * _BYTES + 1  # farther than any hash: there is none, or it was erased


@dataclass(frozen=True, slots=True)
class Near:
    """A photo, by the number of its hashes, and how far it is from the probe, in bits of 256."""

    number: int
    distance: int


class Gallery:
    """Every hash of every kept photo, 40 bytes each; safe among threads.

    A search reads each hash once, so it is exact, and no photo is missed for being new. Rows are
    only ever added; a search works on what was there when it began. Photos go by the number of
    their hashes; one that was read anew has got another, and nobody knows the old one any more.
    """

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._hashes = np.zeros((_FIRST, _BYTES), np.uint8)
        self._numbers = np.zeros(_FIRST, np.int64)
        self._count = 0
        self._last = 0
        self._last_erased = 0
        self.filled = False  # what an older version kept was hashed, too

    def refresh(self, registry: Registry) -> None:
        """Take in what was kept or read anew since, by whichever process; forget the erased."""
        with self._changing:
            while rows := registry.hashes_after(self._last, limit=_AT_ONCE):
                self._add(rows)
                self._last = rows[-1][0]
            for erased, number in registry.hashes_erased_after(self._last_erased):
                self._hashes[: self._count][self._numbers[: self._count] == number] = 0
                self._last_erased = erased

    def rank(self, probe: PhotoHashes) -> Iterator[Near]:
        """Yield all photos, the nearest first, by the nearest of their hashes; ties in order.

        An erased photo, or one by an old number, may be among them: only the registry knows.

        Args:
            probe: what the probe is found by; either way up of each of its outlines counts.
        """
        with self._changing:
            hashes, numbers = self._hashes[: self._count], self._numbers[: self._count]
        ways = _unpack(sorted(set(probe.outlines.replace("/", " ").split())))
        if not len(hashes) or not len(ways):
            return
        told: set[int] = set()
        for some in _in_order(hashes, numbers, ways):
            for number, distance in some:
                if number not in told:
                    told.add(number)
                    yield Near(number, distance)

    def _add(self, rows: Sequence[tuple[int, str]]) -> None:
        upright = [[way.partition("/")[0] for way in outlines.split()] for _, outlines in rows]
        end = self._count + sum(map(len, upright))
        if end > len(self._hashes):
            self._grow(end)
        self._hashes[self._count : end] = _unpack([one for some in upright for one in some])
        numbers = [number for number, _ in rows]
        self._numbers[self._count : end] = np.repeat(numbers, [len(some) for some in upright])
        self._count = end

    def _grow(self, least: int) -> None:
        """Double the room in new arrays: a search that runs keeps the old ones."""
        room = max(least, 2 * len(self._hashes))
        hashes, numbers = np.zeros((room, _BYTES), np.uint8), np.zeros(room, np.int64)
        hashes[: self._count] = self._hashes[: self._count]
        numbers[: self._count] = self._numbers[: self._count]
        self._hashes, self._numbers = hashes, numbers


def _in_order(
    hashes: NDArray[np.uint8], numbers: NDArray[np.int64], ways: NDArray[np.uint8]
) -> Iterator[list[tuple[int, int]]]:
    """Yield (number, distance) in order, first of the nearest, then of ever more, at last of all.

    Args:
        hashes: (N, 32).
        numbers: (N,), each hash's photo.
        ways: (W, 32), the probe's hashes.
    """
    for wanted in _LOOKS:
        if wanted < len(hashes):
            yield _nearest(hashes, numbers, ways, wanted)
    distances = np.full(len(hashes), _FAR, np.uint16)
    for start in range(0, len(hashes), _BLOCK):
        part = slice(start, start + _BLOCK)
        words = hashes[part].view(np.uint64)
        for way in ways.view(np.uint64):
            bits = np.bitwise_count(words ^ way).sum(axis=1, dtype=np.uint16)
            np.minimum(distances[part], bits, out=distances[part])
    order = np.lexsort((numbers, distances))
    yield list(zip(numbers[order].tolist(), distances[order].tolist(), strict=True))


def _nearest(
    hashes: NDArray[np.uint8], numbers: NDArray[np.int64], ways: NDArray[np.uint8], wanted: int
) -> list[tuple[int, int]]:
    """Return (number, distance) of photos in order, as far as no other one can come between.

    Args:
        hashes: (N, 32).
        numbers: (N,), each hash's photo.
        ways: (W, 32), the probe's hashes.
        wanted: hashes that are looked at for each way, less than N; 2 kB of memory each.
    """
    found: dict[int, int] = {}
    sure = _FAR
    for way in ways:  # each by itself: together, as few take twice as long
        distances, places = faiss.knn_hamming(way[None], hashes, wanted, variant="mc")
        sure = min(sure, int(distances.max()))
        for number, bits in zip(numbers[places[0]].tolist(), distances[0].tolist(), strict=True):
            found[number] = min(bits, found.get(number, _FAR))
    certain = [one for one in found.items() if one[1] < sure]
    return sorted(certain, key=lambda one: (one[1], one[0]))


def find_hashes(reading: Reading) -> PhotoHashes:
    """Return what a photo will be found by."""
    size = f"{reading.width}x{reading.height} ".encode()
    return PhotoHashes(
        outlines=" ".join(f"{one.upright}/{one.turned}" for one in hash_outlines(reading)),
        pixels_sha256=hashlib.sha256(size + reading.picture).hexdigest(),
    )


def distance_between(one: PhotoHashes, other: PhotoHashes) -> int:
    """Return how far two photos are apart, bits of 256, by the nearest of their outlines."""
    ways = _unpack(sorted(set(one.outlines.replace("/", " ").split())))
    upright = _unpack([outline.partition("/")[0] for outline in other.outlines.split()])
    if not len(ways) or not len(upright):
        return _FAR
    return int(np.bitwise_count(ways[:, None] ^ upright).sum(axis=2, dtype=np.int64).min())


def _unpack(hashes: Sequence[str]) -> NDArray[np.uint8]:
    """Return (N, 32) bytes; a hash of another size never comes near, nor does it fail."""
    size = 2 * _BYTES
    text = "".join(one if len(one) == size else one[:size].ljust(size, "0") for one in hashes)
    return np.frombuffer(bytes.fromhex(text), np.uint8).reshape(-1, _BYTES)
