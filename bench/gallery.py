"""``python -m bench.gallery``: the exact search of all hashes beside faiss's flat binary index.

Hashes are random, one outline a photo: the time depends on their number alone. A probe is one
hash, and then one with four outlines either way up, as a photo of several cards has.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert

from evidence.registry.records import PhotoHashes
from evidence.registry.registry import Registry
from evidence.registry.tables import photo_hashes, photos
from evidence.service.gallery import Gallery

COUNTS = (100_000, 1_000_000)
PART = 50_000
ROUNDS = 15
NEAREST = 64
NOW = datetime(2025, 1, 1, tzinfo=UTC)


def fill(registry: Registry, hashes: NDArray[np.uint8]) -> None:
    """Keep photos that have hashes and nothing else.

    Args:
        registry: an empty one.
        hashes: (N, 32) uint8.
    """
    for start in range(0, len(hashes), PART):
        kept, found = [], []
        for number, one in enumerate(hashes[start : start + PART], start):
            photo_id = f"{number:064x}"
            kept.append(
                {
                    "photo_id": photo_id,
                    "media_type": "image/jpeg",
                    "size": 1,
                    "reading": b"",
                    "reading_sha256": "",
                    "added_at": NOW,
                }
            )
            way = one.tobytes().hex()
            found.append(
                {"photo_id": photo_id, "outlines": f"{way}/{way}", "pixels_sha256": photo_id}
            )
        with registry._database.writing() as connection:
            connection.execute(insert(photos), kept)
            connection.execute(insert(photo_hashes), found)


def measure(registry: Registry, hashes: NDArray[np.uint8]) -> dict[str, float]:
    """Return milliseconds of searches, seconds of loading and bytes a photo."""
    gallery, before, start = Gallery(), _memory(), time.perf_counter()
    gallery.refresh(registry)
    loading, size = time.perf_counter() - start, _memory() - before
    chance = np.random.default_rng(1)
    one, eight = (chance.integers(0, 256, (n, 32), np.uint8) for n in (1, 8))
    index = faiss.IndexBinaryFlat(256)
    index.add(hashes)
    expected = np.sort(index.search(one, NEAREST)[0][0])[:10].tolist()
    found = [near.distance for near in islice(gallery.rank(_probe(one)), 10)]
    if found != expected:
        raise RuntimeError(f"{found} was found, {expected} is right")
    times = _time(
        {
            "one": lambda: list(islice(gallery.rank(_probe(one)), 10)),
            "eight": lambda: list(islice(gallery.rank(_probe(eight)), 10)),
            "faiss": lambda: index.search(one, NEAREST),
        }
    )
    return {
        "photos": len(hashes),
        "loading_seconds": round(loading, 2),
        "bytes_a_photo": round(size / len(hashes)),
        "one_hash_ms": round(times["one"] * 1e3, 2),
        "eight_hashes_ms": round(times["eight"] * 1e3, 2),
        "faiss_flat_ms": round(times["faiss"] * 1e3, 2),
        "times_faiss": round(times["one"] / times["faiss"], 2),
    }


def _time(ways: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Return the median seconds of each, in turns, so that others' load meets all alike."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, call in ways.items():
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    return {name: float(np.median(some)) for name, some in times.items()}


def _probe(ways: NDArray[np.uint8]) -> PhotoHashes:
    return PhotoHashes(" ".join(f"{one.tobytes().hex()}/{one.tobytes().hex()}" for one in ways), "")


def _memory() -> int:
    """Return the bytes that this process has in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill temporary homes, and print what was measured as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.gallery", description=__doc__)
    parser.add_argument("counts", type=int, nargs="*", default=COUNTS, help="photos in a store")
    chosen = parser.parse_args(arguments)
    faiss.omp_set_num_threads(1)
    results = []
    for count in chosen.counts:
        hashes = np.random.default_rng(0).integers(0, 256, (count, 32), np.uint8)
        with (
            TemporaryDirectory() as scratch,
            closing(Registry.open(Path(scratch) / "home")) as registry,
        ):
            fill(registry, hashes)
            results.append(measure(registry, hashes))
    print(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
